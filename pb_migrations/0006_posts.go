package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Posts, comments, what they said before, and drafts.
func init() {
	migrations.Register(func(app core.App) error {
		community, err := to(app, "community", "communities", true)
		if err != nil {
			return err
		}
		author, err := to(app, "author", "users", true)
		if err != nil {
			return err
		}
		err = base(app, "posts", types.JSONArray[string]{
			"CREATE INDEX posts_feed ON posts (community, created DESC, id DESC)",
			"CREATE INDEX posts_author ON posts (author)",
		}, community, author, choice("kind", "discussion", "question", "poll", "article", "announcement"), text("title", 300),
			text("body", 20_000), text("html", 400_000), choice("status", "shown", "held", "deleted"), text("deleted_by", 15),
			text("reason", 500), date("edited"), number("comments"), date("last_comment"))
		if err != nil {
			return err
		}
		post, err := to(app, "post", "posts", true)
		if err != nil {
			return err
		}
		err = base(app, "comments", types.JSONArray[string]{
			"CREATE INDEX comments_thread ON comments (post, created, id)",
			"CREATE INDEX comments_author ON comments (author)",
		}, post, community, author, text("parent", 15), text("body", 20_000), text("html", 400_000),
			choice("status", "shown", "held", "deleted"), text("deleted_by", 15),
			text("reason", 500), date("edited"))
		if err != nil {
			return err
		}
		err = base(app, "post_versions", types.JSONArray[string]{
			"CREATE INDEX post_versions_post ON post_versions (post, created)",
			"CREATE INDEX post_versions_comment ON post_versions (comment, created)",
		}, text("post", 15), text("comment", 15), author, text("title", 300), text("body", 20_000), text("html", 400_000))
		if err != nil {
			return err
		}
		member, err := to(app, "member", "users", true)
		if err != nil {
			return err
		}
		return base(app, "drafts", types.JSONArray[string]{
			"CREATE UNIQUE INDEX drafts_place ON drafts (member, place)",
		}, member, required("place", 80), text("title", 300), text("body", 20_000), text("kind", 20))
	}, func(app core.App) error {
		return drop(app, "drafts", "post_versions", "comments", "posts")
	})
}
