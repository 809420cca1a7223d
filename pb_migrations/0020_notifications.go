package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What members are told of, how they want to be told, and when the next letter to each is due. None of these tables is a
// collection: no dashboard lists who was told what, and one statement writes the rows of a whole batch.
func init() {
	migrations.Register(func(app core.App) error {
		return run(app,
			// A thing that happened, written in its own transaction and expanded afterwards. reached is the last member who was
			// looked at, so that a process that dies goes on where it was.
			`CREATE TABLE notification_jobs (row INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, piece TEXT NOT NULL, event TEXT NOT NULL,
				actor TEXT NOT NULL, at TEXT NOT NULL, reached TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due TEXT NOT NULL DEFAULT '')`,
			// thread is the post that it belongs to, or the hold; piece the post, comment or hold itself; key is told once. page says
			// whether it stands in the page; mail which letter it waits for; push whether it waits for a push message.
			`CREATE TABLE notifications (id TEXT NOT NULL PRIMARY KEY, member TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
				community TEXT NOT NULL, thread TEXT NOT NULL, piece TEXT NOT NULL, actor TEXT NOT NULL, at TEXT NOT NULL, page INTEGER NOT NULL,
				read TEXT NOT NULL DEFAULT '', mail TEXT NOT NULL DEFAULT '', push INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
			"CREATE UNIQUE INDEX notifications_once ON notifications (member, key)",
			"CREATE INDEX notifications_list ON notifications (member, at, id) WHERE page = 1",
			"CREATE INDEX notifications_unread ON notifications (member, at, id) WHERE page = 1 AND read = ''",
			"CREATE INDEX notifications_mail ON notifications (member, mail) WHERE mail != ''",
			"CREATE INDEX notifications_push ON notifications (member) WHERE push = 1",
			"CREATE INDEX notifications_old ON notifications (at)",
			// due is when the next letter of a cadence goes to a member, empty while nothing waits; last is when one went.
			`CREATE TABLE notification_letters (member TEXT NOT NULL, cadence TEXT NOT NULL, due TEXT NOT NULL DEFAULT '',
				last TEXT NOT NULL DEFAULT '', PRIMARY KEY (member, cadence)) WITHOUT ROWID`,
			"CREATE INDEX notification_letters_due ON notification_letters (due) WHERE due != ''",
			// A member without a row wants what their role begins with.
			`CREATE TABLE notification_choices (member TEXT NOT NULL PRIMARY KEY, choices TEXT NOT NULL, zone TEXT NOT NULL,
				updated TEXT NOT NULL) WITHOUT ROWID`,
			"CREATE INDEX notification_choices_zone ON notification_choices (zone) WHERE zone != ''",
		)
	}, func(app core.App) error {
		return run(app, "DROP TABLE notification_choices", "DROP TABLE notification_letters", "DROP TABLE notifications", "DROP TABLE notification_jobs")
	})
}
