package check

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"kinward/hooks/clinic"
)

// Beside the grammars, what a text says is weighed: every word, some pairs of words and the families of meaning they belong to have
// a weight for each of the phrase detectors, learned from labelled lines (see learn), and stand in weights/*.txt for who wants to
// read them. A window's weights are added and divided by the root of its length. Above a detector's upper mark the window is a
// finding; below its lower mark what the detector's grammar found there is let go.

// many is how many phrase detectors there are.
const many = 7

// weights are of one word or pair, for each of phraseDetectors.
type weights [many]float32

func (w *weights) add(other *weights) {
	for d := range w {
		w[d] += other[d]
	}
}

// learned is what weights/*.txt say.
type learned struct {
	lexicon  *lexicon
	features map[string]*weights // of all but pairs
	pairs    map[pair]*weights
	symbols  map[string]int32 // the words that pairs are made of
	begins   []bool           // by symbol: a pair begins with it
	english  map[string]meaning
	spanish  map[string]meaning
	base     weights // of every window
	upper    [many]float64
	lower    [many]float64
}

// pair is of two words, by their symbols.
type pair struct {
	first, second int32
	next          bool // the second follows at once
}

// meaning is what is known of a word beforehand.
type meaning struct {
	sum    weights
	symbol int32 // 0: no pair has it
}

// weighed is a text with the sums of its stretches.
type weighed struct {
	tokens    []token
	stretches []stretch
	sums      []weights
	windows   []window
}

// weigh adds up a text. The work is that of its words.
func (m *learned) weigh(t *text, role clinic.Role) *weighed {
	w := &weighed{tokens: t.tokens, stretches: t.stretches()}
	spanish := t.spanish(m.lexicon)
	w.sums = make([]weights, len(w.stretches))
	for i, s := range w.stretches {
		m.sum(t, s, spanish, role, &w.sums[i])
	}
	w.windows = windowsOf(len(w.stretches))
	return w
}

func (m *learned) sum(t *text, s stretch, spanish bool, role clinic.Role, into *weights) {
	note := func(feature string) {
		if one := m.features[feature]; one != nil {
			into.add(one)
		}
	}
	note(whoseWords(role))
	if t.asks(s) {
		note(aQuestion)
		note(aQuestion + whoseWords(role))
	}
	var before [nearby]int32 // the symbols of the words before, the last first
	for i := s.from; i < s.upto; i++ {
		tok := &t.tokens[i]
		if t.path(tok) {
			continue
		}
		said := m.meaning(tok, spanish)
		into.add(&said.sum)
		if tok.name() {
			note(aCall)
		}
		if said.symbol > 0 {
			for j, first := range before {
				if first == 0 || !m.begins[first] {
					continue
				}
				if one := m.pairs[pair{first, said.symbol, false}]; one != nil {
					into.add(one)
				}
				if j == 0 {
					if one := m.pairs[pair{first, said.symbol, true}]; one != nil {
						into.add(one)
					}
				}
			}
		}
		copy(before[1:], before[:nearby-1])
		before[0] = said.symbol
	}
}

// meaning gives what a token weighs by itself.
func (m *learned) meaning(tok *token, spanish bool) meaning {
	switch tok.kind {
	case isNumber:
		return m.marked(aNumber, tok.size())
	case isLink:
		return m.marked(aLink)
	}
	table := m.english
	if spanish {
		table = m.spanish
	}
	if known, ok := table[tok.word]; ok {
		return known
	}
	return m.look(tok.word, spanish)
}

func (m *learned) marked(features ...string) meaning {
	out := meaning{symbol: m.symbols[features[0]]}
	for _, feature := range features {
		if one := m.features[feature]; one != nil {
			out.sum.add(one)
		}
	}
	return out
}

func (m *learned) look(word string, spanish bool) meaning {
	k := m.lexicon.of(word, spanish)
	out := meaning{symbol: m.symbols[k.base]}
	for _, feature := range m.namesOf(k) {
		if one := m.features[feature]; one != nil {
			out.sum.add(one)
		}
	}
	return out
}

// namesOf gives what stands for a word in the files of weights.
func (m *learned) namesOf(k counted) []string {
	out := append([]string{k.base}, k.families...)
	out = append(out, k.surfaces...)
	if k.meant == k.base { // learning weighs the form itself, and its vector under the word as it is said
		out = append(out, asSaid+k.meant)
	}
	return out
}

// alone is how many stretches a text has whose windows are judged by the marks as they are. A longer one has more windows, of which
// one may be high by chance, so that each must be higher.
const (
	alone  = 3
	higher = 0.12 // for e times as many
)

// score gives the weight of a window for a detector.
func (m *learned) score(w *weighed, at window, d int) float64 {
	sum, words := 0.0, 0
	for i := at.from; i < at.upto; i++ {
		sum += float64(w.sums[i][d])
		words += w.stretches[i].upto - w.stretches[i].from
	}
	score := float64(m.base[d]) + sum/math.Sqrt(float64(words+Few))
	if n := len(w.stretches); n > alone {
		score -= higher * math.Log(float64(n)/alone)
	}
	return score
}

// Few keeps the words of a very short line from weighing too much: a window's length counts as so many words more.
const Few = 4

// best gives the window that weighs most for a detector among those that fit.
func (m *learned) best(w *weighed, d int, fits func(window) bool) (window, float64) {
	best, most := window{}, math.Inf(-1)
	for _, at := range w.windows {
		if fits(at) {
			if score := m.score(w, at, d); score > most {
				best, most = at, score
			}
		}
	}
	return best, most
}

// why says which words of a window speak for a detector most, for who reads a rule.
func (m *learned) why(t *text, w *weighed, at window, d int, role clinic.Role) string {
	type reason struct {
		said   string
		weight float32
	}
	var reasons []reason
	spanish := t.spanish(m.lexicon)
	add := func(said string, weight float32) {
		if weight <= 0 {
			return
		}
		if i := slices.IndexFunc(reasons, func(r reason) bool { return r.said == said }); i >= 0 {
			reasons[i].weight += weight
			return
		}
		reasons = append(reasons, reason{said, weight})
	}
	for _, s := range w.stretches[at.from:at.upto] {
		for i := s.from; i < s.upto; i++ {
			tok := &t.tokens[i]
			if t.path(tok) {
				continue
			}
			said := m.meaning(tok, spanish)
			if tok.kind != isLink {
				add(tok.word, said.sum[d])
			}
			for j := max(s.from, i-nearby); j < i; j++ {
				both := weights{}
				for _, next := range []bool{false, j == i-1} {
					if one := m.pairs[pair{m.meaning(&t.tokens[j], spanish).symbol, said.symbol, next}]; one != nil && (!next || j == i-1) {
						both.add(one)
					}
				}
				if t.tokens[j].kind != isLink && tok.kind != isLink {
					add(t.tokens[j].word+" "+nearSign+" "+tok.word, both[d])
				}
			}
		}
	}
	slices.SortStableFunc(reasons, func(a, b reason) int {
		if a.weight != b.weight {
			return int(math.Copysign(1, float64(b.weight-a.weight)))
		}
		return strings.Compare(a.said, b.said)
	})
	var out []string
	for _, r := range reasons[:min(len(reasons), mostReasons)] {
		out = append(out, fmt.Sprintf("%s %.2f", r.said, r.weight))
	}
	return learnedRule + strings.Join(out, ", ")
}

// mostReasons is how many words a rule names.
const mostReasons = 6

// learnedRule begins the rule of a finding that was learned.
const learnedRule = "learned: "
