package follow

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// item is a post or comment in one of the viewer's own lists.
type item struct {
	ID        string         `json:"id"`
	Kind      string         `json:"kind"` // a post's, or "comment"
	Post      string         `json:"post"`
	Community string         `json:"community"`
	Title     string         `json:"title"` // the post's, a comment's too
	Excerpt   string         `json:"excerpt"`
	Author    *access.Person `json:"author"`
	Created   string         `json:"created"`
	Since     string         `json:"since"` // when it came into the list
}

type row struct {
	Mark  string `db:"mark"`
	Since string `db:"since"`
	access.Piece
	Kind     string `db:"kind"`
	Title    string `db:"title"`
	HTML     string `db:"html"`
	Created  string `db:"created"`
	Name     string `db:"name"`
	Role     string `db:"role"`
	About    string `db:"about"`
	Standing string `db:"standing"`
}

type spot struct{ At, ID string }

// The index of users is named: SQLite reads a small table whole.
const savedQuery = `SELECT s.id AS mark, s.created AS since, s.piece AS id, s.post, p.community, CASE WHEN s.piece = s.post THEN p.kind ELSE 'comment' END AS kind,
		p.title, COALESCE(c.html, p.html) AS html, COALESCE(c.status, p.status) AS status, COALESCE(c.unseen, p.unseen) AS unseen,
		` + access.AboveColumns + `,
		COALESCE(c.created, p.created) AS created, u.id AS author, u.name, u.role, u.title AS about, u.status AS standing
	FROM saves s CROSS JOIN posts p ON p.id = s.post LEFT JOIN comments c ON c.id = s.piece AND s.piece != s.post
		CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = COALESCE(c.author, p.author)
	WHERE s.member = {:member} AND (s.created, s.id) < ({:at}, {:id}) ORDER BY s.created DESC, s.id DESC LIMIT 21`

const followsQuery = `SELECT f.id AS mark, f.created AS since, f.post AS id, f.post, p.community, p.kind, p.title, p.html, p.status, p.unseen, ` + access.AboveColumns + `, p.created,
		u.id AS author, u.name, u.role, u.title AS about, u.status AS standing
	FROM follows f CROSS JOIN posts p ON p.id = f.post CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = p.author
	WHERE f.member = {:member} AND (f.created, f.id) < ({:at}, {:id}) ORDER BY f.created DESC, f.id DESC LIMIT 21`

const mutesQuery = `SELECT m.id AS mark, m.created AS since, m.post AS id, m.post, p.community, p.kind, p.title, p.html, p.status, p.unseen, ` + access.AboveColumns + `, p.created,
		u.id AS author, u.name, u.role, u.title AS about, u.status AS standing
	FROM mutes m CROSS JOIN posts p ON p.id = m.post CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = p.author
	WHERE m.member = {:member} AND m.post != '' AND (m.created, m.id) < ({:at}, {:id}) ORDER BY m.created DESC, m.id DESC LIMIT 21`

func (d *desk) listSaved(e *access.Event) error   { return d.list(e, savedQuery) }
func (d *desk) listFollows(e *access.Event) error { return d.list(e, followsQuery) }

func (d *desk) list(e *access.Event, query string) error {
	items, next, err := d.page(e, query)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

// rows reads a page of the viewer's marks, the latest first, and where the next one begins.
func (d *desk) rows(e *access.Event, query string) (rows []row, next string, err error) {
	from := spot{At: "~"} // sorts behind every date
	if cursor := e.Request.URL.Query().Get("before"); cursor != "" {
		if err := access.ReadCursor(cursor, &from); err != nil {
			return nil, "", err
		}
	}
	err = d.app.DB().NewQuery(query).Bind(dbx.Params{"member": e.Viewer.ID, "at": from.At, "id": from.ID}).All(&rows)
	if err != nil {
		return nil, "", err
	}
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = access.WriteCursor(spot{rows[perPage-1].Since, rows[perPage-1].Mark})
	}
	return rows, next, nil
}

// page gives a page of the viewer's marks with what they are about as it is now. What is gone, or hidden from the viewer for the time
// being, is left out.
func (d *desk) page(e *access.Event, query string) (items []item, next string, err error) {
	rows, next, err := d.rows(e, query)
	if err != nil {
		return nil, "", err
	}
	items = []item{}
	for _, r := range rows {
		if r.Status == clinic.Shown && e.Viewer.SeesPiece(r.Piece) {
			items = append(items, r.show(e.Language()))
		}
	}
	return items, next, nil
}

func (r row) show(language string) item {
	author := access.NewPerson(language, r.Author, r.Name, r.Role, r.About, r.Standing)
	return item{ID: r.ID, Kind: r.Kind, Post: r.Post, Community: r.Community, Title: r.Title, Excerpt: markdown.Beginning(r.HTML, excerptRunes),
		Author: &author, Created: access.Moment(r.Created), Since: access.Moment(r.Since)}
}

const excerptRunes = 160

// listMutes gives the posts that the viewer has muted, and on the first page the communities.
func (d *desk) listMutes(e *access.Event) error {
	posts, next, err := d.page(e, mutesQuery)
	if err != nil {
		return err
	}
	communities := []struct {
		ID   string `db:"id" json:"id"`
		Name string `db:"name" json:"name"`
	}{}
	if e.Request.URL.Query().Get("before") == "" {
		err = d.app.DB().NewQuery(`SELECT c.id, c.name FROM mutes m JOIN communities c ON c.id = m.community
			JOIN memberships i ON i.member = m.member AND i.community = c.id WHERE m.member = {:member} AND m.post = '' ORDER BY c.name COLLATE NOCASE`).
			Bind(dbx.Params{"member": e.Viewer.ID}).All(&communities)
	}
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"posts": posts, "communities": communities, "next": next})
}

const blocksQuery = `SELECT b.id AS mark, b.created AS since, u.id AS author, u.name, u.role, u.title AS about, u.status AS standing
	FROM blocks b CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = b.blocked
	WHERE b.member = {:member} AND (b.created, b.id) < ({:at}, {:id}) ORDER BY b.created DESC, b.id DESC LIMIT 21`

// listBlocks gives a page of whom the viewer has blocked, the latest first.
func (d *desk) listBlocks(e *access.Event) error {
	rows, next, err := d.rows(e, blocksQuery)
	if err != nil {
		return err
	}
	items := []access.Person{}
	for _, r := range rows {
		items = append(items, access.NewPerson(e.Language(), r.Author, r.Name, r.Role, r.About, r.Standing))
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}
