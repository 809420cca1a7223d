package check

import (
	"regexp"
	"slices"
	"strings"
)

// An exact date points to a person only together with what happened to that person: born, operated, admitted.

// days are those of a month as they are said.
const ordinals = `(?:(?:twenty|thirty)[- ])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth`
const dias = `(?:treinta y )?uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieciseis|diecisiete|dieciocho|diecinueve|veinte|veinti(?:uno|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)|treinta`

const months = `(?:jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)`
const meses = `(?:enero|febrero|fe[vb]rero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|septienbre|octubre|otubre|noviembre|diciembre)`

var (
	dateShape = regexp.MustCompile(`\b(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{1,2}/[0-9]{1,2}|` +
		months + `\.? (?:the )?[0-9]{1,2}(?:st|nd|rd|th)?(?:,? ?(?:of )?(?:19|20)[0-9]{2})?|[0-9]{1,2}(?:st|nd|rd|th)? (?:of )?` + months + `(?:,? (?:19|20)[0-9]{2})?|` +
		`[0-9]{1,2} ?(?:de )?` + meses + `(?: ?(?:de|del|,) ?(?:ano )?[0-9]{2,4})?|` + meses + ` [0-9]{1,2}(?:,? (?:de |del )?[0-9]{4})?|primero de ` + meses + `|` + months + `,? (?:the )?(?:` + ordinals + `)|(?:` + ordinals + `) (?:day )?of ` + months + `|(?:` + dias + `) de ` + meses + `)\b`)
	// lived are what happens to a person and to nothing else.
	lived = regexp.MustCompile(`\b(?:born|d\.?o\.?b\.?|date of birth|birth ?date|birth ?day|bday|b-day|birthdate|dod|died|passed away|passed on|passed|lost (?:my|our|her|his)|death|deceased|` +
		`diagnos(?:ed|is)|surger(?:y|ies)|operated|operation|biops(?:y|ied)|transplant(?:ed)?|admitted|admission|discharged?|hospitali[sz]ed|hospital|icu|er visit|emergency room|rehab|detox|relapsed?|sober since|clean since|sobriety date|` +
		`delivered|gave birth|c-section|miscarri(?:ed|age)|due date|induced|chemo|radiation|infusion|dialysis|stroke|heart attack|seizure|overdosed?|amputat(?:ed|ion)|mastectomy|hysterectomy|lumpectomy|bypass|stent|colonoscopy|mri|scan|mammogram|procedure|` +
		`appointment|appt|intubated|ventilator|hospice|test(?:ed)? positive|broke (?:my|his|her)|(?:came|come) into (?:this|the) world|baby (?:girl |boy )?(?:came|arrived)|little (?:guy|girl|boy|one) (?:came|arrived)|see (?:the|my|his|her) [a-z ]{0,16}(?:doctor|surgeon|specialist)|wheeled (?:me|him|her|us)|let (?:me|him|her|us) go home|(?:cut|cutting|took|taking|take) out (?:my|his|her)|new (?:hip|knee|kidney|heart|liver)|saw (?:you|him|her|me) in clinic|(?:had|got|have|has|having|getting|took|taking|get) (?:my|a|an|the|his|her|our) [a-z ]{2,24}(?:out|removed|replaced|put in|taken out|done|fixed|drained)|(?:first|last) (?:drink|cigarette|treatment|period|dose|seizure|chemo|session|radiation)|started (?:dialysis|chemo|insulin|treatment|radiation)|stillborn|adopted|funeral|buried|burial|cremated|ivf|eye exam|specialist|consult(?:ation)?|follow[- ]?up|baptized|married|wedding|anniversary|accident|fell|fractured?|replaced|replacement|implant|` +
		`naci[o]?|nacida|nacido|nacimiento|cumple(?:anos|n)?|fecha de nacimiento|fallecio|murio|muerte|operaron|operada|operado|opero|operan|operar|cirugia|internaron|internada|internado|interno|ingresaron|ingreso|ingresada|ingresado|alta|diagnosticaron|diagnostico|diagnosticada|diagnosticado|biopsia|trasplante|parto|cesarea|quimio|radiacion|cita|hospital|infarto|derrame|accidente|sobria desde|sobrio desde|dio a luz|alivie|alivio|aborto|dialisis|colonoscopia|resonancia|detectaron|detecto|pusieron|quitaron|sacaron|hicieron|falleci|perdi|perdimos|se nos fue|se fue|entierro|funeral|aniversario|ultimo (?:trago|cigarro|ciclo)|ultima (?:quimio|regla|sesion)|primera (?:quimio|sesion|regla)|empeze|empece|empezo|me toca|tocaba|vencimiento|trabajo de parto|nacimos|nacimiento|consulta|revision|estudio|estudios|tratamiento|sesion|bautiz(?:o|aron)|caso|boda|se me fue|vino a verme|me vio (?:el|la) (?:doctora?|medic[oa]))\b`)
	// selfEvident needs no other word to say that a person is meant.
	selfEvident = regexp.MustCompile(`\b(?:d\.?o\.?b\.?|date of birth|birth ?date|bday|b-day|fecha de nacimiento|sobriety date|sober since|clean since|sobria desde|sobrio desde|was born|were born|born on|born|naci|nacio|nacida|nacido|admitted|discharged|hospitalized|operaron|internaron|dieron de alta|(?:got|came|home|let|released|sent|back|out) (?:out )?(?:of|from) (?:the )?(?:hospital|icu|rehab|er|nursing home)|went into (?:the )?(?:hospital|icu|labor|rehab)|sali del hospital|had (?:a |the )?(?:stroke|heart attack|surgery|bypass|transplant|c-section)|fallecio|passed away|diagnosed|diagnosticaron|gave birth|dio a luz|(?:mom|mum|mother|dad|father|pop|pops|son|daughter|husband|wife|brother|sister|baby|twins|grandma|grandmother|granny|gran|nana|grandpa|grandfather|aunt|auntie|uncle|cousin|friend|partner) (?:passed|died|came home|went home)|(?:came|come) into (?:this|the) world|baby (?:girl |boy )(?:came|arrived)|new (?:hip|knee|kidney) on|wheeled (?:me|him|her)|let (?:me|him|her|us) go home|saw (?:you|him|her) in clinic|se (?:me|nos) fue (?:mi|el|la)|vino a verme)\b`)
	person      = regexp.MustCompile(`\b(?:tengo|tuve|tenemos|tiene|fui|estoy|empece|cumplo|yo|i|im|my|me|mine|he|him|his|she|her|hers|we|our|their|they|them|patient|mom|mother|dad|father|son|daughter|husband|wife|brother|sister|baby|grandma|grandpa|grandmother|grandfather|aunt|uncle|cousin|friend|mr|mrs|ms|yo|mi|mis|me|le|lo|la operaron|nos|su|sus|nuestr[ao]|mama|papa|hij[oa]|espos[oa]|herman[oa]|abuel[oa]|bebe|ti[oa]|prim[oa]|amig[oa]|senor|senora|don|dona|paciente|suegr[oa]|mother's|mom's|dad's|name)\b`)
	// house are the subjects of a date in the calendar: it is the practice's.
	house   = regexp.MustCompile(`\b(?:clinic|office|practice|we (?:are|will be|open|close)|webinar|class(?:es)?|group|meeting|(?:the|our|a|annual|charity|fun|group|heart|next|5k) walk|fair|event|workshop|support group|holiday|holidays|lab|pharmacy|registration|enrollment|deadline|newsletter|study|trial|article|book|law|policy|version|podcast|episode|awareness|anniversary of the|founded|opened|opens|closed|closes|open|released?|published|approved|recall(?:ed)?|fda|cdc|hospital (?:opens|opened|closes|was)|wing|new (?:wing|hours|building)|vaccine (?:clinic|day)|screening day|blood drive|discover(?:ed|y)|world .{3,20} day|national .{3,24} day|clinica (?:abre|cierra|estara)|consultorio|platica|taller|clase|reunion|grupo|feria|caminata|feriado|dia mundial|inscripciones|publicad[oa]|aprobad[oa]|farmacia|cerrad[oa]s?|abrimos|cerramos|abierto|temporada|publico|publicaron|se publico|lancet|revista|journal)\b`)
	famous  = regexp.MustCompile(`\b1[0-8][0-9]{2}\b|\b190[0-9]\b`)
	monthly = regexp.MustCompile(`^(?:may|mar|march) `)
)

