package poll

import (
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// state is a poll as the database has it. Its urn stays sealed until a vote is added.
type state struct {
	Post      string `db:"post"`
	Community string `db:"community"`
	Ends      string `db:"ends"`
	Closed    bool   `db:"closed"`
	Urn       string `db:"urn"`
	Author    string `db:"author"`
	Status    string `db:"status"`
	Unseen    bool   `db:"unseen"`
	Poll      string `db:"poll"`
}

const stateQuery = `SELECT q.post, q.community, q.ends, q.closed, q.urn, p.author, p.status, p.unseen, p.poll
	FROM polls q JOIN posts p ON p.id = q.post WHERE q.post = {:post}`

// find reads a poll that the viewer may see; to others it is not there.
func find(app core.App, v *access.Viewer, post string) (*state, error) {
	var s state
	if err := app.DB().NewQuery(stateQuery).Bind(dbx.Params{"post": post}).One(&s); err != nil {
		return nil, access.Missing(err)
	}
	if v != nil && !v.Sees(s.Community, s.Author, s.Status, s.Unseen) {
		return nil, clinic.NotFound
	}
	return &s, nil
}

func (d *desk) over(s *state) bool {
	return s.Closed || s.Status != clinic.Shown || s.Ends <= access.Date(d.house.Now())
}

type voteForm struct {
	Choice *int `json:"choice"` // its place in the list, from 0
}

// vote adds a choice to the sums, and notes that the viewer has voted. Nothing else is kept of it: it goes past Event.Once, which
// would keep a hash of the request, and past the audit record, which would keep its time.
func (d *desk) vote(e *access.Event) error {
	id := e.Request.PathValue("id")
	s, err := find(e.App, e.Viewer, id)
	if err != nil {
		return err
	}
	var form voteForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := access.Writable(e.App, s.Community); err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		s, err := find(tx, e.Viewer, id)
		if err != nil {
			return err
		}
		if d.over(s) {
			return Ended
		}
		return d.add(tx, s, e.Viewer.ID, form.Choice)
	})
	if err != nil {
		return err
	}
	d.turnouts.forget(id)
	d.stale.Store(true)
	d.wipe()
	return d.show(e)
}

// add puts a vote into the urn, and lets out what is in it once it is enough.
func (d *desk) add(tx core.App, s *state, voter string, choice *int) error {
	p, urn, err := d.open(s)
	if err != nil {
		return err
	}
	if choice == nil || *choice < 0 || *choice >= len(p.Choices) {
		return clinic.Faults(clinic.Invalid.At("choice"))
	}
	var voted bool
	err = tx.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM poll_voters WHERE post = {:post} AND voter = {:voter})").
		Bind(dbx.Params{"post": s.Post, "voter": voter}).Row(&voted)
	switch {
	case err != nil:
		return err
	case voted:
		return VotedAlready
	}
	if err := run(tx, "INSERT INTO poll_voters (post, voter) VALUES ({:post}, {:voter})", dbx.Params{"post": s.Post, "voter": voter}); err != nil {
		return err
	}
	urn[*choice]++
	if p.Results == clinic.ResultsRunning && urn.total() >= Batch {
		release(&p, &urn)
		if err := d.tell(tx, s.Post, p); err != nil {
			return err
		}
	}
	return run(tx, "UPDATE polls SET urn = {:urn} WHERE post = {:post}", dbx.Params{"post": s.Post, "urn": d.seal(s.Post, urn)})
}

// open reads a poll and what is in its urn.
func (d *desk) open(s *state) (p clinic.Poll, urn sums, err error) {
	if err := json.Unmarshal([]byte(s.Poll), &p); err != nil {
		return p, urn, err
	}
	sealed, err := base64.StdEncoding.DecodeString(s.Urn)
	if err != nil {
		return p, urn, err
	}
	plain, err := d.house.Key.Open(sealed, "poll "+s.Post)
	if err != nil {
		return p, urn, err
	}
	urn, err = readSums(plain)
	return p, urn, err
}

// seal closes an urn anew: with the same sums in it, it looks like another one.
func (d *desk) seal(post string, urn sums) string {
	return base64.StdEncoding.EncodeToString(d.house.Key.Seal(urn.bytes(), "poll "+post))
}

// tell writes what a poll lets out on its post, where everybody reads it.
func (d *desk) tell(tx core.App, post string, p clinic.Poll) error {
	record, err := tx.FindRecordById(clinic.Posts, post)
	if err != nil {
		return err
	}
	if err := put(record, p); err != nil {
		return err
	}
	return d.house.Save(tx, record)
}

