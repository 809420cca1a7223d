package check

import (
	"fmt"
	"slices"
	"strings"
)

// The grammar of the phrase detectors stands in grammar/*.txt, one phrase a line, so that a person can read what is looked
// for. A phrase is words in the order they are said:
//
//	want|wants        one of these words           suicid*     a word that begins so
//	<kin>             a family of words or phrases, defined by a line "<kin> = mother|father"
//	(end it / let go) one of these phrases         really?     may be left out; behind a ) too
//	..3               up to three words of any kind
//	#                 a number                     %           an address of a page
//	#40-54            a number from 40 to 54; what stands behind its point does not count
//	@                 what someone is called by, as "Heron," at a sentence's beginning or ", Heron" at its end
//	^  $              where a sentence begins, ends
//
// A line that begins with + finds; with ! it finds although a - line spares it, and with * whatever spares it. With - it spares
// what it overlaps, with / also what a ! line found; with ~ it spares its whole sentence; with = the whole text. A phrase never
// crosses the end of a sentence. "[patient]" or "[staff]" behind the sign says whose writing the line is for.

// rule is one line of a grammar.
type rule struct {
	detector string
	sign     byte
	whose    string // "patient", "staff" or "" for everyone
	line     string
}

// atom is one place of a phrase, as it is compiled: what a word there may be, and what may follow.
type atom struct {
	place
	words   []string
	stems   []string
	numbers [][2]int // the ranges of the numbers that may stand there
	follow  []int32
	rule    int32
	accepts bool
}

// place is what an atom asks beside its rule and what follows.
type place struct {
	class     int32
	low, upto int32 // its ranges of numbers, among those of the grammar
	any       bool
	link      bool
	called    bool
	atStart   bool // nothing of the sentence stands before
	atEnd     bool
}

// state is what reading a text needs of most atoms. There are many, and they are met in no order: kept apart and small, they stay
// near the processor.
type state struct {
	from, upto int32 // of its steps, among those of the grammar
	rule       int32
	accepts    bool
	plain      bool // a word of its class may stand here, wherever in the sentence, and nothing else
}

// step is an atom that can come next, with the class of its words beside it, so that the many that do not fit are passed over
// without a look at the atom.
type step struct {
	atom, class int32
}

const (
	// asked is the class of a step whose atom has to be asked: it stands for more than words, or only at an end of a sentence.
	asked = -1
	// always is that of a gap, where every word fits.
	always = -2
)

// grammar is all rules, made into one machine that reads a text once.
type grammar struct {
	rules  []rule
	atoms  []atom  // until the grammar is compiled: they take much room
	places []place // of the atoms
	ranges [][2]int
	states []state // of the atoms
	steps  []step  // follow of every atom, one behind the other
	// words and stems say what the grammar knows of a word, and of the first letters of one.
	words, stems map[string]*entry
	stemLengths  lengthsByStart
	// beginRest are what phrases can begin with that is no word, and beginNumber what they can where a number stands.
	beginRest, beginNumber []beginning
	// A class is a list of words that one or more atoms have.
	classes int
	// needs are the classes that rules need, those of rule i from needsFrom[i] to needsFrom[i+1]: lists of which one class is enough,
	// each with enough behind it.
	needs, needsFrom []int32
	needed           [][][]int32 // the same in atoms, until classes are known
}

// entry is what a grammar knows of a word or stem: the classes that it is in, and the atoms that begin a phrase with it.
type entry struct {
	classes []int32
	begins  []beginning
}

// beginning is an atom that a phrase can begin with, and the rule it belongs to.
type beginning struct {
	atom, rule int32
}

// of gives the entry of a word, which it makes where there is none.
func of(entries map[string]*entry, word string) *entry {
	one := entries[word]
	if one == nil {
		one = &entry{}
		entries[word] = one
	}
	return one
}

// compile reads grammars, by the detector that each is for. An error names the line.
func compile(definitions string, sources map[string]string, order []string) (*grammar, error) {
	g := &grammar{words: map[string]*entry{}, stems: map[string]*entry{}}
	families, err := define(definitions)
	if err != nil {
		return nil, err
	}
	for _, detector := range order {
		if err := g.source(detector, sources[detector], families); err != nil {
			return nil, fmt.Errorf("grammar of %s: %w", detector, err)
		}
	}
	g.index()
	return g, nil
}

func (g *grammar) source(detector, source string, families map[string]string) error {
	own := map[string]string{}
	for name, family := range families {
		own[name] = family
	}
	for _, line := range strings.Split(source, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if line[0] == '<' && strings.Contains(line, " = ") {
			if err := family(own, line); err != nil {
				return err
			}
			continue
		}
		if strings.IndexByte("+!*-/~=", line[0]) < 0 {
			return fmt.Errorf("%q begins with no sign", line)
		}
		r := rule{detector: detector, whose: whoseWriting(detector), sign: line[0], line: strings.TrimSpace(line[1:])}
		if rest, ok := strings.CutPrefix(r.line, "["); ok {
			r.whose, rest, _ = strings.Cut(rest, "]")
			r.line = strings.TrimSpace(rest)
		}
		if err := g.phrase(r, own); err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
	}
	return nil
}

