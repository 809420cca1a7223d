package moderation

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// whole is one hold with all that is needed to decide on it.
type whole struct {
	item
	Words       snapshot          `json:"words"`
	Seen        string            `json:"seen"`                // goes with the decision: the words that were looked at
	HTML        string            `json:"html"`                // as others would see it; empty where it was taken away
	Files       json.RawMessage   `json:"files,omitempty"`     // that it carries
	Described   *wordedFile       `json:"described,omitempty"` // of words for a file: as it is shown now
	PieceStatus string            `json:"piece_status"`
	Why         string            `json:"why,omitempty"` // why the viewer may not decide
	LookedAgain bool              `json:"looked_again"`
	Reads       string            `json:"reads"`   // the author's language
	Presets     map[string]string `json:"presets"` // reasons to begin with, in it
	Said        []said            `json:"said"`    // the reports
	History     []step            `json:"history"` // the oldest first
	Earlier     []earlier         `json:"earlier"`
}

// said is one report: why, in whose words, and what the piece said at that moment if it says something else now.
type said struct {
	Reason string        `json:"reason"`
	Words  string        `json:"words"`
	At     string        `json:"at"`
	By     access.Person `json:"by"`
	Then   *snapshot     `json:"then"`
}

// step is one thing that happened to the hold. By is empty for the house and for operators.
type step struct {
	Kind   string         `json:"kind"`
	At     string         `json:"at"`
	By     *access.Person `json:"by"`
	Reason string         `json:"reason"`
	Note   string         `json:"note"`
}

// earlier is what was decided on the same post or comment before.
type earlier struct {
	ID      string `json:"id" db:"id"`
	State   string `json:"state" db:"state"`
	Decided string `json:"decided" db:"decided"`
	Reason  string `json:"reason" db:"reason"`
}

type personRow struct {
	Kind     string `db:"kind"`
	At       string `db:"at"`
	Words    string `db:"words"`
	Note     string `db:"note"`
	Snapshot string `db:"snapshot"`
	ID       string `db:"id"`
	Name     string `db:"name"`
	Role     string `db:"role"`
	Title    string `db:"title"`
	Status   string `db:"status"`
}

func (r personRow) person(language string) access.Person {
	return access.NewPerson(language, r.ID, r.Name, r.Role, r.Title, r.Status)
}

// show gives one hold to a member of its desk.
func (d *desk) show(e *access.Event) error {
	r, err := reach(e.App, e.Viewer, e.Language(), e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	told := []row{*r}
	if err := reword(e.App, e.Language(), told); err != nil {
		return err
	}
	r = &told[0]
	out := whole{item: r.item(e.Language()), Words: readSnapshot(r.Snapshot), Seen: seen(r.Snapshot), LookedAgain: r.LookedAgain, Earlier: []earlier{}}
	out.Why, out.Reads, out.Presets = whyNot(e.Viewer, r), r.Reads, presets(r.Reads)
	p, err := find(e.App, r.Post, r.Comment)
	switch {
	case err == nil:
		out.HTML, out.PieceStatus = p.record.GetString("html"), p.status()
		if files := p.record.GetString("files"); files != "" {
			out.Files = json.RawMessage(files)
		}
	case err != clinic.NotFound:
		return err
	}
	if r.File != "" {
		if out.Described, err = fileNow(e.App, r.File); err != nil {
			return err
		}
	}
	if out.Said, err = d.said(e, r); err != nil {
		return err
	}
	if out.History, err = d.history(e, r.ID); err != nil {
		return err
	}
	err = e.App.DB().NewQuery(`SELECT id, state, decided, reason FROM holds WHERE post = {:post} AND comment = {:comment} AND file = {:file} AND id != {:id}
		ORDER BY opened DESC, id DESC LIMIT 20`).Bind(dbx.Params{"post": r.Post, "comment": r.Comment, "file": r.File, "id": r.ID}).All(&out.Earlier)
	for i := range out.Earlier {
		out.Earlier[i].Decided = access.Moment(out.Earlier[i].Decided)
	}
	if err != nil {
		return err
	}
	if err := e.House.AuditOnce(e.App, e.Viewer.ID, "hold.view", clinic.Holds+"/"+r.ID, time.Hour); err != nil {
		return err
	}
	return e.Write(http.StatusOK, out)
}

// whyNot names why the viewer may not decide on a hold that waits, or is empty.
func whyNot(v *access.Viewer, r *row) string {
	switch {
	case r.CanDecide || !waits(r.State):
		return ""
	case r.State == SecondLook && v.Moderates(r.Community):
		return "second_look"
	}
	return "desk"
}

// presets are the catalogue's reasons in a language: who decides begins with them in their own and sends them in the author's.
func presets(language string) map[string]string {
	out := map[string]string{}
	for _, decision := range []string{"publish", "return", "remove"} {
		for n := 1; ; n++ {
			key := fmt.Sprintf("moderation.preset.%s.%d", decision, n)
			text := messages.Say(language, key, nil)
			if text == key {
				break
			}
			out[key] = text
		}
	}
	return out
}

func (d *desk) said(e *access.Event, r *row) ([]said, error) {
	var rows []personRow
	err := e.App.DB().NewQuery(`SELECT r.kind, r.at, r.words, r.snapshot, u.id, u.name, u.role, u.title, u.status
		FROM reports r JOIN users u ON u.id = r.member WHERE r.hold = {:hold} ORDER BY r.at, r.id LIMIT 100`).
		Bind(dbx.Params{"hold": r.ID}).All(&rows)
	out := make([]said, len(rows))
	now := readSnapshot(r.Snapshot)
	for i, row := range rows {
		out[i] = said{Reason: row.Kind, Words: row.Words, At: access.Moment(row.At), By: row.person(e.Language())}
		if then := readSnapshot(row.Snapshot); then != now {
			out[i].Then = &then
		}
	}
	return out, err
}

func (d *desk) history(e *access.Event, hold string) ([]step, error) {
	var rows []personRow
	err := e.App.DB().NewQuery(`SELECT h.kind, h.at, h.reason AS words, h.note, COALESCE(u.id, '') AS id, COALESCE(u.name, '') AS name,
			COALESCE(u.role, '') AS role, COALESCE(u.title, '') AS title, COALESCE(u.status, '') AS status
		FROM hold_events h LEFT JOIN users u ON u.id = h.by WHERE h.hold = {:hold} ORDER BY h.at, h.rowid LIMIT 200`).
		Bind(dbx.Params{"hold": hold}).All(&rows)
	out := make([]step, len(rows))
	for i, row := range rows {
		out[i] = step{Kind: row.Kind, At: access.Moment(row.At), Reason: row.Words, Note: row.Note}
		if row.ID != "" {
			who := row.person(e.Language())
			out[i].By = &who
		}
	}
	return out, err
}
