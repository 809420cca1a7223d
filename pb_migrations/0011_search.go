package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// What can be found. SQLite's own triggers keep the index, so that no door into posts or comments goes past it: only what every
// member of its community sees is in it.
func init() {
	migrations.Register(func(app core.App) error {
		statements := []string{
			// A row for each post and comment that can be found; later ones have larger numbers.
			`CREATE TABLE search_places (row INTEGER PRIMARY KEY AUTOINCREMENT, piece TEXT NOT NULL UNIQUE, post TEXT NOT NULL, community TEXT NOT NULL)`,
			searchWords,
			// Every word that was ever written, so that a typing error finds the right one.
			`CREATE TABLE search_vocabulary (row INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)`,
			`CREATE VIRTUAL TABLE search_trigrams USING fts5 (word, content = 'search_vocabulary', content_rowid = 'row', tokenize = 'trigram')`,
			`CREATE TRIGGER search_vocabulary_new AFTER INSERT ON search_vocabulary BEGIN
				INSERT INTO search_trigrams (rowid, word) VALUES (new.row, new.word); END`,
		}
		for _, table := range []string{"posts", "comments"} {
			statements = append(statements, searchTriggers(table)...)
		}
		return run(app, statements...)
	}, func(app core.App) error {
		return run(app, append(withoutSearchTriggers(), "DROP TABLE search_trigrams", "DROP TABLE search_vocabulary", "DROP TABLE search_words", "DROP TABLE search_places")...)
	})
}

// searchWords is the index. marks holds what a search is narrowed by, as words: the community, the kind and the author. Words of 2
// and 3 letters have an index of their own, for who is still typing. The texts themselves are not kept a second time.
const searchWords = `CREATE VIRTUAL TABLE search_words USING fts5 (marks, title, text, content = '', contentless_delete = 1,
	tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')`

// searchTriggers index one table: what is there now, and every change from now on.
func searchTriggers(table string) []string {
	post, title, kind := "id", "title", "kind"
	if table == "comments" {
		post, title, kind = "post", "''", "'comment'"
	}
	// of names a column of a row; a constant has no row.
	of := func(row, column string) string {
		if column[0] == '\'' {
			return column
		}
		return row + "." + column
	}
	seen := func(row string) string { return row + ".status = 'shown' AND " + row + ".unseen = FALSE" }
	places := func(row, from string) string {
		return "INSERT OR IGNORE INTO search_places (piece, post, community) SELECT " + row + ".id, " + row + "." + post + ", " + row + ".community" + from
	}
	words := func(row, from string) string {
		return "INSERT INTO search_words (rowid, marks, title, text) SELECT (SELECT row FROM search_places WHERE piece = " + row + ".id), " +
			row + ".community || ' kind' || " + of(row, kind) + " || ' by' || " + row + ".author, " + of(row, title) + ", " + row + ".body" + from
	}
	forget := "DELETE FROM search_words WHERE rowid = (SELECT row FROM search_places WHERE piece = old.id)"
	return []string{
		places("t", " FROM "+table+" t WHERE "+seen("t")+" ORDER BY t.created"),
		words("t", " FROM "+table+" t WHERE "+seen("t")+" ORDER BY t.created"),
		"CREATE TRIGGER " + table + "_search_new AFTER INSERT ON " + table + " WHEN " + seen("new") + " BEGIN " +
			places("new", "") + "; " + words("new", "") + "; END",
		"CREATE TRIGGER " + table + "_search_changed AFTER UPDATE OF body, status, unseen" + map[bool]string{true: ", title"}[table == "posts"] +
			" ON " + table + " WHEN old.body != new.body OR old.status != new.status OR old.unseen != new.unseen" +
			map[bool]string{true: " OR old.title != new.title"}[table == "posts"] + " BEGIN " +
			forget + "; " + places("new", " WHERE "+seen("new")) + "; " + words("new", " WHERE "+seen("new")) + "; END",
		"CREATE TRIGGER " + table + "_search_gone AFTER DELETE ON " + table + " BEGIN " +
			forget + "; DELETE FROM search_places WHERE piece = old.id; END",
	}
}
