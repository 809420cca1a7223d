package file

import (
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// row is a file, with what of the piece that carries it decides who sees it.
type row struct {
	ID         string `db:"id"`
	Owner      string `db:"owner"`
	Community  string `db:"community"`
	Post       string `db:"post"`
	Comment    string `db:"comment"`
	Current    bool   `db:"current"`
	Status     string `db:"status"`
	Kind       string `db:"kind"`
	Name       string `db:"name"`
	Type       string `db:"type"`
	Bytes      int64  `db:"bytes"`
	Width      int    `db:"width"`
	Height     int    `db:"height"`
	Alt        string `db:"alt"`
	Transcript string `db:"transcript"`
	Captions   string `db:"captions"`
	Spoken     string `db:"captions_language"`
	Content    string `db:"content"`
	Thumbnail  string `db:"thumbnail"`
	Created    string `db:"created"`

	PostAuthor    string `db:"post_author"`
	PostStatus    string `db:"post_status"`
	PostUnseen    bool   `db:"post_unseen"`
	CommentAuthor string `db:"comment_author"`
	CommentStatus string `db:"comment_status"`
	CommentUnseen bool   `db:"comment_unseen"`
}

const (
	ownColumns = `f.id, f.owner, f.community, f.post, f.comment, f.current, f.status, f.kind, f.name, f.type, f.bytes, f.width, f.height, f.alt,
		f.transcript, f.captions, f.captions_language, f.content, f.thumbnail, f.created`
	pieceColumns = `, COALESCE(p.author, '') AS post_author, COALESCE(p.status, '') AS post_status, COALESCE(p.unseen, FALSE) AS post_unseen,
		COALESCE(c.author, '') AS comment_author, COALESCE(c.status, '') AS comment_status, COALESCE(c.unseen, FALSE) AS comment_unseen`
	fromPieces = ` FROM files f LEFT JOIN posts p ON p.id = f.post LEFT JOIN comments c ON c.id = f.comment `
)

// carried says by whom the file may be seen.
func (f *row) carried() access.Carried {
	c := access.Carried{Owner: f.Owner, Community: f.Community, Current: f.Current}
	if f.PostStatus == "" || f.Comment != "" && f.CommentStatus == "" {
		return c
	}
	post := &access.Standing{Author: f.PostAuthor, Status: f.PostStatus, Unseen: f.PostUnseen}
	if c.Piece = post; f.Comment != "" {
		c.Post, c.Piece = post, &access.Standing{Author: f.CommentAuthor, Status: f.CommentStatus, Unseen: f.CommentUnseen}
	}
	return c
}

// seen gives the file that a request names, if its viewer may see it; to others it is not there.
func (d *desk) seen(e *access.Event) (*row, error) {
	var f row
	err := e.App.DB().NewQuery("SELECT " + ownColumns + pieceColumns + fromPieces + "WHERE f.id = {:id}").
		Bind(dbx.Params{"id": e.Request.PathValue("id")}).One(&f)
	if err != nil {
		return nil, access.Missing(err)
	}
	if !e.Viewer.SeesFile(f.carried()) {
		return nil, clinic.NotFound
	}
	return &f, nil
}

// fact is what everyone sees of a file that a piece carries; it stands on the piece.
type fact struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Type       string `json:"type"`
	Bytes      int64  `json:"bytes"`
	Width      int    `json:"width,omitempty"`
	Height     int    `json:"height,omitempty"`
	Alt        string `json:"alt"`
	Captions   string `json:"captions"` // their language; empty: none
	Transcript bool   `json:"transcript"`
	Inline     bool   `json:"inline"` // it stands in the text already
}

func (f *row) fact(inline bool) fact {
	return fact{ID: f.ID, Kind: f.Kind, Name: f.Name, Type: f.Type, Bytes: f.Bytes, Width: f.Width, Height: f.Height, Alt: f.Alt,
		Captions: f.Spoken, Transcript: strings.TrimSpace(f.Transcript) != "", Inline: inline}
}

// described is a file as its door tells of it.
type described struct {
	fact
	Status    string `json:"status"`
	Received  int64  `json:"received"` // of a file that is on its way
	Words     string `json:"transcript_text"`
	Subtitles string `json:"captions_text"`
	Post      string `json:"post"`
	Created   string `json:"created"`
	Mine      bool   `json:"mine"`
	Can       can    `json:"can"`
	// Waiting are the viewer's own words for it that others do not see yet.
	Waiting *waiting `json:"waiting,omitempty"`
}

type can struct {
	Describe bool `json:"describe"`
	Delete   bool `json:"delete"`
}

func (d *desk) describe(v *access.Viewer, f *row) described {
	out := described{fact: f.fact(false), Status: f.Status, Received: f.Bytes, Words: f.Transcript, Subtitles: f.Captions, Post: f.Post,
		Created: access.Moment(f.Created), Mine: f.Owner == v.ID}
	if f.Status == uploading {
		out.Received = d.received(f.ID)
	}
	out.Can = can{Describe: mayDescribe(v, f), Delete: out.Mine}
	return out
}

// mayDescribe lets the owner, and the leads of where the file is shown, say in words what it shows or what is said in it. What others
// see is changed by nobody who is no longer among them.
func mayDescribe(v *access.Viewer, f *row) bool {
	if f.Post == "" {
		return f.Owner == v.ID
	}
	return v.Leads(f.Community) || f.Owner == v.ID && v.In(f.Community)
}

func (d *desk) about(e *access.Event) error {
	f, err := d.seen(e)
	if err != nil {
		return err
	}
	out := d.describe(e.Viewer, f)
	if out.Waiting, err = waitingWords(e, f.ID); err != nil {
		return err
	}
	return e.Write(http.StatusOK, out)
}

const perPage = 50

// list gives one's own files, the latest first, and how much room they take and may take.
func (d *desk) list(e *access.Event) error {
	var from struct{ At, ID string }
	where, params := "WHERE f.owner = {:owner} AND f.status = 'ready'", dbx.Params{"owner": e.Viewer.ID, "most": perPage + 1}
	if cursor := e.Request.URL.Query().Get("before"); cursor != "" {
		if err := access.ReadCursor(cursor, &from); err != nil {
			return err
		}
		where += " AND (f.created, f.id) < ({:at}, {:id})"
		params["at"], params["id"] = from.At, from.ID
	}
	var rows []row
	err := e.App.DB().NewQuery("SELECT " + ownColumns + pieceColumns + fromPieces + where + " ORDER BY f.created DESC, f.id DESC LIMIT {:most}").
		Bind(params).All(&rows)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		from.At, from.ID = rows[perPage-1].Created, rows[perPage-1].ID
		next = access.WriteCursor(from)
	}
	items := make([]described, len(rows))
	for i := range rows {
		items[i] = d.describe(e.Viewer, &rows[i])
	}
	used, err := usedBy(e.App, e.Viewer.ID)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next, "used": used, "max": OfMember(e.Viewer.Role)})
}

func usedBy(app core.App, member string) (used int64, err error) {
	err = app.DB().NewQuery("SELECT COALESCE(SUM(bytes), 0) FROM files WHERE owner = {:owner}").Bind(dbx.Params{"owner": member}).Row(&used)
	return used, err
}
