package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Who wrote something that is shown in a community is told by an index alone: it is asked before a post is stored, about the
// members whose names stand in it.
func init() {
	migrations.Register(func(app core.App) error {
		return run(app, "CREATE INDEX posts_known ON posts (community, status, author)", "CREATE INDEX comments_known ON comments (community, status, author)")
	}, func(app core.App) error {
		return run(app, "DROP INDEX comments_known", "DROP INDEX posts_known")
	})
}
