package policies_test

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// The reading level that shipped English keeps to: sixth to eighth grade, for the whole text and, more loosely, for
// each clause, so that one hard clause does not hide among easy ones.
const (
	hardestText   = 8.5
	hardestClause = 13.0
)

func TestReadingLevelOfEnglish(t *testing.T) {
	for _, slug := range shipped {
		t.Run(slug, func(t *testing.T) {
			p := read(t, "en", slug)
			words := []string{p.Summary}
			for _, c := range p.clauses {
				words = append(words, c.words)
				if g := grade(plain(c.words)); g > hardestClause {
					t.Errorf("clause %d {#%s} reads at grade %.1f", c.number, c.id, g)
				}
			}
			for i, c := range p.Checks {
				words = append(words, c.Say)
				if g := grade(plain(c.Say)); g > hardestText {
					t.Errorf("check %d reads at grade %.1f: %s", i+1, g, c.Say)
				}
			}
			whole := grade(plain(strings.Join(words, " ")))
			t.Logf("grade %.1f", whole)
			if whole > hardestText {
				t.Errorf("reads at grade %.1f, want at most %.1f", whole, hardestText)
			}
			if g := grade(plain(p.Summary)); g > hardestText {
				t.Errorf("the summary reads at grade %.1f", g)
			}
		})
	}
}

func TestReadingLevelOfCases(t *testing.T) {
	for _, slug := range cases {
		c := readCase(t, "en", slug)
		words := []string{c.situation}
		for _, one := range c.choices {
			words = append(words, one.words+".", one.leadsTo)
			if g := grade(plain(one.words + ".")); g > hardestClause {
				t.Errorf("%s, %s reads at grade %.1f", slug, one.id, g)
			}
		}
		for _, part := range words {
			if g := grade(plain(part)); g > hardestClause {
				t.Errorf("%s: grade %.1f: %s", slug, g, part)
			}
		}
		if g := grade(plain(strings.Join(words, " "))); g > hardestText {
			t.Errorf("%s reads at grade %.1f", slug, g)
		}
	}
}

func TestReadingLevelOfBlocks(t *testing.T) {
	for _, slug := range blocks {
		if g := grade(plain(readBlock(t, "en", slug).body)); g > hardestText {
			t.Errorf("%s reads at grade %.1f", slug, g)
		}
	}
}

// The meter itself, against figures counted by hand.
func TestGrade(t *testing.T) {
	for _, c := range []struct {
		text string
		want float64
	}{
		{"The cat sat on the mat.", 0.39*6 + 11.8*1 - 15.59},
		{"Call us at once. We are here.", 0.39*7/2 + 11.8*1 - 15.59},
		{"The community protects privacy.", 0.39*4 + 11.8*10/4 - 15.59},
	} {
		if got := grade(c.text); got < c.want-0.01 || got > c.want+0.01 {
			t.Errorf("%q: grade %.2f, want %.2f", c.text, got, c.want)
		}
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]int{
		"cat": 1, "care": 1, "people": 2, "table": 2, "asked": 1, "wanted": 2, "medicine": 3, "emergency": 4,
		"private": 2, "phone": 1, "I": 1, "the": 1, "patients": 2, "changes": 2, "quiet": 2, "idea": 3, "police": 2,
	} {
		if got := syllables(word); got != want {
			t.Errorf("%s: %d syllables, want %d", word, got, want)
		}
	}
}

// filled stands for what a practice puts in the place of a placeholder; its words count like any other.
var filled = strings.NewReplacer("{{practice}}", "the practice", "{{phone}}", "this number", "{{hours}}", "these hours",
	"{{emergency}}", "nine", "{{crisis_line}}", "nine", "{{policies_link}}", "this page")

// plain takes the marks of Markdown off, as a reader would not see them.
func plain(s string) string { return filled.Replace(link.ReplaceAllString(s, "link")) }

var sentenceEnd = regexp.MustCompile(`[.!?:]+(\s|["”»)]|$)`)

// grade is the Flesch-Kincaid grade of an English text: years of schooling that its reader needs.
// A colon ends a sentence, as it does for the breath of a reader before a list.
func grade(s string) float64 {
	var words, beats int
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '-' }) {
		for part := range strings.SplitSeq(word, "-") {
			if part = strings.Trim(part, "'"); part != "" {
				words++
				beats += syllables(part)
			}
		}
	}
	sentences := max(1, len(sentenceEnd.FindAllString(s, -1)))
	if words == 0 {
		return 0
	}
	return 0.39*float64(words)/float64(sentences) + 11.8*float64(beats)/float64(words) - 15.59
}

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	// An e that nobody says: care, asked, phones; but not table, wanted, changes.
	silent = regexp.MustCompile(`[aeiouy][^aeiouy]+e$|[^aeiouydt]ed$|[^aeiouysxzcg]es$`)
	spoken = regexp.MustCompile(`[^aeiouy]les?$|(ch|sh)es$`)
	// Two vowels that are said apart: quiet, idea, serious (not social), being.
	apart = regexp.MustCompile(`iet|..ea$|[^ct]ia|[^cst]io|[aeiouy]ing`)
)

// syllables counts the beats of an English word by its vowels: near enough for an average over hundreds of words, and
// rather too many than too few.
func syllables(word string) int {
	word = strings.ReplaceAll(strings.ToLower(word), "qu", "kw")
	n := len(vowels.FindAllString(word, -1)) + len(apart.FindAllString(word, -1))
	if silent.MatchString(word) && !spoken.MatchString(word) {
		n--
	}
	return max(1, n)
}
