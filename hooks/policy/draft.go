package policy

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// Sizes of what an editor sends: two languages of a whole document each, with their checks, in JSON's longest escapes.
const (
	maxDraftBody    = 1_500_000
	maxSummaryRunes = 2000
	maxReasonRunes  = 1000
)

// DraftChanged says that somebody else saved the draft, published it or threw it away meanwhile. It carries what stands there
// now (params.revision, author, updated, texts, checks, strip), so that the page can show both; nothing of either is lost.
var DraftChanged = &clinic.Fault{Status: http.StatusConflict, Code: "draft_changed_meanwhile"}

// draftText is a draft in one language, its placeholders still in it.
type draftText struct {
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Body    string `json:"body"`
}

// wording is what a version is made of, each by its language.
type wording struct {
	Texts  map[string]draftText         `json:"texts"`
	Checks map[string][]Check           `json:"checks"`
	Strip  map[string]map[string]string `json:"strip"`
}

// draft is the next version of a policy as far as it is written. It may be unfinished and wrong in any way but its size. Its
// revision goes up with every save and never down, even over publishing and throwing away, so that an old page is found out.
type draft struct {
	wording
	Revision int
	Open     bool // there is one; else only its revision is kept
	Yearly   bool
	Base     int // the version it started from
	Saved    string
	hand
}

type draftRow struct {
	ID       string `db:"id"`
	Policy   string `db:"policy"`
	Revision int    `db:"revision"`
	Open     bool   `db:"open"`
	Yearly   bool   `db:"yearly"`
	Base     int    `db:"base"`
	Saved    string `db:"saved"`
	Texts    string `db:"texts"`
	Checks   string `db:"checks"`
	Strip    string `db:"strip"`
	hand
}

// draftOf reads a policy's draft; where there never was one, the zero draft.
func draftOf(app core.App, policy string) (draft, error) {
	var row draftRow
	err := app.DB().Select("id", "policy", "revision", "open", "yearly", "base", "saved", "texts", "checks", "strip", "author", "operator").
		From(clinic.PolicyDrafts).Where(dbx.HashExp{"policy": policy}).One(&row)
	if errors.Is(err, sql.ErrNoRows) {
		return draft{}, nil
	} else if err != nil {
		return draft{}, err
	}
	d := draft{Revision: row.Revision, Open: row.Open, Yearly: row.Yearly, Base: row.Base, Saved: row.Saved, hand: row.hand}
	return d, errors.Join(unmarshal(row.Texts, &d.Texts), unmarshal(row.Checks, &d.Checks), unmarshal(row.Strip, &d.Strip))
}

