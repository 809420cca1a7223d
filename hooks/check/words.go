package check

import (
	"bytes"
	"strings"
)

// token is a word, a number or an address of a page, as sentences are read: "don't" is two words, "do" and "not".
type token struct {
	word       string
	start, end int // in the folded bytes
	sentence   int
	capital    bool // its first letter
	called     bool // it may be whom the sentence is said to
	kind       kind
}

type kind uint8

const (
	isWord kind = iota
	isNumber
	isLink
)

// text is what all detectors of one run share.
type text struct {
	*folded
	tokens []token
	// sentences is how many there are; each token says which one it stands in.
	sentences int
	cut       [][2]int // runs, once they were asked for
	pages     [][]int  // links, once they were asked for
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c == otherLetter }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// read cuts a text into words and sentences.
func read(source string) *text {
	t := &text{folded: fold(source)}
	b := t.bytes
	for i := 0; i < len(b); {
		switch c := b[i]; {
		case letter(c) || digit(c):
			if end := link(b, i); end > i {
				t.push("\x00link", i, end, isLink)
				i = end
				continue
			}
			i = t.number(i)
			if i < len(b) && letter(b[i]) {
				i = t.word(i)
			}
		case c == '\n':
			i = t.line(i)
		case c == '.' || c == '!' || c == '?' || c == opening:
			if !abbreviated(t, i) && !between(b, i) {
				t.sentences++
			}
			i++
		default:
			i++
		}
	}
	t.spelled()
	t.sentences++
	t.addressed()
	return t
}

func (t *text) push(word string, start, end int, k kind) {
	t.tokens = append(t.tokens, token{word: word, start: start, end: end, sentence: t.sentences, capital: t.upper[start], kind: k})
}

// number reads digits with what stands between digits, as 1,000 or 3/14 or 4.5; it gives i again where none begins.
func (t *text) number(i int) int {
	b, start := t.bytes, i
	for i < len(b) && (digit(b[i]) || i > start && i+1 < len(b) && digit(b[i+1]) && strings.IndexByte(".,/:", b[i]) >= 0) {
		i++
	}
	if i > start {
		t.push(string(b[start:i]), start, i, isNumber)
	}
	return i
}

