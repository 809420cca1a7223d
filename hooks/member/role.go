package member

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// newRole takes, with a member's role, what only who works here has: rights and a title. The last admin keeps theirs, and so the role.
func newRole(e *core.RecordEvent) error {
	before, role := clinic.Role(e.Record.Original().GetString("role")), clinic.Role(e.Record.GetString("role"))
	if before == role || role.Works() {
		return e.Next()
	}
	if fault := staysAdministered(e.App, e.Record.Id); fault != nil {
		return refuse(e.App, fault)
	}
	e.Record.Load(map[string]any{"rights": []string{}, "title": ""})
	return e.Next()
}

func refuse(app core.App, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return access.Refuse(app, fault)
	}
	return err
}
