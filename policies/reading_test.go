package policies_test

import (
	"strings"
	"testing"

	"kinward/hooks/reading"
)

// The reading level that shipped English keeps to: sixth to eighth grade, for the whole text and, more loosely, for
// each clause, so that one hard clause does not hide among easy ones.
const (
	hardestText   = reading.HardText
	hardestClause = reading.HardSentence
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

// Spanish sentences are longer than English ones by nature; the scale is Fernández Huerta's own, and the whole text stays where
// the scale calls it plain or easier.
func TestReadingLevelOfSpanish(t *testing.T) {
	for _, slug := range shipped {
		p := read(t, "es", slug)
		words := []string{p.Summary}
		for _, c := range p.clauses {
			words = append(words, c.words)
		}
		m := reading.Of("es", plain(strings.Join(words, " ")))
		t.Logf("%s: grade %.1f, ease %.1f, %s", slug, m.Grade, m.Ease, m.Band)
		if m.Grade > hardestText {
			t.Errorf("%s reads at grade %.1f, want at most %.1f", slug, m.Grade, hardestText)
		}
	}
}

// filled stands for what a practice puts in the place of a placeholder; its words count like any other.
var filled = strings.NewReplacer("{{practice}}", "the practice", "{{phone}}", "this number", "{{hours}}", "these hours",
	"{{emergency}}", "nine", "{{crisis_line}}", "nine", "{{policies_link}}", "this page")

// plain takes the marks of Markdown off, as a reader would not see them.
func plain(s string) string { return filled.Replace(link.ReplaceAllString(s, "link")) }

// grade is that of an English text: the same meter that the editor shows.
func grade(s string) float64 { return reading.Of("en", s).Grade }
