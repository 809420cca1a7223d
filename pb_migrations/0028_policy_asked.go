package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// A version says how often it is asked, so that the history tells when that became otherwise. Of those from before nobody noted it: they
// never change, and say nothing.
func init() {
	migrations.Register(func(app core.App) error {
		return with(app, "policy_versions", nil, &core.SelectField{Name: "asked", MaxSelect: 1, Values: []string{"once", "yearly"}})
	}, func(app core.App) error {
		return without(app, "policy_versions", nil, "asked")
	})
}
