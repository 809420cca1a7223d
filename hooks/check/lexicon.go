package check

import (
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// lexicon says what a word counts as, beside itself, where texts are weighed: its base form, the English word that means the same,
// and the families of meaning it belongs to. All of it stands in grammar/*.txt, written by hand.
type lexicon struct {
	forms    map[string]string   // English forms that no ending tells: "took" is "take"
	spanish  map[string]string   // Spanish words by the English one
	stems    map[string]string   // the same, by the first letters of a word
	longest  int                 // of stems
	meanings map[string][]string // families by base form
	families map[string][]string // those of words.txt, by word
	begun    map[string][]string // the same, by the first letters of a word
	deepest  int                 // of begun
}

// A word as it is said, and not in whatever form, stands behind these in the files of weights. The two languages share some words.
const (
	asSaid          = "="
	asSaidInSpanish = "es="
)

// counted is a word as it is weighed.
type counted struct {
	base     string
	surfaces []string // as it is said, and as the English word that means the same
	meant    string   // that English word, whose vector learning takes
	families []string
}

func readLexicon(files fs.FS) (*lexicon, error) {
	l := &lexicon{forms: map[string]string{}, spanish: map[string]string{}, stems: map[string]string{}, meanings: map[string][]string{},
		families: map[string][]string{}, begun: map[string][]string{}}
	err := eachLine(files, "grammar/forms.txt", func(base string, forms []string) {
		for _, form := range forms {
			l.forms[form] = silent(base)
		}
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(files, "grammar/spanish.txt", func(base string, forms []string) {
		for _, form := range forms {
			into := l.spanish
			if stem, ok := strings.CutSuffix(form, "*"); ok {
				into, form, l.longest = l.stems, stem, max(l.longest, len(stem))
			}
			if _, taken := into[form]; !taken { // a word of two meanings has the first
				into[form] = base
			}
		}
	})
	if err != nil {
		return nil, err
	}
	err = eachLine(files, "grammar/meanings.txt", func(name string, words []string) {
		for _, word := range words {
			join(l.meanings, l.base(word), "~"+name)
		}
	})
	if err != nil {
		return nil, err
	}
	return l, l.shared(files)
}

// shared takes over the families of the grammars.
func (l *lexicon) shared(files fs.FS) error {
	source, err := fs.ReadFile(files, "grammar/words.txt")
	if err != nil {
		return err
	}
	families, err := define(string(source))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(families)) {
		if name == "<clin>" { // of all the others together
			continue
		}
		for _, word := range strings.Split(families[name], "|") {
			if stem, ok := strings.CutSuffix(word, "*"); ok {
				join(l.begun, stem, name)
				l.deepest = max(l.deepest, len(stem))
			} else {
				join(l.families, word, name)
			}
		}
	}
	return nil
}

// join adds to a list what is not in it.
func join(lists map[string][]string, key, one string) {
	for _, known := range lists[key] {
		if known == one {
			return
		}
	}
	lists[key] = append(lists[key], one)
}

// eachLine reads a file of lines "name = words".
func eachLine(files fs.FS, name string, take func(name string, words []string)) error {
	source, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	for _, line := range strings.Split(string(source), "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		key, words, ok := strings.Cut(line, " = ")
		if !ok {
			return fmt.Errorf("%s: %q has no \" = \"", name, line)
		}
		take(key, strings.Fields(words))
	}
	return nil
}

// of gives what a word of a text counts as; spanish: the text is Spanish.
func (l *lexicon) of(word string, spanish bool) counted {
	k := counted{meant: word}
	if !spanish {
		k.base = l.base(word)
	} else if english, ok := l.english(word); ok {
		k.base, k.meant = l.base(english), english
	} else {
		k.base = spanishStem(word)
	}
	if k.meant != k.base {
		k.surfaces = append(k.surfaces, asSaid+k.meant)
	}
	if spanish && word != k.base {
		k.surfaces = append(k.surfaces, asSaidInSpanish+word)
	}
	k.families = append(k.families, l.meanings[k.base]...)
	k.families = append(k.families, l.families[word]...)
	for n := min(len(word), l.deepest); n > 1; n-- {
		k.families = append(k.families, l.begun[word[:n]]...)
	}
	return k
}

// english gives the English word that means what a Spanish one does.
func (l *lexicon) english(word string) (string, bool) {
	if base, ok := l.spanish[word]; ok {
		return base, true
	}
	for n := min(len(word), l.longest); n > 1; n-- {
		if base, ok := l.stems[word[:n]]; ok {
			return base, true
		}
	}
	return "", false
}

// shortest is how many letters an ending leaves at least.
const shortest = 3

// base gives the form of an English word by which it is counted, so that "stopping", "stopped" and "stops" are one word. It need not
// be a word that is in a dictionary.
func (l *lexicon) base(word string) string {
	if base, ok := l.forms[word]; ok {
		return base
	}
	if len(word) <= shortest {
		return word
	}
	for _, ending := range []string{"ies", "ied"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortest {
			return stem + "y"
		}
	}
	for _, ending := range []string{"ing", "ed"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortest {
			if n := len(stem); n > shortest && stem[n-1] == stem[n-2] && stem[n-1] != 'l' && stem[n-1] != 's' {
				return stem[:n-1]
			}
			return silent(stem)
		}
	}
	for _, ending := range []string{"sses", "shes", "ches", "xes"} {
		if strings.HasSuffix(word, ending) {
			return word[:len(word)-2]
		}
	}
	if stem, ok := strings.CutSuffix(word, "s"); ok && len(stem) >= shortest && strings.IndexByte("siu", stem[len(stem)-1]) < 0 {
		return silent(stem)
	}
	return silent(word)
}

// silent takes a silent e away, so that "taking" and "take" meet.
func silent(stem string) string {
	if len(stem) > shortest {
		return strings.TrimSuffix(stem, "e")
	}
	return stem
}

// spanishEndings are taken off a word that spanish.txt has not; the longer ones first.
var spanishEndings = strings.Fields(`iendose amente aciones iciones andose abamos acion icion mente iendo ieron ando aron aban aste iste able ible
	aba adas ados idas idos ada ado ida ido ian er es as os ar ir an en ia io s e a o`)

func spanishStem(word string) string {
	for _, ending := range spanishEndings {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= shortest {
			return stem
		}
	}
	return word
}

// Words that only one of the two languages has, and that hardly a sentence goes without.
var (
	spanishSigns = setOf("de la el que en los las por con una un mi es se lo le su al del para como pero mas y muy ya te nos esta hay tengo tiene estoy cuando porque sin donde")
	englishSigns = setOf("the a to i my is of and it was in for on with that you have she he this not be are but at so just they we do if")
)

// spanish reports whether a text is rather Spanish than English. Where no word tells, as in "quiero morirme", its words are looked up.
func (t *text) spanish(l *lexicon) bool {
	n := 0
	for i := range t.tokens {
		if spanishSigns[t.tokens[i].word] {
			n++
		} else if englishSigns[t.tokens[i].word] {
			n--
		}
	}
	if n != 0 {
		return n > 0
	}
	for i := range t.tokens[:min(len(t.tokens), longestStretch)] {
		if _, known := l.english(t.tokens[i].word); known {
			n++
		} else {
			n--
		}
	}
	return n > 0
}
