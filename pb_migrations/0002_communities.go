package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Communities and who is in them.
func init() {
	migrations.Register(func(app core.App) error {
		err := base(app, "communities", nil, required("name", 120),
			choice("kind", "condition", "practice", "programme", "provider_room", "staff_room"),
			text("about", 20_000), text("about_html", 400_000), choice("status", "open", "archived"),
			number("posts"), date("last_post")) // kept by the posts' record events: nobody counts 100,000 rows to show a list
		if err != nil {
			return err
		}
		community, err := to(app, "community", "communities", true)
		if err != nil {
			return err
		}
		member, err := to(app, "member", "users", true)
		if err != nil {
			return err
		}
		return base(app, "memberships", types.JSONArray[string]{
			"CREATE UNIQUE INDEX memberships_member ON memberships (member, community)",
			"CREATE INDEX memberships_community ON memberships (community, lead, member)",
		}, community, member, flag("lead"))
	}, func(app core.App) error {
		return drop(app, "memberships", "communities")
	})
}
