package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// A stint is the time in which a member has one role without a change, counted from 0. What they say of a policy carries it, so that it
// counts for no other one, whatever the clock says; and they carry when it began.
func init() {
	words := []string{"acknowledgements", "policy_refusals", "authorization_events"}
	migrations.Register(func(app core.App) error {
		for _, name := range words {
			if err := with(app, name, nil, number("stint")); err != nil {
				return err
			}
		}
		return with(app, "users", nil, number("stint"), date("stint_began"))
	}, func(app core.App) error {
		if err := without(app, "users", nil, "stint", "stint_began"); err != nil {
			return err
		}
		for _, name := range words {
			if err := without(app, name, nil, "stint"); err != nil {
				return err
			}
		}
		return nil
	})
}
