// Package home says what is new to a member across their communities, and what waits for them.
//
// It promises: what it tells is what the member may see, of their own communities alone, without what they have muted or whom they
// have blocked; what it costs does not grow with what is written elsewhere; and looking changes nothing. That somebody was here is
// noted when the page says so, and what was new stays new for as long as they stay.
package home

import "time"

const (
	perPage    = 10
	mostCounts = 20 // answers are counted so far, and then "20 and more"
	// excerptRunes is how much of a text stands in a line about it.
	excerptRunes = 160
	// A visit ends when somebody has not been at home for this long. Reading a thread in between is the same visit.
	visitEnds = 30 * time.Minute
	// firstLook is how far back a member looks who was never here.
	firstLook = 7 * 24 * time.Hour
	// noted is how exactly it is known when a member was here last.
	noted = time.Minute
)

// visit is when a member was at home: what was written after Since is new to them, Last is when they were here last.
type visit struct{ Since, Last time.Time }

// at gives the visit as it stands when the member comes, or is still here, at a moment.
func (v visit) at(now time.Time) visit {
	switch {
	case v.Last.IsZero():
		return visit{now.Add(-firstLook), now}
	case now.Sub(v.Last) >= visitEnds:
		return visit{v.Last, now}
	}
	return visit{v.Since, now}
}
