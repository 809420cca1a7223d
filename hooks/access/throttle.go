package access

import (
	"math"
	"sync"
	"time"

	"kinward/hooks/clinic"
)

// throttle counts tries by a key, such as an account or an address, in a leaking bucket each.
type throttle struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]bucket
}

type bucket struct {
	level float64 // tries that have not leaked away
	at    time.Time
	drain time.Duration // the time in which a full bucket empties
}

// mostBuckets bounds the memory a flood of addresses can take. A full table forgets everything: the doors stay guarded by
// the one hash at a time.
const mostBuckets = 100_000

func (t *throttle) init(now func() time.Time) { t.now, t.buckets = now, map[string]bucket{} }

// Try counts one more try for key and returns a fault with the seconds to wait once there were more than most within drain.
func (h *House) Try(key string, most int, drain time.Duration) error {
	key = short(key)
	t := &h.tries
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	b := t.buckets[key].leaked(now, most)
	if b.level+1 > float64(most) {
		wait := (b.level + 1 - float64(most)) * drain.Seconds() / float64(most)
		return clinic.RateLimited.With("seconds", int(math.Ceil(wait)))
	}
	if len(t.buckets) >= mostBuckets {
		clear(t.buckets)
	}
	t.buckets[key] = bucket{level: b.level + 1, at: now, drain: drain}
	return nil
}

// Forgive empties the bucket of a key, after a try that was right.
func (h *House) Forgive(key string) {
	h.tries.mu.Lock()
	defer h.tries.mu.Unlock()
	delete(h.tries.buckets, short(key))
}

// longestBucket is how much of a key is kept as it is; parts of many come from the request, as long as it pleases.
const longestBucket = 128

func short(key string) string {
	if len(key) > longestBucket {
		return clinic.Hash(key)
	}
	return key
}

func (b bucket) leaked(now time.Time, most int) bucket {
	if b.drain > 0 && now.After(b.at) {
		b.level = math.Max(0, b.level-float64(most)*now.Sub(b.at).Seconds()/b.drain.Seconds())
	}
	return b
}

func (t *throttle) forget(now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, b := range t.buckets {
		if now.Sub(b.at) > b.drain {
			delete(t.buckets, key)
		}
	}
}
