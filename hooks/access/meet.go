package access

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Meets gives the role of a member whom the viewer meets in a community, suspended or not; to others, met is false.
func (v *Viewer) Meets(app core.App, member string) (role clinic.Role, met bool, err error) {
	err = app.DB().NewQuery(`SELECT u.role FROM users u WHERE u.id = {:member} AND u.status != 'removed' AND EXISTS (SELECT 1 FROM memberships a
		JOIN memberships b ON b.community = a.community AND b.member = {:viewer} WHERE a.member = u.id)`).
		Bind(dbx.Params{"member": member, "viewer": v.ID}).Row(&role)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return role, err == nil, err
}
