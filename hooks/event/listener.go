package event

import (
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// listener is one stream that is open.
type listener struct {
	member, session, origin string
	standing                func() (*access.Viewer, error)
	topics                  map[string]place
	// until is when time alone may change what this listener may do, and beats when the stream must say that it lives.
	until, beats time.Time

	queue chan []byte
	// ended is closed when the server ends the stream; farewell, which is then set, is said last.
	ended    chan struct{}
	farewell []byte
	over     bool
}

// place is what must be known of a topic to ask again whether somebody may listen to it.
type place struct {
	member    string // of a member's own topic, which has nothing else
	community string
	author    string
	status    string
	unseen    bool
}

// mayHear reports whether a viewer may listen to a topic.
func (p place) mayHear(v *access.Viewer) bool {
	if p.member != "" {
		return v.ID == p.member
	}
	return v.Sees(p.community, p.author, p.status, p.unseen)
}

// mayRead reports whether a viewer may read anything of the community now, as the guard access.Member asks.
func mayRead(v *access.Viewer, now time.Time) bool {
	return v != nil && len(v.Blocking(clinic.BlocksAll, now)) == 0
}

// end ends the stream once. The hub's lock must be held.
func (l *listener) end(farewell []byte) {
	if l.over {
		return
	}
	l.over, l.farewell = true, farewell
	close(l.ended)
}

// send puts a frame in the queue, or cuts off a listener whose queue is full: they come again and find it in the ring. The
// hub's lock must be held.
func (l *listener) send(frame []byte) {
	if l.over {
		return
	}
	select {
	case l.queue <- frame:
	default:
		l.end(nil)
	}
}