// mostJudged bounds how many dates or ages are held against their sentence: who writes more of them writes a table.
const mostJudged = 200

func personalDates(t *text, _ Context) [][2]int {
	if !t.mayDate() {
		return nil
	}
	var out [][2]int
	for _, at := range dateShape.FindAllIndex(t.bytes, mostJudged) {
		if !realDate(string(t.bytes[at[0]:at[1]])) {
			continue
		}
		start, end := around(t, at[0], at[1])
		if end-at[1] < 3 && at[0]-start < 3 && end+2 < len(t.bytes) { // a date for a sentence: the next says what of
			_, end = around(t, end+2, end+2)
		}
		said := t.bytes[start:end]
		event := lived.FindIndex(said)
		if event == nil || famous.Match(said) || !selfEvident.Match(said) && !person.Match(said) {
			continue
		}
		if house.Match(said) && !hard.Match(said) {
			continue
		}
		out = append(out, [2]int(at))
	}
	return out
}

// hard are words behind which even a sentence with the practice in it tells of a person.
var hard = regexp.MustCompile(`\b(?:(?:mom|mum|mother|dad|father|pop|pops|son|daughter|husband|wife|brother|sister|baby|twins|grandma|grandmother|granny|gran|nana|grandpa|grandfather|aunt|auntie|uncle|cousin|friend|partner) (?:passed|died|came home|went home|was born|was admitted)|saw (?:you|him|her) in clinic|vino a verme|d\.?o\.?b\.?|date of birth|birth ?date|was born|i was|he was|she was|my (?:surgery|birthday|mom|son|daughter|dad|husband|wife|biopsy|transplant|operation|chemo|due date|diagnosis|procedure|appointment|appt|bypass|stent|stroke|heart attack|seizure|accident|amputation|mastectomy|hysterectomy|colonoscopy|c-section|hip replacement|knee replacement|first chemo|last chemo|baby|birth|father|mother|sister|brother)|(?:his|her|our) (?:surgery|birthday|birth|biopsy|transplant|operation|chemo|diagnosis|procedure|appointment|funeral|bypass|stent|stroke|heart attack|accident|amputation)|born on|fecha de nacimiento|me operaron|lo operaron|la operaron|me internaron|lo internaron|la internaron|naci|nacio|mi (?:cirugia|cumpleanos|cita|operacion|biopsia)|me operan|me diagnosticaron|le diagnosticaron)\b`)

