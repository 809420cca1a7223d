package event

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// stream answers with what happens in the topics that the request names, until the page goes, or may hear no more.
func (d *desk) stream(e *access.Event) error {
	l, err := d.listener(e)
	if err != nil || e.Request.Method == http.MethodHead {
		return err
	}
	first, err := d.hub.join(l, cameFrom(e.Request))
	if err != nil {
		return err
	}
	defer d.hub.leave(l)
	d.hub.look(l) // what changed between the guard's look and now came to nobody's ears
	return l.serve(e, append(retry(soon()), first...))
}

// cameFrom is the position up to which the page knows: what its browser says by itself when the connection was lost goes
// before what the page says when it opens a stream anew.
func cameFrom(r *http.Request) string {
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		return last
	}
	return r.URL.Query().Get("since")
}

// listener asks whether the viewer may hear of every topic that the request names. A topic that they may not hear of is not
// there, and then there is no stream.
func (d *desk) listener(e *access.Event) (*listener, error) {
	topics := e.Request.URL.Query()["topic"]
	slices.Sort(topics)
	topics = slices.Compact(topics)
	switch {
	case len(topics) == 0:
		return nil, clinic.Faults(clinic.Required.At("topic"))
	case len(topics) > mostTopics:
		return nil, clinic.Faults(clinic.TooLong.At("topic").With("max", mostTopics))
	}
	v := e.Viewer
	l := &listener{member: v.ID, session: v.Session.ID, origin: e.House.Origin(e.Request), standing: e.Standing(), until: v.Until(e.House.Now()),
		topics: make(map[string]place, len(topics)), queue: make(chan []byte, queueSize), ended: make(chan struct{})}
	for _, topic := range topics {
		p, err := d.place(topic)
		if err != nil {
			return nil, err
		}
		if !p.mayHear(v) {
			return nil, clinic.NotFound
		}
		l.topics[topic] = p
	}
	return l, nil
}

// place finds what a topic names.
func (d *desk) place(topic string) (place, error) {
	if community, is := strings.CutPrefix(topic, ofCommunity); is {
		return place{community: community, status: clinic.Shown}, nil
	}
	if member, is := strings.CutPrefix(topic, ofMember); is && member != "" {
		return place{member: member}, nil
	}
	id, is := strings.CutPrefix(topic, ofPost)
	if !is {
		return place{}, clinic.Faults(clinic.Invalid.At("topic"))
	}
	var p place
	err := d.app.DB().NewQuery("SELECT community, author, status, unseen FROM posts WHERE id = {:id}").Bind(dbx.Params{"id": id}).
		Row(&p.community, &p.author, &p.status, &p.unseen)
	return p, access.Missing(err)
}

// count reads how a post, or a comment of it, stands now.
func (d *desk) count(post, comment string) (counted, error) {
	now := counted{read: true}
	var status string
	err := d.app.DB().NewQuery(`SELECT status, status != 'held' AND unseen = FALSE, comments, last_comment, {:comment} = '' AND status != 'held'
			AND unseen = FALSE OR EXISTS (SELECT 1 FROM comments WHERE id = {:comment} AND status != 'held' AND unseen = FALSE)
		FROM posts WHERE id = {:post}`).Bind(dbx.Params{"post": post, "comment": comment}).
		Row(&status, &now.post, &now.comments, &now.lastComment, &now.piece)
	if errors.Is(err, sql.ErrNoRows) {
		return now, nil
	}
	now.deleted, now.lastComment = status == clinic.Deleted, access.Moment(now.lastComment)
	return now, err
}

// serve writes to the page until it goes or the stream is ended. The server's deadlines for reading and writing a request are
// lifted for this one; each write has one of its own.
func (l *listener) serve(e *access.Event, first []byte) error {
	wire := http.NewResponseController(e.Response)
	if err := errors.Join(wire.SetReadDeadline(time.Time{}), wire.SetWriteDeadline(time.Now().Add(writeTime))); err != nil {
		return errors.Join(errNoAnswer, err)
	}
	header := e.Response.Header()
	header.Set("Content-Type", "text/event-stream")
	header.Set("Cache-Control", "private, no-store, no-transform") // a proxy that compresses would wait for more to compress
	header.Set("X-Accel-Buffering", "no")                          // the same, as nginx and others are told
	e.Response.WriteHeader(http.StatusOK)
	gone := e.Request.Context().Done()
	for text := first; text != nil; {
		if err := l.write(e.Response, wire, text); err != nil {
			return nil // the page is gone, or does not read
		}
		select {
		case <-gone:
			return nil
		case text = <-l.queue:
		case <-l.ended:
			text = l.last()
		}
	}
	return nil
}

// write writes a frame, and those that wait behind it, at once.
func (l *listener) write(w http.ResponseWriter, wire *http.ResponseController, text []byte) error {
	if err := wire.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return err
	}
	for {
		if _, err := w.Write(text); err != nil {
			return err
		}
		select {
		case text = <-l.queue:
		default:
			return wire.Flush()
		}
	}
}

// last is what is said at the end of a stream, after what still waits in its queue. It is nil once that was said.
func (l *listener) last() []byte {
	text := l.farewell
	l.farewell = nil
	return text
}
