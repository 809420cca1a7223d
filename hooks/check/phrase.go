package check

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A phrase is compiled to Glushkov's automaton: every word of it is a state, and follow says which words may come next. Such a
// machine has no steps without a word, so that reading a text costs at most its words times the grammar's.

// part is a piece of a phrase: the states it may begin and end with, and whether it may be left out.
type part struct {
	first, last []int32
	nullable    bool
	needs       [][]int32 // of each of these, one atom or another stands in every text that has the part
}

type phrases struct {
	g     *grammar
	rule  int32
	items []string
	at    int
	// bounds are ^ or $ that wait for the word they belong to.
	start bool
}

func (g *grammar) phrase(r rule, families map[string]string) error {
	line, err := expand(r.line, families)
	if err != nil {
		return err
	}
	for _, sign := range []string{"(", ")"} {
		line = strings.ReplaceAll(line, sign, " "+sign+" ")
	}
	line = strings.ReplaceAll(line, ") ?", ")? ")
	g.rules = append(g.rules, r)
	p := &phrases{g: g, rule: int32(len(g.rules) - 1), items: strings.Fields(line)}
	whole, err := p.sequence()
	if err != nil {
		return err
	}
	if p.at < len(p.items) {
		return fmt.Errorf("%q stands alone", p.items[p.at])
	}
	if whole.nullable || len(whole.first) == 0 {
		return errors.New("it would find nothing at all")
	}
	for _, i := range whole.last {
		g.atoms[i].accepts = true
	}
	for _, i := range whole.first {
		g.begin(i)
	}
	g.needed = append(g.needed, whole.needs)
	return nil
}

// begin notes by what a phrase is begun.
func (g *grammar) begin(i int32) {
	a := &g.atoms[i]
	one := beginning{i, a.rule}
	if a.any || a.link || a.called {
		g.beginRest = append(g.beginRest, one)
	} else if len(a.numbers) > 0 {
		g.beginNumber = append(g.beginNumber, one)
	}
	for _, word := range a.words {
		known := of(g.words, word)
		known.begins = append(known.begins, one)
	}
	for _, stem := range a.stems {
		known := of(g.stems, stem)
		known.begins = append(known.begins, one)
	}
}

// sequence reads items until a / or a ) that is not its own.
func (p *phrases) sequence() (part, error) {
	whole := part{nullable: true}
	for p.at < len(p.items) && p.items[p.at] != "/" && !strings.HasPrefix(p.items[p.at], ")") {
		next, err := p.item()
		if err != nil {
			return whole, err
		}
		whole = p.join(whole, next)
	}
	return whole, nil
}

func (p *phrases) join(a, b part) part {
	for _, i := range a.last {
		p.g.atoms[i].follow = append(p.g.atoms[i].follow, b.first...)
	}
	out := part{first: a.first, last: b.last, nullable: a.nullable && b.nullable, needs: slices.Concat(a.needs, b.needs)}
	if a.nullable {
		out.first = append(append([]int32{}, a.first...), b.first...)
	}
	if b.nullable {
		out.last = append(append([]int32{}, a.last...), b.last...)
	}
	return out
}

func (p *phrases) item() (part, error) {
	said := p.items[p.at]
	p.at++
	switch {
	case said == "(":
		return p.group()
	case said == "^":
		p.start = true
		return part{nullable: true}, nil
	case said == "$":
		return part{}, errors.New("a $ belongs right behind a word")
	case strings.HasPrefix(said, ".."):
		most, err := strconv.Atoi(said[2:])
		if err != nil {
			return part{}, err
		}
		return p.gap(most), nil
	}
	optional := strings.HasSuffix(said, "?")
	a := atom{rule: p.rule, place: place{atStart: p.start}}
	p.start = false
	if p.at < len(p.items) && p.items[p.at] == "$" {
		a.atEnd = true
		p.at++
	}
	for _, word := range strings.Split(strings.TrimSuffix(said, "?"), "|") {
		switch stem, isStem := strings.CutSuffix(word, "*"); {
		case word == "":
			return part{}, fmt.Errorf("%q has an empty word", said)
		case word == "#":
			a.numbers = append(a.numbers, anyNumber)
		case word[0] == '#':
			span, err := numbers(word)
			if err != nil {
				return part{}, err
			}
			a.numbers = append(a.numbers, span)
		case word == "%":
			a.link = true
		case word == "@":
			a.called = true
		case isStem:
			a.stems = append(a.stems, stem)
		default:
			a.words = append(a.words, word)
		}
	}
	return p.place(a, optional), nil
}

// numbers reads a range as "#40-54".
func numbers(said string) ([2]int, error) {
	low, high, _ := strings.Cut(said[1:], "-")
	from, err := strconv.Atoi(low)
	if err != nil {
		return anyNumber, err
	}
	upto, err := strconv.Atoi(high)
	return [2]int{from, upto}, err
}

func (p *phrases) place(a atom, optional bool) part {
	p.g.atoms = append(p.g.atoms, a)
	i := []int32{int32(len(p.g.atoms) - 1)}
	one := part{first: i, last: i, nullable: optional}
	if !optional {
		one.needs = [][]int32{i}
	}
	return one
}

// gap is up to so many words of any kind. Each of them comes behind the one before, so that a reader that began once stands at
// one of them at a time.
func (p *phrases) gap(most int) part {
	whole := part{nullable: true}
	for i := range most {
		one := p.place(atom{rule: p.rule, place: place{any: true}}, false)
		if i == 0 {
			whole.first = one.first
		} else {
			before := whole.last[i-1]
			p.g.atoms[before].follow = append(p.g.atoms[before].follow, one.first...)
		}
		whole.last = append(whole.last, one.last...)
	}
	return whole
}

// group reads "a b / c d )" behind its "(".
func (p *phrases) group() (part, error) {
	var whole part
	var needs [][][]int32 // of each alternative
	start := p.start
	for {
		p.start = start
		one, err := p.sequence()
		if err != nil {
			return whole, err
		}
		whole.first, whole.last = append(whole.first, one.first...), append(whole.last, one.last...)
		whole.nullable = whole.nullable || one.nullable
		needs = append(needs, one.needs)
		if p.at >= len(p.items) {
			return whole, errors.New("a ( without its )")
		}
		closing := p.items[p.at]
		p.at++
		if closing == "/" {
			continue
		}
		whole.nullable = whole.nullable || closing == ")?"
		if !whole.nullable {
			whole.needs = p.g.either(needs)
		}
		return whole, nil
	}
}
