package check

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// scanner finds what has a shape rather than words: it gives ranges of the folded bytes.
type scanner struct {
	detector string
	find     func(t *text, about Context) [][2]int
	digits   bool // there is nothing to find without a digit
}

var scanners = []scanner{
	{"email", emails, false}, {"phone", phones, false}, {"ssn", socialNumbers, true}, {"record_number", recordNumbers, true}, {"record_number", spokenRecords, false},
	{"plan_number", planNumbers, true}, {"plan_number", spokenPlans, false}, {"personal_date", personalDates, false}, {"age_over_89", highAges, false},
	{"street_address", addresses, true}, {"street_address", spokenAddresses, false}, {"plate", plates, true}, {"profile_link", profiles, false}, {"photo_link", photos, false},
	{"direct_address", quotedPatient, false},
}

// mailHosts are where people have their mail. Those of onlyHosts are no words of another meaning.
const (
	onlyHosts = `gmail|googlemail|yahoo|hotmail|outlook|icloud|aol|msn|ymail|protonmail|comcast|gmx`
	mailHosts = onlyHosts + `|live|proton|verizon|att|me|mac|zoho|example`
)

var (
	mailPlain  = regexp.MustCompile(`[a-z0-9][a-z0-9._%+-]{0,63} ?@ ?[a-z0-9-]+(?: ?\. ?[a-z0-9-]+)*\.? ?[a-z]{2,}`)
	mailStrict = regexp.MustCompile(`^[a-z0-9][a-z0-9._%+-]*@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}$`)
	mailSpoken = regexp.MustCompile(`[a-z0-9][a-z0-9._+-]{0,63}(?: (?:dot|punto|underscore|guion bajo|guion|dash) [a-z0-9]{1,30}){0,3} ?[(\[{<*_-]{0,2} ?(?:at\b|arroba\b|@|a t\b) ?[)\]}>*_-]{0,2} ?[a-z0-9-]{2,40}(?: ?[(\[{<*_-]{0,2} ?(?:dot|punto|\.|,|d0t) ?[)\]}>*_-]{0,2} ?[a-z0-9-]{2,20}){1,3}`)
	mailHost   = regexp.MustCompile(`[a-z0-9][a-z0-9._+-]{1,63}(?: ?@|(?: [(\[]?| ?[(\[]) ?(?:at|arroba)) ?[)\]]? ?(?:gmail|hotmail|yahoo|outlook|icloud|aol|protonmail)\b`)
	mailNamed  = regexp.MustCompile(`\b(?:my|mi|her|his|their|su) (?:personal |work )?(?:e-?mail|email address|gmail|correo|yahoo|hotmail)(?: address| electronico)?(?: is| es|:| -) ?[a-z0-9][a-z0-9._+-]*[0-9_.][a-z0-9._+-]*[a-z0-9]`)
	mailEnds   = regexp.MustCompile(`(?:com|net|org|edu|gov|mil|us|mx|es|io|me|co|info|uk|ca|de|fr|health|care)[ )\]}>*_-]*$`)
	mailWhole  = regexp.MustCompile(`^.*(?:dot|punto|\.|d0t)[ )\]}>*_-]*(?:com|net|org|edu|gov|mil|us|mx|es|io|me|co|info|uk|ca|de|fr|health|care)\b[)\]}>*_-]*`)
	// desks are addresses of an institution, which it prints on its door.
	desks = regexp.MustCompile(`^(?:info|contact|help|support|office|admin|hello|press|frontdesk|reception|appointments?|billing|noreply|no-reply|webmaster|privacy|feedback|citas|ayuda|contacto|informacion|customerservice|service|events?|volunteers?|news|newsletter|questions)@`)
	// notUsers stand before "at" in a sentence and are nobody's mailbox.
	notUsers = setOf("look looking meet meeting me us available found find click see is are was were be me here there sign register posted post online live open only and or visit starts begins them it him her everyone all start time not start held out up down back more read hosted classes class info")
)

