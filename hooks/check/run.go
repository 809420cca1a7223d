package check

import "sync"

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
	counters.blank(g)
	seen, marks := counters.seen, counters.marks // the token + 1 at which an atom was last reached, and a class last marked
	for at := range t.tokens {
		g.mark(&t.tokens[at], int32(at+1), marks)
		next = next[:0]
		if at > 0 && t.tokens[at-1].sentence != t.tokens[at].sentence {
			active = active[:0]
		}
		reach := func(i, start int32) {
			a := &g.atoms[i]
			if seen[i] == int32(at+1) || !g.matches(a, t, at, marks[a.class] == int32(at+1)) {
				return
			}
			seen[i] = int32(at + 1)
			next = append(next, thread{i, start})
			if a.accepts {
				out = append(out, hit{a.rule, t.tokens[start].start, t.tokens[at].end, t.tokens[at].sentence})
			}
		}
		for _, th := range active {
			for _, next := range g.atoms[th.atom].steps {
				if next.class == asked || marks[next.class] == int32(at+1) {
					reach(next.atom, th.start)
				}
			}
		}
		g.begun(&t.tokens[at], func(i int32) { reach(i, int32(at)) })
		active, next = next, active
	}
	return out
}

// begun visits the atoms that a phrase can begin with at a token.
func (g *grammar) begun(tok *token, visit func(i int32)) {
	all := func(atoms []int32) {
		for _, i := range atoms {
			visit(i)
		}
	}
	all(g.firstRest)
	all(g.firstWord[tok.word])
	if tok.kind != isWord {
		return
	}
	for n := min(len(tok.word), g.longest); n > 1; n-- {
		all(g.firstStem[tok.word[:n]])
	}
}

// notes are the counters of one reading, lent out again and again: they are large, and most texts are short.
type notes struct{ seen, marks []int32 }

var lent = sync.Pool{New: func() any { return &notes{} }}

// blank gives counters at zero.
func (n *notes) blank(g *grammar) {
	n.seen, n.marks = zeroed(n.seen, len(g.atoms)), zeroed(n.marks, g.classes)
}

func zeroed(of []int32, size int) []int32 {
	if cap(of) < size {
		return make([]int32, size)
	}
	of = of[:size]
	clear(of)
	return of
}
