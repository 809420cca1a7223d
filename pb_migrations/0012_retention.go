package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What has come to its end is found by when it ended, so that it can be let go. Letters that were taken back did not say when.
func init() {
	migrations.Register(func(app core.App) error {
		if err := run(app, "UPDATE letters SET ended = updated WHERE status = 'cancelled' AND ended = ''"); err != nil {
			return err
		}
		return with(app, "letters", types.JSONArray[string]{"CREATE INDEX letters_ended ON letters (ended) WHERE ended != ''"})
	}, func(app core.App) error {
		return without(app, "letters", []string{"letters_ended"})
	})
}
