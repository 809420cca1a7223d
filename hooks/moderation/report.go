package moderation

import (
	"net/http"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// A member reports little; who reports dozens within the hour has another need, or another aim.
const (
	mostReports   = 20
	reportsWithin = time.Hour
)

type report struct {
	Reason string `json:"reason"`
	Words  string `json:"words"`
}

func (f *report) Validate() error {
	var kind *clinic.Fault
	switch {
	case f.Reason == "":
		kind = clinic.Required.At("reason")
	case !slices.Contains(Kinds, f.Reason):
		kind = clinic.Invalid.At("reason")
	}
	return clinic.Faults(kind, sentence("words", &f.Words, maxWordsRunes, false))
}

func (d *desk) reportPost(e *access.Event) error {
	return d.report(e, e.Request.PathValue("id"), "")
}

func (d *desk) reportComment(e *access.Event) error {
	return d.report(e, "", e.Request.PathValue("id"))
}

// report puts a post or comment that the viewer can see before the desk, with what it says at this moment.
func (d *desk) report(e *access.Event, post, comment string) error {
	if _, err := d.visible(e, e.App, post, comment); err != nil {
		return err
	}
	var form report
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(); err != nil {
		return err
	}
	if err := d.house.Try("reports of "+e.Viewer.ID, mostReports, reportsWithin); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		p, err := d.visible(e, tx, post, comment)
		if err != nil {
			return 0, nil, err
		}
		id, err := form.submit(d, tx, p, e.Viewer.ID)
		practice := d.house.Practice().In(e.Language())
		return http.StatusCreated, map[string]any{"id": id, "reason": form.Reason,
			"phone": practice.Phone, "emergency": practice.Emergency, "crisis_line": practice.CrisisLine}, err
	})
}

// Report puts a post (comment empty) or a comment before the desk in a member's name, as their own report does, without asking
// what they may see: for samples.
func Report(app core.App, house *access.House, member, post, comment, reason, words string) error {
	form := report{Reason: reason, Words: words}
	if err := form.Validate(); err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		p, err := find(tx, post, comment)
		if err != nil {
			return err
		}
		_, err = form.submit(&desk{app: app, house: house}, tx, p, member)
		return err
	})
}

// visible reads a shown post or comment of somebody else that the viewer can see; to others it is not there.
func (d *desk) visible(e *access.Event, app core.App, post, comment string) (piece, error) {
	p, err := find(app, post, comment)
	if err != nil {
		return p, err
	}
	sees := func(p piece) bool {
		return p.status() == clinic.Shown && e.Viewer.Sees(p.community(), p.author(), p.status(), p.record.GetBool("unseen"))
	}
	if !sees(p) {
		return p, clinic.NotFound
	}
	if p.comment != "" {
		above, err := find(app, p.post, "")
		if err != nil {
			return p, err
		}
		if !e.Viewer.Sees(above.community(), above.author(), above.status(), above.record.GetBool("unseen")) {
			return p, clinic.NotFound
		}
	}
	if p.author() == e.Viewer.ID {
		return p, ReportsOwn
	}
	return p, nil
}

// submit adds a report to the hold of a piece, or opens one. The same member's second report of the same thing is the first.
func (f *report) submit(d *desk, tx core.App, p piece, by string) (string, error) {
	hold, err := liveHold(tx, p)
	if err != nil {
		return "", err
	}
	if hold == nil {
		if hold, err = d.fresh(tx, p, ByReport); err != nil {
			return "", err
		}
	} else if before, err := reportOf(tx, hold.Id, by); err != nil || before != "" {
		return before, err
	}
	hold.Set("reports", hold.GetInt("reports")+1)
	if is := lane(hold.GetString("lane"), f.Reason); is != "" {
		hold.Set("lane", is)
	}
	if err := d.keep(tx, hold, event{kind: reported, by: by}); err != nil {
		return "", err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.Reports)
	if err != nil {
		return "", err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"hold": hold.Id, "post": p.post, "comment": p.comment, "community": p.community(), "member": by, "kind": f.Reason,
		"words": f.Words, "at": d.house.Now(), "snapshot": p.says().json(),
	})
	err = d.house.Save(tx, record)
	return record.Id, err
}

// reports lists what the viewer has reported and whether somebody has looked at it, the latest first. What was decided is
// between the practice and the author.
func (d *desk) reports(e *access.Event) error {
	at, err := readSpot(e.Request.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	if at == nil {
		at = &spot{At: "~"}
	}
	rows := []struct {
		ID       string `db:"id" json:"id"`
		Reason   string `db:"kind" json:"reason"`
		Words    string `db:"words" json:"words"`
		At       string `db:"at" json:"at"`
		LookedAt string `db:"looked_at" json:"looked_at"`
	}{}
	err = e.App.DB().NewQuery(`SELECT id, kind, words, at, looked_at FROM reports WHERE member = {:member} AND (at, id) < ({:at}, {:after})
		ORDER BY at DESC, id DESC LIMIT {:most}`).
		Bind(dbx.Params{"member": e.Viewer.ID, "at": at.At, "after": at.ID, "most": perPage + 1}).All(&rows)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = spot{At: rows[perPage-1].At, ID: rows[perPage-1].ID}.cursor()
	}
	for i := range rows {
		rows[i].At, rows[i].LookedAt = access.Moment(rows[i].At), access.Moment(rows[i].LookedAt)
	}
	return e.Write(http.StatusOK, map[string]any{"items": rows, "next": next})
}

func reportOf(tx core.App, hold, member string) (string, error) {
	var ids []string
	err := tx.DB().NewQuery("SELECT id FROM reports WHERE hold = {:hold} AND member = {:member}").
		Bind(dbx.Params{"hold": hold, "member": member}).Column(&ids)
	if err != nil || len(ids) == 0 {
		return "", err
	}
	return ids[0], nil
}
