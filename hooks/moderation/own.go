package moderation

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// own is a hold as its author sees it: why, under which clause, and what they can do now. Who decided and who reported is not
// in it.
type own struct {
	shown
	Words        snapshot `json:"words"`
	Can          ownCan   `json:"can"`
	SecondLookBy string   `json:"second_look_by"` // desk or admin: who would look again; empty: nobody is left
	LookedAgain  bool     `json:"looked_again"`
}

type ownCan struct {
	Resubmit   bool `json:"resubmit"`
	SecondLook bool `json:"second_look"`
	// Describe: other words for the file, at its own door, take the place of these.
	Describe bool `json:"describe"`
}

// recentDays is how long what was decided stays among what concerns an author now.
const recentDays = 14

// mine lists the viewer's own holds, the latest first; ?active=1 those that are live or were decided in the last days. A
// report that nothing came of is not among them.
func (d *desk) mine(e *access.Event) error {
	query := e.Request.URL.Query()
	where, params := "", dbx.Params{"most": perPage + 1}
	if query.Get("active") == "1" {
		where += " AND (h.state IN ('open', 'resubmitted', 'second_look', 'returned') OR h.state != 'withdrawn' AND h.decided > {:recent})"
		params["recent"] = access.Date(d.house.Now().AddDate(0, 0, -recentDays))
	}
	at, err := readSpot(query.Get("before"))
	if err != nil {
		return err
	}
	if at != nil {
		where += " AND (h.opened, h.id) < ({:at}, {:after})"
		params["at"], params["after"] = at.At, at.ID
	}
	rows, err := ownRows(e, e.App, where+" ORDER BY h.opened DESC, h.id DESC LIMIT {:most}", params)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = spot{At: rows[perPage-1].Opened, ID: rows[perPage-1].ID}.cursor()
	}
	if err := reword(e.App, e.Language(), rows); err != nil {
		return err
	}
	items := make([]own, len(rows))
	for i, r := range rows {
		items[i] = r.own()
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

// view gives one of the viewer's own holds.
func (d *desk) view(e *access.Event) error {
	rows, err := ownRows(e, e.App, " AND h.id = {:id}", dbx.Params{"id": e.Request.PathValue("id")})
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return clinic.NotFound
	}
	if err := reword(e.App, e.Language(), rows); err != nil {
		return err
	}
	return e.Write(http.StatusOK, rows[0].own())
}

// ownRows reads holds of the viewer's own writing in the communities that they are in: of the others nothing is there for them.
func ownRows(e *access.Event, app core.App, where string, params dbx.Params) ([]row, error) {
	rooms, _ := json.Marshal(slices.Collect(maps.Keys(e.Viewer.Communities))) // strings always marshal
	params["author"], params["language"], params["rooms"] = e.Viewer.ID, e.Language(), string(rooms)
	var rows []row
	err := app.DB().NewQuery("SELECT " + columns + ", " + access.SecondLookBy + ` AS second_look_by,
		COALESCE(CASE WHEN h.comment = '' THEN (SELECT p.status FROM posts p WHERE p.id = h.post)
			ELSE (SELECT k.status FROM comments k WHERE k.id = h.comment) END, '') AS piece_status` + from +
		" WHERE h.author = {:author} AND h.known = TRUE AND h.community IN (SELECT value FROM json_each({:rooms}))" + where).Bind(params).All(&rows)
	return rows, err
}

func (r row) own() own {
	return own{
		shown: r.show(), Words: readSnapshot(r.Snapshot), LookedAgain: r.LookedAgain, SecondLookBy: r.SecondLookBy,
		Can: ownCan{
			Resubmit:   live(r.State) && r.PieceStatus == clinic.Held && r.File == "",
			Describe:   live(r.State) && r.File != "",
			SecondLook: (r.State == Returned || r.State == Removed) && !r.LookedAgain && r.SecondLookBy != "",
		},
	}
}

