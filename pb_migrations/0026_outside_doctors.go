package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// A doctor of another practice is a role of its own, so that whatever asks who works here leaves them out.
func init() {
	migrations.Register(func(app core.App) error {
		if err := rolesOfMembers(app, "provider", "staff", "patient", "caregiver", "outside"); err != nil {
			return err
		}
		// Which of them are in a provider room is looked for among them, who are few.
		return with(app, "users", types.JSONArray[string]{"CREATE INDEX users_outside ON users (role, id) WHERE role = 'outside'"})
	}, func(app core.App) error {
		if err := without(app, "users", []string{"users_outside"}); err != nil {
			return err
		}
		// Without the role nothing says that they may see so little: they are let in nowhere, and what they wrote stays.
		err := run(app, "DELETE FROM sessions WHERE member IN (SELECT id FROM users WHERE role = 'outside')",
			"DELETE FROM memberships WHERE member IN (SELECT id FROM users WHERE role = 'outside')",
			"UPDATE users SET role = 'patient', status = 'suspended' WHERE role = 'outside'",
			"UPDATE invitations SET role = 'patient', status = 'revoked' WHERE role = 'outside' AND status != 'accepted'",
			"UPDATE invitations SET role = 'patient' WHERE role = 'outside'")
		if err != nil {
			return err
		}
		return rolesOfMembers(app, "provider", "staff", "patient", "caregiver")
	})
}

// rolesOfMembers sets what a member can be, wherever it is written down. What was said in a role that goes is frozen, and stays.
func rolesOfMembers(app core.App, roles ...string) error {
	for _, name := range []string{"users", "invitations", "acknowledgements", "policy_refusals", "authorization_events"} {
		collection, err := app.FindCollectionByNameOrId(name)
		if err != nil {
			return err
		}
		collection.Fields.GetByName("role").(*core.SelectField).Values = roles
		if err := app.Save(collection); err != nil {
			return err
		}
	}
	return nil
}
