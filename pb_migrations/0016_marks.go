package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What members do with what others wrote: react, follow, keep, mute, block; who is mentioned where; and when each of them was at
// home last. Members, posts and comments stand in these tables by their id alone: what is lost with them the record events say.
func init() {
	migrations.Register(func(app core.App) error {
		for _, name := range []string{"posts", "comments"} {
			// how often it got each reaction, as {kind: number}; empty: none
			if err := with(app, name, nil, text("reactions", 200)); err != nil {
				return err
			}
		}
		for _, table := range markTables {
			if err := base(app, table.name, table.indexes, table.fields()...); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for i := len(markTables) - 1; i >= 0; i-- {
			if err := drop(app, markTables[i].name); err != nil {
				return err
			}
		}
		for _, name := range []string{"comments", "posts"} {
			if err := without(app, name, nil, "reactions"); err != nil {
				return err
			}
		}
		return nil
	})
}

// id names another record; an id that may be missing is empty.
func id(name string) core.Field { return required(name, 15) }

var markTables = []struct {
	name    string
	indexes types.JSONArray[string]
	fields  func() []core.Field
}{
	{"reactions", types.JSONArray[string]{
		"CREATE UNIQUE INDEX reactions_once ON reactions (member, piece, kind)",
		"CREATE INDEX reactions_piece ON reactions (piece, kind)",
		"CREATE INDEX reactions_mine ON reactions (member, post)",
	}, func() []core.Field {
		return []core.Field{id("member"), id("piece"), id("post"), id("community"), choice("kind", "helpful", "thank_you", "with_you")}
	}},
	// news is the date of the first answer by somebody else since the member saw the thread; empty: nothing new.
	{"follows", types.JSONArray[string]{
		"CREATE UNIQUE INDEX follows_once ON follows (member, post)",
		"CREATE INDEX follows_post ON follows (post, news)",
		"CREATE INDEX follows_news ON follows (member, news) WHERE news != ''",
		"CREATE INDEX follows_mine ON follows (member, created, id)",
	}, func() []core.Field { return []core.Field{id("member"), id("post"), id("community"), date("news")} }},
	{"saves", types.JSONArray[string]{
		"CREATE UNIQUE INDEX saves_once ON saves (member, piece)",
		"CREATE INDEX saves_mine ON saves (member, created, id)",
		"CREATE INDEX saves_post ON saves (post)",
	}, func() []core.Field { return []core.Field{id("member"), id("piece"), id("post"), id("community")} }},
	// Either post or community is there.
	{"mutes", types.JSONArray[string]{
		"CREATE UNIQUE INDEX mutes_once ON mutes (member, post, community)",
		"CREATE INDEX mutes_post ON mutes (post)",
	}, func() []core.Field { return []core.Field{id("member"), text("post", 15), text("community", 15)} }},
	{"blocks", types.JSONArray[string]{
		"CREATE UNIQUE INDEX blocks_once ON blocks (member, blocked)",
		"CREATE INDEX blocks_blocked ON blocks (blocked, member)",
	}, func() []core.Field { return []core.Field{id("member"), id("blocked")} }},
	// read is when the member saw it.
	{"mentions", types.JSONArray[string]{
		"CREATE UNIQUE INDEX mentions_once ON mentions (piece, member)",
		"CREATE INDEX mentions_waiting ON mentions (member, created, id) WHERE read = ''",
		"CREATE INDEX mentions_member ON mentions (member, community)",
		"CREATE INDEX mentions_post ON mentions (post, member)",
	}, func() []core.Field {
		return []core.Field{id("piece"), id("post"), id("community"), id("member"), id("author"), date("read")}
	}},
	// What was written after since is new to the member; last is when they were at home last.
	{"visits", types.JSONArray[string]{
		"CREATE UNIQUE INDEX visits_once ON visits (member)",
	}, func() []core.Field { return []core.Field{id("member"), date("since"), date("last")} }},
}
