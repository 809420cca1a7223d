package cases

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// managed is a case as who edits it sees it.
type managed struct {
	ID string `json:"id"`
	Case
	Status  string `json:"status"`
	Shipped bool   `json:"shipped"` // came with Kinward; Number 1 and unchanged
	Number  int    `json:"number"`
	Author  string `json:"author"`
	Changed string `json:"changed"`
	// Done counts the members who have been through it, of Concerned active ones.
	Done      int `json:"done"`
	Concerned int `json:"concerned"`
	// Drafted says that a draft of its next text waits.
	Drafted bool `json:"drafted"`
}

// editing is the form of POST and PUT.
type editing struct {
	Case
	Number int    `json:"number"` // the one that the editor began with
	Status string `json:"status"`
	// Revision is that of the draft which is saved here and so ends; a program that wrote none leaves it out, and what waits goes on.
	Revision *int `json:"revision"`
}

func (r row) managed() (managed, error) {
	c, err := r.parse()
	return managed{ID: r.ID, Case: c, Status: r.Status, Shipped: r.Shipped, Number: r.Number, Author: r.Author, Changed: access.Moment(r.Changed)}, err
}

// list gives every case with both languages, and the policies with their clauses to choose from.
func list(e *access.Event) error {
	var found []row
	if err := e.App.DB().NewQuery(rows + "ORDER BY c.position, c.slug").All(&found); err != nil {
		return err
	}
	policies, err := postedPolicies(e.App)
	if err != nil {
		return err
	}
	waiting, err := drafted(e.App)
	if err != nil {
		return err
	}
	items := []managed{}
	for _, r := range found {
		m, err := r.managed()
		if err != nil {
			return err
		}
		if err := m.count(e.App); err != nil {
			return err
		}
		m.Drafted = slices.Contains(waiting, m.ID)
		items = append(items, m)
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": "", "clauses": picks(policies, e.Language()), "for_patients": ForPatients})
}

// count fills in how many have been through a case. Those counted are not named: it is for learning.
func (m *managed) count(app core.App) error {
	roles := make([]any, len(m.Roles))
	for i, role := range m.Roles {
		roles[i] = role
	}
	where := dbx.And(dbx.In("u.role", roles...), dbx.HashExp{"u.status": clinic.Active})
	err := app.DB().Select("COUNT(*)").From("users u").Where(where).Row(&m.Concerned)
	if err != nil {
		return err
	}
	return app.DB().Select("COUNT(*)").From("case_answers a").InnerJoin("users u", dbx.NewExp("u.id = a.member")).
		Where(dbx.And(where, dbx.HashExp{"a.example": m.ID, "a.done": true})).Row(&m.Done)
}

// offered is one policy with its clauses, for the picker.
type offered struct {
	Slug    string `json:"slug"`
	Title   string `json:"title"`
	Clauses []pick `json:"clauses"`
}

func picks(policies []posted, language string) []offered {
	out := []offered{}
	for _, p := range policies {
		if p.Status != Posted {
			continue
		}
		one := offered{p.Slug, p.Title, clausesOf(p.HTML)}
		switch last := len(out) - 1; {
		case last < 0 || out[last].Slug != p.Slug:
			out = append(out, one)
		case p.Language == language:
			out[last] = one
		}
	}
	return slices.DeleteFunc(out, func(o offered) bool { return len(o.Clauses) == 0 })
}

// view gives one case to edit.
func view(e *access.Event) error {
	r, err := bySlug(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return err
	}
	m, err := r.managed()
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, m)
}

func (form *editing) read(e *access.Event) error {
	if err := e.Bind(form); err != nil {
		return err
	}
	form.Case = form.Case.tidy()
	if err := form.Validate(); err != nil {
		return err
	}
	return hasClause(e.App, form.Case)
}

// create posts a case of the practice's own.
func create(e *access.Event) error {
	var form editing
	if err := form.read(e); err != nil {
		return err
	}
	make := func(tx core.App) (int, any, error) {
		if _, err := bySlug(tx, form.Slug); err == nil {
			return 0, nil, clinic.Faults(SlugTaken.At("slug"))
		}
		if err := add(tx, e.House, form.Case, e.Actor().Member, false); err != nil {
			return 0, nil, err
		}
		if err := endDraft(e, tx, placeOfNew(e, form.Policy), form.Revision); err != nil {
			return 0, nil, err
		}
		return answerWith(tx, e, form.Slug, "case.create", http.StatusCreated)
	}
	return e.Once(make)
}

func answerWith(tx core.App, e *access.Event, slug, action string, status int) (int, any, error) {
	r, err := bySlug(tx, slug)
	if err != nil {
		return 0, nil, err
	}
	if err := e.House.Audit(tx, e.Actor().Audited(), action, "cases/"+r.ID, slug); err != nil {
		return 0, nil, err
	}
	m, err := r.managed()
	return status, m, err
}

// change keeps a further text, and what else the form says. The slug stays; a case that somebody else changed meanwhile is
// not written over.
func change(e *access.Event) error {
	var form editing
	if err := form.read(e); err != nil {
		return err
	}
	if form.Status != Posted && form.Status != Withdrawn {
		return clinic.Faults(clinic.Invalid.At("status"))
	}
	slug := e.Request.PathValue("slug")
	return e.Once(func(tx core.App) (int, any, error) {
		before, err := bySlug(tx, slug)
		if err != nil {
			return 0, nil, err
		}
		if form.Number != before.Number {
			now, err := before.managed()
			if err != nil {
				return 0, nil, err
			}
			return 0, nil, Meanwhile.With("case", now)
		}
		if err := endDraft(e, tx, place{"example": before.ID}, form.Revision); err != nil {
			return 0, nil, err
		}
		record, err := tx.FindRecordById(clinic.Cases, before.ID)
		if err != nil {
			return 0, nil, err
		}
		record.Load(map[string]any{
			"roles": form.Roles, "policy": form.Policy, "clause": form.Clause, "position": form.Position, "status": form.Status, "shipped": false,
		})
		if form.Policy != before.Policy || form.Clause != before.Clause {
			record.Set("clause_changed", 0) // its versions were counted by another clause's
			record.Set("clause_due", "")
		}
		if err := e.House.Save(tx, record); err != nil {
			return 0, nil, err
		}
		if err := publish(tx, e.House, before.ID, before.Number+1, form.Texts, e.Actor().Member); err != nil {
			return 0, nil, err
		}
		return answerWith(tx, e, slug, "case.change", http.StatusOK)
	})
}

// look shows a text as members would read it. Nothing is stored.
func look(e *access.Event) error {
	var form struct {
		Language string `json:"language"`
		Text
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if !slices.Contains(clinic.Languages, form.Language) {
		return clinic.Faults(clinic.Invalid.At("language"))
	}
	fill := filler(e.House.Practice(), form.Language)
	render := func(text string) string {
		if len(text) > maxWords {
			return ""
		}
		return markdown.Document(fill.markdown(text), false)
	}
	out := []outcome{}
	for _, c := range form.Choices[:min(len(form.Choices), mostChoices)] {
		out = append(out, outcome{c.ID, fill.plain(c.Text), render(c.LeadsTo), c.Good})
	}
	return e.Write(http.StatusOK, map[string]any{
		"title": fill.plain(form.Title), "situation_html": render(form.Situation), "outcomes": out,
	})
}
