package check

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// What stands in this file holds for every writer of a post or comment, the dashboard included.

// The faults of this noun; each has params.findings.
var (
	ToConfirm     = &clinic.Fault{Status: http.StatusConflict, Code: "confirm_findings"}
	OfferCallback = &clinic.Fault{Status: http.StatusConflict, Code: "offer_callback"} // params: phone, hours, emergency, emergency_number, crisis_line
	Stopped       = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "stopped_by_policy"}
)

// rewritten looks at one whose words have changed, unless it goes.
func (c *Checker) rewritten(e *core.RecordEvent) error {
	r, before := e.Record, e.Record.Original()
	same := r.GetString("body") == before.GetString("body") && r.GetString("title") == before.GetString("title") &&
		r.GetString("files") == before.GetString("files")
	if same || r.GetString("status") == clinic.Deleted {
		return e.Next()
	}
	return c.check(e)
}

// check decides on what is written: it refuses, holds or lets it pass, and leaves the findings on the record.
func (c *Checker) check(e *core.RecordEvent) error {
	_, decided := e.Record.Get(clinic.DecidedBy).(clinic.Decision)
	told := e.Record.GetString("status") == clinic.Held && e.Record.Get(clinic.FoundIn) != nil
	if decided || told { // a person has decided on it, or who holds it has said why
		return e.Next()
	}
	findings, language, err := c.findings(e.App, e.Record)
	if err != nil {
		return err
	}
	confirmed, asked := e.Record.Get(clinic.ConfirmedBy).(clinic.Confirmed)
	if fault := c.decide(findings, language, confirmed, asked); fault != nil {
		return access.Refuse(e.App, fault)
	}
	e.Record.Set(clinic.FoundIn, findings)
	if slices.ContainsFunc(findings, func(f Finding) bool { return f.Action == "hold" }) {
		e.Record.Set("status", clinic.Held)
	}
	if err := e.Next(); err != nil {
		return err
	}
	return c.audit(e, e.Record.GetString("author"), findings, confirmed)
}

// decide gives the fault that keeps a text from being posted. A writer who can be asked, since they came by a door that
// brings their answer, confirms what asks or offers a call; language is theirs.
func (c *Checker) decide(findings []Finding, language string, confirmed clinic.Confirmed, asked bool) *clinic.Fault {
	open := func(action string) bool {
		return slices.ContainsFunc(findings, func(f Finding) bool { return f.Action == action && !slices.Contains(confirmed, f.ID) })
	}
	switch {
	case slices.ContainsFunc(findings, func(f Finding) bool { return f.Action == "stop" }):
		return Stopped.With("findings", findings)
	case !asked:
		return nil
	case open("call"):
		whole := c.house.Practice()
		p := whole.In(language)
		number := whole.Fill("{{emergency}}", language, nil, func(value string) string { return value })
		return OfferCallback.With("findings", findings).With("phone", p.Phone).With("hours", p.Hours).With("emergency", p.Emergency).
			With("emergency_number", number).With("crisis_line", p.CrisisLine)
	case open("ask"):
		return ToConfirm.With("findings", findings)
	}
	return nil
}

// audit notes what was confirmed, by the clause and never by its words.
func (c *Checker) audit(e *core.RecordEvent, member string, findings []Finding, confirmed clinic.Confirmed) error {
	var detail []string
	for _, f := range findings {
		if (f.Action == "ask" || f.Action == "call") && slices.Contains(confirmed, f.ID) {
			detail = append(detail, f.Policy+"#"+f.Clause+" "+f.ID)
		}
	}
	if len(detail) == 0 {
		return nil
	}
	subject := e.Record.Collection().Name + "/" + e.Record.Id
	return c.house.Audit(e.App, member, "check.confirm", subject, strings.Join(detail, ", "))
}

// findings looks at a record as it is about to be stored. With what it finds it gives the language that the author reads.
func (c *Checker) findings(app core.App, r *core.Record) ([]Finding, string, error) {
	files, _ := r.Get(clinic.BesideIt).(clinic.Beside)
	said := clinic.WordsOf(r.GetString("title"), r.GetString("body"), clinic.ChoicesIn(r.GetString("poll")), files)
	return c.foundBy(app, r.GetString("author"), r.GetString("community"), said)
}

// judge adds to a piece what its place says.
func (c *Checker) judge(app core.App, rules []*inForce, p piece, community string) ([]Finding, error) {
	if community != "" && p.kind == "" {
		err := app.DB().NewQuery("SELECT kind FROM communities WHERE id = {:id}").Bind(dbx.Params{"id": community}).Row(&p.kind)
		if err != nil {
			return nil, access.Missing(err)
		}
	}
	if p.kind == clinic.KindProviderRoom {
		rules = append(slices.Clip(rules), amongProviders(rules))
	}
	if len(rules) == 0 {
		return []Finding{}, nil
	}
	names := func(r *inForce) bool {
		return r.concerns(p.role, p.kind) && slices.Contains(r.detectors, "member_name")
	}
	if slices.ContainsFunc(rules, names) {
		listed, err := c.roll.now(app)
		if err != nil {
			return nil, err
		}
		if p.sight, err = c.sightOf(app, p.role, p.self, community); err != nil {
			return nil, err
		}
		p.names, p.sight.works = listed.names, listed.works
	}
	p.own = own(c.house.Practice())
	p.said = slices.Clone(p.said)
	for i := range p.said {
		if p.said[i].Field == clinic.SaidInBody { // who may be called has been asked, and an id is no number
			p.said[i].Text = markdown.WithoutMentions(p.said[i].Text)
		}
	}
	found := judge(rules, p)
	if p.sight != nil && p.sight.failed != nil {
		return nil, p.sight.failed
	}
	return found, nil
}

// author gives the role that decides which checks concern a writer, and the language that they read.
func (c *Checker) author(app core.App, id string) (clinic.Role, string, error) {
	if viewer, err := c.house.Member(id); err == nil && viewer != nil {
		return viewer.Role, c.language(viewer.Language), nil
	}
	record, err := app.FindRecordById(clinic.Users, id)
	if err != nil {
		return "", "", errors.Join(clinic.NotFound, err)
	}
	return clinic.Role(record.GetString("role")), c.language(record.GetString("language")), nil
}

func (c *Checker) language(of string) string {
	if of != "" {
		return of
	}
	return c.house.Practice().Language
}
