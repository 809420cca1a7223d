package community

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// writeCommunity checks a community's own words and renders what it says of itself. It stands at the record event, so that
// no writer gets around it.
func writeCommunity(e *core.RecordEvent) error {
	name, fault := Name(e.Record.GetString("name"))
	if fault != nil {
		return refuse(e.App, clinic.Faults(fault))
	}
	e.Record.Set("name", name)
	about := e.Record.GetString("about")
	if err := markdown.Check(about); err != nil {
		return refuse(e.App, at("about", err))
	}
	e.Record.Set("about_html", markdown.Render(about))
	before, kind := e.Record.Original().GetString("kind"), e.Record.GetString("kind")
	if !e.Record.IsNew() && before != kind {
		if err := keepsNobodyOut(e.App, e.Record.Id, kind); err != nil {
			return err
		}
	}
	return e.Next()
}

// keepsNobodyOut refuses a kind that would not admit someone who is in the community already.
func keepsNobodyOut(app core.App, community, kind string) error {
	var roles []string
	err := app.DB().NewQuery("SELECT DISTINCT u.role FROM memberships m JOIN users u ON u.id = m.member WHERE m.community = {:community}").
		Bind(dbx.Params{"community": community}).Column(&roles)
	if err != nil {
		return err
	}
	for _, role := range roles {
		if !Admits(kind, clinic.Role(role)) {
			return access.Refuse(app, KindKeepsOut)
		}
	}
	return nil
}

// joinCommunity lets into a community only whom its kind admits, and only an active provider lead.
func joinCommunity(e *core.RecordEvent) error {
	var row struct {
		Kind   string `db:"kind"`
		Role   string `db:"role"`
		Status string `db:"status"`
		In     bool   `db:"already"`
	}
	err := e.App.DB().NewQuery(`SELECT c.kind, u.role, u.status,
			EXISTS (SELECT 1 FROM memberships m WHERE m.member = u.id AND m.community = c.id) AS already
		FROM communities c, users u WHERE c.id = {:community} AND u.id = {:member}`).
		Bind(dbx.Params{"community": e.Record.GetString("community"), "member": e.Record.GetString("member")}).One(&row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return access.Refuse(e.App, clinic.NotFound)
	case err != nil:
		return err
	case row.Status != clinic.Active:
		return access.Refuse(e.App, NotActive)
	case row.In:
		return access.Refuse(e.App, AlreadyIn)
	case !Admits(row.Kind, clinic.Role(row.Role)):
		return access.Refuse(e.App, NotAdmitted.With("kind", row.Kind))
	case e.Record.GetBool("lead") && clinic.Role(row.Role) != clinic.Provider:
		return access.Refuse(e.App, LeadsProvider)
	}
	return e.Next()
}

// changeMembership lets nothing change but who leads: a membership is never passed on.
func changeMembership(e *core.RecordEvent) error {
	before := e.Record.Original()
	for _, field := range []string{"community", "member"} {
		if before.GetString(field) != e.Record.GetString(field) {
			return access.Refuse(e.App, clinic.OnlyByHouse)
		}
	}
	switch was, is := before.GetBool("lead"), e.Record.GetBool("lead"); {
	case was && !is:
		if err := staysLed(e.App, e.Record.GetString("community"), e.Record.Id); err != nil {
			return err
		}
	case !was && is:
		if err := mayLead(e.App, e.Record.GetString("member")); err != nil {
			return err
		}
	}
	return e.Next()
}

func leaveCommunity(e *core.RecordEvent) error {
	if e.Record.GetBool("lead") {
		if err := staysLed(e.App, e.Record.GetString("community"), e.Record.Id); err != nil {
			return err
		}
	}
	return e.Next()
}

// staysLed refuses to take away the last lead of an open community: it is handed over first. A lead who is suspended does
// not count, or the community could lose its last one while nobody looks.
func staysLed(app core.App, community, without string) error {
	var stays bool
	err := app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM communities c WHERE c.id = {:community} AND c.status != 'open')
		OR EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.member
			WHERE m.community = {:community} AND m.lead AND m.id != {:without} AND u.role = 'provider' AND u.status = 'active')`).
		Bind(dbx.Params{"community": community, "without": without}).Row(&stays)
	if err != nil || stays {
		return err
	}
	return access.Refuse(app, LastLead)
}

// mayLead refuses a lead who is no active provider.
func mayLead(app core.App, member string) error {
	var may bool
	err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM users WHERE id = {:member} AND role = 'provider' AND status = 'active')").
		Bind(dbx.Params{"member": member}).Row(&may)
	if err != nil || may {
		return err
	}
	return access.Refuse(app, LeadsProvider)
}

// at puts the fault of a text at its field.
func at(field string, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return clinic.Faults(fault.At(field))
	}
	return err
}

func refuse(app core.App, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return access.Refuse(app, fault)
	}
	return err
}
