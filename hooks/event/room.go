package event

import "time"

// room is a topic that somebody listens to, or did a moment ago.
type room struct {
	listeners map[*listener]struct{}
	ring      []kept // the latest events, the oldest first
	lost      uint64 // the newest event of the topic that is not in the ring
	left      time.Time
}

type kept struct {
	seq   uint64
	frame []byte
}

// keep adds an event to those that are kept.
func (r *room) keep(seq uint64, frame []byte) {
	if len(r.ring) == ringSize {
		r.lost = r.ring[0].seq
		copy(r.ring, r.ring[1:])
		r.ring = r.ring[:ringSize-1]
	}
	r.ring = append(r.ring, kept{seq, frame})
}

// since lists the events after a position; whole is false where some are no longer there.
func (r *room) since(seq uint64) (missed []kept, whole bool) {
	if seq < r.lost {
		return nil, false
	}
	for i, event := range r.ring {
		if event.seq > seq {
			return r.ring[i:], true
		}
	}
	return nil, true
}

// touch is the last that happened in any topic that shares a slot. Two topics that share one ask for a list too often and
// never too rarely.
type touch struct {
	seq uint64
	at  time.Time
}
