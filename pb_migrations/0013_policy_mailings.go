package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The letters that a version or a reminder asks for, as one row until they are written: it says whom, and how far that is done.
func init() {
	migrations.Register(func(app core.App) error {
		policy, err := to(app, "policy", "policies", true)
		if err != nil {
			return err
		}
		return base(app, "policy_mailings", types.JSONArray[string]{
			"CREATE INDEX policy_mailings_open ON policy_mailings (at, id) WHERE done = ''",
		}, policy, required("kind", 40), number("number"), date("due"), text("author", 15), date("at"), text("after", 15),
			number("written"), date("done"))
	}, func(app core.App) error {
		return drop(app, "policy_mailings")
	})
}
