package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The files of a community are listed as its posts are, the newest first: which of them everyone sees there, and when the post or
// comment that carries each was posted, stands on their rows.
func init() {
	migrations.Register(func(app core.App) error {
		err := with(app, "files", types.JSONArray[string]{
			"CREATE INDEX files_listed ON files (community, posted, id) WHERE listed = TRUE",
			"CREATE INDEX files_listed_kind ON files (community, kind, posted, id) WHERE listed = TRUE",
		}, date("posted"), flag("listed"))
		if err != nil {
			return err
		}
		return run(app, `UPDATE files SET
			posted = COALESCE((SELECT c.created FROM comments c WHERE c.id = files.comment), (SELECT p.created FROM posts p WHERE p.id = files.post), ''),
			listed = current = TRUE AND status = 'ready'
				AND EXISTS (SELECT 1 FROM posts p WHERE p.id = files.post AND p.status != 'held' AND p.unseen = FALSE
					AND (files.comment != '' OR p.status = 'shown'))
				AND (files.comment = '' OR EXISTS (SELECT 1 FROM comments c WHERE c.id = files.comment AND c.status = 'shown' AND c.unseen = FALSE))
			WHERE post != ''`)
	}, func(app core.App) error {
		return without(app, "files", []string{"files_listed", "files_listed_kind"}, "listed", "posted")
	})
}
