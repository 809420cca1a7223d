package check

import "slices"

// Most rules cannot be found in most sentences, since a word is missing that each of their phrases has. What a rule needs is worked
// out when the grammar is compiled, and a sentence is asked before its phrases are read.

// either gives what a sentence needs to have one of some alternatives: of each of them the one that fewest sentences have.
func (g *grammar) either(alternatives [][][]int32) [][]int32 {
	var all []int32
	for _, needs := range alternatives {
		if len(needs) == 0 {
			return nil
		}
		all = append(all, slices.MaxFunc(needs, func(a, b []int32) int { return g.seldom(a) - g.seldom(b) })...)
	}
	return [][]int32{all}
}

// seldom guesses how few sentences have one of some atoms: by their shortest word.
func (g *grammar) seldom(atoms []int32) int {
	shortest := 1 << 10
	for _, i := range atoms {
		a := &g.atoms[i]
		if a.beyond() {
			return 0
		}
		for _, word := range slices.Concat(a.words, a.stems) {
			shortest = min(shortest, len(word))
		}
	}
	return shortest
}

// beyond reports whether an atom may be more than words of its class.
func (a *atom) beyond() bool { return a.any || a.link || a.called || len(a.numbers) > 0 }

// enough ends a list of classes of which one is enough.
const enough = -1

// need adds what a rule needs, what is most seldom first, and leaves out what more than words can fulfil.
func (g *grammar) need(needs [][]int32) {
	slices.SortStableFunc(needs, func(a, b []int32) int { return g.seldom(b) - g.seldom(a) })
	for _, atoms := range needs {
		if g.seldom(atoms) == 0 {
			continue
		}
		var classes []int32
		for _, i := range atoms {
			classes = append(classes, g.atoms[i].class)
		}
		slices.Sort(classes)
		g.needs = append(append(g.needs, slices.Compact(classes)...), enough)
	}
}

// lengthsByStart says of two letters how long the stems are that begin with them: a bit for each length.
type lengthsByStart [256]uint32

func (l *lengthsByStart) add(stem string) {
	if len(stem) > 1 {
		l[startOf(stem)] |= 1 << min(len(stem), 31)
	}
}

// startOf puts what begins alike into one place, and sometimes what does not.
func startOf(word string) byte { return word[0]*31 + word[1] }
