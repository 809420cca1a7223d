package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// A row of the search's index says by its number in which community it stands: to leave out what stands elsewhere, nothing has to be
// read of it. Where words stand is looked up by number alone, and what has been found is still asked for its community.
func init() {
	migrations.Register(func(app core.App) error {
		statements := append(withoutSearchTriggers(),
			`CREATE TABLE search_communities (number INTEGER PRIMARY KEY, community TEXT NOT NULL UNIQUE)`,
			"INSERT INTO search_communities (community) SELECT DISTINCT community FROM search_places ORDER BY community",
			`CREATE TABLE search_numbered (row INTEGER PRIMARY KEY, piece TEXT NOT NULL UNIQUE, post TEXT NOT NULL, community TEXT NOT NULL)`,
			`INSERT INTO search_numbered (row, piece, post, community) SELECT s.row * 4096 + c.number % 4096, s.piece, s.post, s.community
				FROM search_places s JOIN search_communities c ON c.community = s.community ORDER BY s.row`,
			"DROP TABLE search_places", "ALTER TABLE search_numbered RENAME TO search_places",
			"DROP TABLE search_words", searchWords)
		return run(app, append(statements, numberedSearch()...)...)
	}, func(app core.App) error {
		statements := append(withoutSearchTriggers(),
			`CREATE TABLE search_counted (row INTEGER PRIMARY KEY AUTOINCREMENT, piece TEXT NOT NULL UNIQUE, post TEXT NOT NULL, community TEXT NOT NULL)`,
			"INSERT INTO search_counted (piece, post, community) SELECT piece, post, community FROM search_places ORDER BY row",
			"DROP TABLE search_places", "ALTER TABLE search_counted RENAME TO search_places",
			"DROP TABLE search_words", searchWords, "DROP TABLE search_communities")
		for _, table := range []string{"posts", "comments"} {
			statements = append(statements, searchTriggers(table)...)
		}
		return run(app, statements...)
	})
}

func withoutSearchTriggers() []string {
	var statements []string
	for _, table := range []string{"posts", "comments"} {
		for _, event := range []string{"new", "changed", "gone"} {
			statements = append(statements, "DROP TRIGGER "+table+"_search_"+event)
		}
	}
	return statements
}

// numberedSearch fills the index from the places that are there, and keeps both from now on.
func numberedSearch() []string {
	var statements []string
	for _, table := range []string{"posts", "comments"} {
		post, title, kind := "new.id", "new.title", "new.kind"
		if table == "comments" {
			post, title, kind = "new.post", "''", "'comment'"
		}
		const seen = "new.status = 'shown' AND new.unseen = FALSE"
		// A piece keeps its number for as long as it is there.
		places := "INSERT OR IGNORE INTO search_communities (community) VALUES (new.community); " +
			"INSERT OR IGNORE INTO search_places (row, piece, post, community) SELECT (COALESCE((SELECT max(row) FROM search_places), 0) / 4096 + 1) * 4096 " +
			"+ (SELECT number % 4096 FROM search_communities WHERE community = new.community), new.id, " + post + ", new.community"
		words := "INSERT INTO search_words (rowid, marks, title, text) SELECT s.row, new.community || ' kind' || " + kind + " || ' by' || new.author, " +
			title + ", new.body FROM search_places s"
		here := " WHERE s.piece = new.id"
		forget := "DELETE FROM search_words WHERE rowid = (SELECT row FROM search_places WHERE piece = old.id)"
		changed := "body, status, unseen"
		when := "old.body != new.body OR old.status != new.status OR old.unseen != new.unseen"
		if table == "posts" {
			changed, when = changed+", title", when+" OR old.title != new.title"
		}
		statements = append(statements,
			words+" JOIN "+table+" new ON new.id = s.piece WHERE "+seen+" ORDER BY s.row",
			"CREATE TRIGGER "+table+"_search_new AFTER INSERT ON "+table+" WHEN "+seen+" BEGIN "+places+"; "+words+here+"; END",
			"CREATE TRIGGER "+table+"_search_changed AFTER UPDATE OF "+changed+" ON "+table+" WHEN "+when+" BEGIN "+
				forget+"; "+places+" WHERE "+seen+"; "+words+here+" AND "+seen+"; END",
			"CREATE TRIGGER "+table+"_search_gone AFTER DELETE ON "+table+" BEGIN "+forget+"; DELETE FROM search_places WHERE piece = old.id; END",
		)
	}
	return statements
}
