package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The desk: what waits for a person's decision, what happened to it, and what members reported.
func init() {
	migrations.Register(func(app core.App) error {
		for _, name := range []string{"posts", "comments"} {
			if err := seenByFew(app, name); err != nil {
				return err
			}
		}
		community, err := to(app, "community", "communities", true)
		if err != nil {
			return err
		}
		var people [4]core.Field
		for i, name := range []string{"author", "decided_by", "by", "member"} {
			if people[i], err = to(app, name, "users", name == "author" || name == "member"); err != nil {
				return err
			}
		}
		// Of a post or comment only the id is kept, since a hold outlives it.
		err = base(app, "holds", types.JSONArray[string]{
			// one thing waits once, however many report it
			"CREATE UNIQUE INDEX holds_piece ON holds (post, comment) WHERE state IN ('open', 'resubmitted', 'second_look', 'returned')",
			"CREATE INDEX holds_about ON holds (post, comment)",
			"CREATE INDEX holds_desk ON holds (community, state, since, id)",
			"CREATE INDEX holds_decided ON holds (decided, id) WHERE decided != ''",
			"CREATE INDEX holds_waiting ON holds (state, since, id) WHERE state IN ('open', 'resubmitted', 'second_look')",
			"CREATE INDEX holds_author ON holds (author, opened, id)",
			"CREATE INDEX holds_told ON holds (community, told)",
		}, choice("source", "check", "report", "person"), required("post", 15), text("comment", 15), community, people[0],
			choice("state", "open", "resubmitted", "second_look", "returned", "published", "removed", "withdrawn"),
			text("lane", 40), number("reports"), date("opened"), date("since"), date("decided"), people[1], text("reason", 1000),
			text("note", 500), text("policy", 80), text("clause", 80), flag("looked_again"), flag("known"), date("told"),
			&core.JSONField{Name: "findings", MaxSize: 200_000}, &core.JSONField{Name: "snapshot", MaxSize: 200_000})
		if err != nil {
			return err
		}
		hold, err := to(app, "hold", "holds", true)
		if err != nil {
			return err
		}
		err = base(app, "hold_events", types.JSONArray[string]{
			"CREATE INDEX hold_events_hold ON hold_events (hold, at)",
		}, hold, required("kind", 40), people[2], text("reason", 1000), text("note", 500), date("at"))
		if err != nil {
			return err
		}
		err = base(app, "reports", types.JSONArray[string]{
			"CREATE UNIQUE INDEX reports_once ON reports (hold, member)",
			"CREATE INDEX reports_member ON reports (member, at, id)",
		}, hold, required("post", 15), text("comment", 15), community, people[3],
			choice("kind", "privacy", "misinformation", "conduct", "testimonial", "crisis", "other"), text("words", 1000), date("at"),
			date("looked_at"), &core.JSONField{Name: "snapshot", MaxSize: 200_000})
		if err != nil {
			return err
		}
		return run(app, frozen("hold_events")...)
	}, func(app core.App) error {
		if err := drop(app, "reports", "hold_events", "holds"); err != nil {
			return err
		}
		for _, name := range []string{"posts", "comments"} {
			if err := seenByAll(app, name); err != nil {
				return err
			}
		}
		return nil
	})
}

// seenByFew lets a post or comment say that only its author and the desk have ever seen it, and carry the practice's note.
func seenByFew(app core.App, name string) error {
	collection, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	collection.Fields.Add(flag("unseen"), text("note", 500))
	place := map[string]string{"posts": "community", "comments": "post"}[name]
	collection.AddIndex(name+"_held", false, place+", created, id", "status = 'held'")
	return app.Save(collection)
}

func seenByAll(app core.App, name string) error {
	collection, err := app.FindCollectionByNameOrId(name)
	if err != nil {
		return err
	}
	collection.RemoveIndex(name + "_held")
	collection.Fields.RemoveByName("unseen")
	collection.Fields.RemoveByName("note")
	return app.Save(collection)
}