// define reads the families that all grammars share.
func define(source string) (map[string]string, error) {
	out := map[string]string{}
	for _, line := range strings.Split(source, "\n") {
		if line = strings.TrimSpace(line); line == "" || strings.HasPrefix(line, "//") {
			continue
		}
		if err := family(out, line); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// family reads a line "<name> = words"; a second line of the same name adds to it.
func family(families map[string]string, line string) error {
	name, words, found := strings.Cut(line, " = ")
	if !found || !strings.HasPrefix(name, "<") || !strings.HasSuffix(name, ">") {
		return fmt.Errorf("%q defines no family", line)
	}
	words, err := expand(strings.TrimSpace(words), families)
	if err != nil {
		return err
	}
	if before, more := families[name]; more {
		joint := "|"
		if strings.HasPrefix(before, "(") {
			before, words, joint = strings.TrimSuffix(before, ")"), strings.TrimPrefix(words, "("), " / "
		}
		words = before + joint + words
	}
	families[name] = words
	return nil
}

// expand puts families in the place of their names.
func expand(line string, families map[string]string) (string, error) {
	for {
		at := strings.IndexByte(line, '<')
		if at < 0 {
			return line, nil
		}
		end := strings.IndexByte(line[at:], '>')
		if end < 0 {
			return "", fmt.Errorf("a < without its >")
		}
		name := line[at : at+end+1]
		said, known := families[name]
		if !known {
			return "", fmt.Errorf("no family %s", name)
		}
		line = line[:at] + said + line[at+end+1:]
	}
}

// index gives every list of words that atoms share a number, its class, and tells the words of their classes.
func (g *grammar) index() {
	classes := map[string]int32{}
	for i := range g.atoms {
		a := &g.atoms[i]
		key := strings.Join(a.words, "|") + "*" + strings.Join(a.stems, "|")
		class, known := classes[key]
		if !known {
			class = int32(len(classes))
			classes[key] = class
			for _, word := range a.words {
				one := of(g.words, word)
				one.classes = append(one.classes, class)
			}
			for _, stem := range a.stems {
				one := of(g.stems, stem)
				one.classes = append(one.classes, class)
				g.stemLengths.add(stem)
			}
		}
		a.class = class
	}
	g.classes = len(classes)
	g.states, g.places = make([]state, len(g.atoms)), make([]place, len(g.atoms))
	for i := range g.atoms {
		a := &g.atoms[i]
		a.low = int32(len(g.ranges))
		g.ranges = append(g.ranges, a.numbers...)
		a.upto = int32(len(g.ranges))
		g.places[i] = a.place
		from := int32(len(g.steps))
		for _, next := range a.follow {
			if !g.atoms[next].atStart { // behind another word no sentence begins
				g.steps = append(g.steps, g.step(next))
			}
		}
		g.states[i] = state{from, int32(len(g.steps)), a.rule, a.accepts, g.step(int32(i)).class != asked}
	}
	for _, needs := range g.needed {
		g.needsFrom = append(g.needsFrom, int32(len(g.needs)))
		g.need(needs)
	}
	g.needsFrom = append(g.needsFrom, int32(len(g.needs)))
	g.steps, g.needed, g.atoms = slices.Clone(g.steps), nil, nil
}

func (g *grammar) step(i int32) step {
	switch a := &g.atoms[i]; {
	case a.atStart, a.atEnd:
		return step{i, asked}
	case a.any:
		return step{i, always}
	case len(a.numbers) > 0, a.link, a.called:
		return step{i, asked}
	}
	return step{i, g.atoms[i].class}
}

// anyNumber is the range that every number is in.
var anyNumber = [2]int{-1, 1 << 30}

// within reports whether a number stands in one of some ranges. Of "102.4", "39,5" and "190/110" the first part counts, of
// "1,200" all.
func (t *token) within(ranges [][2]int) bool {
	if len(ranges) == 0 {
		return false
	}
	n := 0
	for i := 0; i < len(t.word) && n < anyNumber[1]/10; i++ {
		if digit(t.word[i]) {
			n = n*10 + int(t.word[i]-'0')
		} else if t.word[i] != ',' || len(t.word)-i != 4 {
			break
		}
	}
	return slices.ContainsFunc(ranges, func(r [2]int) bool { return n >= r[0] && n <= r[1] })
}

// matches reports whether a token, whose classes are marked, may stand at a place.
func (g *grammar) matches(a *place, t *text, at int, marked bool) bool {
	tok := &t.tokens[at]
	if a.atStart && at > 0 && t.tokens[at-1].sentence == tok.sentence {
		return false
	}
	if a.atEnd && at+1 < len(t.tokens) && t.tokens[at+1].sentence == tok.sentence {
		return false
	}
	return marked || a.any || tok.kind == isNumber && tok.within(g.ranges[a.low:a.upto]) || a.link && tok.kind == isLink || a.called && tok.called && g.words[tok.word] == nil
}
