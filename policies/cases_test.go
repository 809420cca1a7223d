package policies_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// cases are the example cases, in the order in which they are met.
var cases = []string{
	"friend-request", "results-in-a-comment", "your-results-are-in", "thank-you-post", "one-star-review", "waiting-room-photo", "paid-supplement",
	"borrowed-name", "cry-at-night", "parent-of-a-teen", "colleague-vents", "trainee-tweet", "same-medicine", "familiar-story",
	"fever-in-the-evening", "mothers-story",
}

// example is one example case in one language, taken apart.
type example struct {
	Slug      string
	Title     string
	Roles     []string
	Policy    string
	Clause    string
	Position  int
	Language  string
	situation string
	choices   []choice
}

// choice is one thing that the reader could do.
type choice struct {
	id, words, leadsTo string
	good               bool
}

var choiceLine = regexp.MustCompile(`^([a-d])\. (\(good\) )?(.+)$`)

// readCase takes a case apart and fails the test where it is not in the shape that the package promises.
func readCase(t *testing.T, language, slug string) example {
	t.Helper()
	name := path.Join("cases", language, slug+".md")
	var out example
	parts := strings.Split(open(t, name, &out), "\n## ")
	if out.Slug != slug || out.Language != language {
		t.Errorf("%s: slug %q and language %q are not what the file is named after", name, out.Slug, out.Language)
	}
	out.situation = strings.TrimSpace(parts[0])
	for i, part := range parts[1:] {
		head, leadsTo, _ := strings.Cut(part, "\n")
		found := choiceLine.FindStringSubmatch(head)
		if found == nil || found[1] != string(rune('a'+i)) {
			t.Fatalf("%s: a choice is a letter, maybe (good), and words: %q", name, head)
		}
		out.choices = append(out.choices, choice{found[1], found[3], strings.TrimSpace(leadsTo), found[2] != ""})
	}
	return out
}

func eachCase(t *testing.T, look func(t *testing.T, c example)) {
	t.Helper()
	for _, language := range languages {
		for _, slug := range cases {
			t.Run(language+"/"+slug, func(t *testing.T) { look(t, readCase(t, language, slug)) })
		}
	}
}

func TestCasesAreWhole(t *testing.T) {
	eachCase(t, func(t *testing.T, c example) {
		if c.Position != 1+slices.Index(cases, c.Slug) || c.Title == "" || len(c.Roles) == 0 || len(c.situation) < 100 {
			t.Errorf("slug %q, position %d, title %q, roles %q, situation %q", c.Slug, c.Position, c.Title, c.Roles, c.situation)
		}
		if len(c.choices) < 3 || len(c.choices) > 4 {
			t.Errorf("%d choices", len(c.choices))
		}
		good := 0
		for _, one := range c.choices {
			if one.good {
				good++
			}
			if len(one.leadsTo) < 60 {
				t.Errorf("%s leads nowhere: %q", one.id, one.leadsTo)
			}
		}
		if good != 1 {
			t.Errorf("%d choices are good", good)
		}
	})
}

// A case asks its reader to reconsider a clause of a policy, and that policy must be there to be read.
func TestEveryCaseStandsOnAClause(t *testing.T) {
	eachCase(t, func(t *testing.T, c example) {
		if !slices.Contains(shipped, c.Policy) {
			t.Fatalf("policy %q", c.Policy)
		}
		if !read(t, c.Language, c.Policy).has(c.Clause) {
			t.Errorf("%s has no clause {#%s}", c.Policy, c.Clause)
		}
		for _, role := range c.Roles {
			if !slices.Contains(slices.Concat(people, workers), role) {
				t.Errorf("role %q", role)
			}
		}
	})
}

// Nobody finds the good answer by its letter or because it is the longest; those who work here practise on a good number, patients and caregivers on three.
func TestCasesOfEachRole(t *testing.T) {
	letters, count, longest := map[string]int{}, map[string]int{}, 0
	for _, slug := range cases {
		c := readCase(t, "en", slug)
		for _, role := range c.Roles {
			count[role]++
		}
		for _, one := range c.choices {
			if one.good {
				letters[one.id]++
			}
		}
		if slices.MaxFunc(c.choices, func(a, b choice) int { return len(a.words) - len(b.words) }).good {
			longest++
		}
	}
	if longest > len(cases)/3 {
		t.Errorf("the good choice is the longest in %d cases", longest)
	}
	for letter, n := range letters {
		if n > len(cases)/2 {
			t.Errorf("%s is good %d times", letter, n)
		}
	}
	if count["patient"] != 3 || count["caregiver"] != 3 || count["staff"] < 9 || count["provider"] < 9 {
		t.Errorf("cases by role: %v", count)
	}
}

func TestBothLanguagesHaveTheSameCases(t *testing.T) {
	for _, slug := range cases {
		a, b := readCase(t, "en", slug), readCase(t, "es", slug)
		if a.Slug != b.Slug || !slices.Equal(a.Roles, b.Roles) || a.Policy != b.Policy || a.Clause != b.Clause || a.Position != b.Position {
			t.Errorf("%+v\n%+v", a, b)
		}
		if a.Title == b.Title {
			t.Errorf("%s: %q in both languages", slug, a.Title)
		}
		same := func(x, y choice) bool { return x.id == y.id && x.good == y.good }
		if !slices.EqualFunc(a.choices, b.choices, same) {
			t.Errorf("%s: the choices differ", slug)
		}
	}
}
