package policies_test

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// blocks are the texts for the practice's own pages and walls, in the order in which they are offered.
var blocks = []string{
	"facebook-about", "facebook-rules", "facebook-answer", "facebook-message", "website-short", "website-long", "website-reviews",
	"waiting-room-short", "waiting-room-long",
}

// block is one text for a place outside, in one language.
type block struct {
	Slug     string
	Title    string
	Place    string
	Language string
	Policy   string // the policy that the text stands for; left out for the community guidelines
	Position int
	body     string
}

func readBlock(t *testing.T, language, slug string) block {
	t.Helper()
	var out block
	out.body = open(t, path.Join("external", language, slug+".md"), &out)
	return out
}

func TestBlocksForOutside(t *testing.T) {
	fillable := []string{"practice", "phone", "emergency", "crisis_line", "policies_link"}
	for _, language := range languages {
		for i, slug := range blocks {
			t.Run(language+"/"+slug, func(t *testing.T) {
				b, english := readBlock(t, language, slug), readBlock(t, "en", slug)
				if b.Slug != slug || b.Language != language || b.Position != i+1 || b.Title == "" || !strings.HasPrefix(slug, b.Place+"-") {
					t.Errorf("%+v", b)
				}
				if b.Place != english.Place || b.Policy != english.Policy {
					t.Errorf("for %s in one language and for %s in the other, of %q and %q", english.Place, b.Place, english.Policy, b.Policy)
				}
				if b.Policy != "" && !slices.Contains(shipped, b.Policy) {
					t.Errorf("of no shipped policy: %q", b.Policy)
				}
				fillsIn(t, b.body, fillable)
				if x, y := captured(placeholder, english.body), captured(placeholder, b.body); !slices.Equal(x, y) {
					t.Errorf("fills in %v against %v", x, y)
				}
				if x, y := strings.Count(english.body, "\n\n"), strings.Count(b.body, "\n\n"); x != y {
					t.Errorf("%d paragraphs against %d", x+1, y+1)
				}
				// Facebook shows marks as they are typed.
				if words := placeholder.ReplaceAllString(b.body, ""); b.Place == "facebook" && strings.ContainsAny(words, "*#_[]<>`") {
					t.Error("a text for Facebook holds Markdown's marks")
				}
			})
		}
	}
}

func TestEveryPlaceHasAShortAndALongerText(t *testing.T) {
	for _, language := range languages {
		shortest, longest := map[string]int{}, map[string]int{}
		for _, slug := range blocks {
			b := readBlock(t, language, slug)
			n := len(strings.Fields(b.body))
			if shortest[b.Place] == 0 || n < shortest[b.Place] {
				shortest[b.Place] = n
			}
			longest[b.Place] = max(longest[b.Place], n)
		}
		for _, place := range []string{"facebook", "website", "waiting-room"} {
			if shortest[place] == 0 || shortest[place] > 40 || longest[place] < 100 {
				t.Errorf("%s: for %s from %d to %d words", language, place, shortest[place], longest[place])
			}
		}
	}
}

// What does not lead back to the posted policies would be a policy of its own; the one sentence of an answer may stand alone.
func TestBlocksLeadToThePolicies(t *testing.T) {
	alone := []string{"facebook-answer", "facebook-message"}
	for _, slug := range blocks {
		found := slices.Contains(captured(placeholder, readBlock(t, "en", slug).body), "policies_link")
		if found == slices.Contains(alone, slug) {
			t.Errorf("%s: leads to the policies: %v", slug, found)
		}
	}
}
