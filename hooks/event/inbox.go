package event

import (
	"math/rand/v2"
	"sync"
	"time"

	"kinward/hooks/access"
)

// inbox takes what has happened from whoever did it, who does not wait, and hands it on in the order in which it came: nobody
// is told of what was committed after they lost the right to hear of it. A goroutine works while there is something to do.
type inbox struct {
	mu      sync.Mutex
	waiting []item
	at      map[string]int // where a piece's change waits
	flooded bool
	working bool
	over    bool
	drained sync.WaitGroup
}

// item is a change, or a standing to be looked at, or listeners whose time has come.
type item struct {
	change  *change
	changed *access.Changed
	due     []*listener
}

// mostWaiting bounds what a flood of changes takes. What is beyond is not told: those who listen are told to ask again.
const mostWaiting = 20_000

func (in *inbox) put(h *hub, c change) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.over {
		return
	}
	key := c.member + c.post + c.comment
	if at, waits := in.at[key]; waits && key != "" {
		both := in.waiting[at].change.then(c)
		in.waiting[at].change = &both
		return
	}
	if in.flooded = in.flooded || len(in.waiting) >= mostWaiting; in.flooded {
		return // who drains it tells all to ask again
	}
	if in.at == nil {
		in.at = map[string]int{}
	}
	in.at[key] = len(in.waiting)
	in.waiting = append(in.waiting, item{change: &c})
	in.work(h)
}

// look asks for a look at somebody's standing. It is never left out, and no later change goes before it.
func (in *inbox) look(h *hub, i item) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.over {
		return
	}
	clear(in.at)
	in.waiting = append(in.waiting, i)
	in.work(h)
}

func (in *inbox) work(h *hub) {
	if !in.working {
		in.working = true
		in.drained.Go(func() { in.drain(h) })
	}
}

// close waits until what has come in is handed on; nothing is taken afterwards. The database may go then.
func (in *inbox) close() {
	in.mu.Lock()
	in.over = true
	in.mu.Unlock()
	in.drained.Wait()
}

// drain hands everything on and ends.
func (in *inbox) drain(h *hub) {
	for {
		in.mu.Lock()
		batch, flooded := in.waiting, in.flooded
		in.waiting, in.flooded = nil, false
		clear(in.at)
		if len(batch) == 0 {
			in.working = false
			in.mu.Unlock()
			return
		}
		in.mu.Unlock()
		for _, i := range batch {
			h.handle(i)
		}
		if flooded {
			h.flooded()
		}
	}
}

func (h *hub) handle(i item) {
	switch {
	case i.change != nil:
		h.publish(*i.change)
	case i.changed != nil:
		h.review(h.concerned(*i.changed))
	default:
		h.review(i.due)
	}
}

// soon is a moment later, another one for each.
func soon() time.Duration { return waitAgain + rand.N(waitAgain) }
