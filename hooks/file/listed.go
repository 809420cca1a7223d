package file

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// A community's files are listed as its posts are: those that every member sees, the newest first by when they were posted. What is
// held stands in no list, so that neither a page's length nor its cursor tells of it.
//
// Whether a file is listed, and since when, stands on its row, or a page would cost as much as there are files of pieces that are
// held or gone. It only leads to what is asked for: who is given a file is asked of access.SeesFile, from what its piece is now.

// keepListed keeps it right for every writer of a post or comment: a post takes what stands under it along.
func (d *desk) keepListed(e *core.RecordEvent) error {
	r, before := e.Record, e.Record.Original()
	files, status, unseen := before.GetString("files"), before.GetString("status"), before.GetBool("unseen")
	isNew := r.IsNew()
	if err := e.Next(); err != nil {
		return err
	}
	moved := !isNew && (r.GetString("status") != status || r.GetBool("unseen") != unseen)
	if !moved && files == "" && r.GetString("files") == "" {
		return nil
	}
	post, comment := placeOf(r)
	statement := listing + " WHERE post = {:post}"
	if comment != "" || !moved {
		statement += " AND comment = {:comment}"
	}
	_, err := e.App.DB().NewQuery(statement).Bind(dbx.Params{"post": post, "comment": comment}).Execute()
	return err
}

// listing says of files whether everyone in their community sees them, and when they were posted. Under a deleted post the comments stay.
const listing = `UPDATE files SET
	posted = COALESCE((SELECT c.created FROM comments c WHERE c.id = files.comment), (SELECT p.created FROM posts p WHERE p.id = files.post), ''),
	listed = current = TRUE AND status = 'ready'
		AND EXISTS (SELECT 1 FROM posts p WHERE p.id = files.post AND p.status != 'held' AND p.unseen = FALSE AND (files.comment != '' OR p.status = 'shown'))
		AND (files.comment = '' OR EXISTS (SELECT 1 FROM comments c WHERE c.id = files.comment AND c.status = 'shown' AND c.unseen = FALSE))`

const perListing = 24

// The pages of a community's files, all or those of one kind: without those of the members whom the viewer has blocked. The index is
// named, since a practice that had few files when SQLite counted them would be read whole.
const (
	listedColumns = "SELECT " + ownColumns + pieceColumns + ", f.posted, CASE WHEN p.status = 'shown' THEN p.title ELSE '' END AS title FROM files f INDEXED BY "
	listedOrder   = ` AND (f.posted, f.id) < ({:at}, {:id}) AND f.owner NOT IN (SELECT b.blocked FROM blocks b WHERE b.member = {:me})
		ORDER BY f.posted DESC, f.id DESC LIMIT 25`
	listedPieces = ` CROSS JOIN posts p ON p.id = f.post LEFT JOIN comments c ON c.id = f.comment
		WHERE f.community = {:community} AND f.listed = TRUE`

	listedQuery     = listedColumns + "files_listed" + listedPieces + listedOrder
	listedKindQuery = listedColumns + "files_listed_kind" + listedPieces + " AND f.kind = {:kind}" + listedOrder
)

// listed is a file with where it stands.
type listed struct {
	row
	Title  string `db:"title"`
	Posted string `db:"posted"`
}

// shared is a file as it is listed: what it is, who posted it and when, and where.
type shared struct {
	fact
	Post    string        `json:"post"`
	Comment string        `json:"comment"` // empty: it stands in the post itself
	Title   string        `json:"title"`   // the post's, if it has one and is not deleted
	Author  access.Person `json:"author"`
	Created string        `json:"created"`
}

// inCommunity gives a page of what everyone in a community sees of its files.
func (d *desk) inCommunity(e *access.Event) error {
	query := e.Request.URL.Query()
	params := dbx.Params{"community": e.Request.PathValue("id"), "me": e.Viewer.ID, "at": "~", "id": ""} // "~" sorts behind every date
	statement := listedQuery
	if kind := query.Get("kind"); kind != "" {
		if Limit(kind) == 0 {
			return clinic.Faults(clinic.Invalid.At("kind"))
		}
		statement, params["kind"] = listedKindQuery, kind
	}
	var from struct{ At, ID string }
	if cursor := query.Get("before"); cursor != "" {
		if err := access.ReadCursor(cursor, &from); err != nil {
			return err
		}
		params["at"], params["id"] = from.At, from.ID
	}
	var rows []listed
	if err := e.App.DB().NewQuery(statement).Bind(params).All(&rows); err != nil {
		return err
	}
	var next *string
	if len(rows) > perListing {
		rows = rows[:perListing]
		from.At, from.ID = rows[perListing-1].Posted, rows[perListing-1].ID
		cursor := access.WriteCursor(from)
		next = &cursor
	}
	items, err := d.share(e, rows)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

// share shows files to one viewer, as far as they may see them.
func (d *desk) share(e *access.Event, rows []listed) ([]shared, error) {
	by := map[string]access.Face{}
	for i := range rows {
		by[rows[i].Owner] = access.Face{}
	}
	if err := d.house.Faces(by); err != nil {
		return nil, err
	}
	items := make([]shared, 0, len(rows))
	for i := range rows {
		f := &rows[i]
		if !e.Viewer.SeesFile(f.carried()) {
			continue
		}
		items = append(items, shared{fact: f.fact(false), Post: f.Post, Comment: f.Comment, Title: f.Title,
			Author: by[f.Owner].Person(f.Owner, e.Language()), Created: access.Moment(f.Posted)})
	}
	return items, nil
}
