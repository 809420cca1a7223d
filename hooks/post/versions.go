package post

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// version is what a post or comment said before, and when that was written.
type version struct {
	At    string `db:"created" json:"at"`
	Title string `db:"title" json:"title"`
	Body  string `db:"body" json:"body"`
	HTML  string `db:"html" json:"html"`
}

func (d *desk) postVersions(e *access.Event) error {
	return d.versions(e, postQuery, "post = {:id} AND comment = ''")
}

func (d *desk) commentVersions(e *access.Event) error {
	return d.versions(e, commentQuery, "comment = {:id}")
}

// versions lists what a piece said before, the latest first, to its author and to those who moderate.
func (d *desk) versions(e *access.Event, query, which string) error {
	piece, err := d.one(e.Viewer, query, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if piece.author != e.Viewer.ID && !e.Viewer.Moderates(piece.community) {
		return clinic.Forbidden
	}
	items := []version{}
	err = e.App.DB().NewQuery("SELECT created, title, body, html FROM post_versions WHERE " + which + " ORDER BY created DESC, rowid DESC LIMIT 200").
		Bind(dbx.Params{"id": piece.id}).All(&items)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].At = access.Moment(items[i].At)
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}
