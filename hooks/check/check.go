// Package check reads what members write for what a clause of a posted policy says to look for.
//
// It promises: what is found is found by rules that stand in this folder, on this machine, the same way every time; every
// finding names its detector and the words that it concerns; English and Spanish are always both read, with accents or
// without; the work grows with the length of the text and no faster, whatever the text is; and no writer learns a name from a
// finding that they could not see.
package check

import (
	"bytes"
	"slices"
	"strings"

	"kinward/hooks/clinic"
)

// Context is what a detector may know beside the text.
type Context struct {
	// Role is the writer's. Some rules are for those who work here alone, others for patients and caregivers.
	Role clinic.Role
	// Names are of members; nil: none.
	Names *Names
	// Knows gives the first of some members, all of one name, whom the writer may know; nil: the writer may know everyone in
	// Names. Of others nothing is found. It is asked only about names that stand in the text.
	Knows func(members []string) (member string, known bool)
	// Self is the writer, whose own name is no finding.
	Self string
	// Own are the practice's own telephone numbers and addresses, which are no one's secret.
	Own []string
	// Words are the practice's own, for the detector "word".
	Words []string
	// Only are the detectors that run; none means all of them.
	Only []string
}

// Found is a place where a detector found what it looks for. Start and End count code points of the text.
type Found struct {
	Detector string
	Start    int
	End      int
	// Rule is the line of the grammar that found it, for who wants to know why; empty where no grammar has.
	Rule string
	// Member is whose name was found.
	Member string
}

// Find gives what the detectors find in a text, in the order of the text. Places of one detector that touch are one.
func Find(source string, about Context) []Found {
	wants := func(detector string) bool { return len(about.Only) == 0 || slices.Contains(about.Only, detector) }
	t := read(source)
	var out []Found
	digits := bytes.ContainsAny(t.bytes, "0123456789")
	for _, scan := range scanners {
		if wants(scan.detector) && (digits || !scan.digits) {
			for _, at := range scan.find(t, about) {
				out = append(out, t.found(scan.detector, at[0], at[1]))
			}
		}
	}
	if wants("member_name") {
		out = append(out, about.Names.in(t, about)...)
	}
	if wants("word") {
		out = append(out, ownWords(t, about.Words)...)
	}
	out = append(out, phrasesIn(t, about.Role, wants)...)
	return tidy(out)
}

func (t *text) found(detector string, start, end int) Found {
	from, upto := t.span(start, end)
	return Found{Detector: detector, Start: from, End: upto}
}

// phrasesIn gives what the grammars find, without what they spare, and what was learned to find beside them.
func phrasesIn(t *text, role clinic.Role, wants func(string) bool) []Found {
	if !slices.ContainsFunc(phraseDetectors, wants) || len(t.tokens) == 0 {
		return nil
	}
	g := phraseGrammar()
	hits, spared := g.judged(t, func(r *rule) bool { return forRole(r.whose, role) && wants(r.detector) })
	return learnedWeights().beside(t, role, g, hits, spared, wants)
}

// judged gives what the grammars find, without what they spare, and what they spare.
func (g *grammar) judged(t *text, concerns func(*rule) bool) ([]hit, *sparing) {
	hits := g.run(t, concerns)
	spared := &sparing{g: g, words: map[string][]hit{}, firm: map[string][]hit{}, sentences: map[string]map[int]bool{}}
	for _, h := range hits {
		spared.note(h)
	}
	var out []hit
	for _, h := range hits {
		if sign := g.rules[h.rule].sign; (sign == '+' || sign == '!' || sign == '*') && !spared.covers(h) {
			out = append(out, h)
		}
	}
	return out, spared
}

// foundBy is what a rule found.
func (g *grammar) foundBy(t *text, h hit) Found {
	found := t.found(g.rules[h.rule].detector, h.start, h.end)
	found.Rule = g.rules[h.rule].line
	return found
}

// sparing is what the sparing lines of a grammar found, by detector.
type sparing struct {
	g         *grammar
	words     map[string][]hit // by - and / lines
	firm      map[string][]hit // by / lines alone
	sentences map[string]map[int]bool
}

func (s *sparing) note(h hit) {
	r := &s.g.rules[h.rule]
	switch r.sign {
	case '/':
		s.firm[r.detector] = append(s.firm[r.detector], h)
		s.words[r.detector] = append(s.words[r.detector], h)
	case '-':
		s.words[r.detector] = append(s.words[r.detector], h)
	case '~', '=':
		if s.sentences[r.detector] == nil {
			s.sentences[r.detector] = map[int]bool{}
		}
		sentence := h.sentence
		if r.sign == '=' {
			sentence = wholeText
		}
		s.sentences[r.detector][sentence] = true
	}
}

// wholeText stands for every sentence.
const wholeText = -1

// sentence reports whether a ~ or = line spares a whole sentence.
func (s *sparing) sentence(detector string, sentence int) bool {
	of := s.sentences[detector]
	return of[wholeText] || of[sentence]
}

// mostSpared bounds how many sparing hits are compared with each finding, so that a text of nothing but idioms costs no more.
const mostSpared = 2_000

func (s *sparing) covers(h hit) bool {
	r := &s.g.rules[h.rule]
	if r.sign == '*' {
		return false
	}
	if s.sentence(r.detector, h.sentence) {
		return true
	}
	spares := s.words[r.detector] // in the order of their ends, as the text was read
	if r.sign == '!' {
		spares = s.firm[r.detector]
	}
	from, _ := slices.BinarySearchFunc(spares, h.start, func(spare hit, start int) int { return spare.end - start })
	for _, spare := range spares[from:min(len(spares), from+mostSpared)] {
		if spare.start < h.end && h.start < spare.end {
			return true
		}
	}
	return false
}

// forRole reports whether a rule is for the writing of a role.
func forRole(whose string, role clinic.Role) bool {
	switch whose {
	case "staff":
		return role.Works()
	case "patient":
		return !role.Works()
	}
	return true
}

// tidy sorts findings by place and joins those of one detector that overlap or touch.
func tidy(found []Found) []Found {
	slices.SortStableFunc(found, func(a, b Found) int {
		if d := strings.Compare(a.Detector, b.Detector); d != 0 {
			return d
		}
		return a.Start - b.Start
	})
	var out []Found
	for _, f := range found {
		if last := len(out) - 1; last >= 0 && out[last].Detector == f.Detector && f.Start <= out[last].End && out[last].Member == f.Member {
			out[last].End = max(out[last].End, f.End)
			continue
		}
		out = append(out, f)
	}
	slices.SortStableFunc(out, func(a, b Found) int { return a.Start - b.Start })
	return out
}
