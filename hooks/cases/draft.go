package cases

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// Sizes of what an editor sends: two languages of a whole case, in JSON's longest escapes.
const (
	maxDraftBody  = 900_000
	maxDraftBytes = 150_000
)

// place is where a draft waits. That of a case is one for all who edit it; that of a new one is its writer's own, on one policy: two
// who write something new at the same time are not in each other's way.
type place dbx.HashExp

func placeOfNew(e *access.Event, policy string) place {
	actor := e.Actor()
	return place{"example": "", "policy": policy, "writer": actor.Member + actor.Operator}
}

// placeOf reads from the address whose draft it is: a case's, or the caller's own of a new one on ?policy=.
func placeOf(e *access.Event, app core.App, policy string) (place, error) {
	slug := e.Request.PathValue("slug")
	if slug != addressOfNew {
		r, err := bySlug(app, slug)
		return place{"example": r.ID}, err
	}
	n := 0
	err := app.DB().Select("COUNT(*)").From(clinic.Policies).Where(dbx.HashExp{"slug": policy}).Row(&n)
	if err == nil && n == 0 {
		err = clinic.Faults(clinic.Invalid.At("policy"))
	}
	return placeOfNew(e, policy), err
}

// draftWords is what is written, whole or not: no rule of a case holds for it.
type draftWords struct {
	Case
	Status string `json:"status"`
}

// draft is the next text of a case as far as it is written. Its revision goes up with every save and never down, also over saving the
// case and throwing the draft away, so that an old page is found out.
type draft struct {
	Words    draftWords
	Revision int
	Open     bool // there is one; else only its revision is kept
	Base     int  // the number of the text that it began with; 0 of a new one
	Saved    string
	Author   string
	Operator bool
}

func draftOf(app core.App, at place) (draft, error) {
	var row struct {
		Revision int    `db:"revision"`
		Open     bool   `db:"open"`
		Base     int    `db:"base"`
		Words    string `db:"words"`
		Saved    string `db:"saved"`
		Author   string `db:"author"`
		Operator bool   `db:"operator"`
	}
	err := app.DB().Select("revision", "open", "base", "words", "saved", "author", "operator").From(clinic.CaseDrafts).
		Where(dbx.HashExp(at)).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return draft{}, nil
	} else if err != nil {
		return draft{}, err
	}
	d := draft{Revision: row.Revision, Open: row.Open, Base: row.Base, Saved: row.Saved, Author: row.Author, Operator: row.Operator}
	if d.Open {
		err = json.Unmarshal([]byte(row.Words), &d.Words)
	}
	return d, err
}

// store writes the draft in the caller's name, as its next revision.
func (d *draft) store(e *access.Event, tx core.App, at place) error {
	var record *core.Record
	found, err := tx.FindAllRecords(clinic.CaseDrafts, dbx.HashExp(at))
	if err != nil {
		return err
	}
	if len(found) > 0 {
		record = found[0]
	} else {
		collection, err := tx.FindCachedCollectionByNameOrId(clinic.CaseDrafts)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.Load(at)
	}
	actor := e.Actor()
	d.Revision, d.Saved, d.Author, d.Operator = d.Revision+1, access.Date(e.House.Now()), actor.Member, actor.Operator != ""
	record.Load(map[string]any{
		"revision": d.Revision, "open": d.Open, "base": d.Base, "words": d.Words, "saved": d.Saved, "author": d.Author, "operator": d.Operator,
	})
	return e.House.Save(tx, record)
}

// expect returns DraftChanged unless the draft is at the revision that a page started from; 0 is a page that saw none.
func (d draft) expect(e *access.Event, revision int) error {
	if revision == d.Revision || revision == 0 && !d.Open {
		return nil
	}
	return d.changed(e)
}

// changed is DraftChanged with what stands there now.
func (d draft) changed(e *access.Event) error {
	who, err := d.author(e)
	if err != nil {
		return err
	}
	return DraftChanged.With("revision", d.Revision).With("name", who.Name).With("updated", access.Moment(d.Saved)).With("open", d.Open).
		With("number", d.Base).With("draft", d.Words)
}

