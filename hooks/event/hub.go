package event

import (
	"cmp"
	"errors"
	"hash/maphash"
	"log/slog"
	"slices"
	"sync"
	"time"

	"kinward/hooks/clinic"
)

// hub holds who listens to what. Its lock is held for moments only, and never while the database is asked.
type hub struct {
	now   func() time.Time // the house's clock; heartbeats go by the system's
	log   func() *slog.Logger
	count func(post, comment string) (counted, error)

	mu        sync.Mutex
	epoch     string
	began     time.Time
	seq       uint64
	rooms     map[string]*room
	listeners map[*listener]struct{}
	byMember  map[string][]*listener // the earliest first
	byOrigin  map[string]int
	seed      maphash.Seed
	touches   [4096]touch
	closed    bool
	sweeping  bool

	inbox inbox
}

// counted is how a piece stands that something happened to, as everybody in its community sees it.
type counted struct {
	read        bool // the rest is known
	post        bool // the post is seen
	piece       bool // the piece is seen: the post, or the comment
	deleted     bool // of the post only a tombstone is left
	comments    int
	lastComment string
}

var busy = clinic.RateLimited.With("seconds", 60)

func newHub(now func() time.Time) *hub {
	return &hub{now: now, epoch: clinic.NewToken()[:10], began: time.Now(), rooms: map[string]*room{}, listeners: map[*listener]struct{}{},
		byMember: map[string][]*listener{}, byOrigin: map[string]int{}, seed: maphash.MakeSeed()}
}

func (h *hub) touch(topic string) *touch {
	return &h.touches[maphash.String(h.seed, topic)%uint64(len(h.touches))]
}

// join lets a listener in and gives what they are told first: what they missed since a position, or, without one, how long
// it has been quiet. Nothing that happens from then on is missed.
func (h *hub) join(l *listener, since string) ([]byte, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || len(h.listeners) >= mostInAll || h.byOrigin[l.origin] >= mostOfAddress {
		return nil, busy
	}
	if own := h.byMember[l.member]; len(own) >= mostOfMember {
		own[0].end(frame("", Ended, news{})) // the tab that was opened last is the one that is looked at
		h.forget(own[0])
	}
	l.beats = time.Now().Add(beatEvery)
	h.listeners[l] = struct{}{}
	h.byMember[l.member] = append(h.byMember[l.member], l)
	h.byOrigin[l.origin]++
	first := h.missed(l, since)
	for topic := range l.topics {
		h.room(topic).listeners[l] = struct{}{}
	}
	h.sweep()
	return first, nil
}

// room gives the room of a topic, opened if it is not. The hub's lock must be held.
func (h *hub) room(topic string) *room {
	r := h.rooms[topic]
	if r == nil {
		r = &room{listeners: map[*listener]struct{}{}, lost: h.touch(topic).seq}
		h.rooms[topic] = r
	}
	return r
}

// missed is what happened in a listener's topics since a position, in order, and that the stream is ready.
func (h *hub) missed(l *listener, since string) []byte {
	h.goOn()
	now, from := position{h.epoch, h.seq}, readPosition(since)
	var missed []kept
	var out []byte
	for topic := range l.topics {
		events, whole := h.room(topic).since(from.seq)
		switch {
		case since == "":
		case from.epoch != h.epoch || !whole:
			out = append(out, frame("", Again, news{Topic: topic})...)
		default:
			missed = append(missed, events...)
		}
	}
	slices.SortFunc(missed, func(a, b kept) int { return cmp.Compare(a.seq, b.seq) })
	for _, event := range missed {
		out = append(out, event.frame...)
	}
	return append(out, frame(now.String(), Ready, news{Quiet: h.quiet(l)})...)
}

// quiet is for how many milliseconds nothing happened in any of a listener's topics.
func (h *hub) quiet(l *listener) *int64 {
	last := h.began
	for topic := range l.topics {
		if at := h.touch(topic).at; at.After(last) {
			last = at
		}
	}
	quiet := time.Since(last).Milliseconds()
	return &quiet
}

// leave lets a listener out; one who is gone already may leave again.
func (h *hub) leave(l *listener) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forget(l)
}

func (h *hub) forget(l *listener) {
	if _, in := h.listeners[l]; !in {
		return
	}
	delete(h.listeners, l)
	for topic := range l.topics {
		h.part(l, topic)
	}
	own := slices.DeleteFunc(h.byMember[l.member], func(other *listener) bool { return other == l })
	if h.byMember[l.member] = own; len(own) == 0 {
		delete(h.byMember, l.member)
	}
	if h.byOrigin[l.origin]--; h.byOrigin[l.origin] == 0 {
		delete(h.byOrigin, l.origin)
	}
}

// part takes a topic from a listener. The hub's lock must be held.
func (h *hub) part(l *listener, topic string) {
	delete(l.topics, topic)
	if r := h.rooms[topic]; r != nil {
		delete(r.listeners, l)
		r.left = time.Now()
	}
}

// publish tells a change to who listens. Where nobody does, nothing is read: it is only noted that something happened.
func (h *hub) publish(c change) {
	topics := c.topics()
	var state counted
	var err error
	h.mu.Lock()
	if c.post != "" && (c.unsure || h.heard(topics)) {
		h.mu.Unlock()
		state, err = h.count(c.post, c.comment)
		h.mu.Lock()
	}
	defer h.mu.Unlock()
	if err != nil {
		h.log().Error("an event could not be made", "error", err)
	}
	for _, topic := range topics {
		if err != nil {
			h.say(topic, Again, news{})
		} else if n, what := c.tell(topic, state); what != "" {
			h.say(topic, what, n)
		}
	}
	if c.comment == "" && c.what == Gone { // held: most may not know of it any more, and the others open their page again
		h.empty(ofPost + c.post)
	}
}

// heard reports whether any of the topics has a room. The hub's lock must be held.
func (h *hub) heard(topics []string) bool {
	return slices.ContainsFunc(topics, func(topic string) bool { return h.rooms[topic] != nil })
}

// goOn numbers what happens now: by the microseconds since the hub began, so that each number is above the last. A plain count would
// tell who compares two of its numbers how much was written meanwhile in all rooms, those that they may not know of among them.
// The hub's lock must be held.
func (h *hub) goOn() { h.seq = max(h.seq+1, uint64(time.Since(h.began).Microseconds())) }

// say counts an event of a topic and gives it to who listens, written once. The hub's lock must be held.
func (h *hub) say(topic, what string, n news) {
	h.goOn()
	*h.touch(topic) = touch{h.seq, time.Now()}
	r := h.rooms[topic]
	if r == nil {
		return
	}
	n.Topic = topic
	text := frame(position{h.epoch, h.seq}.String(), what, n)
	r.keep(h.seq, text)
	for l := range r.listeners {
		l.send(text)
	}
}

// empty takes a topic from all who listen to it.
func (h *hub) empty(topic string) {
	r := h.rooms[topic]
	if r == nil {
		return
	}
	for l := range r.listeners {
		h.withdraw(l, topic)
	}
	delete(h.rooms, topic)
}

// withdraw takes a topic from a listener and tells them; who has none left is done. The hub's lock must be held.
func (h *hub) withdraw(l *listener, topic string) {
	h.part(l, topic)
	l.send(frame("", Ended, news{Topic: topic}))
	if len(l.topics) == 0 {
		l.end(frame("", Ended, news{}))
		h.forget(l)
	}
}

// close ends all streams; they come again once there is a server.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for l := range h.listeners {
		l.end(retry(soon()))
		h.forget(l)
	}
	clear(h.rooms)
}

var errNoAnswer = errors.New("the connection cannot be kept open")