// mailTail is the end of an address that is spelt out, and mailDomain what such an end has: most texts have neither, and are
// spared the search for the beginning.
var (
	mailTail   = regexp.MustCompile(`a(?:t|rroba| t) ?[)\]}>*_-]{0,2} ?[a-z0-9-]{2,40}(?: ?[(\[{<*_-]{0,2} ?(?:dot|punto|\.|,|d0t) ?[)\]}>*_-]{0,2} ?[a-z0-9-]{2,20}){1,3}`)
	mailDomain = regexp.MustCompile(`(?:dot|punto|\.|,|d0t)[ )\]}>*_-]*(?:com|net|org|edu|gov|mil|us|mx|es|io|me|co|info|uk|ca|de|fr|health|care)|\b(?:` + mailHosts + `)\b`)
)

func (t *text) hasAny(said ...string) bool {
	return slices.ContainsFunc(said, func(one string) bool { return bytes.Contains(t.bytes, []byte(one)) })
}

func (t *text) spellsAddress() bool {
	if t.hasAny("@") {
		return true
	}
	return slices.ContainsFunc(mailTail.FindAll(t.bytes, -1), mailDomain.Match)
}

func emails(t *text, about Context) [][2]int {
	var out [][2]int
	if t.hasAny("@") {
		out = plainEmails(t, about)
	}
	if t.spellsAddress() {
		out = append(out, spokenEmails(t)...)
	}
	var named [][]int
	if t.hasAny("gmail", "hotmail", "yahoo", "outlook", "icloud", "aol", "protonmail") {
		named = mailHost.FindAllIndex(t.bytes, -1)
	}
	if t.hasAny("mail", "correo", "yahoo") {
		named = append(named, mailNamed.FindAllIndex(t.bytes, -1)...)
	}
	for _, at := range named {
		user, _, _ := strings.Cut(string(t.bytes[at[0]:at[1]]), " ")
		if !notUsers[user] {
			out = append(out, [2]int(at))
		}
	}
	return out
}

