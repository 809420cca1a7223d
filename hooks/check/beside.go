package check

import (
	"slices"

	"kinward/hooks/clinic"
)

// beside gives the hits of the grammars that what was learned lets stand, and, for a detector with none, the window that weighs
// enough to be found by its weight.
func (m *learned) beside(t *text, role clinic.Role, g *grammar, hits []hit, spared *sparing, wants func(string) bool) []Found {
	w := m.weigh(t, role)
	var out []Found
	for d, detector := range phraseDetectors {
		if !wants(detector) || !Reads(detector, role) {
			continue
		}
		stands := m.standing(w, d, g, hits)
		for _, h := range stands {
			out = append(out, g.foundBy(t, h))
		}
		if len(stands) > 0 {
			continue
		}
		at, score := m.beyond(w, d, spared)
		if score > m.upper[d] {
			place := m.telling(w, at, d)
			found := t.found(detector, t.tokens[place.from].start, t.tokens[place.upto-1].end)
			found.Rule = m.why(t, w, at, d, role)
			out = append(out, found)
		}
	}
	return out
}

// standing gives the hits of a detector's grammar that are not let go: those of * lines, and those in whose sentence, or beside it,
// enough speaks for the detector.
func (m *learned) standing(w *weighed, d int, g *grammar, hits []hit) []hit {
	var out []hit
	scores := map[int]float64{} // by sentence
	for _, h := range hits {
		r := &g.rules[h.rule]
		if r.detector != phraseDetectors[d] {
			continue
		}
		score, done := scores[h.sentence]
		if !done {
			score = m.around(w, d, h.sentence)
			scores[h.sentence] = score
		}
		if score > m.lower[d] || m.firm(w, r, h) {
			out = append(out, h)
		}
	}
	return out
}

// firm reports whether a hit stands whatever its words weigh: that of a * line, and what is said of a crisis in so few words that
// there is hardly anything else in the sentence.
func (m *learned) firm(w *weighed, r *rule, h hit) bool {
	if r.sign == '*' || r.detector != "crisis" {
		return r.sign == '*'
	}
	within, all := 0, 0
	for _, s := range w.stretches {
		if s.sentence != h.sentence {
			continue
		}
		for _, tok := range w.tokens[s.from:s.upto] {
			all++
			if tok.start >= h.start && tok.end <= h.end {
				within++
			}
		}
	}
	return within*2 >= all
}

// around gives what the heaviest of the windows weighs that a sentence is in.
func (m *learned) around(w *weighed, d int, sentence int) float64 {
	_, score := m.best(w, d, func(at window) bool {
		return w.stretches[at.from].sentence <= sentence && w.stretches[at.upto-1].sentence >= sentence
	})
	return score
}

// fewest is of how many words a window is that is found by its weight: of one or two, as in a title, a single word would decide.
const fewest = 3

// beyond gives the heaviest window of those in which the grammar spares no sentence.
func (m *learned) beyond(w *weighed, d int, spared *sparing) (window, float64) {
	return m.best(w, d, func(at window) bool {
		words := w.stretches[at.upto-1].upto - w.stretches[at.from].from
		return words >= fewest && !slices.ContainsFunc(w.stretches[at.from:at.upto], func(s stretch) bool { return spared.sentence(phraseDetectors[d], s.sentence) })
	})
}

// telling gives the stretch of a window that speaks for a detector most: the place that a writer is shown.
func (m *learned) telling(w *weighed, at window, d int) stretch {
	best := at.from
	for i := at.from; i < at.upto; i++ {
		if w.sums[i][d] > w.sums[best][d] {
			best = i
		}
	}
	return w.stretches[best]
}

// Reads reports whether a phrase detector is for the writing of a role.
func Reads(detector string, role clinic.Role) bool { return forRole(whoseWriting(detector), role) }

// whoseWriting says whose writing a detector is for: a patient may ask another how they are.
func whoseWriting(detector string) string {
	if detector == "direct_address" {
		return "staff"
	}
	return ""
}
