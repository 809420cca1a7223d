package review

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What the list can be asked for.
const (
	Due     = "due"     // over, to end soon, or of words that were changed since
	Waiting = "waiting" // articles that no provider has reviewed
	InForce = "in_force"
)

// row is a piece with its review, as the database has it.
type row struct {
	access.Piece
	Kind     string `db:"kind"`
	Comment  string `db:"comment"`
	Name     string `db:"community_name"`
	Title    string `db:"title"`
	Body     string `db:"body"`
	Person   string `db:"person"`
	Role     string `db:"role"`
	Formal   string `db:"formal"`
	Standing string `db:"standing"`
	Review   string `db:"review"`
	At       string `db:"at"` // the date that the list goes by
}

type place struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type listed struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind"` // of a post, or "comment"
	Post      string        `json:"post"`
	Comment   string        `json:"comment,omitempty"`
	Community place         `json:"community"`
	Title     string        `json:"title"`
	Excerpt   string        `json:"excerpt"`
	Author    access.Person `json:"author"`
	// Why it is on the list: expired, soon, edited, or never reviewed.
	Why     string `json:"why"`
	Verdict string `json:"verdict,omitempty"`
	Until   string `json:"until,omitempty"`
	At      string `json:"at"`
}

// columns read a piece p with its author u, its community c, and the post above it, which of a post is p itself.
func columns(kind, post, comment, title, at, above string) string {
	return `SELECT p.id AS id, ` + kind + ` AS kind, ` + post + ` AS post, ` + comment + ` AS comment, p.community, c.name AS community_name, ` + title + ` AS title,
		substr(p.body, 1, 400) AS body, p.author, u.name AS person, u.role, u.title AS formal, u.status AS standing, p.status, p.unseen, p.review, ` + at + ` AS at,
		` + strings.ReplaceAll(access.AboveColumns, "p.", above+".")
}

// The statements of the list. Each begins with the communities of the viewer, and seeks in an index for each of them.
var (
	reviewedQuery = columns("p.kind", "p.id", "''", "p.title", "p.review_until", "p") + reviewedIn("posts", "") + " UNION ALL " +
		columns("'comment'", "p.post", "p.id", "''", "p.review_until", "t") + reviewedIn("comments", "CROSS JOIN posts t ON t.id = p.post") + " ORDER BY at, id LIMIT {:most}"
	waitingQuery = columns("p.kind", "p.id", "''", "p.title", "p.created", "p") + ` FROM json_each({:rooms}) v CROSS JOIN posts p INDEXED BY posts_unreviewed
		ON p.community = v.value AND p.kind = 'article' AND p.status = 'shown' AND p.review_until = '' AND (p.created, p.id) > ({:at}, {:after})
		CROSS JOIN communities c ON c.id = p.community CROSS JOIN users u ON u.id = p.author WHERE p.author != {:me} ORDER BY at, p.id LIMIT {:most}`
)

func reviewedIn(table, above string) string {
	return ` FROM json_each({:rooms}) v CROSS JOIN ` + table + ` p INDEXED BY ` + table + `_reviews
		ON p.community = v.value AND p.review_until != '' AND p.review_until > {:from} AND p.review_until <= {:upto} AND (p.review_until, p.id) > ({:at}, {:after})
		` + above + ` CROSS JOIN communities c ON c.id = p.community CROSS JOIN users u ON u.id = p.author WHERE p.status = 'shown'`
}

