package check

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Draft are the checks of a policy as an editor has them and nobody has published yet, by language.
type Draft struct {
	Policy string            // its slug: the checks that are posted with it stand back
	Titles map[string]string // as the findings name it
	Checks map[string][]Carried
}

// The sizes of what is tried, as package policy bounds what is published.
const (
	mostChecks = 100
	mostWords  = 200
	maxTryBody = 600_000 // two languages of a draft's checks in JSON's longest escapes
)

func (d Draft) validate() error {
	for _, language := range clinic.Languages {
		if len(d.Checks[language]) > mostChecks {
			return clinic.Faults(clinic.TooLong.With("max", mostChecks).At("checks"))
		}
		for _, c := range d.Checks[language] {
			unknown := len(Members(c.Detector)) == 0 || !slices.Contains(actions, c.Action)
			if unknown || len(c.Words) > mostWords || slices.ContainsFunc(c.Whose, func(r clinic.Role) bool { return !r.Ruled() }) {
				return clinic.Faults(clinic.Invalid.At("checks"))
			}
		}
	}
	return nil
}

// rules are the draft's checks as they would be in force; what they say has the practice's values of today.
func (d Draft) rules(practice access.Practice) []*inForce {
	var out []*inForce
	for _, language := range clinic.Languages {
		filled := slices.Clone(d.Checks[language])
		for i := range filled {
			filled[i].Say = practice.Fill(filled[i].Say, language, nil, func(value string) string { return value })
		}
		out = together(out, posted{Slug: d.Policy, Language: language, Title: d.Titles[language]}, filled)
	}
	return out
}

// among puts the draft's checks in the place of those that are posted with its policy.
func (d Draft) among(known []*inForce, practice access.Practice) []*inForce {
	others := slices.DeleteFunc(slices.Clone(known), func(r *inForce) bool { return r.policy == d.Policy })
	return append(others, d.rules(practice)...)
}

// Written is what somebody wrote somewhere, as it is looked at again with other checks.
type Written struct {
	Said              []clinic.Said
	Role              clinic.Role
	Author, Community string
	Kind              string // of the community
}

// Again looks at texts that were written before with a draft's checks alone, and stores nothing. For the names of members it
// takes whom their writers may know today. A look asks the database nothing of a single text.
func (c *Checker) Again(app core.App, d Draft) (func(w Written) ([]Finding, error), error) {
	if err := d.validate(); err != nil {
		return nil, err
	}
	rules := d.rules(c.house.Practice())
	return func(w Written) ([]Finding, error) {
		return c.judge(app, rules, piece{said: w.Said, role: w.Role, self: w.Author, kind: w.Kind}, w.Community)
	}, nil
}
