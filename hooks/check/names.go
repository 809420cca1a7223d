package check

import (
	"slices"
	"strings"
)

// Name is a member's, as it is shown.
type Name struct{ Member, Name string }

// titles stand before a name and are none of it.
var titles = setOf("dr dra mr mrs ms miss sr sra srta don dona doctor doctora nurse prof rn md np pa jr ii iii de la del los las y van von")

// common are first names and family names that are words as well: alone they are a name only with a capital that does not
// begin a sentence.
var common = setOf(`will may hope grace joy faith rose lily daisy ivy iris violet mark art bill jack frank rob bob pat drew chase grant
	miles dean earl guy ray rich rusty sandy sunny dawn eve summer autumn april june august sage olive ginger pearl ruby amber crystal
	jade coral mercy patience charity prudence melody harmony carol gale robin wren jay heath cliff brook brooke forest glen dale
	norm gene buddy junior angel star sky skye rain storm blue gray grey brown black white green young long short strong small little
	king queen bishop pope abbot baker butcher carpenter cook cooper farmer fisher gardener hunter mason miller porter potter smith
	taylor turner walker weaver wright ward wells woods stone field fields banks bridges brooks burns church cross day days fox wolf
	lamb bird finch swan bush rice bean berry hall house case chance church mother nurse moon may price rush sharp sweet wise
	luz sol paz rosa mar cielo consuelo socorro dolores pilar esperanza fe gloria milagros mercedes victoria alma blanca flor linda
	angeles rios reyes cruz santos leon flores campos torres rojas luna salud remedios rocio nieves soledad gracia patricio luis
	amor bueno blanco moreno rubio delgado bravo leal guerra montes vega calle paredes iglesias mora nieto prado rey sierra valle
	ser sal abril julio domingo jesus dios santa san love max trip penny bud mike
	self sue don ten an in do so so my he ha li lee park see back best good more old wood bell may page penny chip`)

// Names is a list of members' names, made ready to be looked for. It never changes.
type Names struct {
	forms map[string]*form
	// longest is how many words the longest form has that begins with a word.
	longest map[string]int
}

// form is one way in which members are named, word by word, and all who are named so, in the list's order.
type form struct {
	parts   []string
	capital bool // it is a word as well, and needs a capital that says it is a name
	handle  bool // it was made up, as a pseudonym with a digit in it: no one writes it by chance
	members []string
}

// NewNames makes a list of names ready.
func NewNames(known []Name) *Names {
	n := &Names{forms: map[string]*form{}, longest: map[string]int{}}
	for _, one := range known {
		n.add(one)
	}
	return n
}

// in gives where members are named: by the whole name, or by a part of it that is not a common word.
func (n *Names) in(t *text, about Context) []Found {
	if n == nil {
		return nil
	}
	knows := about.Knows
	if knows == nil {
		knows = func(members []string) (string, bool) { return members[0], true }
	}
	var out []Found
	for i := 0; i < len(t.tokens); i++ {
		best, member := n.best(t, i, about.Self, knows)
		if member == "" {
			continue
		}
		last := i + len(best.parts) - 1
		found := t.found("member_name", t.tokens[i].start, t.tokens[last].end)
		found.Member = member
		out = append(out, found)
		i = last
	}
	return out
}

// best gives the longest name that begins at a place and is somebody's whom the writer may know. The writer's own is none.
func (n *Names) best(t *text, at int, self string, knows func(members []string) (string, bool)) (*form, string) {
	for words := min(n.longest[t.tokens[at].word], len(t.tokens)-at); words > 0; words-- {
		f := n.forms[t.words(at, words)]
		if f == nil || !f.stands(t, at) {
			continue
		}
		if member, known := knows(f.members); known {
			if slices.Contains(f.members, self) {
				return nil, ""
			}
			return f, member
		}
	}
	return nil, ""
}

// words joins some words of a text as the names are kept.
func (t *text) words(at, count int) string {
	if count == 1 {
		return t.tokens[at].word
	}
	parts := make([]string, count)
	for i := range parts {
		parts[i] = t.tokens[at+i].word
	}
	return strings.Join(parts, " ")
}