func plainEmails(t *text, about Context) [][2]int {
	var out [][2]int
	for _, at := range mailPlain.FindAllIndex(t.bytes, -1) {
		said := strings.ReplaceAll(string(t.bytes[at[0]:at[1]]), " ", "")
		if mailStrict.MatchString(said) && !desks.MatchString(said) && !isOwn(said, about.Own) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

func spokenEmails(t *text) [][2]int {
	var out [][2]int
	for _, at := range mailSpoken.FindAllIndex(t.bytes, -1) {
		said := string(t.bytes[at[0]:at[1]])
		if short := mailWhole.FindString(said); short != "" && !mailEnds.MatchString(said) { // "... (dot) net, and more"
			said, at[1] = short, at[0]+len(short)
		}
		user, _, _ := strings.Cut(said, " ")
		bare := !strings.ContainsAny(said, "([{<@") && !strings.Contains(said, "arroba")
		known := regexpHost.MatchString(said)
		if page.MatchString(said) || bare && !known && brokenOff.MatchString(said) {
			continue
		}
		place := bare && !known && (notUsers[user] || !strings.Contains(said, " dot ") && !userLike.MatchString(user) && !near(t, at[0], at[1], aroundMail, 30))
		if (mailEnds.MatchString(said) || known) && !place && !strings.Contains(said, "@") {
			out = append(out, [2]int(at))
		}
	}
	return out
}

// brokenOff is where a sentence ends or pauses: "reach Ana at home. Me, I ..."
var brokenOff = regexp.MustCompile(`[a-z][.,] `)

// page is the beginning of an address of a page, which "at" may stand before.
var page = regexp.MustCompile(`\b(?:at|arroba) ?(?:https?|www)\b`)

// userLike is what a word looks like that names a mailbox and nothing else: "the page at cdc.gov" is no address.
var (
	userLike   = regexp.MustCompile(`[0-9._+-]`)
	aroundMail = setOf("mail email emails e-mail gmail correo write escribeme escribame escriban reach inbox address")
)

var regexpHost = regexp.MustCompile(`\b(?:` + onlyHosts + `)\b|\b(?:` + mailHosts + `) ?(?:\.|dot|punto) ?com\b`)

func isOwn(said string, own []string) bool {
	for _, one := range own {
		if one != "" && strings.Contains(one, said) {
			return true
		}
	}
	return false
}

var (
	phoneShape = regexp.MustCompile(`[(+]?[0-9oO][0-9oO .()/+*-]{5,26}[0-9]`)
	// phoneNorth is how numbers of North America are written: with signs between their groups, nothing else looks so.
	phoneNorth = regexp.MustCompile(`^\+?1?[ .-]*(?:\([0-9]{3}\)[ .*-]*|[0-9]{3}[ ]?[./*-] ?|[0-9]{3} )[0-9]{3}[ ]?[ ./*-] ?[0-9]{4}$`)
	phoneSeven = regexp.MustCompile(`^[0-9]{3}[ .-]?[0-9]{4}$`)
	aroundCall = setOf("catch cel celu fijo linea guasap wasap watsap whats wsp wp apunten apunta anoten anota apuntad contactar contacto comunicarse comunicate marcarme llamarme llamadme buzz ping landline direct extension ext line numbers digits phones llamar telefonos moviles celulares timbren timbra direct call text phone cell number mobile whatsapp tel telephone dial ring sms txt celular telefono numero llama llame llamame llamen llameme marca marque marcame reach contact fax home work cel mandame mensaje escribeme texteame movil")
	tollFree   = regexp.MustCompile(`^1?(?:800|888|877|866|855|844|833)`)
	shapeDate  = regexp.MustCompile(`^(?:[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4})`)
	shapeSSN   = regexp.MustCompile(`^[0-9]{3}[- .][0-9]{2}[- .][0-9]{4}$`)
	nonDigit   = regexp.MustCompile(`[^0-9]`)
	spokenOne  = map[string]bool{}
)

func init() {
	for _, word := range strings.Fields("zero oh o one two three four five six seven eight nine cero uno dos tres cuatro cinco seis siete ocho nueve") {
		spokenOne[word] = true
	}
}

func phones(t *text, about Context) [][2]int {
	if !bytes.ContainsAny(t.bytes, "0123456789") {
		return spokenNumbers(t)
	}
	var out [][2]int
	for _, at := range phoneShape.FindAllIndex(t.bytes, -1) {
		start, end := at[0], at[1]
		for start > 0 && letter(t.bytes[start-1]) && (t.bytes[start] == 'o' || t.bytes[start] == 'O') { // the end of a word: "caso 55 5555 0142"
			start++
			for start < end && t.bytes[start] == ' ' {
				start++
			}
		}
		if start > 0 && (letter(t.bytes[start-1]) || digit(t.bytes[start-1]) || strings.IndexByte("/=#$_&", t.bytes[start-1]) >= 0) || end < len(t.bytes) && (letter(t.bytes[end]) || t.bytes[end] == '%') {
			continue
		}
		if !(t.isOfThing(start) && !phoneNorth.Match(t.bytes[start:end])) && isPhone(string(t.bytes[start:end]), near(t, start, end, aroundCall, 40), about.Own) {
			out = append(out, [2]int{start, end})
		}
	}
	return append(out, spokenNumbers(t)...)
}

// isPhone judges a run of digits. asked says that a word as "call" stands near it.
func isPhone(said string, asked bool, own []string) bool {
	if shapeDate.MatchString(said) || shapeSSN.MatchString(said) || strings.ContainsAny(strings.Trim(said, "o"), "o") && !asked {
		return false
	}
	plain := nonDigit.ReplaceAllString(strings.ReplaceAll(said, "o", "0"), "")
	for _, one := range own {
		if mine := nonDigit.ReplaceAllString(one, ""); len(mine) > 6 && strings.HasSuffix(mine, last(plain, 10)) {
			return false
		}
	}
	if tollFree.MatchString(plain) && len(plain) >= 10 || len(plain) < 7 || len(plain) > 15 {
		return false
	}
	if phoneNorth.MatchString(said) {
		return true
	}
	if len(plain) == 7 {
		return asked && phoneSeven.MatchString(said)
	}
	number, err := phonenumbers.Parse(said, "US")
	if err == nil && phonenumbers.IsValidNumber(number) && (len(plain) >= 10 || strings.HasPrefix(said, "+")) {
		return asked || strings.ContainsAny(said, "-()+. ") || len(plain) == 10
	}
	if !asked {
		return false
	}
	if mexican, err := phonenumbers.Parse(said, "MX"); err == nil && phonenumbers.IsValidNumber(mexican) {
		return true
	}
	return len(plain) >= 9 && len(plain) <= 12
}

func last(s string, n int) string { return s[max(0, len(s)-n):] }

// near reports whether one of some words stands within a number of bytes of a place.
func near(t *text, start, end int, words map[string]bool, reach int) bool {
	at, _ := tokenAt(t, start-reach)
	for ; at < len(t.tokens) && t.tokens[at].start < end+reach; at++ {
		if words[t.tokens[at].word] && (t.tokens[at].end <= start || t.tokens[at].start >= end) {
			return true
		}
	}
	return false
}

// tokenAt gives the first token that begins at a byte or after it.
func tokenAt(t *text, start int) (int, bool) {
	low, high := 0, len(t.tokens)
	for low < high {
		middle := (low + high) / 2
		if t.tokens[middle].start < start {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(t.tokens)
}

// englishOne are the digits between which "o" is one too.
var englishOne = setOf("o oh zero one two three four five six seven eight nine")

// spokenTens are numbers of two digits as they are said; "thirty four" and "treinta y cuatro" are two digits together.
var spokenTens, spokenRound = setOf("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"),
	setOf("twenty thirty forty fifty sixty seventy eighty ninety veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa")

// spokenNumbers finds seven or more digits that are written as words: "five five five, zero one ...". Where some are said in
// tens, as "doce, treinta y cuatro", a word as "call" must stand near. Who counts, one two three, tells no number.
func spokenNumbers(t *text) [][2]int {
	var out [][2]int
	t.eachSpoken(7, func(start, end, words int, tens bool) {
		if !tens && words >= 4 || near(t, start, end, aroundCall, 40) {
			out = append(out, [2]int{start, end})
		}
	})
	return out
}

// eachSpoken goes through the runs of at least so many digits of which three or more words are said.
func (t *text) eachSpoken(least int, found func(start, end, words int, tens bool)) {
	for i := 0; i < len(t.tokens); i++ {
		j, digits, words, tens := i, 0, 0, false
		for j < len(t.tokens) && t.tokens[j].sentence == t.tokens[i].sentence {
			size, count, ten := t.spokenAt(j, j > i)
			if size == 0 {
				break
			}
			digits, j, tens = digits+count, j+size, tens || ten
			if t.tokens[j-1].kind == isWord {
				words++
			}
		}
		if digits >= least && words >= 3 && !t.counts(i, j) {
			found(t.tokens[i].start, t.tokens[j-1].end, words, tens)
		}
		i = max(i, j-1)
	}
}

// spokenAt reads one spoken number: how many words it takes, how many digits it says, and whether they are said as ten or more.
func (t *text) spokenAt(at int, within bool) (size, digits int, tens bool) {
	word := t.tokens[at].word
	switch {
	case word == "o" && !(at > 0 && englishOne[t.tokens[at-1].word] && at+1 < len(t.tokens) && englishOne[t.tokens[at+1].word]):
		return 0, 0, false // the Spanish "or"
	case spokenOne[word]:
		return 1, 1, false
	case spokenTens[word]:
		return 1, 2, true
	case spokenRound[word]:
		if at+2 < len(t.tokens) && t.tokens[at+1].word == "y" && spokenOne[t.tokens[at+2].word] {
			return 3, 2, true
		}
		if at+1 < len(t.tokens) && spokenOne[t.tokens[at+1].word] && t.tokens[at+1].start == t.tokens[at].end+1 {
			return 2, 2, true
		}
		return 1, 2, true
	case within && t.tokens[at].kind == isNumber && len(word) <= 4:
		return 1, len(word), false
	}
	return 0, 0, false
}

// counting are the numbers in the order in which one counts.
var counting = []string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "", "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"}

// counts reports whether each word of a range comes after the one before as one counts.
func (t *text) counts(from, upto int) bool {
	for i := from; i+1 < upto; i++ {
		at := slices.Index(counting, t.tokens[i].word)
		if at < 0 || at+1 == len(counting) || counting[at+1] != t.tokens[i+1].word {
			return false
		}
	}
	return true
}
