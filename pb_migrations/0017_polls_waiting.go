package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The open polls of one community, for who has not voted yet: home asks for them, whatever goes on in other communities.
func init() {
	migrations.Register(func(app core.App) error {
		return run(app, "CREATE INDEX polls_waiting ON polls (community, ends) WHERE closed = FALSE")
	}, func(app core.App) error {
		return run(app, "DROP INDEX polls_waiting")
	})
}
