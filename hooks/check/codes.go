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
	ofRecords = setOf("mrn record records chart charts file folder tab wristband bracelet expediente historial historia carpeta pulsera brazalete registro folio caso case archivo hcn nhc paciente system sistema")
	ofPlans   = setOf(`insurance insurer medicaid medicare subscriber member card coverage policy plan aetna cigna humana kaiser united unitedhealthcare uhc anthem
		bcbs ambetter molina tricare wellcare blue sanitas adeslas mapfre asisa triple-s aseguradora aseguranza seguro poliza tarjeta afiliado afiliada afiliacion mutua cobertura medi-cal`)
	// ofThings are words before the numbers of goods, journeys and papers, which are nobody's.
	ofThings = setOf(`order orders pedido orden tracking confirmation confirmacion model modelo lot lots lote part parts pieza serial serie sku item catalog isbn barcode recall recalled ndc invoice factura ticket boleto
		flight vuelo version form formulario formato study estudio trial score routing zip postal pagina price precio room bus ruta route gift credit debit regalo credito debito`)
)

// codeReach is how far, in bytes, a word may stand from the code that it explains.
const codeReach = 110

// freeCall is the number of an organization, which costs nothing to call.
var freeCall = regexp.MustCompile(`^1?(?:800|888|877|866|855|844|833)[0-9]{7}$`)

// leastDigits is how many a number has at least that is one person's alone.
const leastDigits = 5

// codesNear gives the codes that stand near one of some words.
func codesNear(t *text, words map[string]bool) [][2]int {
	if !t.says(words) {
		return nil
	}
	var out [][2]int
	for _, at := range codeShape.FindAllIndex(t.bytes, mostJudged) {
		if t.isCode(at[0], at[1]) && near(t, at[0], at[1], words, codeReach) && !behind(t, at[0], ofThings, 40) {
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
	t.eachSpoken(leastDigits, func(start, end, _ int, _ bool) {
		if near(t, start, end, words, codeReach) && !behind(t, start, ofThings, 40) {
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

// isCode reports whether a place has the look of somebody's number, and not of a sum, a date, a measure or an organization's phone.
func (t *text) isCode(start, end int) bool {
	said := t.bytes[start:end]
	if len(nonDigit.ReplaceAll(said, nil)) < leastDigits || start > 0 && strings.IndexByte("$/.,@=_+", t.bytes[start-1]) >= 0 {
		return false
	}
	after := t.bytes[end:min(len(t.bytes), end+14)]
	if len(after) > 1 && (after[0] == ',' || after[0] == '.' || after[0] == '/') && (digit(after[1]) || letter(after[1])) {
		return false
	}
	if shapeDate.Match(said) || dateShape.Match(said) || shapeTime.Match(said) || phoneNorth.Match(said) {
		return false
	}
	after = bytes.TrimLeft(after, " ")
	return !dollars.Match(after) && !ageNot.Match(append([]byte(" "), after...)) && !freeCall.Match(nonDigit.ReplaceAll(said, nil))
}
