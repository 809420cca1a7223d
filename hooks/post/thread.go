package post

import (
	"encoding/json/v2"
	"errors"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// threadAnswer is a post with the first of its comments.
type threadAnswer struct {
	shown
	// Linked are the comments that the post points at, wherever in the thread they stand: what helped, what corrects it.
	Linked   []shown `json:"linked,omitempty"`
	Comments page    `json:"comments"`
	Count    int     `json:"comment_count"`
}

// thread gives a post and its comments, the oldest first; with ?at= those around one of them.
func (d *desk) thread(e *access.Event) error {
	s, err := d.commentsAround(e)
	if err != nil {
		return err
	}
	return d.answer(e, s, s.post.community, func(see eye) (any, error) {
		out := threadAnswer{shown: s.post.show(see), Comments: s.page(see), Count: s.post.comments}
		for i := range s.linked {
			out.Linked = append(out.Linked, s.linked[i].show(see))
		}
		return out, errors.Join(d.addOwn(&out.shown, out.Comments.Items), d.addOwn(nil, out.Linked))
	})
}

// comments gives a further page of a post's comments, or with ?before= an earlier one.
func (d *desk) comments(e *access.Event) error {
	read := d.commentsAfter
	if e.Request.URL.Query().Has("before") {
		read = d.commentsBefore
	}
	s, err := read(e)
	if err != nil {
		return err
	}
	further := newSheet(nil, s.lines, len(s.lines)) // without the post above, which the page has already
	further.next, further.previous = s.next, s.previous
	return d.answer(e, further, s.post.community, func(see eye) (any, error) {
		out := further.page(see)
		return out, d.addOwn(nil, out.Items)
	})
}

// commentsAfter gives a post that the viewer may see, and the page of its comments that the request asks for.
func (d *desk) commentsAfter(e *access.Event) (*sheet, error) {
	from, err := readCursor("after", e.Request.URL.Query().Get("after"))
	if err != nil {
		return nil, err
	}
	id := e.Request.PathValue("id")
	read := func() (*sheet, error) { return d.readThread(e, id, from) }
	if from.at != "" {
		return read()
	}
	s, err := d.sheets.get(d.changes, id, d.house.Now(), read)
	if err == nil && !s.post.visible(e.Viewer) {
		return nil, clinic.NotFound
	}
	return s, err
}

func (d *desk) readThread(e *access.Event, id string, from spot) (*sheet, error) {
	post, err := d.one(e.Viewer, postQuery, id)
	if err != nil {
		return nil, err
	}
	lines, err := d.commentLines(threadQuery, id, from.at, from.id)
	if err != nil {
		return nil, err
	}
	s := newSheet(post, lines, commentsPerPage)
	if s.linked, err = d.readLinked(post); err != nil {
		return nil, err
	}
	end := s.end(spot{at: afterEverything})
	held, err := d.commentLines(heldCommentsQuery, id, from.at, from.id, end.at, end.id)
	s.add(held, func(a, b *line) bool { return b.after(a) })
	return s, err
}

// addOwn gives the author the source of what they wrote, to edit it.
func (d *desk) addOwn(post *shown, comments []shown) error {
	if post != nil && post.Mine {
		piece, err := readPost(d.app, post.ID)
		if err != nil {
			return err
		}
		*post = post.own(piece.Body, piece.Updated)
	}
	for i, item := range comments {
		if item.Mine {
			piece, err := readComment(d.app, item.ID)
			if err != nil {
				return err
			}
			comments[i] = item.own(piece.Body, piece.Updated)
		}
	}
	return nil
}

func encode(write func(see eye) (any, error), see eye) ([]byte, error) {
	out, err := write(see)
	if err != nil {
		return nil, err
	}
	return json.Marshal(out)
}
