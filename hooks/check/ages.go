package check

import (
	"regexp"
	"strings"
)

// An age over 89 points to a person (45 CFR 164.514(b)(2)(i)(C)): few are as old.

const highNumbers = `(?:9[0-9]|1[0-2][0-9]|(?:ninety|noventa)(?:[- ](?:y )?(?:one|two|three|four|five|six|seven|eight|nine|uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve))?|one hundred(?: and [a-z]+)?|a hundred(?: and [a-z]+)?|cien(?:to [a-z]+)?)`

var (
	ageShape = regexp.MustCompile(`\b` + highNumbers + `[- ]?(?:years?[- ]?olds?|yrs?[- ]?olds?|y/?o|years? of age|years young|anos de edad|year-old)\b|` +
		`\b(?:aged?|age of|age is|turn(?:ed|s|ing)?|edad de|edad|is now|at age|cumpl(?:e|i|o|io|ir|ira|iendo|imos)|tiene ya|tiene|tenia|will be|is almost|is nearly|is going on|going on|pushing|is pushing|about to be|about to turn|just turned|hit|hits|made it to|bisabuela de|abuela de|abuelo de|va para los|rumbo a los|llego a los|llega a los|sus|lived to(?: be)?|reached|died at|passed at|murio a los|a los|de) ` + highNumbers + `(?: anos| anitos| primaveras)?\b|` +
		`\b` + highNumbers + ` (?:anos|anitos|primaveras)\b|\b(?:mama|ma|mum|papa|pop|pops|nana|nanny|granny|gran|grandad|granddad|mamaw|papaw|mawmaw|pawpaw|sister|brother|in-law|cousin|friend|roommate|mother|mom|father|dad|grandma|grandmother|grandpa|grandfather|aunt|uncle|wife|husband|she|he|patient|neighbor|who) (?:is|was|,)? ?(?:now |already |almost |nearly |going on |pushing |about to be |about to turn |gonna be |close to )?` + highNumbers + `\b|\b(?:i am|i'm|im) (?:now |already )?` + highNumbers + `\b|` +
		`\b(?:mama|ma|mum|papa|pop|pops|nana|nanny|granny|gran|grandad|granddad|mamaw|papaw|mawmaw|pawpaw|sister|brother|in-law|cousin|friend|roommate|mother|mom|father|dad|grandma|grandmother|grandpa|grandfather|aunt|uncle|wife|husband|patient|lady|gentleman|woman|man|mama|papa|abuel[ao]|madre|padre|ti[ao]),? \(?` + highNumbers + `\)?(?:,|\)| y| and| with|\.)`)
	ageNot     = regexp.MustCompile(`^ ?(?:mg|ml|mcg|minutes?|mins?|days?|hours?|weeks?|months?|percent|%|pounds|lbs|kg|kilos?|dollars|miles|over|/|degrees|units?|grams?|calories|steps|beats|bpm|people|members|seconds|dias|minutos|horas|libras|grados|meses|semanas|por ciento|personas|pesos|points|pages|cm|inches|feet|carbs|times|veces|and (?:over|up)|or (?:older|over|higher|more)|ago|[0-9]|[.:,][0-9])`)
	oldThings  = regexp.MustCompile(`\b(?:museum|park|library|group|team|store|restaurant|bank|city|state|county|theater|stadium|outside|heat|oven|sunny|forecast|museo|parque|biblioteca|pueblo|ciudad|tienda|iglesia|colonia|mercado|teatro|estadio|building|clinic|hospital|practice|house|home|tree|church|company|study|tradition|school|town|recipe|law|organization|car|factory|bridge|edificio|clinica|casa|arbol|iglesia|receta|empresa|escuela|puente|institution|ago|atras|discovery|insulin|drug|aspirin|blood pressure|blood sugar|pulse|heart rate|glucose|sugar|weight|temperature|temp|presion|glucosa|azucar|pulso|peso|weighs|score|fever|level|bpm|oxygen|heart rate|percent|chapter|highway|route|exit|page|room|channel)\b`)
	spanishAge = regexp.MustCompile(`^(?:a los|de|tiene|tenia|cumpl|edad|sus|hits?|made|pushing|reached|going)`)
	yearsSaid  = regexp.MustCompile(`(?:anos|anitos|primaveras)$`)
)

// englishKin is someone whom "hit 95" is said of, without "years".
var englishKin = regexp.MustCompile(`\b(?:my|his|her|our) (?:mom|mother|mama|dad|father|grandma|grandmother|granny|nana|grandpa|grandfather|gramps|aunt|uncle|neighbor|friend|husband|wife|mother-in-law|father-in-law|brother|sister)\b`)

// spanishPerson is someone whom "cumplió 95" is said of, without "años".
var spanishPerson = regexp.MustCompile(`\b(?:mi|su|tu|nuestr[ao]|la|el|don|dona) (?:ya )?(?:mama|papa|madre|padre|abuel[ao]|abuelit[ao]|bisabuel[ao]|ti[ao]|suegr[ao]|senora|senor|vecin[ao]|viejit[ao]|viej[ao]|espos[ao]|paciente|comadre|compadre|madrina|padrino)\b`)

