package post

import (
	"errors"
	"slices"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// before is how many comments are shown above the one that somebody came for.
const before = 10

// commentsAround gives a post with the comments around the one that ?at= names, so that a link from a search or a notification opens
// a long thread at its place. What is no comment of this thread, or none that the viewer may see, is not asked for: then the
// thread begins at its beginning.
func (d *desk) commentsAround(e *access.Event) (*sheet, error) {
	s, err := d.commentsAfter(e)
	at := e.Request.URL.Query().Get("at")
	if err != nil || at == "" || s.next == nil || slices.ContainsFunc(s.lines, func(l line) bool { return l.id == at }) {
		return s, err
	}
	wanted, err := d.one(e.Viewer, commentQuery, at)
	switch {
	case errors.Is(err, clinic.NotFound), err == nil && wanted.post != s.post.id:
		return s, nil
	case err != nil:
		return nil, err
	}
	above, err := d.commentLines(earlierQuery, s.post.id, wanted.created, wanted.id)
	if err != nil || len(above) <= before {
		return s, err
	}
	from := spot{above[before].created, above[before].id}
	around, err := d.readThread(e, s.post.id, from)
	if err != nil {
		return nil, err
	}
	first := spot{above[before-1].created, above[before-1].id}.cursor()
	around.previous = &first
	return around, nil
}

// commentsBefore gives the page of comments that ends before a spot.
func (d *desk) commentsBefore(e *access.Event) (*sheet, error) {
	until, err := readCursor("before", e.Request.URL.Query().Get("before"))
	if err != nil {
		return nil, err
	}
	id := e.Request.PathValue("id")
	post, err := d.one(e.Viewer, postQuery, id)
	if err != nil {
		return nil, err
	}
	lines, err := d.commentLines(earlierQuery, id, until.at, until.id)
	if err != nil {
		return nil, err
	}
	s := newSheet(post, lines, commentsPerPage)
	s.previous, s.next = s.next, nil
	slices.Reverse(s.lines)
	from := spot{}
	if s.previous != nil {
		from = spot{s.lines[0].created, s.lines[0].id}
	}
	held, err := d.commentLines(heldCommentsQuery, id, from.at, from.id, until.at, until.id)
	s.add(held, func(a, b *line) bool { return b.after(a) })
	return s, err
}
