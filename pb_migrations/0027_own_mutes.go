package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What a member has muted is listed by pages, as what they saved and follow.
func init() {
	migrations.Register(func(app core.App) error {
		return with(app, "mutes", types.JSONArray[string]{"CREATE INDEX mutes_mine ON mutes (member, created, id)"})
	}, func(app core.App) error {
		return without(app, "mutes", []string{"mutes_mine"})
	})
}