// around gives the sentence that a place stands in, with the words before it on the same line: "DOB: 3/4/61".
func around(t *text, start, end int) (int, int) {
	at, ok := tokenAt(t, start)
	if !ok {
		return start, end
	}
	first, last := at, at
	for first > 0 && t.tokens[first-1].sentence == t.tokens[at].sentence && at-first < 40 {
		first--
	}
	for last+1 < len(t.tokens) && t.tokens[last+1].sentence == t.tokens[at].sentence && last-at < 30 {
		last++
	}
	return min(t.tokens[first].start, start), max(t.tokens[last].end, end)
}

// realDate sorts out fractions, scores and blood pressures that have the shape of a date.
func realDate(said string) bool {
	if monthly.MatchString(said) && strings.Contains(said, " the ") && !strings.Contains(said, "th") {
		return true
	}
	if !strings.ContainsAny(said, "/-.") {
		return true
	}
	parts := strings.FieldsFunc(said, func(r rune) bool { return !digit(byte(r)) })
	if len(parts) < 2 {
		return true
	}
	if len(parts) == 3 && len(parts[0]) == 4 {
		parts = parts[1:]
	}
	a, b := number(parts[0]), number(parts[1])
	small := slices.Contains([]string{"1/2", "1/3", "1/4", "2/3", "3/4", "24/7", "9/11"}, said)
	return !small && a >= 1 && b >= 1 && (a <= 12 && b <= 31 || b <= 12 && a <= 31)
}

func number(s string) int {
	n := 0
	for i := range len(s) {
		n = n*10 + int(s[i]-'0')
	}
	return n
}
