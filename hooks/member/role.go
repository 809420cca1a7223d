package member

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// newRole begins a stint with each change of a member's role: what they said of policies before counts for it no more. It takes, with the
// role, what only who works here has: rights and a title. The last admin keeps theirs, and so the role.
func newRole(house *access.House) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		before, role := e.Record.Original(), clinic.Role(e.Record.GetString("role"))
		e.Record.SetRaw("stint", before.GetRaw("stint"))
		e.Record.SetRaw("stint_began", before.GetRaw("stint_began"))
		if before.GetString("role") == string(role) {
			return e.Next()
		}
		e.Record.Load(map[string]any{"stint": before.GetInt("stint") + 1, "stint_began": house.Now()})
		if role.Works() {
			return e.Next()
		}
		if fault := staysAdministered(e.App, e.Record.Id); fault != nil {
			return refuse(e.App, fault)
		}
		e.Record.Load(map[string]any{"rights": []string{}, "title": ""})
		return e.Next()
	}
}

func refuse(app core.App, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return access.Refuse(app, fault)
	}
	return err
}
