package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Example cases as far as they are written: one draft for each case, and for who writes a new one theirs on each policy.
func init() {
	migrations.Register(func(app core.App) error {
		example, err := to(app, "example", "cases", false)
		if err != nil {
			return err
		}
		author, err := to(app, "author", "users", false)
		if err != nil {
			return err
		}
		example.(*core.RelationField).CascadeDelete = true
		return base(app, "case_drafts", types.JSONArray[string]{
			"CREATE UNIQUE INDEX case_drafts_place ON case_drafts (example, policy, writer)",
		}, example, text("policy", 80), text("writer", 15), // of a new case alone
			number("revision"), flag("open"), number("base"), document("words"), date("saved"), author, flag("operator"))
	}, func(app core.App) error {
		return drop(app, "case_drafts")
	})
}