// word reads letters, and digits behind them, and the apostrophes between.
func (t *text) word(i int) int {
	b, start := t.bytes, i
	for i < len(b) && (letter(b[i]) || digit(b[i]) || b[i] == '\'' && i+1 < len(b) && letter(b[i+1])) {
		i++
	}
	said := string(b[start:i])
	if apart, ok := contractions[said]; ok {
		for _, part := range apart {
			t.push(part, start, i, isWord)
		}
		return i
	}
	stem, tail, cut := strings.Cut(said, "'")
	if !cut {
		t.push(said, start, i, isWord)
		return i
	}
	switch tail {
	case "s":
		t.push(stem, start, i, isWord)
		if issues[stem] {
			t.push("is", start, i, isWord)
		}
	case "m", "re", "ve", "ll", "d":
		t.push(stem, start, i, isWord)
		t.push(map[string]string{"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}[tail], start, i, isWord)
	case "t":
		t.push(strings.TrimSuffix(stem, "n"), start, i, isWord)
		t.push("not", start, i, isWord)
	default:
		t.push(strings.ReplaceAll(said, "'", ""), start, i, isWord)
	}
	return i
}

// line reads the end of a line: an empty line, a list's next item, a heading or a quotation begins a new sentence.
func (t *text) line(i int) int {
	b := t.bytes
	breaks := 0
	for i < len(b) && (b[i] == '\n' || b[i] == ' ') {
		if b[i] == '\n' {
			breaks++
		}
		i++
	}
	if breaks > 1 || i < len(b) && strings.IndexByte("-*+#>|", b[i]) >= 0 && i+1 < len(b) && (b[i+1] == ' ' || b[i] == '#' || b[i] == '>') {
		t.sentences++
	}
	return i
}

// between reports whether a point stands within a word, as in example.org or 3.p.m.
func between(b []byte, i int) bool {
	return b[i] == '.' && i > 0 && i+1 < len(b) && letter(b[i-1]) && letter(b[i+1])
}

// abbreviated reports whether a point ends an abbreviation and no sentence.
func abbreviated(t *text, i int) bool {
	if t.bytes[i] != '.' || len(t.tokens) == 0 {
		return false
	}
	last := t.tokens[len(t.tokens)-1]
	return last.end == i && last.kind == isWord && (abbreviations[last.word] || len(last.word) == 1 && last.word != "i" && last.word != "u")
}

// spelled puts words that were written letter by letter together again: "s u i c i d e", "k-i-l-l".
func (t *text) spelled() {
	out := t.tokens[:0]
	for i := 0; i < len(t.tokens); {
		j := i
		for j < len(t.tokens) && len(t.tokens[j].word) == 1 && t.tokens[j].kind == isWord && t.tokens[j].sentence == t.tokens[i].sentence &&
			(j == i || t.tokens[j].start <= t.tokens[j-1].end+1) {
			j++
		}
		if j-i < 4 {
			j = max(j, i+1)
			out = append(out, t.tokens[i:j]...)
			i = j
			continue
		}
		whole := t.tokens[i]
		var word strings.Builder
		for _, one := range t.tokens[i:j] {
			word.WriteString(one.word)
		}
		whole.word, whole.end = word.String(), t.tokens[j-1].end
		out = append(out, whole)
		i = j
	}
	t.tokens = out
}

// addressed marks the words that somebody may be called by: with a capital, and apart by a comma from the sentence that they
// begin or end. Whether such a word is a name the grammar decides, which knows the words that are none.
func (t *text) addressed() {
	for i := range t.tokens {
		tok := &t.tokens[i]
		if !tok.capital || tok.kind != isWord || tok.end-tok.start < 3 || seldomNames[tok.word] {
			continue
		}
		first := i == 0 || t.tokens[i-1].sentence != tok.sentence || greetings[t.tokens[i-1].word]
		last := i+1 == len(t.tokens) || t.tokens[i+1].sentence != tok.sentence
		tok.called = first && tok.end < len(t.bytes) && t.bytes[tok.end] == ',' || last && t.after(tok.start, ',')
	}
}

// after reports whether a sign stands before a place, with a space between or none.
func (t *text) after(start int, sign byte) bool {
	if start > 0 && t.bytes[start-1] == ' ' {
		start--
	}
	return start > 0 && t.bytes[start-1] == sign
}

// greetings stand before a name; seldomNames are what else begins a sentence with a capital and a comma behind.
var (
	greetings   = setOf("hi hello hey dear hola querida querido estimada estimado dona don mr mrs ms sra sr senor senora thanks gracias")
	seldomNames = setOf(`however first firstly second secondly third finally also remember yes yeah no nope well ok okay sorry hello hi hey please thanks
		today tomorrow yesterday tonight monday tuesday wednesday thursday friday saturday sunday morning evening again actually sure next then now so overall
		generally usually often sometimes personally honestly recently lately currently fortunately unfortunately luckily sadly welcome everyone everybody all
		friends folks team guys ladies gentlemen neighbors members medicare medicaid fyi btw instead meanwhile moreover furthermore besides still anyway indeed
		certainly definitely absolutely of course true right good great nice wow oh ah instead afterwards later once here there too january february march april
		may june july august september october november december spring summer fall winter hola bueno buenas claro amigos amigas familia vecinos gracias saludos
		hoy manana ayer lunes martes miercoles jueves viernes sabado domingo si ademas despues primero segundo recuerden recuerde entonces tambien finalmente
		bienvenidos bienvenidas bienvenido todos todas perdon disculpen ahora luego sin embargo normalmente generalmente english spanish texas houston dallas kinward
		god lord dios jesus mexico america christmas easter thanksgiving covid`)
)

// What is longer is no address that anyone writes; the bounds keep the work to the length of the text.
const longestHost, longestLink = 253, 2_048

// link gives where the address of a page ends that begins at i, or i if none does. It is one word, whatever is in it.
func link(b []byte, i int) int {
	if i > 0 && (letter(b[i-1]) || digit(b[i-1]) || b[i-1] == '@' || b[i-1] == '.' || b[i-1] == '/') {
		return i
	}
	host := i
	for host < len(b) && host-i < longestHost && (letter(b[host]) || digit(b[host]) || b[host] == '-' || b[host] == '.') {
		host++
	}
	if !bytes.Contains(b[i:host], []byte(".")) && !bytes.HasPrefix(b[host:], []byte("://")) {
		return i
	}
	end := i
	for end < len(b) && end-i < longestLink && strings.IndexByte(" \n<>\"()[]{}|\\^`'\x01\x02\x03", b[end]) < 0 {
		end++
	}
	said := strings.TrimRight(string(b[i:end]), ".,;:!?*_~")
	name, path, hasPath := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(said, "http://"), "https://"), "/")
	switch {
	case len(name) < 4 || strings.Contains(name, "@") || !strings.Contains(name, "."):
		return i
	case name != said && !hasPath, strings.HasPrefix(said, "http"), strings.HasPrefix(said, "www."):
		return i + len(said)
	case domains[name[strings.LastIndexByte(name, '.')+1:]] && (path != "" || !strings.ContainsAny(name, ",:;!?")):
		return i + len(said)
	}
	return i
}

