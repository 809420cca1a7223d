package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// A member whose name is another now, until it stands so wherever they are mentioned: which piece was put right last.
func init() {
	migrations.Register(func(app core.App) error {
		if err := with(app, "mentions", types.JSONArray[string]{"CREATE INDEX mentions_named ON mentions (member, piece)"}); err != nil {
			return err
		}
		return base(app, "renames", types.JSONArray[string]{"CREATE UNIQUE INDEX renames_once ON renames (member)"},
			required("member", 15), text("reached", 15))
	}, func(app core.App) error {
		if err := drop(app, "renames"); err != nil {
			return err
		}
		return without(app, "mentions", []string{"mentions_named"})
	})
}
