// Package cases keeps the example cases: made-up situations that ask a member to think again before the real one comes.
//
// It promises: nothing of what a member chose is kept, only that they have been through a case, and a question if they asked
// one; who works here goes through theirs before the first post; a material edit of its clause makes a case due again; a
// text that was published stays as it was, and an edit is a further one; and what ships with Kinward is added where it is
// missing and never put over the practice's own words.
package cases

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// The states of a case.
const (
	Posted    = "posted"
	Withdrawn = "withdrawn"
)

// What fits into a case.
const (
	maxWords      = 8000 // bytes of a situation, or of what one choice leads to
	maxChoice     = 300  // characters of a choice
	fewestChoices = 2
	mostChoices   = 6
	maxQuestion   = 1000 // characters of a question to the lead, or of its answer
	// ForPatients is how many cases a patient or a caregiver is shown: the first by position. They may skip them.
	ForPatients = 3
)

// The faults of cases.
var (
	Unreadable   = &clinic.Fault{Status: http.StatusBadRequest, Code: "case_unreadable"}         // params.detail
	NoClause     = &clinic.Fault{Status: http.StatusBadRequest, Code: "case_clause_unknown"}     // params.clause, params.policy
	NoText       = &clinic.Fault{Status: http.StatusBadRequest, Code: "case_without_a_text"}     // in neither language
	FewChoices   = &clinic.Fault{Status: http.StatusBadRequest, Code: "case_choices"}            // params.min, params.max
	NoGood       = &clinic.Fault{Status: http.StatusBadRequest, Code: "case_without_a_good_way"} // no choice is marked as one
	SlugTaken    = &clinic.Fault{Status: http.StatusConflict, Code: "case_slug_taken"}           //
	Meanwhile    = &clinic.Fault{Status: http.StatusConflict, Code: "case_changed_meanwhile"}    // params.case: as it is now
	DraftChanged = &clinic.Fault{Status: http.StatusConflict, Code: "case_draft_changed"}        // params.revision, name, updated, open, draft
	NeverChanges = &clinic.Fault{Status: http.StatusForbidden, Code: "case_text_never_changes"}
	NotOptional  = &clinic.Fault{Status: http.StatusForbidden, Code: "cases_cannot_be_skipped"} // who works here
)

// Choice is one thing that a person could do. Text is one line; LeadsTo is Markdown.
type Choice struct {
	ID      string `json:"id"`
	Text    string `json:"text"`
	LeadsTo string `json:"leads_to"`
	// Good says that this is a way the clause would have it. There may be several.
	Good bool `json:"good"`
}

// Text is a case in one language. Situation is Markdown.
type Text struct {
	Title     string   `json:"title"`
	Situation string   `json:"situation"`
	Choices   []Choice `json:"choices"`
}

// Case is one case in every language it is written in.
type Case struct {
	Slug     string          `json:"slug"`
	Roles    []string        `json:"roles"`
	Policy   string          `json:"policy"` // its slug
	Clause   string          `json:"clause"`
	Position int             `json:"position"`
	Texts    map[string]Text `json:"texts"`
}

// addressOfNew stands in the address of the page where a case is written.
const addressOfNew = "new"

var (
	slugShape   = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	choiceShape = regexp.MustCompile(`^[a-z]$`)
)

