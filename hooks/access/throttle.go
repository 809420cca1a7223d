package access

import (
	"cmp"
	"math"
	"slices"
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
	level float64 // tries that had not leaked away then
	at    time.Time
	most  int           // tries that fill it
	drain time.Duration // the time in which a full bucket empties
}

// mostBuckets bounds the memory a flood of addresses can take. Where there are as many, the emptier half is forgotten: who floods the
// table with tries of ever other names empties those, and not the bucket of the account that they would get into.
const mostBuckets = 100_000

func (t *throttle) init(now func() time.Time) { t.now, t.buckets = now, map[string]bucket{} }

// Try counts one more try for key and returns a fault with the seconds to wait once there were more than most within drain.
func (h *House) Try(key string, most int, drain time.Duration) error {
	key = short(key)
	t := &h.tries
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.now()
	level := t.buckets[key].left(now)
	if level+1 > float64(most) {
		wait := (level + 1 - float64(most)) * drain.Seconds() / float64(most)
		return clinic.RateLimited.With("seconds", int(math.Ceil(wait)))
	}
	if len(t.buckets) >= mostBuckets {
		t.halve(now)
	}
	t.buckets[key] = bucket{level: level + 1, at: now, most: most, drain: drain}
	return nil
}

// halve forgets the half of the buckets that is emptier, each for its size.
func (t *throttle) halve(now time.Time) {
	type filled struct {
		key string
		by  float64
	}
	all := make([]filled, 0, len(t.buckets))
	for key, b := range t.buckets {
		all = append(all, filled{key, b.left(now) / float64(b.most)})
	}
	slices.SortFunc(all, func(a, b filled) int { return cmp.Compare(a.by, b.by) })
	for _, one := range all[:len(all)/2] {
		delete(t.buckets, one.key)
	}
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

// left is how many tries have not leaked away by now.
func (b bucket) left(now time.Time) float64 {
	if b.drain == 0 || !now.After(b.at) {
		return b.level
	}
	return math.Max(0, b.level-float64(b.most)*now.Sub(b.at).Seconds()/b.drain.Seconds())
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