// store writes the draft in the actor's name, as its next revision.
func (d *draft) store(e *access.Event, tx core.App, policy string) error {
	record, err := tx.FindFirstRecordByData(clinic.PolicyDrafts, "policy", policy)
	if errors.Is(err, sql.ErrNoRows) {
		var collection *core.Collection
		if collection, err = tx.FindCachedCollectionByNameOrId(clinic.PolicyDrafts); err == nil {
			record = core.NewRecord(collection)
		}
	}
	if err != nil {
		return err
	}
	actor := e.Actor()
	d.Revision, d.Saved = d.Revision+1, access.Date(e.House.Now())
	d.hand = hand{actor.Member, actor.Operator != ""}
	record.Load(map[string]any{
		"policy": policy, "revision": d.Revision, "open": d.Open, "yearly": d.Yearly, "base": d.Base, "saved": d.Saved,
		"texts": d.Texts, "checks": d.Checks, "strip": d.Strip, "author": d.Author, "operator": d.Operator,
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
	who, err := author(e.App, e.Language(), d.hand)
	if err != nil {
		return err
	}
	return DraftChanged.With("revision", d.Revision).With("author", who).With("name", who.Name).With("updated", at(d.Saved)).
		With("open", d.Open).With("texts", d.Texts).With("checks", d.Checks).With("strip", d.Strip)
}

// draftForm is the form of PUT …/draft. What is absent stays as it was.
type draftForm struct {
	Revision int `json:"revision"`
	wording
	Yearly *bool `json:"yearly"`
}

// saveDraft stores a draft, however unfinished, unless somebody else did meanwhile.
func saveDraft(e *access.Event) error {
	var form draftForm
	if err := e.BindUpTo(&form, maxDraftBody); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	var saved draft
	err := e.App.RunInTransaction(func(tx core.App) error {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return err
		}
		if saved, err = begun(e, tx, policy, form.Revision); err != nil {
			return err
		}
		form.into(&saved)
		return saved.store(e, tx, policy.Id)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"revision": saved.Revision, "saved": at(saved.Saved)})
}

// begun gives the open draft, or a new one that starts from the policy's current version, unless the page that asks started from
// another revision.
func begun(e *access.Event, app core.App, policy *core.Record, revision int) (draft, error) {
	d, err := draftOf(app, policy.Id)
	if err == nil {
		err = d.expect(e, revision)
	}
	if err != nil || d.Open {
		return d, err
	}
	texts, err := newest(app, policy.GetString("slug"))
	if err != nil {
		return d, err
	}
	if d.wording, err = wordingOf(texts); err != nil {
		return d, err
	}
	if len(texts) > 0 {
		d.Base = texts[0].Number
	}
	d.Open, d.Yearly = true, policy.GetBool("yearly")
	return d, nil
}

func (f draftForm) into(d *draft) {
	if f.Texts != nil {
		d.Texts = f.Texts
	}
	if f.Checks != nil {
		d.Checks = f.Checks
	}
	if f.Strip != nil {
		d.Strip = f.Strip
	}
	if f.Yearly != nil {
		d.Yearly = *f.Yearly
	}
}

func (f draftForm) validate() error {
	var faults []*clinic.Fault
	for language, t := range f.Texts {
		if !slices.Contains(clinic.Languages, language) {
			faults = append(faults, NoSuchLanguage.With("language", language).At("texts"))
			continue
		}
		faults = append(faults, t.faults("texts."+language)...)
	}
	for language, checks := range f.Checks {
		if !slices.Contains(clinic.Languages, language) || len(checks) > maxChecks {
			faults = append(faults, clinic.TooLong.With("max", maxChecks).At("checks"))
		}
	}
	for language := range f.Strip {
		if !slices.Contains(clinic.Languages, language) {
			faults = append(faults, NoSuchLanguage.With("language", language).At("strip"))
		}
	}
	return clinic.Faults(faults...)
}

// faults are what keeps a text even from being stored as a draft.
func (t draftText) faults(where string) []*clinic.Fault {
	var faults []*clinic.Fault
	if utf8.RuneCountInString(t.Title) > clinic.MaxTitleRunes {
		faults = append(faults, clinic.TooLong.With("max", clinic.MaxTitleRunes).At(where+".title"))
	}
	if utf8.RuneCountInString(t.Summary) > maxSummaryRunes {
		faults = append(faults, clinic.TooLong.With("max", maxSummaryRunes).At(where+".summary"))
	}
	var fault *clinic.Fault
	if err := markdown.CheckDocument(t.Body); errors.As(err, &fault) {
		faults = append(faults, fault.At(where+".body"))
	}
	return faults
}

// dropDraft throws the draft away; ?revision= guards one that somebody else saved meanwhile.
func dropDraft(e *access.Event) error {
	err := e.App.RunInTransaction(func(tx core.App) error {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return err
		}
		d, err := draftOf(tx, policy.Id)
		if err != nil || !d.Open {
			return err
		}
		if wish := e.Request.URL.Query().Get("revision"); wish != "" && wish != fmt.Sprint(d.Revision) {
			return d.changed(e)
		}
		return d.clear(e, tx, policy.Id)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// clear ends a draft, published or thrown away; its revision goes on.
func (d draft) clear(e *access.Event, tx core.App, policy string) error {
	d.Open, d.wording, d.Base = false, wording{}, 0
	return d.store(e, tx, policy)
}

// shownDraft is a draft as GET shows it.
type shownDraft struct {
	wording
	Revision int           `json:"revision"`
	Author   access.Person `json:"author"`
	Updated  *time.Time    `json:"updated"`
	Yearly   bool          `json:"yearly"`
	Base     int           `json:"base"`
}

func (d draft) shown(e *access.Event) (*shownDraft, error) {
	if !d.Open {
		return nil, nil
	}
	who, err := author(e.App, e.Language(), d.hand)
	return &shownDraft{d.wording, d.Revision, who, at(d.Saved), d.Yearly, d.Base}, err
}
