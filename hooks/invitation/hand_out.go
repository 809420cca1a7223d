package invitation

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// mayHandOut lets in who may get hold of an invitation's tokens, or have them sent anew. Whoever holds one can accept in its
// holder's place, so an invitation to work here or among its providers, or back into an account, is a provider's to hand out; where the account is
// trusted with more than its own, an admin's, as inviting again is.
func (i invitation) mayHandOut(app core.App, v *access.Viewer) error {
	if !handsOut(v, i.role(), i.returning() != "") {
		return clinic.Forbidden
	}
	if i.returning() == "" {
		return nil
	}
	member, err := app.FindRecordById(clinic.Users, i.returning())
	if errors.Is(err, sql.ErrNoRows) {
		return clinic.NotFound
	}
	if err != nil {
		return err
	}
	return mayReturn(v, member)
}

// handsOut is what can be said of it without the account: rights belong to who works here alone.
func handsOut(v *access.Viewer, role clinic.Role, returning bool) bool {
	switch {
	case returning && role.Professional():
		return v.Role == clinic.Provider && v.Has(clinic.Admin)
	case returning, role.Professional():
		return v.Role == clinic.Provider
	}
	return v.Role.Works()
}