// Validate says what stops a case from being posted, each fault at the field of the form that it concerns. Whether its clause
// is there only the practice's policies tell.
func (c Case) Validate() error {
	var faults []*clinic.Fault
	if !slugShape.MatchString(c.Slug) || len(c.Slug) > 80 || c.Slug == addressOfNew {
		faults = append(faults, clinic.Invalid.At("slug"))
	}
	if len(c.Roles) == 0 {
		faults = append(faults, clinic.Required.At("roles"))
	}
	for i, role := range c.Roles {
		if !clinic.Role(role).Ruled() || slices.Contains(c.Roles[:i], role) {
			faults = append(faults, clinic.Invalid.At("roles"))
			break
		}
	}
	if c.Policy == "" {
		faults = append(faults, clinic.Required.At("policy"))
	}
	if c.Clause == "" {
		faults = append(faults, clinic.Required.At("clause"))
	}
	if len(c.Texts) == 0 {
		faults = append(faults, NoText.At("texts"))
	}
	for _, language := range clinic.Languages {
		if text, written := c.Texts[language]; written {
			faults = append(faults, text.faults("texts."+language)...)
		}
	}
	for language := range c.Texts {
		if !slices.Contains(clinic.Languages, language) {
			faults = append(faults, clinic.Invalid.At("texts"))
		}
	}
	return clinic.Faults(faults...)
}

func (t Text) faults(at string) []*clinic.Fault {
	var faults []*clinic.Fault
	add := func(fault *clinic.Fault, field string) {
		if fault != nil {
			faults = append(faults, fault.At(at+"."+field))
		}
	}
	add(line(t.Title, clinic.MaxTitleRunes), "title")
	add(words(t.Situation), "situation")
	if len(t.Choices) < fewestChoices || len(t.Choices) > mostChoices {
		add(FewChoices.With("min", fewestChoices).With("max", mostChoices), "choices")
		return faults
	}
	seen, good := map[string]bool{}, false
	for _, c := range t.Choices {
		if !choiceShape.MatchString(c.ID) || seen[c.ID] {
			add(clinic.Invalid, "choices")
			continue
		}
		seen[c.ID] = true
		good = good || c.Good
		add(line(c.Text, maxChoice), "choices."+c.ID+".text")
		add(words(c.LeadsTo), "choices."+c.ID+".leads_to")
	}
	if !good {
		add(NoGood, "choices")
	}
	return faults
}

func line(s string, most int) *clinic.Fault {
	switch {
	case strings.TrimSpace(s) == "":
		return clinic.Required
	case utf8.RuneCountInString(s) > most:
		return clinic.TooLong.With("max", most)
	case strings.ContainsAny(s, "\r\n\x00"):
		return clinic.Invalid
	}
	return nil
}

func words(s string) *clinic.Fault {
	switch {
	case strings.TrimSpace(s) == "":
		return clinic.Required
	case len(s) > maxWords:
		return clinic.TooLong.With("max", maxWords)
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0) || markdown.CheckDocument(s) != nil:
		return clinic.Invalid
	}
	return nil
}

// tidy takes off the blanks around every text, so that two that look alike are alike.
func (c Case) tidy() Case {
	texts := map[string]Text{}
	for language, t := range c.Texts {
		t.Title, t.Situation = strings.TrimSpace(t.Title), strings.TrimSpace(t.Situation)
		t.Choices = slices.Clone(t.Choices)
		for i, choice := range t.Choices {
			choice.Text, choice.LeadsTo = strings.TrimSpace(choice.Text), strings.TrimSpace(choice.LeadsTo)
			t.Choices[i] = choice
		}
		if !t.empty() {
			texts[language] = t
		}
	}
	c.Texts = texts
	c.Slug, c.Policy, c.Clause = strings.TrimSpace(c.Slug), strings.TrimSpace(c.Policy), strings.TrimSpace(c.Clause)
	return c
}

// empty reports whether nothing was written: a form sends the language that was left out too.
func (t Text) empty() bool {
	for _, c := range t.Choices {
		if c.Text != "" || c.LeadsTo != "" {
			return false
		}
	}
	return t.Title == "" && t.Situation == ""
}

// in picks the text to read: in the wished language, else in the practice's, else in English, else in any.
func (c Case) in(wish, practice string) (Text, string) {
	for _, language := range append([]string{wish, practice}, clinic.Languages...) {
		if t, written := c.Texts[language]; written {
			return t, language
		}
	}
	return Text{}, wish
}
