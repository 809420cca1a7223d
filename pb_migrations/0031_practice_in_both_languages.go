package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The practice says its hours and what to do in an emergency in its own language and, where it likes, in the other one too.
func init() {
	migrations.Register(func(app core.App) error {
		return with(app, "practices", nil, text("hours_other", 500), text("emergency_other", 500))
	}, func(app core.App) error {
		return without(app, "practices", nil, "hours_other", "emergency_other")
	})
}
