package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Members, their sessions, the practice, the audit record, and what makes a create answer the same twice.
func init() {
	migrations.Register(func(app core.App) error {
		if err := closeUsers(app); err != nil {
			return err
		}
		user, err := to(app, "member", "users", true)
		if err != nil {
			return err
		}
		founder, err := to(app, "founder", "users", false)
		if err != nil {
			return err
		}
		steps := []func() error{
			func() error {
				return base(app, "practices", nil,
					required("name", 120), text("mail_name", 120), text("phone", 40), text("address", 300), text("hours", 500),
					text("emergency", 500), text("crisis_line", 40), text("language", 5), text("accent", 9), text("url", 300), number("idle_staff"),
					number("idle_patient"), hiddenText("relay", 2000), founder, date("set_up"))
			},
			func() error {
				return base(app, "sessions", types.JSONArray[string]{
					"CREATE UNIQUE INDEX sessions_token ON sessions (token_hash)",
					"CREATE INDEX sessions_member ON sessions (member)",
				}, user, &core.TextField{Name: "token_hash", Max: 64, Required: true, Hidden: true}, text("device", 120),
					date("seen"), number("idle"), date("expires"), date("fresh"))
			},
			func() error {
				return base(app, "account_tokens", types.JSONArray[string]{
					"CREATE UNIQUE INDEX account_tokens_hash ON account_tokens (hash)",
					"CREATE INDEX account_tokens_member ON account_tokens (member)",
				}, user, choice("kind", "reset", "email"), &core.TextField{Name: "hash", Max: 64, Required: true, Hidden: true},
					hiddenText("sealed", 2000), date("expires"), date("spent"))
			},
			func() error {
				return base(app, "audit_entries", types.JSONArray[string]{
					"CREATE UNIQUE INDEX audit_entries_seq ON audit_entries (seq)",
					"CREATE INDEX audit_entries_subject ON audit_entries (subject, seq)",
				}, number("seq"), text("at", 40), text("actor", 60), required("action", 80), text("subject", 120),
					text("detail", 2000), text("previous", 64), required("hash", 64))
			},
			func() error { return run(app, frozen("audit_entries")...) },
			func() error { return run(app, idempotencyKeys) },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		if err := run(app, "DROP TABLE idempotency_keys"); err != nil {
			return err
		}
		return drop(app, "audit_entries", "account_tokens", "sessions", "practices")
	})
}

// A plain table, not a collection: it is written with every create, and nobody needs to see it.
const idempotencyKeys = `CREATE TABLE idempotency_keys (
	member TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
	expires INTEGER NOT NULL, PRIMARY KEY (member, key)) WITHOUT ROWID`

// closeUsers turns PocketBase's own auth collection into members: no rule lets anyone in, and none of its sign-in ways is open.
func closeUsers(app core.App) error {
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	users.ListRule, users.ViewRule, users.CreateRule, users.UpdateRule, users.DeleteRule = nil, nil, nil, nil, nil
	users.AuthRule, users.ManageRule = nil, nil
	users.PasswordAuth.Enabled, users.OAuth2.Enabled, users.OTP.Enabled, users.MFA.Enabled = false, false, false, false
	users.AuthAlert.Enabled = false
	users.Fields.RemoveByName("avatar")
	users.Fields.Add(
		required("name", 120),
		choice("role", "provider", "staff", "patient", "caregiver"),
		choices("rights", "admin", "policies", "moderate"),
		choice("status", "active", "suspended", "removed"),
		text("language", 5), text("title", 40), number("hue"),
		&core.TextField{Name: "invitation", Max: 15}, // becomes proof in the record event: the invitation that let them in
	)
	users.AddIndex("users_name", false, "name COLLATE NOCASE, id", "")
	users.AddIndex("users_invitation", true, "invitation", "invitation != ''") // one invitation, one member
	return app.Save(users)
}
