package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Web push: the practice's own key pair, the devices that asked for it, and whether the practice allows it at all.
func init() {
	migrations.Register(func(app core.App) error {
		if err := with(app, "practices", nil, flag("push")); err != nil {
			return err
		}
		return run(app,
			"CREATE TABLE push_keys (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), public TEXT NOT NULL, sealed TEXT NOT NULL)",
			// endpoint is a keyed hash: where a device is reached is sealed with its keys. due is when a message goes there.
			`CREATE TABLE push_subscriptions (id TEXT NOT NULL PRIMARY KEY, member TEXT NOT NULL, session TEXT NOT NULL, endpoint TEXT NOT NULL UNIQUE,
				sealed TEXT NOT NULL, seen TEXT NOT NULL, due TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
			"CREATE INDEX push_subscriptions_member ON push_subscriptions (member)",
			"CREATE INDEX push_subscriptions_session ON push_subscriptions (session)",
			"CREATE INDEX push_subscriptions_due ON push_subscriptions (due) WHERE due != ''",
			// A session that somebody ends before its time (signing out, a new password, a suspension, the list of devices) takes its
			// device's subscription with it, whichever way it is ended. One whose time is over leaves it: a message says nothing.
			`CREATE TRIGGER push_ends_with_the_session AFTER DELETE ON sessions WHEN old.expires > strftime('%Y-%m-%d %H:%M:%fZ', 'now')
				BEGIN DELETE FROM push_subscriptions WHERE session = old.id; END`,
		)
	}, func(app core.App) error {
		err := run(app, "DROP TRIGGER push_ends_with_the_session", "DROP TABLE push_subscriptions", "DROP TABLE push_keys")
		if err != nil {
			return err
		}
		return without(app, "practices", nil, "push")
	})
}
