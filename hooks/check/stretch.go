package check

import "kinward/hooks/clinic"

// stretch is what is weighed at once: a sentence, or a part of one that goes on and on.
type stretch struct {
	sentence   int
	from, upto int // of the tokens
}

const (
	longestStretch = 25 // words
	nearby         = 4  // how many words apart two words are still a pair
)

// stretches cuts a text.
func (t *text) stretches() []stretch {
	var out []stretch
	for from := 0; from < len(t.tokens); {
		upto := from + 1
		for upto < len(t.tokens) && t.tokens[upto].sentence == t.tokens[from].sentence && upto-from < longestStretch {
			upto++
		}
		out = append(out, stretch{t.tokens[from].sentence, from, upto})
		from = upto
	}
	return out
}

// window is one stretch, or some that follow each other: what is told in two sentences is seen in neither alone.
type window struct{ from, upto int }

// windowsOf gives the windows of so many stretches: each, each with the next, and all of a text of three.
func windowsOf(stretches int) []window {
	var out []window
	for i := range stretches {
		out = append(out, window{i, i + 1})
		if i+1 < stretches {
			out = append(out, window{i, i + 2})
		}
	}
	if stretches == 3 {
		out = append(out, window{0, 3})
	}
	return out
}

// What is weighed beside words.
const (
	aNumber    = "#"
	aLink      = "%"
	aCall      = "@" // what someone is called by
	aQuestion  = "?"
	byStaff    = "+staff"
	byPatients = "+patients"
)

// whoseWords gives the mark of who writes.
func whoseWords(role clinic.Role) string {
	if role.Works() {
		return byStaff
	}
	return byPatients
}

// asks reports whether a question mark ends a stretch.
func (t *text) asks(s stretch) bool {
	for at := t.tokens[s.upto-1].end; at < len(t.bytes); at++ {
		if t.bytes[at] != ' ' {
			return t.bytes[at] == '?'
		}
	}
	return false
}

// size gives the mark of how large a number is.
func (t *token) size() string {
	n := 0
	for i := 0; i < len(t.word) && digit(t.word[i]) && n < 1000; i++ {
		n = n*10 + int(t.word[i]-'0')
	}
	switch {
	case n < 10:
		return "#1"
	case n < 40:
		return "#10"
	case n < 70:
		return "#40"
	case n < 200:
		return "#70"
	case n < 1000:
		return "#200"
	}
	return "#1000"
}

// name reports whether a word is one that someone is called by: it may be, and no grammar has it as a word.
func (t *token) name() bool { return t.called && phraseGrammar().words[t.word] == nil }

// path reports whether a token stands within a path, as of a picture that a post shows: nobody says such words.
func (t *text) path(tok *token) bool { return tok.start > 0 && t.bytes[tok.start-1] == '/' }
