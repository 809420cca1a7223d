package cases

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// answering is the form of POST /cases/{id}/answers. The choice is looked at and forgotten.
type answering struct {
	Choice   string `json:"choice"`
	Question string `json:"question"`
}

// outcome is where one of the choices leads.
type outcome struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	HTML string `json:"html"`
	Good bool   `json:"good"`
}

// answered is what a member reads after choosing: where each choice leads, their own first in explanation_html.
type answered struct {
	Words       string        `json:"explanation"` // as Markdown
	Explanation string        `json:"explanation_html"`
	Good        bool          `json:"good"`
	Outcomes    []outcome     `json:"outcomes"`
	Clause      clause        `json:"clause"`
	Done        bool          `json:"done"`
	Owes        []clinic.Owed `json:"owes"`
}

// answer notes that the caller has been through a case, whichever choice they took, and tells where the choices lead.
func answer(e *access.Event) error {
	var form answering
	if err := e.Bind(&form); err != nil {
		return err
	}
	r, err := own(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	out, err := outcomes(e, r, form.Choice)
	if err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := note(tx, e.House, e.Viewer.ID, r, true); err != nil || form.Question == "" {
			return err
		}
		return askAbout(e, tx, r, form.Question)
	})
	if err != nil {
		return err
	}
	after, err := e.House.Member(e.Viewer.ID)
	if err != nil || after == nil {
		return err
	}
	out.Owes = after.Owing(e.House.Now())
	return e.Write(http.StatusOK, out)
}

// own finds a case that is meant for the caller.
func own(e *access.Event, id string) (row, error) {
	found, err := forViewer(e.App, e.Viewer)
	if err != nil {
		return row{}, err
	}
	i := slices.IndexFunc(found, func(r row) bool { return r.ID == id || r.Slug == id })
	if i < 0 {
		return row{}, clinic.NotFound
	}
	return found[i], nil
}

func outcomes(e *access.Event, r row, choice string) (answered, error) {
	c, err := r.parse()
	if err != nil {
		return answered{}, err
	}
	policies, err := postedPolicies(e.App)
	if err != nil {
		return answered{}, err
	}
	practice := e.House.Practice()
	text, language := c.in(e.Language(), practice.Language)
	fill := filler(practice, language)
	out := answered{Outcomes: []outcome{}, Clause: clauseIn(policies, r.Policy, r.Clause, language), Done: true}
	for _, each := range text.Choices {
		one := outcome{each.ID, fill.plain(each.Text), markdown.Document(fill.markdown(each.LeadsTo), false), each.Good}
		if each.ID == choice {
			out.Words, out.Explanation, out.Good = fill.markdown(each.LeadsTo), one.HTML, one.Good
		}
		out.Outcomes = append(out.Outcomes, one)
	}
	switch {
	case choice == "":
		return out, clinic.Faults(clinic.Required.At("choice"))
	case out.Explanation == "":
		return out, clinic.Faults(clinic.Invalid.At("choice"))
	}
	return out, nil
}

// note keeps that a member has been through a case, or has skipped it, with the version of its policy on that day.
func note(tx core.App, house *access.House, member string, r row, done bool) error {
	number, err := latest(tx, r.Policy)
	if err != nil {
		return err
	}
	record, err := tx.FindFirstRecordByFilter(clinic.CaseAnswers, "member = {:member} && example = {:example}",
		dbx.Params{"member": member, "example": r.ID})
	if errors.Is(err, sql.ErrNoRows) {
		collection, err := tx.FindCollectionByNameOrId(clinic.CaseAnswers)
		if err != nil {
			return err
		}
		record = core.NewRecord(collection)
		record.Load(map[string]any{"member": member, "example": r.ID})
	} else if err != nil {
		return err
	}
	record.Load(map[string]any{"number": r.Number, "clause_version": number, "done": done})
	return house.Save(tx, record)
}

// skip notes for a patient or caregiver that they want none of what is left. They can come back at any time.
func skip(e *access.Event) error {
	if e.Viewer.Role.Works() {
		return NotOptional
	}
	found, err := forViewer(e.App, e.Viewer)
	if err != nil {
		return err
	}
	been, err := standings(e.App, e.Viewer.ID)
	if err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		for _, r := range found {
			if at := been[r.ID]; at.Done && !at.Again {
				continue
			}
			if err := note(tx, e.House, e.Viewer.ID, r, false); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return mine(e)
}
