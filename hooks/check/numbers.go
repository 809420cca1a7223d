package check

import (
	"bytes"
	"regexp"
	"strings"
)

var (
	// identity are numbers of cards that a state gives: the Spanish DNI and NIE, the Mexican CURP and RFC, and numbers that are
	// said to be of a passport, a licence or a cédula.
	identity    = regexp.MustCompile(`\b(?:dni|nie|nif|curp|rfc|cedula|pasaporte|passport|licencia(?: de (?:conducir|manejo))?|driver'?s? licen[cs]e|state id|green card|alien number|a-number|rut|dui|ine)(?: number| num| no| numero| #)?\b\.?[^0-9\n.]{0,16}\b[a-z]{0,4}[- ]?[0-9](?:[0-9a-z.-]{4,20})\b|\b[0-9]{8}-?[a-hj-np-tv-z]\b|\b[a-z]{4}[0-9]{6}[hm][a-z]{5}[0-9a-z]{2}\b`)
	socialShape = regexp.MustCompile(`\b[0-9]{3} ?[-. ] ?[0-9]{2} ?[-. ] ?[0-9]{4}\b`)
	socialNamed = regexp.MustCompile(`\b(?:ssn|ss|s\.s\.n|social security|social|seguro social|seguridad social|soc sec|sosial|numero social|itin|tax id|nuss|naf)\b[^\n]{0,30}?\b(?:[0-9]{9}|[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4}|[x*]{3}-?[x*]{2}-?[0-9]{4})\b`)
	socialLast  = regexp.MustCompile(`\blast (?:four|4)(?: digits)? (?:of|on) (?:my|his|her|the) (?:ssn|social)[^\n]{0,25}?[0-9]{4}\b|\b(?:ultimos|ultimas) (?:cuatro|4)[^\n]{0,25}(?:social|ssn)[^\n]{0,20}?[0-9]{4}\b|\b(?:ssn|social)\b[^\n]{0,20}(?:ends in|ending in|termina en|last four|last 4)[^\n]{0,6}?[0-9]{4}\b`)
	// socialApart is written in any groups, and must stand near a word that says what it is
	socialApart = regexp.MustCompile(`\b[0-9](?:[ ./-]{0,3}[0-9]){8}\b`)
	ofSocial    = setOf("ssn ss social seguro seguridad itin nuss")
	// a code has at least four digits, and may have letters and hyphens between
	code        = `#?:? ?\(?\b[a-z]{0,4}[- ]?[0-9][0-9a-z-]{2,20}[0-9a-z]\b`
	recordNamed = regexp.MustCompile(`\b(?:mrn|m\.r\.n|medical rec(?:ord)?s?(?: number| no| num| id)?|chart(?: number| no| num| id|#| #)|record(?: number| no| num| id|#| #)|patient (?:id|number|no|#|account)|patient identifier|hospital (?:id|number)|case number|accession(?: number| no)?|encounter(?: number| id)|lab (?:id|order|number)|specimen(?: id| number)|account(?: number| no|#| #)|acct(?: number| no|#| #)?|expediente(?: numero| num| no| clinico)?|numero de (?:expediente|paciente|registro|historia|cuenta|caso)|historia clinica(?: numero| no)?|registro medico(?: numero| no)?|nss|num\.? de expediente|no\.? de expediente|id de paciente|folio|nhc|n\.?h\.?c|historial(?: numero| num| no)?|(?:numero|num|n)\.? de historia(?: clinica)?|mr ?(?:#|no|num|number)|med(?:ical)? rec|hospital no|wristband(?: number)?|case (?:no|#)|file (?:number|no|#)|visit (?:id|number)|carnet(?: numero| num| no)?)\b\.?[^0-9\n.]{0,24}` + code)
	planNamed   = regexp.MustCompile(`\b(?:member(?:ship)? (?:id|number|no|#)|member #|subscriber(?: id| number| no|#)?|insurance (?:id|number|no|card|#|card number|policy|member id)|policy (?:number|no|#|id)|group (?:number|no|#|id)|grp(?: number| no|#)|health plan(?: id| number)?|plan (?:id|number|no|#)|medicare(?: id| number| no|#| card)?|medicaid(?: id| number| no|#| card)?|medi-cal(?: id| number)?|mbi|hicn|beneficiary(?: id| number)?|rx ?bin|bin|rx ?grp|blue (?:cross|shield)|bcbs|aetna|cigna|humana|kaiser|unitedhealthcare|uhc|anthem|ambetter|molina|tricare|numero de (?:poliza|afiliad[oa]|miembro|seguro|grupo|asegurad[oa]|beneficiari[oa])|poliza|no\.? de (?:poliza|afiliado|seguro)|id de (?:miembro|afiliado|seguro)|tarjeta de(?:l)? (?:seguro|medicare|medicaid)|aseguranza|seguro medico|seguro|afiliad[oa]|afiliacion|(?:numero|num|n)\.? de afiliacion|tarjeta sanitaria|cobertura|obra social|mutua|eps|prepaga|seguro popular|asegurad[oa] (?:numero|num|no)|beneficiari[oa] (?:numero|num|no)|id number on (?:my|the) card|card (?:number|no|#)|coverage (?:id|number)|medi-cal|bluecross|blueshield|oscar|centene|wellcare|devoted|healthfirst|contrato (?:numero|num|no))\b\.?[^0-9\n.]{0,24}` + code)
	medicare    = regexp.MustCompile(`\b[1-9][ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9][0-9]-?[ac-hjkmnp-rt-y][ac-hjkmnp-rt-y0-9][0-9]-?[ac-hjkmnp-rt-y]{2}[0-9]{2}\b`)
	plateNamed  = regexp.MustCompile(`\b(?:license plates?|licence plates?|plate(?: number| no|#)?|plates|lic(?:ense)? ?#|tags?(?: number)?|vin(?: number)?|placas?|tablilla|matricula|numero de placa)\b[^\n.;!?]{0,28}?#?\b(?:[a-z]{1,4}[ -]?[0-9][a-z0-9]{1,3}(?:[ -]?[a-z0-9]{2,4})?|[0-9]{1,4}[ -]?[a-z]{2,4}[ -]?[0-9a-z]{0,4}|[a-hj-npr-z0-9]{17})\b`)
	plateBare   = regexp.MustCompile(`\b(?:parked|car|truck|suv|van|minivan|jeep|sedan|pickup|taxi|uber|motorcycle|toyota|honda|ford|nissan|chevy|dodge|kia|hyundai|mazda|subaru|bmw|audi|mercedes|tesla|volkswagen|vw|jetta|sienna|odyssey|rav4|cr-v|accord|f-150|ram|lexus|jeep|camry|civic|corolla|altima|prius|tahoe|silverado|sentra|tsuru|carro|camioneta|troca|coche|auto|moto|furgoneta|seat|renault|peugeot)\b[^\n.;!?]{0,40}?\b(?:[0-9]{4} ?-?[b-df-hj-np-tv-z]{3}|[a-z]{3}-[0-9]{2}-[0-9]{2}|[0-9][a-z]{3}[0-9]{3}|[a-z]{3}[- ]?[0-9]{4}|[a-z]{3}[- ][0-9]{3}|[a-z]{2}[- ][0-9]{3}[- ][a-z]{2}|(?:[a-z0-9] ){5,7}[a-z0-9])\b`)
	// plateBehind stands in the sentence after the one that names it: "My plate was stolen. It was KDN-4417"
	plateBehind  = regexp.MustCompile(`\b(?:licen[cs]e plates?|plate number|plates? for|placas?|tablilla|matricula|bumper)\b[^\n]{0,70}?\b(?:[a-z]{3}[- ]?[0-9]{3,4}(?:-[a-z])?|[0-9]{4}[- ]?[b-df-hj-np-tv-z]{3}|[0-9][a-z]{3}[0-9]{3})\b`)
	digitsInside = regexp.MustCompile(`[0-9]`)
	dollars      = regexp.MustCompile(`(?:dollars|dolares|percent|por ciento|people|patients|mg|years|year|members|minutes|days|clause|pages?|steps|pasos|met(?:er|ro)s|words|palabras|puffs|iu)\b`)
	yearOnly     = regexp.MustCompile(`(?:^|[^0-9])(?:19|20)[0-9]{2}$`)
	amount       = regexp.MustCompile(`\$ ?[0-9][0-9,.]*$`)
)

