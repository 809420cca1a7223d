package home

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// answer is the home of one member.
type answer struct {
	// Since is what they have seen: what was written later is new.
	Since    string     `json:"since"`
	New      page       `json:"new"`
	Follows  []followed `json:"follows"`
	Mentions []piece    `json:"mentions"`
	Waits    []Waiting  `json:"waits"`
}

type page struct {
	Items []piece `json:"items"`
	Next  string  `json:"next"`
}

// piece is a post or comment in a line: whose, where, and how it begins.
type piece struct {
	ID        string        `json:"id"`
	Kind      string        `json:"kind"` // a post's, or "comment"
	Post      string        `json:"post"`
	Community string        `json:"community"`
	Title     string        `json:"title"` // the post's
	Excerpt   string        `json:"excerpt"`
	Author    access.Person `json:"author"`
	Created   string        `json:"created"`
	Comments  int           `json:"comments"`
}

// followed is a thread with answers that its follower has not seen.
type followed struct {
	Post      string `json:"post"`
	Community string `json:"community"`
	Kind      string `json:"kind"`
	Title     string `json:"title"`
	Excerpt   string `json:"excerpt"`
	Mine      bool   `json:"mine"` // the viewer asked or wrote it
	Answers   int    `json:"answers"`
	More      bool   `json:"more"`  // than Answers
	First     string `json:"first"` // the first of them, to begin reading there
	At        string `json:"at"`
}

// home gives what is new, and on the first page what waits.
func (d *desk) home(e *access.Event) error {
	from := spot{At: afterEverything}
	cursor := e.Request.URL.Query().Get("before")
	if cursor != "" {
		if err := access.ReadCursor(cursor, &from); err != nil {
			return err
		}
	}
	before, err := d.visit(e.Viewer.ID)
	if err != nil {
		return err
	}
	since := access.Date(before.at(d.house.Now()).Since)
	out := answer{Since: access.Moment(since), Follows: []followed{}, Mentions: []piece{}, Waits: []Waiting{}}
	if out.New, err = d.fresh(e, since, from); err != nil {
		return err
	}
	if cursor != "" {
		return e.Write(http.StatusOK, out)
	}
	if out.Follows, err = d.followed(e); err != nil {
		return err
	}
	if out.Mentions, err = d.mentions(e); err != nil {
		return err
	}
	for _, ask := range d.waits {
		more, err := ask(e)
		if err != nil {
			return err
		}
		out.Waits = append(out.Waits, more...)
	}
	return e.Write(http.StatusOK, out)
}

// line is a post or comment as the database gives it, with its author.
type line struct {
	access.Piece
	kind, title, html, created            string
	comments                              int
	name, role, authorTitle, authorStatus string
}

func (l *line) show(language string) piece {
	return piece{ID: l.ID, Kind: l.kind, Post: l.Post, Community: l.Community, Title: l.title, Excerpt: markdown.Beginning(l.html, excerptRunes),
		Author: access.NewPerson(language, l.Author, l.name, l.role, l.authorTitle, l.authorStatus), Created: access.Moment(l.created), Comments: l.comments}
}

// visible: everybody there sees it, and the viewer is there.
func (l *line) visible(v *access.Viewer) bool {
	return l.Status == clinic.Shown && v.SeesPiece(l.Piece)
}