// author is who saved the draft last: a member, or an operator at the dashboard.
func (d draft) author(e *access.Event) (access.Person, error) {
	if d.Operator {
		return access.Person{Name: messages.Say(e.Language(), "policy.author.operator", nil), State: access.PersonActive}, nil
	}
	var row struct{ ID, Name, Role, Title, Status string }
	err := e.App.DB().Select("id", "name", "role", "title", "status").From(clinic.Users).Where(dbx.HashExp{"id": d.Author}).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return access.NewPerson(e.Language(), "", "", "", "", clinic.Removed), nil
	}
	return access.NewPerson(e.Language(), row.ID, row.Name, row.Role, row.Title, row.Status), err
}

// drafted gives the ids of the cases at which a draft waits.
func drafted(app core.App) ([]string, error) {
	var ids []string
	err := app.DB().Select("example").From(clinic.CaseDrafts).Where(dbx.NewExp("open = TRUE AND example != ''")).Column(&ids)
	return ids, err
}

// shownDraft is a draft as GET shows it.
type shownDraft struct {
	draftWords
	Number   int           `json:"number"`
	Revision int           `json:"revision"`
	Author   access.Person `json:"author"`
	Updated  string        `json:"updated"`
}

// readDraft gives what waits at a case, or as the caller's own new one on ?policy=; null where nothing does.
func readDraft(e *access.Event) error {
	at, err := placeOf(e, e.App, e.Request.URL.Query().Get("policy"))
	if err != nil {
		return err
	}
	d, err := draftOf(e.App, at)
	if err != nil {
		return err
	}
	var shown *shownDraft
	if d.Open {
		who, err := d.author(e)
		if err != nil {
			return err
		}
		shown = &shownDraft{d.Words, d.Base, d.Revision, who, access.Moment(d.Saved)}
	}
	return e.Write(http.StatusOK, map[string]any{"revision": d.Revision, "draft": shown})
}

// saveDraft stores a draft, however unfinished, unless somebody else did meanwhile.
func saveDraft(e *access.Event) error {
	var form struct {
		draftWords
		Number   int `json:"number"`
		Revision int `json:"revision"`
	}
	if err := e.BindUpTo(&form, maxDraftBody); err != nil {
		return err
	}
	if form.bytes() > maxDraftBytes {
		return clinic.Faults(clinic.TooLong.With("max", maxDraftBytes).At("texts"))
	}
	var saved draft
	err := e.App.RunInTransaction(func(tx core.App) error {
		at, err := placeOf(e, tx, form.Policy)
		if err != nil {
			return err
		}
		if saved, err = draftOf(tx, at); err == nil {
			err = saved.expect(e, form.Revision)
		}
		if err != nil {
			return err
		}
		saved.Words, saved.Open, saved.Base = form.draftWords, true, form.Number
		return saved.store(e, tx, at)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"revision": saved.Revision, "saved": access.Moment(saved.Saved)})
}

// bytes counts everything in it that has no bound of its own.
func (w draftWords) bytes() int {
	n := len(w.Slug) + len(w.Policy) + len(w.Clause) + len(w.Status)
	for _, role := range w.Roles {
		n += len(role) + 1
	}
	for language, t := range w.Texts {
		n += len(language) + len(t.Title) + len(t.Situation)
		for _, c := range t.Choices {
			n += len(c.ID) + len(c.Text) + len(c.LeadsTo) + 1
		}
	}
	return n
}

// dropDraft throws a draft away; ?revision= guards one that somebody else saved meanwhile.
func dropDraft(e *access.Event) error {
	query := e.Request.URL.Query()
	err := e.App.RunInTransaction(func(tx core.App) error {
		at, err := placeOf(e, tx, query.Get("policy"))
		if err != nil {
			return err
		}
		d, err := draftOf(tx, at)
		if err != nil || !d.Open {
			return err
		}
		if wish := query.Get("revision"); wish != "" && wish != fmt.Sprint(d.Revision) {
			return d.changed(e)
		}
		return d.end(e, tx, at)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// endDraft ends the draft that a page saved as the case's next text. One that somebody else saved since is not thrown away with it.
func endDraft(e *access.Event, tx core.App, at place, revision *int) error {
	if revision == nil {
		return nil
	}
	d, err := draftOf(tx, at)
	if err != nil || !d.Open {
		return err
	}
	if *revision != d.Revision {
		return d.changed(e)
	}
	return d.end(e, tx, at)
}

// end closes a draft; its revision goes on.
func (d draft) end(e *access.Event, tx core.App, at place) error {
	d.Open, d.Base, d.Words = false, 0, draftWords{}
	return d.store(e, tx, at)
}
