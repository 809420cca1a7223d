package check

import (
	"math"
	"sync"
)

// hit is one place where a rule was found, in the folded bytes.
type hit struct {
	rule       int32
	start, end int
	sentence   int
}

// thread is a phrase that has been read up to an atom.
type thread struct {
	atom  int32
	start int32 // the token it began with
}

// run reads a text once and gives every hit of every rule that concerns its reader. The work is bounded by words × atoms whatever
// the text is: of two threads at the same atom the one that began earlier is kept.
func (g *grammar) run(t *text, concerns func(r *rule) bool) []hit {
	var out []hit
	active, next := make([]thread, 0, 64), make([]thread, 0, 64)
	n := lent.Get().(*notes)
	defer lent.Put(n)
	before := n.ready(g, len(t.tokens))
	n.look(g, t)
	seen, marks := n.seen, n.marks // when an atom was last reached, and a class last marked
	for at := range t.tokens {
		now := before + int32(at) + 1
		known := n.entries[n.upto[at]:n.upto[at+1]]
		for _, one := range known {
			for _, class := range one.classes {
				marks[class] = now
			}
		}
		next = next[:0]
		if at == 0 || t.tokens[at-1].sentence != t.tokens[at].sentence {
			active = active[:0]
			n.begin(t, at, now)
		}
		// marked says that the token's word is known to be in the atom's class, or that every word fits.
		reach := func(i, start int32, marked bool) {
			if seen[i] == now {
				return
			}
			s := &g.states[i]
			if !marked || !s.plain {
				if a := &g.places[i]; !g.matches(a, t, at, marks[a.class] == now) {
					return
				}
			}
			seen[i] = now
			next = append(next, thread{i, start})
			if s.accepts {
				out = append(out, hit{s.rule, t.tokens[start].start, t.tokens[at].end, t.tokens[at].sentence})
			}
		}
		for _, th := range active {
			s := &g.states[th.atom]
			for _, next := range g.steps[s.from:s.upto] {
				if next.class < 0 || marks[next.class] == now {
					reach(next.atom, th.start, next.class != asked)
				}
			}
		}
		begin := func(all []beginning, marked bool) {
			for _, one := range all {
				if n.alive(g, one.rule, concerns) {
					reach(one.atom, int32(at), marked)
				}
			}
		}
		begin(g.beginRest, false)
		if t.tokens[at].kind == isNumber {
			begin(g.beginNumber, false)
		}
		for _, one := range known {
			begin(one.begins, true)
		}
		active, next = next, active
	}
	return out
}

// notes are what a reading writes down, lent out again and again: the lists are large, and most texts are short. A reading counts
// on from where the one before ended, so that nothing has to be wiped.
type notes struct {
	seen, marks []int32
	last        int32
	// entries are what the grammar knows of the words, those of token i from upto[i] to upto[i+1].
	entries []*entry
	upto    []int
	// there says in which sentence a class was last met, and asked in which a rule was last asked about: less than zero for a no.
	there, asked []int32
	sentence     int32
}

var lent = sync.Pool{New: func() any { return &notes{} }}

// ready makes the lists fit for a text of so many words, and says from where to count.
func (n *notes) ready(g *grammar, words int) int32 {
	if len(n.seen) != len(g.states) || len(n.marks) != g.classes || len(n.asked) != len(g.rules) || n.last > math.MaxInt32-int32(words)-1 {
		*n = notes{seen: make([]int32, len(g.states)), marks: make([]int32, g.classes), there: make([]int32, g.classes),
			asked: make([]int32, len(g.rules))}
	}
	before := n.last
	n.last += int32(words) + 1
	return before
}

// look finds what the grammar knows of each word of a text.
func (n *notes) look(g *grammar, t *text) {
	n.entries, n.upto = n.entries[:0], append(n.upto[:0], 0)
	for i := range t.tokens {
		tok := &t.tokens[i]
		if one := g.words[tok.word]; one != nil && tok.kind != isLink {
			n.entries = append(n.entries, one)
		}
		if tok.kind != isLink && len(tok.word) > 1 {
			lengths := g.stemLengths[startOf(tok.word)]
			for length := 2; length <= len(tok.word) && lengths>>length != 0; length++ {
				if lengths>>length&1 == 0 {
					continue
				}
				if one := g.stems[tok.word[:length]]; one != nil {
					n.entries = append(n.entries, one)
				}
			}
		}
		n.upto = append(n.upto, len(n.entries))
	}
}

// begin notes what classes are met in the sentence that begins at a token, which it gives a number.
func (n *notes) begin(t *text, at int, number int32) {
	n.sentence = number
	end := at + 1
	for end < len(t.tokens) && t.tokens[end].sentence == t.tokens[at].sentence {
		end++
	}
	for _, one := range n.entries[n.upto[at]:n.upto[end]] {
		for _, class := range one.classes {
			n.there[class] = number
		}
	}
}

// alive reports whether a rule concerns the reader and can be found in the sentence.
func (n *notes) alive(g *grammar, rule int32, concerns func(r *rule) bool) bool {
	switch n.asked[rule] {
	case n.sentence:
		return true
	case -n.sentence:
		return false
	}
	if n.met(g.needs[g.needsFrom[rule]:g.needsFrom[rule+1]]) && concerns(&g.rules[rule]) {
		n.asked[rule] = n.sentence
		return true
	}
	n.asked[rule] = -n.sentence
	return false
}

// met reports whether one class of each need is in the sentence.
func (n *notes) met(needs []int32) bool {
	for i := 0; i < len(needs); i++ {
		for needs[i] != enough && n.there[needs[i]] != n.sentence {
			i++
		}
		if needs[i] == enough {
			return false
		}
		for needs[i] != enough {
			i++
		}
	}
	return true
}