// add puts in the forms in which a member is named: all of the name, and each word of it that can stand for the person.
func (n *Names) add(one Name) {
	var parts []string
	for _, tok := range read(one.Name).tokens {
		if !titles[tok.word] {
			parts = append(parts, tok.word)
		}
	}
	if len(parts) > 1 {
		plain := !slices.ContainsFunc(parts, func(p string) bool { return !common[p] && len(p) > 2 })
		n.form(one.Member, form{parts: parts, capital: plain})
		if len(parts) > 2 {
			n.form(one.Member, form{parts: []string{parts[0], parts[len(parts)-1]}})
		}
	}
	for _, part := range parts {
		if len(part) < 3 && len(parts) > 1 {
			continue
		}
		n.form(one.Member, form{parts: []string{part}, capital: common[part] || english(part), handle: strings.ContainsAny(part, "0123456789")})
	}
}

// form adds a member to those who are named so.
func (n *Names) form(member string, f form) {
	name := strings.Join(f.parts, " ")
	known := n.forms[name]
	if known == nil {
		known = &f
		n.forms[name] = known
		n.longest[f.parts[0]] = max(n.longest[f.parts[0]], len(f.parts))
	}
	known.capital = known.capital && f.capital // two of three words may be common where the third is not
	if last := len(known.members) - 1; last < 0 || known.members[last] != member {
		known.members = append(known.members, member)
	}
}

// english reports whether a word stands in the grammars: a pseudonym as "morning walk" is made of such words.
func english(word string) bool {
	return phraseGrammar().words[word] != nil
}

// stands reports whether what has the words of a form at a place is a name there.
func (w *form) stands(t *text, at int) bool {
	for i := range w.parts {
		if t.tokens[at+i].kind == isLink {
			return false
		}
	}
	if !w.capital || w.handle {
		return true
	}
	if at > 0 && t.tokens[at-1].start == t.tokens[at].start {
		return false // a part of a contraction
	}
	if before := t.tokens[at].start - 1; before >= 0 && t.bytes[before] == '@' {
		return true
	}
	if next := at + len(w.parts); next < len(t.tokens) && t.tokens[next].kind == isNumber {
		return false // a month, a street, a street's number
	}
	first := at == 0 || t.tokens[at-1].sentence != t.tokens[at].sentence
	if !t.tokens[at].capital || shouted(t, at) {
		return false
	}
	return !first || len(w.parts) > 1 || spokenTo(t, at)
}

// shouted reports whether the words around are all in capitals, where a capital says nothing.
func shouted(t *text, at int) bool {
	capitals := 0
	for i := max(0, at-2); i < min(len(t.tokens), at+3); i++ {
		tok := t.tokens[i]
		if tok.end-tok.start > 1 && t.upper[tok.start] && t.upper[tok.end-1] {
			capitals++
		}
	}
	return capitals > 1
}

// spokenTo reports whether a name at the beginning of a sentence is followed by what makes it one: "Rose, how are you", "Rose's".
func spokenTo(t *text, at int) bool {
	end := t.tokens[at].end
	if end < len(t.bytes) && (t.bytes[end] == ',' || t.bytes[end] == '\'') {
		return true
	}
	if end >= 2 && t.bytes[end-2] == '\'' {
		return true
	}
	return at+1 < len(t.tokens) && t.tokens[at+1].sentence == t.tokens[at].sentence && personal[t.tokens[at+1].word]
}

var personal = setOf("said says told has had was is went asked thinks posted wrote got tiene dijo dice esta fue vino escribio")

// ownWords gives where the practice's own words stand. A word may be several, and end with * for any ending.
func ownWords(t *text, words []string) []Found {
	var out []Found
	for _, word := range words {
		stem := strings.HasSuffix(strings.TrimSpace(word), "*")
		parts := read(word).tokens
		if len(parts) == 0 {
			continue
		}
		for i := 0; i+len(parts) <= len(t.tokens); i++ {
			if sameWords(t.tokens[i:i+len(parts)], parts, stem) {
				out = append(out, t.found("word", t.tokens[i].start, t.tokens[i+len(parts)-1].end))
			}
		}
	}
	return out
}

func sameWords(said, wanted []token, stem bool) bool {
	for i := range wanted {
		if said[i].sentence != said[0].sentence {
			return false
		}
		if said[i].word == wanted[i].word || stem && i == len(wanted)-1 && strings.HasPrefix(said[i].word, wanted[i].word) {
			continue
		}
		return false
	}
	return true
}
