// Package search finds what members wrote, in the communities that they are in.
//
// It promises: what is found is what the member may see, and what they may not see leaves no trace: no hit, no number, no
// suggestion. Neither is what somebody wrote whom they have blocked. Accents and capitals make no difference, the beginning of a
// word finds it, and a word with a typing error finds the ones it was meant for, if they stand somewhere where the member may read.
package search

import (
	"html"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

const (
	mostRunes = 200 // of a question
	mostWords = 12
	// excerptRunes is how long an excerpt is, and excerptBefore how much of it stands before the first word found.
	excerptRunes, excerptBefore = 220, 60
)

var (
	nothingAsked = &clinic.Fault{Status: http.StatusBadRequest, Code: "search_nothing_asked"}
	tooMuchAsked = &clinic.Fault{Status: http.StatusBadRequest, Code: "search_too_much_asked", Params: map[string]any{"max": mostRunes}}
)

// Fold takes accents and capitals away, as the index does.
func Fold(text string) string {
	if plain(text) {
		return strings.ToLower(text)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(text))
}

// plain reports whether a text has characters of ASCII alone: then it has no accents.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// word reports whether a rune belongs to a word, as the index sees it.
func word(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Co, r)
}

// Words lists the words of a text, folded, each once, in the order in which they first stand.
func Words(text string) []string {
	found := strings.FieldsFunc(Fold(text), func(r rune) bool { return !word(r) })
	var out []string
	seen := map[string]bool{}
	for _, w := range found {
		if !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// Ask takes what a person typed apart into words. It fails if there is none, or if it is too long.
func Ask(typed string) ([]string, error) {
	if utf8.RuneCountInString(typed) > mostRunes {
		return nil, tooMuchAsked
	}
	words := Words(typed)
	if len(words) == 0 {
		return nil, nothingAsked
	}
	return words[:min(len(words), mostWords)], nil
}

// How a word that is asked for has to stand in a text.
const (
	exact      = iota // as it is
	beginning         // as the beginning of a word
	onlyLonger        // as the beginning of a word, and not each as it is
)

// expression is the question in the language of FTS5 (sqlite.org/fts5.html, section 3): one of each group of words in the title
// or text, in one of the communities. Words are letters and digits alone, so that none of them can be an operator; each stands
// in quotes all the same.
func expression(groups [][]string, n narrowed, how int) string {
	marks := []string{"(" + strings.Join(quoted(n.communities, ""), " OR ") + ")"}
	if n.kind != "" {
		marks = append(marks, `"kind`+n.kind+`"`)
	}
	if n.author != "" {
		marks = append(marks, `"by`+n.author+`"`)
	}
	return "(marks : (" + strings.Join(marks, " AND ") + ")) AND " + said(groups, n.without, how)
}

// said is what of a question is asked of the words alone, wherever they stand, but for what some authors wrote.
func said(groups [][]string, without []string, how int) string {
	asked := texts(groups, how != exact)
	if how == onlyLonger {
		asked = "(" + asked + " NOT " + texts(groups, false) + ")"
	}
	if len(without) > 0 {
		asked = "(" + asked + " NOT (marks : (" + strings.Join(quoted(prefixed("by", without), ""), " OR ") + ")))"
	}
	return asked
}

func texts(groups [][]string, begin bool) string {
	asked := make([]string, len(groups))
	for i, group := range groups {
		begins := ""
		// A tenth of all words begin with one letter: the index would merge them all, for seconds.
		if begin && (len(group) > 1 || utf8.RuneCountInString(group[0]) > 1) {
			begins = "*"
		}
		asked[i] = "(" + strings.Join(quoted(group, begins), " OR ") + ")"
	}
	return "({title text} : (" + strings.Join(asked, " AND ") + "))"
}

func prefixed(with string, words []string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = with + w
	}
	return out
}

func quoted(words []string, after string) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = `"` + strings.ReplaceAll(w, `"`, `""`) + `"` + after
	}
	return out
}

