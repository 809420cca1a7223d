package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Words that come to a file which others see already may wait for a person: such a hold names the file. Each who describes it waits once.
func init() {
	migrations.Register(func(app core.App) error {
		holds, err := app.FindCollectionByNameOrId("holds")
		if err != nil {
			return err
		}
		holds.Fields.Add(text("file", 15), &core.JSONField{Name: "snapshot", MaxSize: 1_000_000}) // captions are long, and longer as JSON
		holds.RemoveIndex("holds_piece")
		holds.AddIndex("holds_piece", true, "post, comment, file, author", waitingHolds)
		holds.AddIndex("holds_file", false, "file", "file != ''")
		return app.Save(holds)
	}, func(app core.App) error {
		holds, err := app.FindCollectionByNameOrId("holds")
		if err != nil {
			return err
		}
		// What waits of a file's words has no place in the older schema: it ends, and who wrote it can write it again.
		if err := run(app, "UPDATE holds SET state = 'withdrawn', decided = since WHERE file != '' AND "+waitingHolds); err != nil {
			return err
		}
		holds.RemoveIndex("holds_file")
		holds.RemoveIndex("holds_piece")
		holds.AddIndex("holds_piece", true, "post, comment", waitingHolds)
		holds.Fields.RemoveByName("file")
		holds.Fields.Add(&core.JSONField{Name: "snapshot", MaxSize: 200_000})
		return app.Save(holds)
	})
}

const waitingHolds = "state IN ('open', 'resubmitted', 'second_look', 'returned')"