// end ends a poll before its time: its author, or who moderates.
func (d *desk) end(e *access.Event) error {
	s, err := find(e.App, e.Viewer, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if s.Author != e.Viewer.ID && !e.Viewer.Moderates(s.Community) {
		return clinic.Forbidden
	}
	if err := access.Writable(e.App, s.Community); err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := d.close(tx, s.Post); err != nil {
			return err
		}
		return d.house.Audit(tx, e.Viewer.ID, "poll.end", clinic.Posts+"/"+s.Post, "")
	})
	if err != nil {
		return err
	}
	return d.show(e)
}

// close ends a poll, lets out what is left if it is enough, and forgets who voted: nobody can vote a second time any more.
func (d *desk) close(tx core.App, post string) error {
	s, err := find(tx, nil, post)
	if err != nil || s.Closed {
		return err
	}
	p, urn, err := d.open(s)
	if err != nil {
		return err
	}
	if p.Turnout, err = count(tx, s); err != nil {
		return err
	}
	p.Voted = p.Counted + urn.total()
	if urn.total() >= Batch {
		release(&p, &urn)
	}
	now := access.Date(d.house.Now())
	if p.Closed = true; now < p.Ends {
		p.Ends = now
	}
	if s.Status == clinic.Deleted {
		p.Votes, p.Counted, p.Withheld, p.Turnout = nil, 0, 0, nil // nobody reads it
	}
	if err := run(tx, "DELETE FROM poll_voters WHERE post = {:post}", dbx.Params{"post": post}); err != nil {
		return err
	}
	err = run(tx, "UPDATE polls SET closed = TRUE, ends = {:ends}, urn = {:urn} WHERE post = {:post}",
		dbx.Params{"post": post, "ends": p.Ends, "urn": d.seal(post, sums{})})
	if err != nil {
		return err
	}
	d.turnouts.forget(post)
	return d.tell(tx, post, p)
}

// closeAll ends the polls whose time is over.
func (d *desk) closeAll() {
	d.wipe()
	var due []string
	err := d.app.DB().NewQuery("SELECT post FROM polls WHERE closed = FALSE AND ends <= {:now} ORDER BY ends LIMIT 500").
		Bind(dbx.Params{"now": access.Date(d.house.Now())}).Column(&due)
	if err != nil {
		d.app.Logger().Error("looking for polls that are over", "error", err)
	}
	for _, post := range due {
		if err := d.app.RunInTransaction(func(tx core.App) error { return d.close(tx, post) }); err != nil && !errors.Is(err, sql.ErrNoRows) {
			d.app.Logger().Error("ending a poll", "post", post, "error", err)
		}
	}
}

// show tells the viewer whether they have voted, and who is missing; what the poll has found stands on its post. One whose time is
// over is ended first.
func (d *desk) show(e *access.Event) error {
	id := e.Request.PathValue("id")
	s, err := find(e.App, e.Viewer, id)
	if err != nil {
		return err
	}
	if !s.Closed && s.Ends <= access.Date(d.house.Now()) {
		if err := e.App.RunInTransaction(func(tx core.App) error { return d.close(tx, id) }); err != nil {
			return err
		}
		if s, err = find(e.App, e.Viewer, id); err != nil {
			return err
		}
	}
	out := answer{Post: id, Closed: s.Closed, CanEnd: !d.over(s) && (s.Author == e.Viewer.ID || e.Viewer.Moderates(s.Community))}
	if s.Closed {
		return e.Write(http.StatusOK, out)
	}
	err = e.App.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM poll_voters WHERE post = {:post} AND voter = {:voter})").
		Bind(dbx.Params{"post": id, "voter": e.Viewer.ID}).Row(&out.Voted)
	if err != nil {
		return err
	}
	out.CanVote = !out.Voted && !d.over(s) && access.Writable(e.App, s.Community) == nil
	if out.Turnout, err = d.turnout(s); err != nil {
		return err
	}
	return e.Write(http.StatusOK, out)
}

// answer is what of a poll differs from viewer to viewer, and how many have voted.
type answer struct {
	Post    string          `json:"post"`
	Voted   bool            `json:"voted"`
	CanVote bool            `json:"can_vote"`
	CanEnd  bool            `json:"can_end"`
	Closed  bool            `json:"closed"`
	Turnout *clinic.Turnout `json:"turnout"` // null once it has ended
}