func highAges(t *text, _ Context) [][2]int {
	if !t.mayAge() {
		return nil
	}
	var out [][2]int
	for _, at := range ageShape.FindAllIndex(t.bytes, mostJudged) {
		said, after := string(t.bytes[at[0]:at[1]]), t.bytes[at[1]:min(len(t.bytes), at[1]+14)]
		start, end := around(t, at[0], at[1])
		short := spanishAge.MatchString(said) && !yearsSaid.MatchString(said) && !strings.HasPrefix(said, "edad")
		bare := !unmistakable.MatchString(said) && !yearsSaid.MatchString(said)
		if bare && (notYears.Match(t.bytes[start:end]) || len(after) > 0 && strings.IndexByte(".:", after[0]) >= 0 && !someone.Match(t.bytes[start:end])) {
			continue
		}
		if ageNot.Match(after) || short && (strings.HasPrefix(said, "de") || !spanishPerson.Match(t.bytes[start:end]) && !englishKin.Match(t.bytes[start:end])) {
			continue
		}
		if !oldThings.Match(t.bytes[start:end]) || unmistakable.MatchString(said) && person.Match(t.bytes[max(start, at[0]-24):at[0]]) {
			out = append(out, [2]int(at))
		}
	}
	return append(out, elders(t)...)
}

// elders finds ages over 89 that are said of somebody without "years": "she's 97, and ...", "At 101 my grandmother", "los noventa y
// cinco".
func elders(t *text) [][2]int {
	var out [][2]int
	for _, at := range elderShape.FindAllIndex(t.bytes, mostJudged) {
		start, end := around(t, at[0], at[1])
		after := t.bytes[at[1]:min(len(t.bytes), at[1]+14)]
		if !ageNot.Match(after) && !notYears.Match(t.bytes[start:end]) {
			out = append(out, [2]int(at))
		}
	}
	for _, at := range centenary.FindAllIndex(t.bytes, mostJudged) {
		if start, end := around(t, at[0], at[1]); relative.Match(t.bytes[start:end]) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

const kin = `mama|ma|mum|mom|mother|papa|pop|pops|dad|father|nana|nanny|granny|gran|grandma|grandmother|grandad|granddad|grandpa|grandfather|mamaw|papaw|sister|brother|mother-in-law|father-in-law|aunt|auntie|uncle|cousin|friend|roommate|neighbor|neighbour|wife|husband|patient|lady|gentleman|abuel[ao]|abuelit[ao]|bisabuel[ao]|madre|padre|ti[ao]|suegr[ao]|senora?|viejit[ao]|vecin[ao]`

var (
	// elderShape is a person and a number with little between.
	elderShape = regexp.MustCompile(`\b(?:she|he|who|` + kin + `)(?:'s| ?is| was| turns| turned|'ll be| will be) (?:now |already |almost |nearly |only |just )?` + highNumbers + `(?:[,.;!)]| and\b| but\b| so\b|$)|` +
		`(?:^|[.!?,;\n] ?|\band |\bbut )at (?:age )?` + highNumbers + `,? (?:i|he|she|my|our|his|her|you)\b|\bage:? ` + highNumbers + `\b|` +
		`\b(?:one of the|a) (?:ladies|women|men|gentlemen|patients|neighbors|friends|aunts|uncles) (?:[a-z]+ ){0,4}is ` + highNumbers + `(?:[,.;!)]| and\b| but\b|$)|` +
		`\b(?:senor|senora|viejit[ao]|hombre|mujer|paciente|abuel[ao]|abuelit[ao]|ti[ao]|suegr[ao]|vecin[ao]|ancian[ao]) de (?:` + highNumbers + `)(?: que| y|,|\.|$)|` +
		`\b(?:cumpl[a-z]*|anda (?:por|en|sobre|rondando)|pasa de|llego a|llega a|llegando a|tiene|entro en|va por) (?:ya )?los ` + highNumbers + `\b`)
	// centenary says an age without a number.
	centenary = regexp.MustCompile(`\bcentenari(?:an|a|o)\b|\bbig nine[- ]?oh\b|\bbig 9-?0\b|\b` + highNumbers + ` (?:candles|velitas)\b|\bllegar al siglo\b|\bshort of (?:a|one) hundred\b`)
	someone   = regexp.MustCompile(`\b(?:` + kin + `|she|he|her|him|i|i'm|im|ella)\b`)
	relative  = regexp.MustCompile(`\b(?:` + kin + `|she|he|her|him|ella)\b`)
	// notYears are words with which a number is no age.
	notYears = regexp.MustCompile(`\b(?:blood pressure|blood sugar|pulse|heart rate|glucose|sugar|weight|weighs|temperature|temp|presion|glucosa|azucar|pulso|peso|oxygen|sats?|score|fever|percent|bpm|degrees|kilos?|pounds|room|bus|page|chapter|cholesterol|ldl|hdl|a1c|readings?|lectura|fasting|ayunas|numbers?|portal|limit|co-?pay|copago|bill|price|precio|total|costs?|cuesta|count|level|nivel|heat|outside|forecast)\b`)
	// unmistakable has a word for years of age.
	unmistakable = regexp.MustCompile(`(?:y/?o|year|yr|anos de edad)`)
)
