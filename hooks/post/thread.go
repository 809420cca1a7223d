package post

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// whole is a post with the first of its comments.
type threadAnswer struct {
	shown
	CommentPage page `json:"comments"`
	Count       int  `json:"comment_count"`
}

// seen finds a post that the viewer may see; to others it is not there.
func (d *desk) seen(e *access.Event, query string) (*line, error) {
	id := e.Request.PathValue("id")
	if !isID(id) {
		return nil, clinic.NotFound
	}
	l, err := d.reads.one(query, id)
	if err != nil {
		return nil, err
	}
	if !l.visible(e.Viewer) {
		return nil, clinic.NotFound
	}
	return l, nil
}

// thread gives a post and its comments, the oldest first.
func (d *desk) thread(e *access.Event) error {
	post, err := d.seen(e, postQuery)
	if err != nil {
		return err
	}
	comments, see, err := d.commentsOf(e, post)
	if err != nil {
		return err
	}
	out := post.show(see)
	if out.Mine {
		piece, err := readPost(e.App, post.id)
		if err != nil {
			return err
		}
		out = out.own(piece.Body, piece.Updated)
	}
	return e.Write(http.StatusOK, threadAnswer{shown: out, CommentPage: *comments, Count: post.comments})
}

// comments gives a further page of a post's comments.
func (d *desk) comments(e *access.Event) error {
	post, err := d.seen(e, postQuery)
	if err != nil {
		return err
	}
	comments, _, err := d.commentsOf(e, post)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, comments)
}

func (d *desk) commentsOf(e *access.Event, post *line) (*page, eye, error) {
	from, err := readCursor("after", e.Request.URL.Query().Get("after"))
	if err != nil {
		return nil, eye{}, err
	}
	lines, err := d.reads.lines(threadQuery, post.id, from.at, from.id, commentsPerPage+1)
	if err != nil {
		return nil, eye{}, err
	}
	writable, err := d.reads.writable(post.community)
	if err != nil {
		return nil, eye{}, err
	}
	see := eyeOf(e, post.community, writable)
	out := pageOf(lines, commentsPerPage, e, see)
	for i, item := range out.Items {
		if item.Mine {
			piece, err := readComment(e.App, item.ID)
			if err != nil {
				return nil, eye{}, err
			}
			out.Items[i] = item.own(piece.Body, piece.Updated)
		}
	}
	return &out, see, nil
}
