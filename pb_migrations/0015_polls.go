package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Polls. Nothing here can say who chose what: who voted stands in one table, without a time and in the order of ids; what was chosen
// is a sum in one sealed field of the other, which is as long with every vote.
func init() {
	migrations.Register(func(app core.App) error {
		if err := with(app, "posts", nil, text("poll", 12_000)); err != nil {
			return err
		}
		if err := with(app, "drafts", nil, text("more", 6000)); err != nil {
			return err
		}
		return run(app, polls, "CREATE INDEX polls_open ON polls (ends) WHERE closed = FALSE", pollVoters)
	}, func(app core.App) error {
		if err := run(app, "DROP TABLE poll_voters", "DROP TABLE polls"); err != nil {
			return err
		}
		if err := without(app, "drafts", nil, "more"); err != nil {
			return err
		}
		return without(app, "posts", nil, "poll")
	})
}

// Plain tables, not collections: no record of theirs is to have a time, and nobody needs to see them.
const (
	polls = `CREATE TABLE polls (
	post TEXT NOT NULL PRIMARY KEY, community TEXT NOT NULL, ends TEXT NOT NULL, closed BOOLEAN NOT NULL DEFAULT FALSE, urn TEXT NOT NULL) WITHOUT ROWID`
	pollVoters = `CREATE TABLE poll_voters (post TEXT NOT NULL, voter TEXT NOT NULL, PRIMARY KEY (post, voter)) WITHOUT ROWID`
)
