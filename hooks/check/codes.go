package check

import (
	"bytes"
	"regexp"
	"strings"
)

// People tell a number of theirs in more orders than a shape can list: "88-1427-03, that's the record", "the card says 0019926408".
// So a code is found by its own look, and what it is by the words around it.

// codeShape is digits, with letters before or between and signs or spaces between groups.
var codeShape = regexp.MustCompile(`\b(?:[a-z]{1,4}-?)?[0-9][0-9a-z]*(?:-[0-9a-z]+| [0-9][0-9a-z]+)*\b`)

var (
	ofRecords = setOf("mrn record records chart charts file folder tab wristband bracelet expediente historial carpeta pulsera brazalete nhc")
	ofPlans   = setOf(`insurance insurer medicaid medicare subscriber card coverage aetna cigna humana kaiser unitedhealthcare uhc anthem bcbs ambetter molina tricare
		wellcare sanitas adeslas mapfre asisa triple-s aseguradora aseguranza seguro poliza tarjeta afiliado afiliada afiliacion mutua cobertura medi-cal`)
)

// ofThing ends what stands before the number of goods, of journeys and of papers, which is nobody's: "lot ", "order number is ".
var ofThing = regexp.MustCompile(`\b(?:orders?|pedido|orden|tracking|confirmation|confirmacion|models?|modelo|lots?|lote|parts?|pieza|serial|serie|sku|item|catalog|isbn|barcode|ndc|invoice|factura|ticket|boleto|flight|vuelo|version|forms?|formulario|study|estudio|trial|routing|zip|postal|gift|credit|debit|credito|debito)(?: (?:card|tarjeta|numbers?|numero|num|no|id|code|codigo|is|was|es|era|de|the|el|la)\b\.?){0,3}[ :#]*$`)

// isOfThing reports whether a number stands right behind the name of something that is nobody's.
func (t *text) isOfThing(start int) bool { return ofThing.Match(t.bytes[max(0, start-40):start]) }

// codeReach is how far, in bytes, a word may stand from the code that it explains, in the same sentence or the next.
const codeReach = 110

// Where a word explains what a number is only by standing near, the number must look like nothing else.
const (
	leastDigits = 5
	longDigits  = 6 // without any sign, letter or zero before
)

// freeCall is the number of an organization, which costs nothing to call.
var freeCall = regexp.MustCompile(`^1?-?(?:800|888|877|866|855|844|833)(?:[0-9]{7}$|-[0-9]{3}-)`)

// codesNear gives the codes that stand near one of some words.
func codesNear(t *text, words map[string]bool) [][2]int {
	if !t.says(words) {
		return nil
	}
	var out [][2]int
	for _, at := range codeShape.FindAllIndex(t.bytes, mostJudged) {
		if t.isCode(at[0], at[1]) && t.explained(at[0], at[1], words) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

func spokenRecords(t *text, _ Context) [][2]int { return spokenNear(t, ofRecords) }
func spokenPlans(t *text, _ Context) [][2]int   { return spokenNear(t, ofPlans) }

// spokenNear gives the codes that are written as words.
func spokenNear(t *text, words map[string]bool) [][2]int {
	if !t.says(words) {
		return nil
	}
	var out [][2]int
	t.eachSpoken(leastDigits, func(start, end, said int, tens bool) {
		if (!tens || said > 3) && t.explained(start, end, words) {
			out = append(out, [2]int{start, end})
		}
	})
	return out
}

// says reports whether a text has one of some words.
func (t *text) says(words map[string]bool) bool {
	for i := range t.tokens {
		if words[t.tokens[i].word] {
			return true
		}
	}
	return false
}

// explained reports whether one of some words stands near a code, and nothing says that it is a thing's.
func (t *text) explained(start, end int, words map[string]bool) bool {
	if t.isOfThing(start) {
		return false
	}
	own, ok := tokenAt(t, start)
	if !ok {
		return false
	}
	at, _ := tokenAt(t, start-codeReach)
	for ; at < len(t.tokens) && t.tokens[at].start < end+codeReach; at++ {
		tok := &t.tokens[at]
		if apart := tok.sentence - t.tokens[own].sentence; words[tok.word] && apart >= -1 && apart <= 1 && (tok.end <= start || tok.start >= end) {
			return true
		}
	}
	return false
}

var (
	notCode = regexp.MustCompile(`^(?:[1-9][0-9]?0{3,}|(?:19|20)[0-9]{2}(?:[ -]+(?:19|20)[0-9]{2})+)$`) // round sums, years
	rangeOf = regexp.MustCompile(`^([0-9]{2,4})-([0-9]{2,4})$`)
	amounts = regexp.MustCompile(`^(?:iu|ui|units?|unidades|meters|metros|words|palabras|puffs|pasos|dolares|pesos|euros|bucks|signatures|firmas|a|per|por|cells|celulas|in|mil|million)\b`)
)

// isCode reports whether a place has the look of somebody's number, and not of a sum, a range, a date, a measure or an organization's
// phone.
func (t *text) isCode(start, end int) bool {
	said := t.bytes[start:end]
	digits := nonDigit.ReplaceAll(said, nil)
	if len(digits) < leastDigits || len(digits) == len(said) && len(said) < longDigits && said[0] != '0' || start > 0 && strings.IndexByte("$/.,@=_+", t.bytes[start-1]) >= 0 {
		return false
	}
	if r := rangeOf.FindSubmatch(said); r != nil && len(r[1]) == len(r[2]) && string(r[1]) < string(r[2]) {
		return false
	}
	after := t.bytes[end:min(len(t.bytes), end+14)]
	if len(after) > 1 && (after[0] == ',' || after[0] == '.' || after[0] == '/') && (digit(after[1]) || letter(after[1])) {
		return false
	}
	if notCode.Match(said) || shapeDate.Match(said) || dateShape.Match(said) || shapeTime.Match(said) || phoneNorth.Match(said) || freeCall.Match(said) {
		return false
	}
	after = bytes.TrimLeft(after, " ")
	return !dollars.Match(after) && !amounts.Match(after) && !ageNot.Match(append([]byte(" "), after...))
}