// list gives the providers of a community what is to be read again there, the longest due first, or what waits for a first review.
func (d *desk) list(e *access.Event) error {
	query, now := e.Request.URL.Query(), d.house.Now()
	from, upto := "", access.Date(now.Add(ComesBack))
	statement := reviewedQuery
	switch query.Get("state") {
	case "", Due:
	case InForce:
		from, upto = upto, "~"
	case Waiting:
		statement = waitingQuery
	default:
		return clinic.Faults(clinic.Invalid.At("state"))
	}
	rooms, err := roomsOf(e.Viewer, query.Get("community"))
	if err != nil {
		return err
	}
	after := [2]string{} // date, id
	if before := query.Get("before"); before != "" {
		if err := access.ReadCursor(before, &after); err != nil {
			return err
		}
	}
	var rows []row
	err = e.App.DB().NewQuery(statement).Bind(dbx.Params{"rooms": rooms, "from": from, "upto": upto, "at": after[0], "after": after[1],
		"me": e.Viewer.ID, "most": perPage + 1}).All(&rows)
	if err != nil {
		return err
	}
	var next *string
	if len(rows) > perPage {
		rows = rows[:perPage]
		cursor := access.WriteCursor([2]string{rows[perPage-1].At, rows[perPage-1].ID})
		next = &cursor
	}
	items := []listed{}
	for _, r := range rows {
		if e.Viewer.SeesPiece(r.Piece) {
			items = append(items, r.show(e.Language(), access.Date(now)))
		}
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

// roomsOf gives the communities that a list goes through: those of the viewer, or one of them.
func roomsOf(v *access.Viewer, only string) (string, error) {
	rooms := []string{}
	for id := range v.Communities {
		if only == "" || only == id {
			rooms = append(rooms, id)
		}
	}
	if only != "" && len(rooms) == 0 {
		return "", clinic.NotFound
	}
	text, err := json.Marshal(rooms)
	return string(text), err
}

func (r row) show(language, now string) listed {
	out := listed{ID: r.ID, Kind: r.Kind, Post: r.Post, Comment: r.Comment, Community: place{r.Community, r.Name}, Title: r.Title,
		Excerpt: excerpt(r.Body), Author: access.NewPerson(language, r.Author, r.Person, r.Role, r.Formal, r.Standing), Why: Waiting, At: access.Moment(r.At)}
	var is clinic.Review
	if r.Review == "" || json.Unmarshal([]byte(r.Review), &is) != nil {
		return out
	}
	out.Verdict, out.Until = is.Verdict, access.Moment(is.Until)
	switch {
	case is.Edited:
		out.Why = "edited"
	case is.Until <= now:
		out.Why = "expired"
	default:
		out.Why = "soon"
	}
	return out
}

const excerptRunes = 160

// excerpt is how a text begins, in one line.
func excerpt(text string) string {
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) <= excerptRunes {
		return string(runes)
	}
	return string(runes[:excerptRunes]) + " …"
}

// line is one entry of a piece's history.
type line struct {
	Verdict string `db:"verdict"`
	Note    string `db:"note"`
	By      string `db:"by"`
	SHA256  string `db:"sha256"`
	At      string `db:"at"`
	Until   string `db:"until"`
	Name    string `db:"name"`
	Role    string `db:"role"`
	Title   string `db:"title"`
	Status  string `db:"status"`
}

type told struct {
	Verdict string        `json:"verdict"`
	Note    string        `json:"note"`
	By      access.Person `json:"by"`
	SHA256  string        `json:"sha256"`
	At      string        `json:"at"`
	Until   string        `json:"until"`
}

func (d *desk) postHistory(e *access.Event) error {
	return d.history(e, clinic.Posts, "r.post = {:id} AND r.comment = ''")
}

func (d *desk) commentHistory(e *access.Event) error {
	return d.history(e, clinic.Comments, "r.post = {:post} AND r.comment = {:id}")
}

// history tells the providers of a community everything that was said of a piece, the latest first, and each of them which of their
// own comments could correct it.
func (d *desk) history(e *access.Event, collection, which string) error {
	piece, err := find(e.App, e.Viewer, collection, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var lines []line
	err = e.App.DB().NewQuery(`SELECT r.verdict, r.note, r.by, r.sha256, r.at, r.until, COALESCE(u.name, '') AS name, COALESCE(u.role, '') AS role,
			COALESCE(u.title, '') AS title, COALESCE(u.status, 'removed') AS status
		FROM reviews r LEFT JOIN users u ON u.id = r.by WHERE ` + which + ` ORDER BY r.at DESC LIMIT 200`).
		Bind(dbx.Params{"id": piece.Id, "post": postOf(piece)}).All(&lines)
	if err != nil {
		return err
	}
	items := []told{}
	for _, l := range lines {
		items = append(items, told{l.Verdict, l.Note, access.NewPerson(e.Language(), l.By, l.Name, l.Role, l.Title, l.Status), l.SHA256,
			access.Moment(l.At), access.Moment(l.Until)})
	}
	own, err := candidates(e.App, e.Viewer, piece)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": "", "corrections": own})
}