// ownHold reads a hold of the viewer's own writing, as a record.
func ownHold(e *access.Event, tx core.App) (*core.Record, error) {
	hold, err := tx.FindRecordById(clinic.Holds, e.Request.PathValue("id"))
	switch {
	case err != nil:
		return nil, access.Missing(err)
	case hold.GetString("author") != e.Viewer.ID, !hold.GetBool("known"), !e.Viewer.In(hold.GetString("community")):
		return nil, clinic.NotFound
	}
	return hold, nil
}

// mended is what the author wrote instead.
type mended struct {
	Title   *string  `json:"title"`
	Body    *string  `json:"body"`
	Confirm []string `json:"confirm"` // findings that the author has read and stands by
}

// resubmit stores other words for what is held and puts it before the desk again. The record event writes the hold.
func (d *desk) resubmit(e *access.Event) error {
	var form mended
	if err := e.Bind(&form); err != nil {
		return err
	}
	hold, err := ownHold(e, e.App)
	if err != nil {
		return err
	}
	if err := e.MayWrite(hold.GetString("community")); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		hold, err := ownHold(e, tx)
		if err != nil {
			return 0, nil, err
		}
		p, err := find(tx, hold.GetString("post"), hold.GetString("comment"))
		if err != nil {
			return 0, nil, err
		}
		if !live(hold.GetString("state")) || p.status() != clinic.Held || hold.GetString("file") != "" {
			return 0, nil, CannotMend
		}
		if err := form.submit(d, e, tx, p); err != nil {
			return 0, nil, err
		}
		hold, err = tx.FindRecordById(clinic.Holds, hold.Id)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusOK, map[string]any{"id": hold.Id, "state": hold.GetString("state")}, nil
	})
}

func (f *mended) submit(d *desk, e *access.Event, tx core.App, p piece) error {
	before := p.says()
	if f.Title != nil && p.comment == "" {
		p.record.Set("title", *f.Title)
	}
	if f.Body != nil {
		p.record.Set("body", *f.Body)
	}
	if p.says() == before {
		return NothingMended
	}
	if f.Confirm != nil {
		p.record.Set("confirm", f.Confirm)
	}
	if err := tx.Save(p.record); err != nil {
		return err
	}
	place, noun := "post-edit:"+p.post, "post"
	if p.comment != "" {
		place, noun = "comment-edit:"+p.comment, "comment"
	}
	_, err := tx.DB().NewQuery("DELETE FROM drafts WHERE member = {:member} AND place = {:place}").
		Bind(dbx.Params{"member": e.Viewer.ID, "place": place}).Execute()
	if err != nil {
		return err
	}
	return d.house.Audit(tx, e.Viewer.ID, noun+".edit", p.subject(), "")
}

// asking is what the author says to whom looks a second time.
type asking struct {
	Words string `json:"words"`
}

// secondLook asks somebody else to decide again, once.
func (d *desk) secondLook(e *access.Event) error {
	var form asking
	if err := e.Bind(&form); err != nil {
		return err
	}
	if _, err := ownHold(e, e.App); err != nil {
		return err
	}
	if err := clinic.Faults(sentence("words", &form.Words, maxWordsRunes, false)); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		rows, err := ownRows(e, tx, " AND h.id = {:id}", dbx.Params{"id": e.Request.PathValue("id")})
		if err != nil || len(rows) == 0 {
			return 0, nil, access.Missing(err)
		}
		hold, err := ownHold(e, tx)
		if err != nil {
			return 0, nil, err
		}
		state := hold.GetString("state")
		switch {
		case state != Returned && state != Removed, hold.GetBool("looked_again"):
			return 0, nil, NoSecondLook
		case rows[0].SecondLookBy == "":
			return 0, nil, NobodyElse.With("phone", d.house.Practice().Phone)
		}
		hold.Set("state", SecondLook)
		hold.Set("since", d.house.Now())
		hold.Set("looked_again", true)
		hold.Set("told", "")
		err = d.keep(tx, hold, event{kind: SecondLook, by: e.Viewer.ID, reason: form.Words})
		return http.StatusOK, map[string]any{"id": hold.Id, "state": SecondLook, "by": rows[0].SecondLookBy}, err
	})
}
