package check

import "slices"

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
	seen := make([]int32, len(g.atoms)) // the token + 1 at which an atom was last reached
	marks := make([]int32, g.classes)   // the token + 1 that a class was last marked at
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
			for _, i := range g.atoms[th.atom].follow {
				reach(i, th.start)
			}
		}
		for _, i := range g.begun(&t.tokens[at]) {
			reach(i, int32(at))
		}
		active, next = next, active
	}
	return out
}

// begun gives the atoms that a phrase can begin with at a token.
func (g *grammar) begun(tok *token) []int32 {
	out := slices.Clip(g.firstRest)
	if tok.kind != isWord {
		return append(out, g.firstWord[tok.word]...)
	}
	out = append(out, g.firstWord[tok.word]...)
	for n := min(len(tok.word), g.longest); n > 1; n-- {
		out = append(out, g.firstStem[tok.word[:n]]...)
	}
	return out
}
