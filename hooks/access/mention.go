package access

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// WroteThere says, as SQL over a row u of users, that their name stands on something that everybody in {:community} sees.
const WroteThere = `(EXISTS (SELECT 1 FROM posts p WHERE p.author = u.id AND p.community = {:community} AND p.status = 'shown')
	OR EXISTS (SELECT 1 FROM comments c JOIN posts p ON p.id = c.post WHERE c.author = u.id AND c.community = {:community} AND c.status = 'shown' AND p.status != 'held'))`

// Mentionable gives the name of a member whom another may call in a community: of those in it whom they know to be there. To
// patients and caregivers these are its leads and who wrote something there; who works here knows them all. Others are called in
// vain, as is who was never there; who is suspended is called as before, since that is nobody else's to know.
func Mentionable(app core.App, community, by, member string) (name string, known bool) {
	err := app.DB().NewQuery(`SELECT u.name FROM memberships m JOIN users u ON u.id = m.member
		WHERE m.member = {:member} AND m.community = {:community} AND u.status != 'removed' AND (m.lead = TRUE OR u.id = {:by}
			OR EXISTS (SELECT 1 FROM users w WHERE w.id = {:by} AND w.role IN ('provider', 'staff')) OR ` + WroteThere + `)`).
		Bind(dbx.Params{"member": member, "community": community, "by": by}).Row(&name)
	return name, err == nil // a name that cannot be read is not shown
}