// each is one group for each word.
func each(words []string) [][]string {
	out := make([][]string, len(words))
	for i, w := range words {
		out[i] = []string{w}
	}
	return out
}

// Mark puts the words of a text that begin like one of those asked for into <mark>, and everything else into HTML that shows
// it as it is.
func Mark(text string, asked []string) string {
	var out strings.Builder
	for len(text) > 0 {
		plain := strings.IndexFunc(text, word)
		if plain < 0 {
			plain = len(text)
		}
		out.WriteString(html.EscapeString(text[:plain]))
		text = text[plain:]
		end := strings.IndexFunc(text, func(r rune) bool { return !word(r) && !unicode.Is(unicode.Mn, r) })
		if end < 0 {
			end = len(text)
		}
		if shown := html.EscapeString(text[:end]); end > 0 && begins(text[:end], asked) {
			out.WriteString("<mark>" + shown + "</mark>")
		} else {
			out.WriteString(shown)
		}
		text = text[end:]
	}
	return out.String()
}

func begins(w string, asked []string) bool {
	folded := Fold(w)
	return slices.ContainsFunc(asked, func(a string) bool {
		return folded == a || utf8.RuneCountInString(a) > 1 && strings.HasPrefix(folded, a)
	})
}

// Excerpt is the part of a text (markdown.Words) around the first word that was asked for, with … where something was left out, as
// HTML.
func Excerpt(text string, asked []string) string {
	runes := []rune(markdown.OneLine(text))
	from := max(0, first(runes, asked)-excerptBefore)
	for from > 0 && from < len(runes) && word(runes[from-1]) { // never in the midst of a word
		from--
	}
	to := min(len(runes), from+excerptRunes)
	for to < len(runes) && to > from && word(runes[to-1]) && word(runes[to]) {
		to--
	}
	if to == from {
		to = min(len(runes), from+excerptRunes) // one very long word
	}
	out := Mark(string(runes[from:to]), asked)
	if from > 0 {
		out = "… " + out
	}
	if to < len(runes) {
		out += " …"
	}
	return out
}

// first is where the first word asked for begins, or 0.
func first(runes []rune, asked []string) int {
	for i := 0; i < len(runes); {
		if !word(runes[i]) {
			i++
			continue
		}
		end := i
		for end < len(runes) && (word(runes[end]) || unicode.Is(unicode.Mn, runes[end])) {
			end++
		}
		if begins(string(runes[i:end]), asked) {
			return i
		}
		i = end
	}
	return 0
}

// longestErred is the longest word whose errors are listed: some eight hundred.
const longestErred = 15

// errorsOf lists what a word may have been meant for: every word that is one typing error away, of the letters from a to z.
func errorsOf(typed []rune) []string {
	if len(typed) > longestErred {
		return []string{}
	}
	out := []string{}
	for i := range typed {
		before, after := string(typed[:i]), typed[i:]
		out = append(out, before+string(after[1:])) // one too many
		if len(after) > 1 {
			out = append(out, before+string([]rune{after[1], after[0]})+string(after[2:])) // two changed places
		}
		for letter := 'a'; letter <= 'z'; letter++ {
			out = append(out, before+string(letter)+string(after[1:]), before+string(letter)+string(after)) // another, or one too few
		}
	}
	for letter := 'a'; letter <= 'z'; letter++ {
		out = append(out, string(typed)+string(letter))
	}
	return out
}

// near reports whether one typing error, or two in a long word, lies between two words: a letter too many, too few, another,
// or two that changed places (the distance of Damerau and Levenshtein, without overlapping changes).
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	most := 1
	if max(len(x), len(y)) >= 8 {
		most = 2
	}
	if len(x)-len(y) > most || len(y)-len(x) > most {
		return false
	}
	before, last, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for j := 1; j <= len(y); j++ {
			other := 1
			if x[i-1] == y[j-1] {
				other = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+other)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(y)] <= most
}