// domains are the ends of names that people write without http before them.
var domains = setOf("com org net edu gov mil info io me co us es mx ly gl gg be tv app page site online health clinic care link ee")

var abbreviations = setOf("vd ud uds vds dr mr mrs ms st sr sra srta dra prof vs approx no num ave blvd rd apt tel ext jr eg ie etc mg ml hr hrs min")

// issues are words behind which an 's says "is"; behind others it says whose.
var issues = setOf("it he she that what who there here where how everything nothing something this")

func setOf(words string) map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(words) {
		out[word] = true
	}
	return out
}

// contractions are what people write without an apostrophe, or together, and the short forms of messages.
var contractions = func() map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(shortForms, "\n") {
		short, long, _ := strings.Cut(strings.TrimSpace(line), " = ")
		if short != "" {
			for _, one := range strings.Fields(short) {
				out[one] = strings.Fields(long)
			}
		}
	}
	return out
}()

const shortForms = `
	im i'm ima = i am
	ive = i have
	can't cant cannot = can not
	won't wont = will not
	shan't = shall not
	dont don't dnt = do not
	doesnt = does not
	didnt = did not
	isnt = is not
	arent = are not
	wasnt = was not
	werent = were not
	havent = have not
	hasnt = has not
	hadnt = had not
	wouldnt = would not
	couldnt = could not
	shouldnt = should not
	aint ain't = is not
	youre = you are
	youve = you have
	theyre = they are
	shes = she is
	hes = he is
	thats = that is
	whats = what is
	gonna = going to
	gunna = going to
	wanna = want to
	gotta = got to
	lemme = let me
	gimme = give me
	u = you
	ur yr = your
	y'all yall = you all
	pls plz = please
	cuz cause coz = because
	bc = because
	tho = though
	q k = que
	xq pq porq = porque
	tb tmb = tambien
	toy = estoy
	tmrw tmr tomorow tommorow = tomorrow
	nite = night
	lastnite = last night
	hubby hubs = husband
	hafta = have to
	shoulda = should have
	coulda = could have
	woulda = would have
	kinda = kind of
	outta = out of
	dunno = do not know
	idk = i do not know
	ppl = people
	appt appts = appointment
	appmt appointmnt apointment = appointment
	wks = weeks
	hrs = hours
	mins = minutes
	thx = thanks
	id = i would
	its = it is
	theyll = they will
	youll = you will
	itll = it will
	theyd = they would
	youd = you would
	whos = who is
	theres = there is
	abt = about
	wut = what
	thru = through
	becuase becouse = because
	definately definitly = definitely
	recieve recieved = received
	receptionst receptionest = receptionist
	medicne medicin = medicine
	perscription prescripton = prescription
	breathin = breathing
	bleedin = bleeding
	hurtin = hurting
	feelin = feeling
	takin = taking
	throwin = throwing
	waitin = waiting
	doin = doing
	livin = living
	tryin = trying
	nothin = nothing
	somethin = something
	livng = living
	wnt = want
	kiero = quiero
	aver = a ver
	ahy = hay
	kon = con
	haci = asi
	nmas = nomas
	stoy = estoy
	xfa xfavor = por favor
`
