package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What a post is beyond its words: pinned, on top until a date, answered, reviewed. And the reviews themselves, which only grow.
func init() {
	migrations.Register(func(app core.App) error {
		err := with(app, "posts", types.JSONArray[string]{
			"CREATE INDEX posts_pinned ON posts (community, pinned DESC) WHERE pinned != ''",
			"CREATE INDEX posts_on_top ON posts (community, until DESC) WHERE until != ''",
			"CREATE INDEX posts_unanswered ON posts (community, created DESC, id DESC) WHERE kind = 'question' AND status = 'shown' AND answers = 0 AND helped = ''",
			"CREATE INDEX posts_reviews ON posts (community, review_until, id) WHERE review_until != ''",
			"CREATE INDEX posts_unreviewed ON posts (community, created, id) WHERE kind = 'article' AND status = 'shown' AND review_until = ''",
		}, date("pinned"), date("until"), text("helped", 15), number("answers"), text("review", 3000), date("review_until"))
		if err != nil {
			return err
		}
		// Those that others than the asker wrote.
		err = run(app, `UPDATE posts SET answers = (SELECT COUNT(*) FROM comments c WHERE c.post = posts.id AND c.status = 'shown' AND c.author != posts.author)
			WHERE comments > 0`)
		if err != nil {
			return err
		}
		err = with(app, "comments", types.JSONArray[string]{
			"CREATE INDEX comments_reviews ON comments (community, review_until, id) WHERE review_until != ''",
		}, text("review", 3000), date("review_until"))
		if err != nil {
			return err
		}
		err = base(app, "reviews", types.JSONArray[string]{
			"CREATE INDEX reviews_piece ON reviews (post, comment, at)",
			"CREATE INDEX reviews_correction ON reviews (correction) WHERE correction != ''",
		}, required("community", 15), required("post", 15), text("comment", 15), choice("verdict", "accurate", "note", "corrected", "withdrawn"),
			text("note", 1000), text("correction", 15), required("by", 15), text("sha256", 64), date("at"), date("until"))
		if err != nil {
			return err
		}
		if err := run(app, frozen("reviews")...); err != nil {
			return err
		}
		if err := kindsOfCommunities(app, "condition", "practice", "programme", "substance_use", "provider_room", "staff_room"); err != nil {
			return err
		}
		if err := with(app, "communities", nil, text("presence", 20)); err != nil {
			return err
		}
		if err := run(app, "UPDATE communities SET presence = CASE kind WHEN 'provider_room' THEN 'providers' ELSE 'staff' END"); err != nil {
			return err
		}
		// Who of the practice is in a community is looked for among those who work here.
		return with(app, "users", types.JSONArray[string]{
			"CREATE INDEX users_works ON users (role, id) WHERE role IN ('provider', 'staff')",
		})
	}, func(app core.App) error {
		// Those of the kind that goes keep what protects them most of what is left.
		if err := run(app, "UPDATE communities SET kind = 'programme' WHERE kind = 'substance_use'"); err != nil {
			return err
		}
		if err := without(app, "users", []string{"users_works"}); err != nil {
			return err
		}
		if err := without(app, "communities", nil, "presence"); err != nil {
			return err
		}
		if err := kindsOfCommunities(app, "condition", "practice", "programme", "provider_room", "staff_room"); err != nil {
			return err
		}
		if err := drop(app, "reviews"); err != nil {
			return err
		}
		if err := without(app, "comments", []string{"comments_reviews"}, "review", "review_until"); err != nil {
			return err
		}
		return without(app, "posts", []string{"posts_pinned", "posts_on_top", "posts_unanswered", "posts_reviews", "posts_unreviewed"},
			"pinned", "until", "helped", "answers", "review", "review_until")
	})
}

// kindsOfCommunities sets what a community can be.
func kindsOfCommunities(app core.App, kinds ...string) error {
	communities, err := app.FindCollectionByNameOrId("communities")
	if err != nil {
		return err
	}
	communities.Fields.GetByName("kind").(*core.SelectField).Values = kinds
	return app.Save(communities)
}
