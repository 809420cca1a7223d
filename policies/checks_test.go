package policies_test

import (
	"maps"
	"slices"
	"testing"
)

// check is a rule in code that a clause carries.
type check struct {
	Clause   string
	Detector string
	Whose    []string
	Where    []string
	Action   string
	Say      string
	Words    []string
}

var (
	people  = []string{"patient", "caregiver"}
	workers = []string{"provider", "staff"}
	// A check may name the family identifier, which stands for all of these.
	identifiers = []string{
		"email", "phone", "ssn", "record_number", "plan_number", "personal_date", "age_over_89", "street_address", "plate", "profile_link", "photo_link",
	}
	// The kinds of communities where patients are, and the rooms of those who work here.
	rooms = map[string][]string{"patients": {"condition", "practice", "programme"}, "staff": {"provider_room", "staff_room"}}
)

// action is what happens with a detector's finding in somebody's writing in a kind of community.
type action struct{ detector, role, where string }

// actions gives all shipped checks, one entry for each that meets; a detector that is met twice in one place fails the test,
// since its writer would read two sentences about one word.
func actions(t *testing.T, language string) map[action]string {
	t.Helper()
	out := map[action]string{}
	for _, slug := range shipped {
		for _, c := range read(t, language, slug).Checks {
			detectors, where := []string{c.Detector}, c.Where
			if c.Detector == "identifier" {
				detectors = identifiers
			}
			if len(where) == 0 {
				where = slices.Concat(rooms["patients"], rooms["staff"])
			}
			for _, detector := range detectors {
				for _, role := range c.Whose {
					for _, kind := range where {
						at := action{detector, role, kind}
						if _, twice := out[at]; twice {
							t.Errorf("%s: two checks look for %s in a %s's writing in %s", slug, detector, role, kind)
						}
						out[at] = c.Action
					}
				}
			}
		}
	}
	return out
}

// What the shipped checks do, in one place. A person in crisis is never silenced; somebody else's privacy is never only
// asked about where those who work here write to patients; a false alarm costs a patient one click at most.
func TestWhatTheChecksDo(t *testing.T) {
	done := actions(t, "en")
	want := func(detector string, roles, kinds []string, allowed ...string) {
		t.Helper()
		for _, role := range roles {
			for _, kind := range kinds {
				if got := done[action{detector, role, kind}]; !slices.Contains(allowed, got) {
					t.Errorf("%s by a %s in %s: %q, want one of %q", detector, role, kind, got, allowed)
				}
			}
		}
	}
	every := slices.Concat(rooms["patients"], rooms["staff"])
	want("crisis", slices.Concat(people, workers), every, "call")
	want("urgent", people, every, "call")
	want("urgent", workers, every, "say")
	want("complaint", people, every, "call")
	want("complaint", workers, every, "") // they may speak about their work
	want("direct_address", people, every, "")
	want("direct_address", workers, rooms["patients"], "hold")
	want("dose_advice", people, every, "ask")
	want("dose_advice", workers, rooms["patients"], "hold")
	want("testimonial", people, every, "ask")
	want("testimonial", workers, every, "hold")
	want("interest", slices.Concat(people, workers), every, "ask")
	want("member_name", people, every, "say")
	want("member_name", workers, rooms["patients"], "hold")
	want("member_name", workers, rooms["staff"], "ask")
	for _, id := range identifiers {
		want(id, []string{"patient"}, every, "ask")
		want(id, []string{"caregiver"}, every, "say", "ask", "hold")
		if id != "photo_link" {
			want(id, workers, every, "hold", "stop")
		}
	}
	want("photo_link", workers, every, "ask")
}

func TestChecksStandOnTheirClauses(t *testing.T) {
	each(t, func(t *testing.T, p text) {
		for i, c := range p.Checks {
			if !p.has(c.Clause) {
				t.Errorf("check %d stands on {#%s}, which is not in the text", i+1, c.Clause)
			}
			if c.Detector == "" || len(c.Whose) == 0 || c.Say == "" || len(c.Words) > 0 {
				t.Errorf("check %d is not whole: %+v", i+1, c)
			}
			if n := len([]rune(c.Say)); n > 330 {
				t.Errorf("check %d says %d characters under one word of a writer", i+1, n)
			}
		}
		if p.Kind == "authorization" && (len(p.Checks) > 0 || len(p.Strip) > 0) {
			t.Error("an authorization is no rule and carries no check")
		}
	})
}

// One line a strip: two policies that both want the line would leave it to chance which is shown.
func TestOneStripForEachAudience(t *testing.T) {
	for _, language := range languages {
		owner := map[string]string{}
		for _, slug := range shipped {
			for audience, line := range read(t, language, slug).Strip {
				if other, taken := owner[audience]; taken {
					t.Errorf("%s: %s and %s both have a line for %s", language, other, slug, audience)
				}
				owner[audience] = slug
				if n := len([]rune(line)); n > 160 {
					t.Errorf("%s/%s: a line of %d characters", language, slug, n)
				}
			}
		}
		if got := slices.Sorted(maps.Keys(owner)); !slices.Equal(got, []string{"patients", "staff"}) {
			t.Errorf("%s: lines for %q", language, got)
		}
	}
}

func TestBothLanguagesHaveTheSameChecks(t *testing.T) {
	for _, slug := range shipped {
		first, other := read(t, "en", slug), read(t, "es", slug)
		if len(first.Checks) != len(other.Checks) {
			t.Errorf("%s: %d checks against %d", slug, len(first.Checks), len(other.Checks))
			continue
		}
		for i, a := range first.Checks {
			b := other.Checks[i]
			if a.Clause != b.Clause || a.Detector != b.Detector || !slices.Equal(a.Whose, b.Whose) || !slices.Equal(a.Where, b.Where) || a.Action != b.Action {
				t.Errorf("%s: check %d is %+v in one language and %+v in the other", slug, i+1, a, b)
			}
			if x, y := captured(placeholder, a.Say), captured(placeholder, b.Say); !slices.Equal(x, y) {
				t.Errorf("%s: check %d fills in %v against %v", slug, i+1, x, y)
			}
		}
		for audience, line := range first.Strip {
			if x, y := captured(placeholder, line), captured(placeholder, other.Strip[audience]); other.Strip[audience] == "" || !slices.Equal(x, y) {
				t.Errorf("%s: the strip for %s fills in %v against %v", slug, audience, x, y)
			}
		}
		if len(first.Strip) != len(other.Strip) {
			t.Errorf("%s: %d strips against %d", slug, len(first.Strip), len(other.Strip))
		}
	}
}

// Whoever is in need reads the number to call in the sentence itself.
func TestHelpIsNamedWhereItIsOffered(t *testing.T) {
	needed := map[string][]string{"crisis": {"crisis_line", "emergency"}, "urgent": {"emergency"}, "complaint": {"phone"}}
	each(t, func(t *testing.T, p text) {
		for i, c := range p.Checks {
			for _, name := range needed[c.Detector] {
				if !slices.Contains(captured(placeholder, c.Say), name) {
					t.Errorf("check %d (%s) does not say {{%s}}", i+1, c.Detector, name)
				}
			}
		}
	})
}
