package mails

import (
	"sync"
	"time"
)

// door is what the senders know together of the relay. While it is in trouble only one of them at a time knocks, and not
// before a pause is over: five seconds, doubled each time up to ten minutes.
type door struct {
	mu       sync.Mutex
	relay    Relay
	known    bool
	failures int
	until    time.Time
	probing  bool
	said     string // the last trouble, for readiness
	saidAt   time.Time
	reason   Reason
}

const (
	shortestKnock = 5 * time.Second
	longestKnock  = 10 * time.Minute
)

// changed reports whether the relay is another than the last time; at first it always is. A new relay is believed to work.
func (d *door) changed(relay Relay) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	changed := !d.known || d.relay != relay
	if changed {
		d.relay, d.known = relay, true
		d.failures, d.until, d.probing, d.said, d.reason = 0, time.Time{}, false, "", ""
	}
	return changed
}

// enter asks whether a letter may be tried now; if not, it says how long to wait. Who enters must end with leave or result.
func (d *door) enter(now time.Time) (time.Duration, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.failures == 0:
		return 0, true
	case d.probing:
		return looksAgain, false // the probe's result rings the bell
	case now.Before(d.until):
		return d.until.Sub(now), false
	}
	d.probing = true
	return 0, true
}

// leave takes back an enter after which nothing was tried.
func (d *door) leave() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.probing = false
}

// result notes what a try says of a relay, and reports whether it works again after trouble. What a relay that has been
// replaced meanwhile said is not held against the new one.
func (d *door) result(relay Relay, v verdict, now time.Time, random float64) (again bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if relay != d.relay {
		return false
	}
	d.probing = false
	if !v.reason.ofRelay() {
		again = d.failures > 0
		d.failures, d.until, d.said, d.reason = 0, time.Time{}, "", ""
		return again
	}
	pause := longestKnock
	if d.failures < 7 {
		pause = min(longestKnock, shortestKnock<<d.failures)
	}
	d.failures++
	d.until = now.Add(time.Duration(float64(pause) * (0.8 + 0.4*random)))
	d.said, d.saidAt, d.reason = v.reply, now, v.reason
	return false
}

// note keeps a trouble of our own for readiness.
func (d *door) note(now time.Time, said string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.said, d.saidAt = said, now
}

// worked notes that somebody else than a sender has seen the relay work.
func (d *door) worked() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.until = time.Time{} // the next probe need not wait; it, not this, opens the door
}

// health gives what the door knows.
func (d *door) health() Health {
	d.mu.Lock()
	defer d.mu.Unlock()
	return Health{Relay: d.relay.String(), Trouble: d.said, Reason: d.reason, Since: d.saidAt}
}
