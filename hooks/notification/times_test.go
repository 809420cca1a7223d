package notification

import (
	"testing"
	"time"

	"kinward/hooks/clinic"
)

func at(t *testing.T, text string) time.Time {
	t.Helper()
	out, err := time.Parse("2006-01-02 15:04:05 -0700", text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestDueOverBothChangesOfTheClock: the letter comes when the member's clock says so, on the days on which the clock is put
// forward and back as well, and once on each of them.
func TestDueOverBothChangesOfTheClock(t *testing.T) {
	for _, c := range []struct {
		name, zone, now, want string
		hour                  int
	}{
		{"the evening before", "America/Chicago", "2027-03-13 20:00:00 -0600", "2027-03-14 17:00:00 -0500", 17},
		{"the hour that is left out", "America/Chicago", "2027-03-13 20:00:00 -0600", "2027-03-14 03:00:00 -0500", 2},
		{"the day after it", "America/Chicago", "2027-03-14 03:00:00 -0500", "2027-03-15 02:00:00 -0500", 2},
		{"the hour that comes twice", "America/Chicago", "2027-11-06 20:00:00 -0500", "2027-11-07 01:00:00 -0500", 1},
		{"not at its second time", "America/Chicago", "2027-11-07 01:00:00 -0500", "2027-11-08 01:00:00 -0600", 1},
		{"in winter again", "America/Chicago", "2027-11-06 20:00:00 -0500", "2027-11-07 17:00:00 -0600", 17},
		{"midnight left out", "America/Havana", "2027-03-13 20:00:00 -0500", "2027-03-14 01:00:00 -0400", 0},
		{"half an hour", "Australia/Lord_Howe", "2027-10-02 20:00:00 +1030", "2027-10-03 02:30:00 +1100", 2},
		{"no change at all", "America/Phoenix", "2027-03-14 01:00:00 -0700", "2027-03-14 02:00:00 -0700", 2},
		{"east of everything", "Pacific/Kiritimati", "2027-06-01 12:00:00 +0000", "2027-06-02 17:00:00 +1400", 17},
	} {
		choices := Choices{Hour: c.hour}
		got := choices.Due(Daily, at(t, c.now), time.Time{}, Zone(c.zone))
		if want := at(t, c.want); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", c.name, got.In(Zone(c.zone)), c.want)
		}
	}
}

func TestDueAtOnce(t *testing.T) {
	zone, choices := Zone("America/Chicago"), Choices{From: 21, To: 8}
	noon := at(t, "2027-06-01 12:00:00 -0500")
	for name, c := range map[string]struct{ now, last, want time.Time }{
		"the first letter":                   {noon, time.Time{}, noon},
		"a second soon after":                {noon, noon.Add(-10 * time.Minute), noon.Add(20 * time.Minute)},
		"a second long after":                {noon, noon.Add(-Bundle), noon},
		"in the evening":                     {at(t, "2027-06-01 21:00:00 -0500"), time.Time{}, at(t, "2027-06-02 08:00:00 -0500")},
		"after midnight":                     {at(t, "2027-06-02 03:30:00 -0500"), time.Time{}, at(t, "2027-06-02 08:00:00 -0500")},
		"bundled into the night":             {at(t, "2027-06-01 20:50:00 -0500"), at(t, "2027-06-01 20:45:00 -0500"), at(t, "2027-06-02 08:00:00 -0500")},
		"the last minute before the night":   {at(t, "2027-06-01 20:59:59 -0500"), time.Time{}, at(t, "2027-06-01 20:59:59 -0500")},
		"the night the clock goes forward":   {at(t, "2027-03-13 23:00:00 -0600"), time.Time{}, at(t, "2027-03-14 08:00:00 -0500")},
		"the night the clock goes back":      {at(t, "2027-11-06 23:00:00 -0500"), time.Time{}, at(t, "2027-11-07 08:00:00 -0600")},
		"the first minute after the night":   {at(t, "2027-06-02 08:00:00 -0500"), time.Time{}, at(t, "2027-06-02 08:00:00 -0500")},
		"a letter of the day after tomorrow": {noon, noon.Add(-72 * time.Hour), noon},
	} {
		if got := choices.Due(AtOnce, c.now, c.last, zone); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", name, got.In(zone), c.want.In(zone))
		}
	}
}

func TestDueWeekly(t *testing.T) {
	zone := Zone("Europe/Berlin")
	choices := Choices{Hour: 9, Weekday: int(time.Monday), From: 21, To: 8}
	for now, want := range map[string]string{
		"2027-06-01 12:00:00 +0200": "2027-06-07 09:00:00 +0200", // a Tuesday
		"2027-06-07 08:59:59 +0200": "2027-06-07 09:00:00 +0200",
		"2027-06-07 09:00:00 +0200": "2027-06-14 09:00:00 +0200",
		"2027-10-30 12:00:00 +0200": "2027-11-01 09:00:00 +0100", // over the change
	} {
		if got := choices.Due(Weekly, at(t, now), time.Time{}, zone); !got.Equal(at(t, want)) {
			t.Errorf("%s: %s, want %s", now, got.In(zone), want)
		}
	}
	choices.Hour = 23
	if got := choices.Due(Daily, at(t, "2027-06-01 12:00:00 +0200"), time.Time{}, zone); !got.Equal(at(t, "2027-06-02 08:00:00 +0200")) {
		t.Errorf("a daily letter in the night waits until it is over: %s", got.In(zone))
	}
}

func TestQuiet(t *testing.T) {
	zone := time.UTC
	hour := func(h int) time.Time { return time.Date(2027, 6, 1, h, 30, 0, 0, zone) }
	for _, c := range []struct {
		from, to int
		quiet    []int
	}{
		{21, 8, []int{21, 22, 23, 0, 1, 2, 3, 4, 5, 6, 7}}, {12, 14, []int{12, 13}}, {0, 0, nil}, {9, 9, nil}, {23, 0, []int{23}},
	} {
		is := map[int]bool{}
		for _, h := range c.quiet {
			is[h] = true
		}
		for h := range 24 {
			if got := (Choices{From: c.from, To: c.to}).Quiet(hour(h), zone); got != is[h] {
				t.Errorf("%d to %d: %d is quiet: %v", c.from, c.to, h, got)
			}
		}
	}
}

func TestZone(t *testing.T) {
	for _, name := range []string{"", "Local", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "America/../UTC", string(make([]byte, 100))} {
		if Zone(name) != nil {
			t.Errorf("%q is a time zone", name)
		}
	}
	for _, name := range []string{"UTC", "America/Argentina/Buenos_Aires", "Asia/Kolkata"} {
		if Zone(name) == nil {
			t.Errorf("%q is none", name)
		}
	}
}

// TestDefaultsAreGentle: a patient gets at most one letter a day, and nobody anything at night.
func TestDefaultsAreGentle(t *testing.T) {
	for _, role := range clinic.Roles {
		c := Defaults(role)
		if len(c.Check()) > 0 || c.From != 21 || c.To != 8 || len(c.Kinds) != len(Kinds) {
			t.Errorf("%s: %+v", role, c)
		}
		for kind, ways := range c.Kinds {
			if !ways.Page || !role.Works() && ways.Mail == AtOnce {
				t.Errorf("%s: %s by %+v", role, kind, ways)
			}
		}
	}
}
