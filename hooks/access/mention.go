package access

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Mentionable gives the name of a member who may be mentioned in a community: its active members, and nobody else.
func Mentionable(app core.App, community, member string) (name string, known bool) {
	err := app.DB().NewQuery(`SELECT u.name FROM memberships m JOIN users u ON u.id = m.member
		WHERE m.member = {:member} AND m.community = {:community} AND u.status = 'active'`).
		Bind(dbx.Params{"member": member, "community": community}).Row(&name)
	return name, err == nil // a name that cannot be read is not shown
}
