package community

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// newRole ends, with a member's role, the memberships that the new one may not have, in the same transaction. Who leads an open
// community and would be no provider any more hands it over first, also where others lead it too: what waits at its desk was theirs to see to.
func newRole(house *access.House) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		role := clinic.Role(e.Record.GetString("role"))
		if clinic.Role(e.Record.Original().GetString("role")) == role {
			return e.Next()
		}
		if role != clinic.Provider {
			if err := mayStopProviding(e.App, e.Record.Id); err != nil {
				return err
			}
		}
		if err := e.Next(); err != nil {
			return err
		}
		return leaveWhereKeptOut(house, e.App, e.Record)
	}
}

// mayStopProviding refuses a lead, and the last active provider: nobody could invite or approve any more.
func mayStopProviding(app core.App, member string) error {
	var names []string
	err := app.DB().NewQuery(`SELECT c.name FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} AND m.lead = TRUE AND c.status = 'open' ORDER BY c.name COLLATE NOCASE`).
		Bind(dbx.Params{"member": member}).Column(&names)
	if err != nil {
		return err
	}
	if len(names) > 0 {
		return access.Refuse(app, HandOverFirst.With("communities", names))
	}
	var others bool
	err = app.DB().NewQuery(`SELECT (SELECT role FROM users WHERE id = {:member}) != 'provider'
		OR EXISTS (SELECT 1 FROM users WHERE id != {:member} AND role = 'provider' AND status = 'active')`).Bind(dbx.Params{"member": member}).Row(&others)
	if err != nil || others {
		return err
	}
	return access.Refuse(app, clinic.LastProvider)
}

// leaveWhereKeptOut takes a member out of every community whose kind or presence their role does not fit, and ends their lead of
// archived ones where they are no provider any more.
func leaveWhereKeptOut(house *access.House, tx core.App, member *core.Record) error {
	memberships, err := tx.FindRecordsByFilter(clinic.Memberships, "member = {:member}", "", 0, 0, dbx.Params{"member": member.Id})
	if err != nil {
		return err
	}
	role, moderates := clinic.Role(member.GetString("role")), hasModerate(member)
	for _, membership := range memberships {
		room, err := tx.FindRecordById(clinic.Communities, membership.GetString("community"))
		if err != nil {
			return err
		}
		kind, lead := room.GetString("kind"), membership.GetBool("lead") && role == clinic.Provider
		switch {
		case !clinic.Admits(kind, role) || !Fits(Presence(kind, room.GetString("presence")), role, lead, moderates):
			if err = house.Delete(tx, membership); err == nil {
				err = house.Audit(tx, member.Id, "community.remove_member", clinic.Users+"/"+member.Id, clinic.Communities+"/"+room.Id)
			}
		case lead != membership.GetBool("lead"):
			membership.Set("lead", lead)
			err = house.Save(tx, membership)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func hasModerate(member *core.Record) bool {
	rights := member.GetStringSlice("rights")
	return slices.Contains(rights, string(clinic.Moderate)) || slices.Contains(rights, string(clinic.Admin))
}
