package check

import (
	"io/fs"
	"math"
	"slices"

	"kinward/hooks/clinic"
)

// Studied is a text as learning sees it.
type Studied struct {
	Stretches []Stretch
	Windows   [][2]int // from which stretch, and before which
}

// Stretch is a sentence, or a part of a long one.
type Stretch struct {
	Words    int
	Features []string // by the names that weights stand under, as often as they are there
	Meant    []string // the words, Spanish ones as English, whose vectors count
}

// Study reads a text as learning and weighing do.
func Study(source string, role clinic.Role) Studied {
	t, l := read(source), learnedLexicon()
	var out Studied
	spanish := t.spanish(l)
	stretches := t.stretches()
	for _, s := range stretches {
		one := Stretch{Words: s.upto - s.from}
		t.features(l, s, spanish, role, func(feature string) { one.Features = append(one.Features, feature) })
		for i := s.from; i < s.upto; i++ {
			if tok := &t.tokens[i]; tok.kind == isWord && !t.path(tok) {
				one.Meant = append(one.Meant, l.of(tok.word, spanish).meant)
			}
		}
		out.Stretches = append(out.Stretches, one)
	}
	for _, w := range windowsOf(len(stretches)) {
		out.Windows = append(out.Windows, [2]int{w.from, w.upto})
	}
	return out
}

// features names all that is weighed in a stretch.
func (t *text) features(l *lexicon, s stretch, spanish bool, role clinic.Role, add func(feature string)) {
	whose := whoseWords(role)
	add(whose)
	if t.asks(s) {
		add(aQuestion)
		add(aQuestion + whose)
	}
	var bases []string
	for i := s.from; i < s.upto; i++ {
		tok := &t.tokens[i]
		if t.path(tok) {
			continue
		}
		base := ""
		switch tok.kind {
		case isNumber:
			base = aNumber
			add(tok.size())
		case isLink:
			base = aLink
		default:
			k := l.of(tok.word, spanish)
			base = k.base
			for _, surface := range k.surfaces {
				add(surface)
			}
			for _, family := range k.families {
				add(family)
			}
			if tok.name() {
				add(aCall)
			}
		}
		add(base)
		for j, before := range slices.Backward(bases[max(0, len(bases)-nearby):]) {
			add(before + " " + nearSign + " " + base)
			if j == min(len(bases), nearby)-1 {
				add(before + " " + base)
			}
		}
		bases = append(bases, base)
	}
}

// nearSign stands between two words of which the second comes soon after the first.
const nearSign = ".."

// Weighed is what a text weighs for a detector.
type Weighed struct {
	Score   float64 // of the window that weighs most, or of the grammar's findings where there are some
	Grammar bool    // the detector's grammar finds something
	Firm    bool    // and it is found whatever was learned
}

// Weigh gives what lines weigh for each detector that their writers' texts are read for, by files of weights as they stand in
// weights.
func Weigh(files fs.FS, lines []Line) ([]map[string]Weighed, error) {
	m, err := readWeights(files, learnedLexicon())
	if err != nil {
		return nil, err
	}
	var out []map[string]Weighed
	for _, line := range lines {
		t, g, of := read(line.Text), phraseGrammar(), map[string]Weighed{}
		hits, spared := g.judged(t, func(r *rule) bool { return forRole(r.whose, line.As) })
		w := m.weigh(t, line.As)
		for d, detector := range phraseDetectors {
			if Reads(detector, line.As) {
				of[detector] = m.weighed(w, d, g, hits, spared)
			}
		}
		out = append(out, of)
	}
	return out, nil
}

func (m *learned) weighed(w *weighed, d int, g *grammar, hits []hit, spared *sparing) Weighed {
	one := Weighed{Score: math.Inf(-1)}
	for _, h := range hits {
		if r := &g.rules[h.rule]; r.detector == phraseDetectors[d] {
			one.Grammar, one.Firm = true, one.Firm || m.firm(w, r, h)
			one.Score = max(one.Score, m.around(w, d, h.sentence))
		}
	}
	if !one.Grammar {
		_, one.Score = m.beyond(w, d, spared)
	}
	return one
}
