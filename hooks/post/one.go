package post

import (
	"net/http"

	"kinward/hooks/access"
)

// oneComment gives one comment, to a page that has the rest of the thread.
func (d *desk) oneComment(e *access.Event) error {
	l, err := d.one(e.Viewer, commentQuery, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if _, err := d.one(e.Viewer, postQuery, l.post); err != nil { // under a post that is not there for the viewer nothing is
		return err
	}
	writable, err := d.writable(l.community)
	if err != nil {
		return err
	}
	out := []shown{l.show(eyeOf(e, l.community, writable))}
	if err := d.addOwn(nil, out); err != nil {
		return err
	}
	return e.Write(http.StatusOK, out[0])
}
