package check

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// described decides on words that come to a file which a post or comment carries, as check does on a text: it refuses them, asks who wrote
// them, or says that they wait for a person, and leaves the findings on the record. Only what is new is looked at.
func (c *Checker) described(e *core.RecordEvent) error {
	r := e.Record
	by, is := r.Get(clinic.DescribedBy).(clinic.Describer)
	if _, decided := r.Get(clinic.DecidedBy).(clinic.Decision); !is || decided || r.GetString("post") == "" {
		return e.Next()
	}
	before := clinic.WordsOfFile(r.Original().GetString)
	said := slices.DeleteFunc(clinic.WordsOfFile(r.GetString), func(s clinic.Said) bool { return slices.Contains(before, s) })
	findings, language, err := c.foundBy(e.App, by.Member, r.GetString("community"), said)
	if err != nil {
		return err
	}
	confirmed, asked := r.Get(clinic.ConfirmedBy).(clinic.Confirmed)
	if fault := c.decide(findings, language, confirmed, asked); fault != nil {
		return access.Refuse(e.App, fault)
	}
	r.Set(clinic.FoundIn, findings)
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Action == "hold" }) {
		r.Set(clinic.KeptBack, clinic.Waits{})
	}
	if err := e.Next(); err != nil {
		return err
	}
	return c.audit(e, by.Member, findings, confirmed)
}

// foundBy looks at what a member writes somewhere, wherever it will be kept. With what it finds it gives the language that they read.
func (c *Checker) foundBy(app core.App, member, community string, said []clinic.Said) ([]Finding, string, error) {
	rules, err := c.rules.now(app)
	if err != nil {
		return []Finding{}, "", err
	}
	role, language, err := c.author(app, member)
	if err != nil {
		return nil, "", err
	}
	findings, err := c.judge(app, rules, piece{said: said, role: role, language: language, self: member}, community)
	return findings, language, err
}
