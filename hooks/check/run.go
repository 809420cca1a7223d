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

// run reads a text once and gives every hit of every rule. The work is bounded by words × atoms whatever the text is: of two
// threads at the same atom the one that began earlier is kept.
func (g *grammar) run(t *text) []hit {
	var out []hit
	active, next := make([]thread, 0, 64), make([]thread, 0, 64)
	counters := lent.Get().(*notes)
	defer lent.Put(counters)
	before := counters.ready(g, len(t.tokens))
	seen, marks := counters.seen, counters.marks // when an atom was last reached, and a class last marked
	for at := range t.tokens {
		now := before + int32(at) + 1
		g.mark(&t.tokens[at], now, marks)
		next = next[:0]
		if at > 0 && t.tokens[at-1].sentence != t.tokens[at].sentence {
			active = active[:0]
		}
		// marked says that the token's word is known to be in the atom's class, or that every word fits.
		reach := func(i, start int32, marked bool) {
			if seen[i] == now {
				return
			}
			s := &g.states[i]
			if !marked || !s.plain {
				if a := &g.atoms[i]; !g.matches(a, t, at, marks[a.class] == now) {
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
		g.begun(&t.tokens[at], func(i int32, marked bool) { reach(i, int32(at), marked) })
		active, next = next, active
	}
	return out
}

// begun visits the atoms that a phrase can begin with at a token, and says of which the token's word is in their class.
func (g *grammar) begun(tok *token, visit func(i int32, marked bool)) {
	all := func(atoms []int32, marked bool) {
		for _, i := range atoms {
			visit(i, marked)
		}
	}
	all(g.firstRest, false)
	if tok.kind == isNumber {
		all(g.firstNumber, false)
	}
	all(g.firstWord[tok.word], tok.kind != isLink)
	if tok.kind != isWord {
		return
	}
	for n := min(len(tok.word), g.longest); n > 1; n-- {
		all(g.firstStem[tok.word[:n]], true)
	}
}

// notes are the counters of a reading, lent out again and again: they are large, and most texts are short. A reading counts on
// from where the one before ended, so that nothing has to be wiped.
type notes struct {
	seen, marks []int32
	last        int32
}

var lent = sync.Pool{New: func() any { return &notes{} }}

// ready makes the counters fit for a text of so many words, and says from where to count.
func (n *notes) ready(g *grammar, words int) int32 {
	if len(n.seen) != len(g.atoms) || len(n.marks) != g.classes || n.last > math.MaxInt32-int32(words)-1 {
		n.seen, n.marks, n.last = make([]int32, len(g.atoms)), make([]int32, g.classes), 0
	}
	before := n.last
	n.last += int32(words) + 1
	return before
}
