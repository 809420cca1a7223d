// Package reading says how hard a text is to read, from the lengths of its sentences and words. It is a meter and no judge: it
// counts, and knows nothing of what the words say.
//
// English: the Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers and Chissom: Derivation of new readability formulas for
// Navy enlisted personnel, Research Branch Report 8-75, 1975). Spanish: the reading ease of Fernández Huerta (Medidas sencillas
// de lecturabilidad, Consigna 214, 1959), with words a sentence as G. Law corrected it, and its table of school years; the word
// for the ease is that of the INFLESZ scale (Barrio-Cantalejo and others, Anales del Sistema Sanitario de Navarra 31, 2008), which is
// read from Szigriszt-Pazos's formula (1993).
//
// It promises to depend on nothing but the standard library.
package reading

import (
	"math"
	"regexp"
	"strings"
	"unicode"
)

// Measure is what a text came to.
type Measure struct {
	Words, Sentences, Syllables int
	Grade                       float64 // years of schooling that a reader needs
	Ease                        float64 // 0 (hardest) to 100 (easiest)
	Band                        string  // very_hard, hard, plain, easy, very_easy
	Source                      string  // the formula's name
}

// The grades that Kinward's own texts keep to: sixth to eighth grade, and for one sentence alone rather more.
const (
	HardText     = 8.5
	HardSentence = 13.0
)

// A colon ends a sentence, as it does for the breath of a reader before a list.
var sentenceEnd = regexp.MustCompile(`[.!?:…]+(\s|["”»)]|$)`)

// Of measures a text without markup in a language; what is not Spanish is read as English.
func Of(language, text string) Measure {
	spanish := language == "es"
	m := Measure{Sentences: max(1, len(sentenceEnd.FindAllString(text, -1)))}
	for _, word := range words(text) {
		m.Words++
		if spanish {
			m.Syllables += syllablesEs(word)
		} else {
			m.Syllables += syllablesEn(word)
		}
	}
	if m.Words == 0 {
		return Measure{Band: "very_easy", Ease: 100}
	}
	length, beats := float64(m.Words)/float64(m.Sentences), float64(m.Syllables)/float64(m.Words)
	if spanish {
		m.Source, m.Ease = "Fernández Huerta / INFLESZ", 206.84-60*beats-1.02*length
		m.Grade = schoolYear(m.Ease)
	} else {
		m.Source, m.Ease = "Flesch-Kincaid", 206.835-84.6*beats-1.015*length
		m.Grade = 0.39*length + 11.8*beats - 15.59
	}
	m.Band = band(m.Ease)
	if spanish {
		m.Band = band(206.835 - 62.3*beats - length)
	}
	m.Ease = math.Min(100, math.Max(0, m.Ease))
	return m
}

// schoolYear reads Fernández Huerta's table, straight lines between its steps.
func schoolYear(ease float64) float64 {
	steps := []struct{ ease, year float64 }{{100, 3}, {90, 4}, {80, 5}, {70, 6}, {60, 8}, {50, 11}, {30, 13}, {0, 17}}
	if ease >= steps[0].ease {
		return steps[0].year
	}
	for i, low := range steps[1:] {
		if high := steps[i]; ease >= low.ease {
			return high.year + (low.year-high.year)*(high.ease-ease)/(high.ease-low.ease)
		}
	}
	last := steps[len(steps)-1]
	return last.year - ease/10 // below zero: still harder
}

// band names the ease as the INFLESZ scale does.
func band(ease float64) string {
	switch {
	case ease < 40:
		return "very_hard"
	case ease < 55:
		return "hard"
	case ease < 65:
		return "plain"
	case ease < 80:
		return "easy"
	}
	return "very_easy"
}

// words takes a text apart; a compound counts as its parts.
func words(text string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' && r != '’' && r != '-' }) {
		for part := range strings.SplitSeq(word, "-") {
			if part = strings.Trim(part, "'’"); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// Sentences takes a text apart, each with the mark that ends it.
func Sentences(text string) []string {
	var out []string
	start := 0
	for _, end := range sentenceEnd.FindAllStringIndex(text, -1) {
		out = appendWords(out, text[start:end[1]])
		start = end[1]
	}
	return appendWords(out, text[start:])
}

func appendWords(list []string, sentence string) []string {
	if sentence = strings.TrimSpace(sentence); strings.ContainsFunc(sentence, unicode.IsLetter) {
		return append(list, sentence)
	}
	return list
}
