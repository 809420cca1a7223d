package notification

import (
	"sync"
	"time"
	_ "time/tzdata" // a small server may have no time zones of its own
)

// When a letter is due. Time zones are those of the IANA database; all of this is pure.

// Due is when what happens now goes out by a letter of this cadence, the last of which went at last.
func (c Choices) Due(cadence string, now, last time.Time, zone *time.Location) time.Time {
	at := now
	switch cadence {
	case AtOnce:
		if peace := last.Add(Bundle); peace.After(at) {
			at = peace
		}
	case Daily:
		at = next(now, c.Hour, zone, func(time.Weekday) bool { return true })
	case Weekly:
		at = next(now, c.Hour, zone, func(day time.Weekday) bool { return day == time.Weekday(c.Weekday) })
	}
	return c.AfterQuiet(at, zone)
}

// Quiet reports whether a moment lies in the quiet hours.
func (c Choices) Quiet(at time.Time, zone *time.Location) bool {
	hour := at.In(zone).Hour()
	if c.From <= c.To {
		return hour >= c.From && hour < c.To
	}
	return hour >= c.From || hour < c.To
}

// AfterQuiet is the moment itself, or the end of the quiet hours that it lies in.
func (c Choices) AfterQuiet(at time.Time, zone *time.Location) time.Time {
	if !c.Quiet(at, zone) {
		return at
	}
	return next(at, c.To, zone, func(time.Weekday) bool { return true })
}

// UntilQuiet is when the next quiet hours begin, at most a day from the moment.
func (c Choices) UntilQuiet(at time.Time, zone *time.Location) time.Time {
	if c.From == c.To {
		return at.Add(24 * time.Hour)
	}
	return next(at, c.From, zone, func(time.Weekday) bool { return true })
}

// next is the first moment after another at which a clock in the zone comes to this hour, on a day that fits.
func next(after time.Time, hour int, zone *time.Location, fits func(time.Weekday) bool) time.Time {
	local := after.In(zone)
	for day := 0; ; day++ {
		at := comesTo(local.Year(), local.Month(), local.Day()+day, hour, zone)
		if at.After(after) && fits(at.In(zone).Weekday()) {
			return at
		}
	}
}

// comesTo is when a clock in the zone first shows this hour on a day. Where the hour is left out, because the clock is put
// forward, it is the moment at which it is put forward; where it comes twice, the first.
func comesTo(year int, month time.Month, day, hour int, zone *time.Location) time.Time {
	at := time.Date(year, month, day, hour, 0, 0, 0, zone)
	begins, ends := at.ZoneBounds()
	wanted := time.Date(year, month, day, hour, 0, 0, 0, time.UTC)
	shown := time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	switch {
	case shown.Before(wanted): // time.Date promises one of the two sides of a gap, and not which
		return ends
	case shown.After(wanted):
		return begins
	case begins.IsZero():
		return at
	}
	_, before := begins.Add(-time.Second).Zone()
	_, offset := at.Zone()
	if first := at.Add(time.Duration(offset-before) * time.Second); first.Before(begins) && first.Before(at) {
		return first
	}
	return at
}

// zones remembers the time zones that were asked for; there are some six hundred names.
var zones sync.Map

// Zone gives a time zone of the IANA database by its name, or nil. The server's own ("Local") and the empty name are none.
func Zone(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	if name == "" || name == "Local" || len(name) > 64 {
		return nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	zones.Store(name, zone)
	return zone
}
