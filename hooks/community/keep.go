package community

import (
	"database/sql"
	"errors"
	"slices"

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
	kind := e.Record.GetString("kind")
	e.Record.Set("presence", Presence(kind, e.Record.GetString("presence")))
	before := e.Record.Original()
	if !e.Record.IsNew() && (before.GetString("kind") != kind || before.GetString("presence") != e.Record.GetString("presence")) {
		if err := keepsNobodyOut(e.App, e.Record.Id, kind, e.Record.GetString("presence")); err != nil {
			return err
		}
	}
	return e.Next()
}

// keepsNobodyOut refuses a kind or a presence with which someone who is in the community already would not have been let in.
func keepsNobodyOut(app core.App, community, kind, presence string) error {
	var present []struct {
		Role      string `db:"role"`
		Lead      bool   `db:"lead"`
		Moderates bool   `db:"moderates"`
	}
	err := app.DB().NewQuery("SELECT DISTINCT u.role, m.lead, " + moderates + ` AS moderates FROM memberships m JOIN users u ON u.id = m.member
		WHERE m.community = {:community} AND u.status != 'removed'`).Bind(dbx.Params{"community": community}).All(&present)
	if err != nil {
		return err
	}
	for _, one := range present {
		switch role := clinic.Role(one.Role); {
		case !clinic.Admits(kind, role):
			return access.Refuse(app, KindKeepsOut)
		case !Fits(presence, role, one.Lead, one.Moderates):
			return access.Refuse(app, PresenceKeeps)
		}
	}
	return nil
}

// moderates says in SQL whether a user u has the right to moderate, which admin implies.
const moderates = `(u.rights LIKE '%"moderate"%' OR u.rights LIKE '%"admin"%')`

// joinCommunity lets into a community only whom its kind admits, and only an active provider lead.
func joinCommunity(e *core.RecordEvent) error {
	var row struct {
		Kind      string `db:"kind"`
		Role      string `db:"role"`
		Status    string `db:"status"`
		In        bool   `db:"already"`
		Presence  string `db:"presence"`
		Moderates bool   `db:"moderates"`
	}
	err := e.App.DB().NewQuery(`SELECT c.kind, c.presence, u.role, u.status, ` + moderates + ` AS moderates,
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
	case !clinic.Admits(row.Kind, clinic.Role(row.Role)):
		return access.Refuse(e.App, NotAdmitted.With("kind", row.Kind))
	case !Fits(Presence(row.Kind, row.Presence), clinic.Role(row.Role), e.Record.GetBool("lead"), row.Moderates):
		return access.Refuse(e.App, NotPresent.With("presence", row.Presence))
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
		if err := staysPresent(e.App, e.Record.GetString("community"), e.Record.GetString("member")); err != nil {
			return err
		}
	case !was && is:
		if err := mayLead(e.App, e.Record.GetString("member")); err != nil {
			return err
		}
	}
	return e.Next()
}

// staysPresent refuses to end the lead of somebody whom the community's presence admits as a lead alone: they leave it instead.
func staysPresent(app core.App, community, member string) error {
	var fits bool
	err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM communities c, users u WHERE c.id = {:community} AND u.id = {:member} AND (c.presence != {:only} OR " +
		moderates + "))").Bind(dbx.Params{"community": community, "member": member, "only": PresentModerators}).Row(&fits)
	if err != nil || fits {
		return err
	}
	return access.Refuse(app, NotPresent.With("presence", PresentModerators))
}

// staysModerator refuses to take the right to moderate from somebody whom it alone lets be in a community: they leave it first.
func staysModerator(e *core.RecordEvent) error {
	had, has := e.Record.Original().GetStringSlice("rights"), e.Record.GetStringSlice("rights")
	if len(had) == len(has) && !slices.ContainsFunc(had, func(right string) bool { return !slices.Contains(has, right) }) ||
		hasModerate(e.Record) || e.Record.GetString("status") == clinic.Removed {
		return e.Next()
	}
	var needed bool
	err := e.App.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} AND m.lead = FALSE AND c.presence = {:only}) AND {:works}`).
		Bind(dbx.Params{"member": e.Record.Id, "only": PresentModerators, "works": clinic.Role(e.Record.GetString("role")).Works()}).Row(&needed)
	if err != nil {
		return err
	}
	if needed {
		return access.Refuse(e.App, NeedsModerate)
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