func socialNumbers(t *text, _ Context) [][2]int {
	var out [][2]int
	for _, shape := range []*regexp.Regexp{socialShape, socialNamed, socialLast, identity} {
		for _, at := range shape.FindAllIndex(t.bytes, -1) {
			if shape == socialShape && (ofGoods.Match(t.bytes[max(0, at[0]-40):at[0]]) || goesOn.Match(t.bytes[at[1]:])) {
				continue // "lot 412-07-3391-B"
			}
			out = append(out, [2]int(at))
		}
	}
	for _, at := range socialApart.FindAllIndex(t.bytes, -1) {
		if len(nonDigit.ReplaceAll(t.bytes[at[0]:at[1]], nil)) == 9 && near(t, at[0], at[1], ofSocial, 60) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

func recordNumbers(t *text, _ Context) [][2]int {
	return append(codes(t, recordNamed, 4), codesNear(t, ofRecords)...)
}

func planNumbers(t *text, _ Context) [][2]int {
	out := append(codes(t, planNamed, 4), codesNear(t, ofPlans)...)
	for _, at := range medicare.FindAllIndex(t.bytes, -1) {
		out = append(out, [2]int(at))
	}
	return out
}

// codes gives what a shape finds, but not where the number behind it is a year, a sum, or too short to be anyone's.
func codes(t *text, shape *regexp.Regexp, least int) [][2]int {
	var out [][2]int
	for _, at := range shape.FindAllIndex(t.bytes, -1) {
		said := t.bytes[at[0]:at[1]]
		after := t.bytes[at[1]:min(len(t.bytes), at[1]+14)]
		n := len(digitsInside.FindAll(said, -1))
		if n < least || n == 4 && yearOnly.Match(said) || amount.Match(said) || dollars.Match(after) || shapeTime.Match(said) || ofForms.Match(said) {
			continue
		}
		out = append(out, [2]int(at))
	}
	return out
}

var (
	// ofGoods ends what stands before the number of goods that has the shape of a social security number.
	ofGoods = regexp.MustCompile(`\b(?:lots?|lote|parts?|models?|modelo|serial|serie|sku|item|catalog|tracking|ndc)(?: (?:number|numero|no|code|is|es)\b\.?){0,2}[ :#]*$`)
	// ofForms says that a number is that of a form, which everybody has.
	ofForms = regexp.MustCompile(`\b(?:forms?|formulario) #?[a-z]{0,4}-?[0-9][0-9a-z-]*$`)
	// goesOn is what follows the groups of a social security number where it is none: "412-07-3391-B"
	goesOn = regexp.MustCompile(`^-[0-9a-z]{1,3}(?:[^0-9a-z]|$)`)
)

var shapeTime = regexp.MustCompile(`[0-9]{1,2}(?:st|nd|rd|th|am|pm|mg)$`)

func plates(t *text, _ Context) [][2]int {
	var out [][2]int
	for _, shape := range []*regexp.Regexp{plateNamed, plateBehind, plateBare} {
		for _, at := range shape.FindAllIndex(t.bytes, -1) {
			if !t.sentenceLike(at[0], at[1]) {
				out = append(out, [2]int(at))
			}
		}
	}
	return out
}

// sentenceLike reports whether what looks like a plate is a number with a word of the sentence before or behind it: "the Jeep has 140",
// "7 screws", "600 mg of". The letters of a plate are capitals, or no word at all.
func (t *text) sentenceLike(start, end int) bool {
	at, _ := tokenAt(t, start)
	for first := true; at < len(t.tokens) && t.tokens[at].start < end; at++ {
		tok := &t.tokens[at]
		if first && at+1 < len(t.tokens) && t.tokens[at+1].start < end && bytes.ContainsAny(t.bytes[t.tokens[at+1].start:t.tokens[at+1].end], "0123456789") {
			first = false // the word before the first digits is the plate's where it is short, or else what names it
			if len(tok.word) > 3 || shortVehicles[tok.word] || said(t, tok) {
				continue
			}
		} else if first {
			continue
		}
		if tok.kind == isWord && !strings.ContainsAny(tok.word, "0123456789") && len(tok.word) > 1 && !capitals(t, tok) && (units[tok.word] || strings.ContainsAny(tok.word, "aeiou")) {
			return true
		}
	}
	return false
}

// capitals reports whether all letters of a word are capitals.
func capitals(t *text, tok *token) bool {
	for i := tok.start; i < tok.end; i++ {
		if !t.upper[i] {
			return false
		}
	}
	return true
}

// said reports whether a word stands before what it names: "plate is 7KLM392", "plate #7KLM392".
func said(t *text, tok *token) bool {
	return beforeNumbers[tok.word] || tok.end < len(t.bytes) && t.bytes[tok.end] != ' '
}

var (
	beforeNumbers = setOf("is are was es son era no num the")
	// shortVehicles are nouns of three letters that stand before a plate.
	shortVehicles = setOf("tag vin van car suv kia bmw")
	// units of measure have no vowel, as most plates have none.
	units = setOf("mg ml mm cm kg lb lbs mcg gr grs hrs hr km mph bpm")
)
