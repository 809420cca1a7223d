package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Pictures, documents, audio and video. Owners and pieces are kept by id alone: a file outlives neither on its own, the house
// takes it away. What everyone sees of a piece's files stands on the piece, so that a page of posts asks for nothing more.
func init() {
	migrations.Register(func(app core.App) error {
		err := base(app, "files", types.JSONArray[string]{
			"CREATE INDEX files_owner ON files (owner, created)",
			"CREATE INDEX files_piece ON files (post, comment)",
			"CREATE INDEX files_loose ON files (updated) WHERE post = ''",
		}, required("owner", 15), required("community", 15), text("post", 15), text("comment", 15), flag("current"),
			choice("status", "uploading", "ready"), text("kind", 20), text("name", 200), text("type", 100), number("bytes"),
			number("width"), number("height"), text("alt", 1000), text("transcript", 20_000),
			hiddenText("captions", 200_000), text("captions_language", 10),
			&core.FileField{Name: "content", MaxSelect: 1, MaxSize: 1 << 30, Protected: true},
			&core.FileField{Name: "thumbnail", MaxSelect: 1, MaxSize: 8 << 20, Protected: true})
		if err != nil {
			return err
		}
		for name, most := range map[string]int{"posts": 40_000, "comments": 40_000, "drafts": 1000} {
			if err := with(app, name, nil, text("files", most)); err != nil {
				return err
			}
		}
		return nil
	}, func(app core.App) error {
		for _, name := range []string{"posts", "comments", "drafts"} {
			if err := without(app, name, nil, "files"); err != nil {
				return err
			}
		}
		return drop(app, "files")
	})
}
