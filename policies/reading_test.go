package policies_test

import (
	"strings"
	"testing"

	"kinward/hooks/reading"
)

// The reading level that what is shipped keeps to: sixth to eighth grade, for the whole text and, more loosely, for
// each clause, so that one hard clause does not hide among easy ones.
const (
	hardestText   = reading.HardText
	hardestClause = reading.HardSentence
)

// TestReadingLevel: of both languages alike, each by its own meter. Spanish sentences are longer than English ones by nature; the scale
// is Fernández Huerta's own.
func TestReadingLevel(t *testing.T) {
	for _, slug := range shipped {
		for _, language := range languages {
			t.Run(language+"/"+slug, func(t *testing.T) { textReads(t, language, slug) })
		}
	}
}

func textReads(t *testing.T, language, slug string) {
	p := read(t, language, slug)
	words := []string{p.Summary}
	for _, c := range p.clauses {
		words = append(words, c.words)
		if g := grade(language, c.words); g > hardestClause {
			t.Errorf("clause %d {#%s} reads at grade %.1f: %s", c.number, c.id, g, c.words)
		}
	}
	for i, c := range p.Checks {
		words = append(words, c.Say)
		if g := grade(language, c.Say); g > hardestText {
			t.Errorf("check %d reads at grade %.1f: %s", i+1, g, c.Say)
		}
	}
	for whose, line := range p.Strip {
		if g := grade(language, line); g > hardestText {
			t.Errorf("the line for %s while writing reads at grade %.1f: %s", whose, g, line)
		}
	}
	whole := grade(language, strings.Join(words, " "))
	t.Logf("grade %.1f", whole)
	if whole > hardestText {
		t.Errorf("reads at grade %.1f, want at most %.1f", whole, hardestText)
	}
	if g := grade(language, p.Summary); g > hardestText {
		t.Errorf("the summary reads at grade %.1f: %s", g, p.Summary)
	}
}

func TestReadingLevelOfCases(t *testing.T) {
	for _, slug := range cases {
		for _, language := range languages {
			c := readCase(t, language, slug)
			words := []string{c.situation}
			for _, one := range c.choices {
				words = append(words, one.words+".", one.leadsTo)
			}
			for _, part := range words {
				if g := grade(language, part); g > hardestClause {
					t.Errorf("%s/%s: grade %.1f: %s", language, slug, g, part)
				}
			}
			if g := grade(language, strings.Join(words, " ")); g > hardestText {
				t.Errorf("%s/%s reads at grade %.1f", language, slug, g)
			}
		}
	}
}

func TestReadingLevelOfBlocks(t *testing.T) {
	for _, slug := range blocks {
		for _, language := range languages {
			if g := grade(language, readBlock(t, language, slug).body); g > hardestText {
				t.Errorf("%s/%s reads at grade %.1f", language, slug, g)
			}
		}
	}
}

// filled stands for what a practice puts in the place of a placeholder; its words count like any other.
var filled = strings.NewReplacer("{{practice}}", "the practice", "{{phone}}", "this number", "{{hours}}", "these hours",
	"{{emergency}}", "nine", "{{crisis_line}}", "nine", "{{policies_link}}", "this page")

// filledEs is filled in Spanish.
var filledEs = strings.NewReplacer("{{practice}}", "el consultorio", "{{phone}}", "este número", "{{hours}}", "estas horas",
	"{{emergency}}", "nueve", "{{crisis_line}}", "nueve", "{{policies_link}}", "esta página")

// plain takes the marks of Markdown off, as a reader would not see them.
func plain(language, s string) string {
	if language == "es" {
		return filledEs.Replace(link.ReplaceAllString(s, "enlace"))
	}
	return filled.Replace(link.ReplaceAllString(s, "link"))
}

// grade is the same meter that the editor shows.
func grade(language, s string) float64 { return reading.Of(language, plain(language, s)).Grade }
