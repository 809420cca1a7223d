package poll

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
)

// every way in which n votes can fall on k choices.
func ways(n, k int) (out []sums) {
	var fill func(at, left int, so sums)
	fill = func(at, left int, so sums) {
		if at == k-1 {
			so[at] = uint32(left)
			out = append(out, so)
			return
		}
		for here := range left + 1 {
			so[at] = uint32(here)
			fill(at+1, left-here, so)
		}
	}
	fill(0, n, sums{})
	return out
}

func told(k int, urn sums) string {
	p := clinic.Poll{Choices: make([]string, k)}
	release(&p, &urn)
	return fmt.Sprint(p.Votes, p.Withheld, p.Counted)
}

// TestNoCrowdIsKnownToHaveChosenAlike: whatever is let out fits to several ways in which the crowd may have chosen, so that of nobody
// in it one choice is certain; not even to one of the crowd, who knows their own.
func TestNoCrowdIsKnownToHaveChosenAlike(t *testing.T) {
	for k := leastChoice; k <= 4; k++ {
		for n := Batch; n <= Batch+4; n++ {
			fits := map[string][]sums{}
			for _, way := range ways(n, k) {
				fits[told(k, way)] = append(fits[told(k, way)], way)
			}
			for said, all := range fits {
				for own := -1; own < k; own++ { // -1: one who did not vote looks
					if choice, known := certain(all, own, n, k); known {
						t.Fatalf("%d votes on %d choices: %s tells one who chose %d that all others chose %d", n, k, said, own, choice)
					}
				}
			}
		}
	}
}

// certain reports whether all others chose the same in every way that fits, for one who chose own.
func certain(all []sums, own, n, k int) (int, bool) {
	others := n
	if own >= 0 {
		others--
	}
	for choice := range k {
		possible, every := 0, true
		for _, way := range all {
			if own >= 0 {
				if way[own] == 0 {
					continue
				}
				way[own]--
			}
			possible++
			every = every && int(way[choice]) == others
		}
		if possible > 0 && every {
			return choice, true
		}
	}
	return 0, false
}

func TestNoVoteIsLost(t *testing.T) {
	for _, way := range ways(Batch, 3) {
		p := clinic.Poll{Choices: make([]string, 3)}
		urn := way
		release(&p, &urn)
		sum := p.Withheld
		for i, votes := range p.Votes {
			sum += votes
			if votes > int(way[i]) {
				t.Errorf("%v is told as %v", way, p.Votes)
			}
		}
		if sum != Batch || p.Counted != Batch || urn.total() != 0 || p.Withheld > spare {
			t.Errorf("%v is told as %v and %d, %d stay", way, p.Votes, p.Withheld, urn.total())
		}
	}
}

func TestAnUrnIsAlwaysAsLong(t *testing.T) {
	want := len((&sums{}).bytes())
	for _, s := range []sums{{1}, {40_000, 3}, {9: 1 << 30}} {
		text := s.bytes()
		back, err := readSums(text)
		if err != nil || back != s || len(text) != want {
			t.Errorf("%v: %d bytes, %v, %v", s, len(text), back, err)
		}
	}
	if _, err := readSums([]byte("short")); err == nil {
		t.Error("another thing was read as an urn")
	}
}

func TestAsked(t *testing.T) {
	now := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	many := strings.Split("a b c d e f g h i j k", " ")
	for name, c := range map[string]struct {
		choices []string
		results string
		ends    time.Time
		want    string
	}{
		"two":             {[]string{" yes ", "no", ""}, "", now.Add(time.Hour), ""},
		"one":             {[]string{"yes", " "}, "", now.Add(time.Hour), "poll_needs_choices"},
		"eleven":          {many, "", now.Add(time.Hour), "poll_needs_choices"},
		"ten":             {many[:10], "end", now.Add(time.Hour), ""},
		"twice":           {[]string{"Yes", "yes"}, "", now.Add(time.Hour), "poll_choice_twice"},
		"too long":        {[]string{strings.Repeat("é", 121), "b"}, "", now.Add(time.Hour), "too_long"},
		"turned around":   {[]string{"a\u202eb", "c"}, "", now.Add(time.Hour), "invalid"},
		"over":            {[]string{"a", "b"}, "", now, "poll_ends_wrong"},
		"for good":        {[]string{"a", "b"}, "", now.Add(longest + time.Second), "poll_ends_wrong"},
		"at another time": {[]string{"a", "b"}, "never", now.Add(time.Hour), "invalid"},
	} {
		got, err := Asked(clinic.Poll{Choices: c.choices, Results: c.results}, c.ends, now)
		if fault, _ := err.(*clinic.Fault); (c.want == "") != (err == nil) || fault != nil && fault.Fields[0].Code != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if name == "two" && (len(got.Choices) != 2 || got.Choices[0] != "yes" || got.Results != clinic.ResultsRunning) {
			t.Errorf("%+v", got)
		}
	}
}

func TestGroupsAreNeverFew(t *testing.T) {
	g := func(role clinic.Role, members, missing int) group {
		return group{Roles: []clinic.Role{role}, Members: members, Missing: missing}
	}
	for name, c := range map[string]struct {
		roles []group
		want  string
	}{
		"one role":                {[]group{g(clinic.Patient, 40, 3)}, "[]"},
		"few beside many":         {[]group{g(clinic.Patient, 40, 3), g(clinic.Staff, 2, 1)}, "[]"},
		"two crowds":              {[]group{g(clinic.Staff, 11, 1), g(clinic.Patient, 40, 3)}, "[{[patient] 40 3} {[staff] 11 1}]"},
		"small ones make a crowd": {[]group{g(clinic.Patient, 40, 3), g(clinic.Staff, 6, 1), g(clinic.Caregiver, 6, 2)}, "[{[patient] 40 3} {[caregiver staff] 12 3}]"},
		"a small one joins the smallest crowd": {[]group{g(clinic.Patient, 40, 3), g(clinic.Caregiver, 12, 2), g(clinic.Provider, 1, 1)},
			"[{[patient] 40 3} {[caregiver provider] 13 3}]"},
		"nobody": {nil, "[]"},
	} {
		if got := fmt.Sprint(grouped(c.roles)); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
