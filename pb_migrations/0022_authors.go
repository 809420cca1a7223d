package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Whether somebody wrote something that is shown in a community is told by the index alone: it is asked, for each member of a
// name that stands in a text, before a post is stored.
func init() {
	indexes := func(app core.App, columns string) error {
		for _, table := range []string{"posts", "comments"} {
			collection, err := app.FindCollectionByNameOrId(table)
			if err != nil {
				return err
			}
			collection.AddIndex(table+"_author", false, columns, "")
			if err := app.Save(collection); err != nil {
				return err
			}
		}
		return nil
	}
	migrations.Register(func(app core.App) error { return indexes(app, "author, community, status") },
		func(app core.App) error { return indexes(app, "author") })
}
