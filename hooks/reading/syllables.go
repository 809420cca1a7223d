package reading

import (
	"regexp"
	"strings"
)

var (
	vowels = regexp.MustCompile(`[aeiouy]+`)
	// An e that nobody says: care, asked, phones; but not table, wanted, changes.
	silent = regexp.MustCompile(`[aeiouy][^aeiouy]+e$|[^aeiouydt]ed$|[^aeiouysxzcg]es$`)
	spoken = regexp.MustCompile(`[^aeiouy]les?$|(ch|sh)es$`)
	// Two vowels that are said apart: quiet, idea, serious (not social), being.
	apart = regexp.MustCompile(`iet|..ea$|[^ct]ia|[^cst]io|[aeiouy]ing`)
)

// syllablesEn counts the beats of an English word by its vowels: near enough for an average over hundreds of words, and rather
// too many than too few.
func syllablesEn(word string) int {
	word = strings.ReplaceAll(strings.ToLower(word), "qu", "kw")
	n := len(vowels.FindAllString(word, -1)) + len(apart.FindAllString(word, -1))
	if silent.MatchString(word) && !spoken.MatchString(word) {
		n--
	}
	return max(1, n)
}

var (
	mute     = regexp.MustCompile(`([gq])u([eiéí])`) // guerra, quien; but not pingüino
	lastY    = regexp.MustCompile(`y$`)              // muy, hoy: a vowel; yo, mayo: none
	strongEs = "aáeéoóíú"                            // an accent makes a weak vowel strong: día, país
	weakEs   = "iuüy"
)

// syllablesEs counts the syllables of a Spanish word. Spanish is written as it is said: a weak vowel joins its neighbour, two
// strong ones are apart.
func syllablesEs(word string) int {
	word = mute.ReplaceAllString(strings.ToLower(word), "$1$2")
	word = strings.ReplaceAll(lastY.ReplaceAllString(word, "i"), "y", "_")
	n, before := 0, 0 // what the vowel before was: 0 none, 1 weak, 2 strong
	for _, r := range word {
		switch {
		case strings.ContainsRune(strongEs, r):
			if before != 1 || r == 'í' || r == 'ú' {
				n++
			}
			before = 2
		case strings.ContainsRune(weakEs, r):
			if before == 0 {
				n++
			}
			before = 1
		case r == 'h' && before != 0: // prohibir is said as it would be without
		default:
			before = 0
		}
	}
	return max(1, n)
}
