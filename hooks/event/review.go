package event

import (
	"sync"
	"time"

	"kinward/hooks/access"
)

// reviewers is how many standings are looked at at once, where everybody's may have changed.
const reviewers = 4

// concerned lists the listeners whose standing may have changed.
func (h *hub) concerned(c access.Changed) []*listener {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []*listener
	if c.Member != "" {
		return append(out, h.byMember[c.Member]...)
	}
	for l := range h.listeners {
		if c.Session == "" || c.Session == l.session {
			out = append(out, l)
		}
	}
	return out
}

// review asks of each listener whether they may still hear what they listen to, and returns once all are looked at.
func (h *hub) review(listeners []*listener) {
	if len(listeners) < 32 { // not worth a goroutine
		for _, l := range listeners {
			h.look(l)
		}
		return
	}
	next := make(chan *listener)
	var all sync.WaitGroup
	for range reviewers {
		all.Go(func() {
			for l := range next {
				h.look(l)
			}
		})
	}
	for _, l := range listeners {
		next <- l
	}
	close(next)
	all.Wait()
}

// look ends a stream whose listener may read nothing any more, and takes the topics that they may not hear of. Where nothing
// can be found out, they may not.
func (h *hub) look(l *listener) {
	viewer, err := l.standing()
	if err != nil {
		h.log().Error("a listener's standing is not known", "error", err)
		viewer = nil
	}
	now := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	if !mayRead(viewer, now) {
		l.end(frame("", Ended, news{}))
		h.forget(l)
		return
	}
	l.until = viewer.Until(now)
	for topic, p := range l.topics {
		if !p.mayHear(viewer) {
			h.withdraw(l, topic)
		}
	}
}

// flooded tells all to ask again, since more has happened than could be told.
func (h *hub) flooded() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for topic := range h.rooms {
		h.say(topic, Again, news{})
	}
}

// sweep looks every second for what time brings, as long as anybody listens or a room is warm. The hub's lock must be held.
func (h *hub) sweep() {
	if h.sweeping {
		return
	}
	h.sweeping = true
	go func() {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for range tick.C {
			due, goOn := h.tick(time.Now())
			if len(due) > 0 {
				h.inbox.look(h, item{due: due})
			}
			if !goOn {
				return
			}
		}
	}()
}

// tick sends heartbeats, closes rooms that were left long ago, and lists the listeners whose time may have come.
func (h *hub) tick(system time.Time) (due []*listener, goOn bool) {
	house := h.now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for l := range h.listeners {
		if house.After(l.until) {
			due = append(due, l)
		}
		if system.After(l.beats) && len(l.queue) == 0 {
			l.send(beat)
			l.beats = system.Add(beatEvery)
		}
	}
	for topic, r := range h.rooms {
		if len(r.listeners) == 0 && system.Sub(r.left) > warmFor {
			delete(h.rooms, topic)
		}
	}
	h.sweeping = len(h.listeners) > 0 || len(h.rooms) > 0
	return due, h.sweeping
}
