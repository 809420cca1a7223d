package main

import (
	"cmp"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode"

	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/policies"
)

// What the members of the bench write. The frequent words are those of the practice's own policies in their own frequency; the
// long tail, as in what patients write, is names: of medicines, places and people, here made of syllables. Words are drawn
// by Zipf's law, so that a search meets frequent and rare ones as it would.

const (
	vocabulary = 30_000
	paragraphs = 12_000 // each is rendered once; what is written is made of several
)

// paragraph is a piece of Markdown with its HTML. Blocks stand for themselves, so that joined sources give joined HTML.
type paragraph struct{ source, html string }

type writer struct {
	random *rand.Rand
	short  []paragraph // a sentence or two
	long   []paragraph
	lists  []paragraph
}

func newWriter(random *rand.Rand) (*writer, error) {
	w := &writer{random: random}
	for _, language := range []string{"en", "en", "en", "en", "en", "es"} { // one in six writes Spanish
		words, err := wordsOf(random, language)
		if err != nil {
			return nil, err
		}
		tongue := &tongue{random, words, rand.NewZipf(random, 1.1, 2.7, uint64(len(words)-1))}
		for range paragraphs / 6 / 3 {
			w.short = append(w.short, rendered(tongue.sentences(1+random.IntN(2))))
			w.long = append(w.long, rendered(tongue.sentences(2+random.IntN(5))))
			w.lists = append(w.lists, rendered(tongue.list()))
		}
	}
	return w, nil
}

func rendered(source string) paragraph { return paragraph{source, markdown.Render(source)} }

// wordsOf lists the words of a language, the most frequent first.
func wordsOf(random *rand.Rand, language string) ([]string, error) {
	count := map[string]int{}
	err := fs.WalkDir(policies.FS, language, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(policies.FS, path)
		for _, word := range strings.FieldsFunc(strings.ToLower(string(text)), func(r rune) bool { return !unicode.IsLetter(r) }) {
			count[word]++
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	words := make([]string, 0, vocabulary)
	for word := range count {
		words = append(words, word)
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	if len(words) < 500 {
		return nil, fmt.Errorf("only %d words of %s were found", len(words), language)
	}
	for len(words) < vocabulary {
		words = append(words, name(random))
	}
	return words, nil
}

var syllables = []string{"a", "ba", "cor", "den", "e", "fi", "gan", "ha", "ib", "ka", "lo", "mab", "mon", "na", "nib", "o", "pra", "quin", "ra", "sal",
	"ta", "tin", "u", "ve", "vir", "xi", "ya", "zo", "zole", "mide", "pril", "statin"}

func name(random *rand.Rand) string {
	var out strings.Builder
	for range 2 + random.IntN(3) {
		out.WriteString(syllables[random.IntN(len(syllables))])
	}
	return out.String()
}

// tongue is one language with its frequencies.
type tongue struct {
	random *rand.Rand
	words  []string
	zipf   *rand.Zipf
}

func (t *tongue) word() string { return t.words[t.zipf.Uint64()] }

func (t *tongue) sentence() string {
	words := make([]string, 5+t.random.IntN(13))
	for i := range words {
		words[i] = t.word()
	}
	switch t.random.IntN(12) {
	case 0:
		words[2] = "**" + words[2] + "**"
	case 1:
		words[3] = "[" + words[3] + "](https://" + name(t.random) + ".example/" + name(t.random) + ")"
	}
	first := []rune(words[0])
	words[0] = string(unicode.ToUpper(first[0])) + string(first[1:])
	return strings.Join(words, " ") + "."
}

func (t *tongue) sentences(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = t.sentence()
	}
	return strings.Join(out, " ")
}

func (t *tongue) list() string {
	var out strings.Builder
	for range 2 + t.random.IntN(4) {
		out.WriteString("- " + t.word() + " " + t.word() + " " + t.word() + "\n")
	}
	return strings.TrimRight(out.String(), "\n")
}

// post gives a text of some paragraphs, in one of five posts with a list.
func (w *writer) post() paragraph {
	parts := []paragraph{}
	for range 1 + w.random.IntN(4) {
		parts = append(parts, w.long[w.random.IntN(len(w.long))])
	}
	if w.random.IntN(5) == 0 {
		parts = append(parts, w.lists[w.random.IntN(len(w.lists))])
	}
	return joined(parts)
}

func (w *writer) comment() paragraph {
	parts := []paragraph{w.short[w.random.IntN(len(w.short))]}
	if w.random.IntN(3) == 0 {
		parts = append(parts, w.long[w.random.IntN(len(w.long))])
	}
	return joined(parts)
}

// clean gives a title and a text in which the practice's checks find nothing: what they find is asked about first.
func (w *writer) clean() (title string, text paragraph) {
	for {
		title, text = w.title(), w.post()
		about := check.Context{Role: clinic.Patient}
		if len(check.Find(title, about)) == 0 && len(check.Find(text.source, about)) == 0 {
			return title, text
		}
	}
}

// sought is a word that somebody looks for: one of those that were written, of four letters at least.
func (w *writer) sought() string {
	for {
		words := strings.FieldsFunc(w.short[w.random.IntN(len(w.short))].source, func(r rune) bool { return !unicode.IsLetter(r) })
		if word := words[w.random.IntN(len(words))]; len(word) >= 4 {
			return word
		}
	}
}

func (w *writer) title() string {
	words := strings.Fields(w.short[w.random.IntN(len(w.short))].source)
	return strings.Trim(strings.Join(words[:min(len(words), 3+w.random.IntN(5))], " "), "*.[]()")
}

func joined(parts []paragraph) paragraph {
	var source, html []string
	for _, part := range parts {
		source, html = append(source, part.source), append(html, part.html)
	}
	return paragraph{strings.Join(source, "\n\n"), strings.Join(html, "")}
}
