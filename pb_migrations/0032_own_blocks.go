package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Whom a member has blocked is listed by pages, as what they muted.
func init() {
	migrations.Register(func(app core.App) error {
		return with(app, "blocks", types.JSONArray[string]{"CREATE INDEX blocks_mine ON blocks (member, created, id)"})
	}, func(app core.App) error {
		return without(app, "blocks", []string{"blocks_mine"})
	})
}
