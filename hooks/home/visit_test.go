package home

import (
	"testing"
	"time"
)

func TestVisit(t *testing.T) {
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	for name, c := range map[string]struct {
		before, want visit
	}{
		"never here":               {visit{}, visit{ago(firstLook), now}},
		"a moment ago":             {visit{ago(50 * time.Hour), ago(time.Minute)}, visit{ago(50 * time.Hour), now}},
		"just before it would end": {visit{ago(50 * time.Hour), ago(visitEnds - time.Second)}, visit{ago(50 * time.Hour), now}},
		"when it has ended":        {visit{ago(50 * time.Hour), ago(visitEnds)}, visit{ago(visitEnds), now}},
		"yesterday":                {visit{ago(50 * time.Hour), ago(24 * time.Hour)}, visit{ago(24 * time.Hour), now}},
	} {
		if got := c.before.at(now); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
