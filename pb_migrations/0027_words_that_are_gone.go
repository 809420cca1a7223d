package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// Words that stand in no text any more leave the vocabulary, and the parts of them by which they are found with it, so that no
// backup has them.
func init() {
	migrations.Register(func(app core.App) error {
		return run(app,
			"INSERT INTO search_trigrams (search_trigrams, rank) VALUES ('secure-delete', 1)",
			`CREATE TRIGGER search_vocabulary_gone AFTER DELETE ON search_vocabulary BEGIN
				INSERT INTO search_trigrams (search_trigrams, rowid, word) VALUES ('delete', old.row, old.word); END`)
	}, func(app core.App) error {
		return run(app, "DROP TRIGGER search_vocabulary_gone", "INSERT INTO search_trigrams (search_trigrams, rank) VALUES ('secure-delete', 0)")
	})
}
