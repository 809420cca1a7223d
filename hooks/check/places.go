package check

import (
	"bytes"
	"regexp"
	"strings"
)

// spokenHouse and casaDicha are the words of a house's number.
const (
	spokenHouse = `one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|oh|zero|hundred|thousand`
	casaDicha   = `uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|veinte|treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|doscientos|trescientos|cuatrocientos|quinientos|seiscientos|setecientos|ochocientos|novecientos|mil`
)

var (
	streetSure = regexp.MustCompile(`\b[0-9]{1,6}(?:[- ]?[a-d])? (?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.? )?(?:[a-z0-9'.-]+ ){1,4}?(?:street|avenue|boulevard|blvd|lane|ave|rd|road|parkway|pkwy|highway|hwy|terrace|apt|apartment|cul-de-sac)\b(?:\.?,? ?(?:apt|apartment|unit|suite|#)\.? ?#?[0-9a-z]{1,5}\b)?`)
	streetWeak = regexp.MustCompile(`\b[0-9]{1,6} (?:(?:n|s|e|w|north|south|east|west)\.? )?(?:[a-z0-9'-]+ ){1,3}?(?:st|dr|drive|ln|court|ct|circle|cir|way|place|pl|trail|loop|square|sq|alley|run|ridge|crossing|path|row|walk|bend|hill|view|ter|terr)\b`)
	streetHome = regexp.MustCompile(`\b(?:i live|we live|lives?|living|address is|my address|home address|direccion es|mi direccion|vivo|vive|vivimos|domicilio|mailing address|staying|stay|stays|moved|come (?:over )?to|drop (?:it )?(?:off )?at|meet (?:me |us )?at|house is|apartment is|casa es|located|reside|resides)\b[^\n.!?]{0,24}?\b[0-9]{1,6} (?:(?:n|s|e|w|ne|nw|se|sw|north|south|east|west)\.? )?[a-z][a-z'-]+`)
	calle      = regexp.MustCompile(`\b(?:calle|avenida|av|ave|avda|calz|calzada|boulevard|blvd|bulevar|plaza|pza|ronda|travesia|urb|urbanizacion|jiron|jr|pasaje|psje|privada|priv|callejon|andador|carretera|paseo|camino|fraccionamiento|fracc|colonia|col)\.? (?:de |del |la |las |los |el )*[a-z0-9]+(?: [a-z]+){0,3},? ?(?:#|no\.? ?|num\.? ?|numero |n\.? ?)? ?[0-9]{1,5}\b`)
	// said to be where someone lives, a street needs no capitals
	streetSaid = regexp.MustCompile(`\b(?:live|lives|living|address is|address:|house is|stay|staying|moved to|come by|come over to|mail it to|send it to|drop (?:it|them) (?:off )?at|vivo|vivimos|vive)\b[^\n.!?0-9]{0,16}[0-9]{2,6} (?:(?:n|s|e|w|north|south|east|west)\.? )?(?:[a-z0-9'-]+ ){1,3}?(?:st|dr|drive|ln|court|ct|circle|cir|way|place|pl|trail|ter|terr)\b`)
	// the house's number is said in words, or in the sentence after the street's name
	streetSpoken = regexp.MustCompile(`\b(?:(?:` + spokenHouse + `)[ -]){2,5}(?:(?:north|south|east|west|n|s|e|w)\.? )?(?:[a-z']+ ){1,2}(?:street|avenue|ave|boulevard|blvd|lane|road|drive|court|circle|terrace|parkway)\b|\b(?:(?:` + casaDicha + `)(?: y)? ){2,6}(?:de )?(?:la |el )?(?:calle|avenida|avda|calzada|callejon) [a-z]+|\b(?:calle|avenida|avda|calzada|paseo) (?:de |del |la |las |los |el )*[a-z]+,? (?:numero|num)\.? (?:(?:` + casaDicha + `)\b(?: y)? ?){1,6}`)
	notSpoken    = regexp.MustCompile(`(?:^| |-)(?:minutes?|hours?|miles?|days?|weeks?|months?|years?|percent|steps?|blocks?|lane|people|more)\b`)
	streetApart  = regexp.MustCompile(`\b(?:[a-z']+ (?:street|avenue|ave|road|lane|drive|boulevard|court)\b[^\n]{0,40}\b(?:number|mailbox|house is)\b[^\n0-9]{0,24}|(?:calle|avenida|avda|calzada|paseo|plaza) (?:de |del |la |las |los |el )*[a-z]+\b[^\n]{0,30}\b(?:portal|numero|puerta|casa|num)\b[^\n0-9]{0,14})[0-9]{1,5}\b`)
	// in Puerto Rico and where streets have numbers, the house has a letter and a number
	calleHouse = regexp.MustCompile(`\b(?:calle|c/|avenida|ave) ?[0-9]{1,3},? (?:#|no\.? ?|num\.? ?|numero )?(?:[a-z] ?-|[b-df-np-xz]) ?[0-9]{1,4}\b`)
	fromDigit  = regexp.MustCompile(`[0-9]`)
	// the number may stand before: "la 512 de la calle Juárez", "512 calle Juárez"
	calleAfter = regexp.MustCompile(`\b[0-9]{2,5},? (?:de |en |sobre )?(?:la |el )?(?:calle|avenida|avda|calzada|boulevard|bulevar|callejon|privada) (?:de |del |la |las |los |el )*[a-z0-9]+`)
	// the streets of Colombian towns have numbers for names: "carrera 15 # 88-21"
	calleGrid = regexp.MustCompile(`\b(?:carrera|cra|kra|cr|diagonal|transversal|calle|cl|avenida|av)\.? ?[0-9]{1,3} ?[a-z]? ?(?:#|no\.? ?|n\.? ?|con|nro\.? ?)? ?[0-9]{1,3}[a-z]? ?- ?[0-9]{1,3}\b|\bc/ ?(?:de |del |la |las |los |el )*[a-z]+(?: [a-z]+){0,3},? ?(?:no\.? ?|num\.? ?)?[0-9]{1,4}\b|\b(?:mz|mza|manzana) ?[0-9a-z]{1,3},? ?(?:lt|lote) ?[0-9]{1,3}\b`)
	// timeOrWay follows a number that is no house's: "caminé por la calle 10 minutos"
	timeOrWay = regexp.MustCompile(`^ ?(?:minutos|horas|dias|pasos|cuadras|metros|pesos|km|veces|personas)\b`)
	poBox     = regexp.MustCompile(`\b(?:p\.? ?o\.? ?box|apartado postal|apdo\.? postal) #?[0-9]{1,6}\b`)
	zipLine   = regexp.MustCompile(`\b[0-9]{1,6} [a-z0-9 .]{3,40}, [a-z .]{3,30},? (?:a[lkzr]|c[aot]|d[ec]|fl|ga|hi|i[dlna]|k[sy]|la|m[adehinostp]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[at]|w[aivy]) [0-9]{5}\b`)
	// between the number and the word for a street these make no address: "a 20 minute drive", "5 steps the wrong way"
	notStreet = regexp.MustCompile(`^[0-9]{1,6}[- ]?(?:a |to )?(?:[a-z]+ )?(?:minutes?|mins?|miles?|hours?|hrs?|blocks?|days?|weeks?|steps?|years?|times?|people|patients|members|mg|ml|pounds|lbs|percent|months?|am|pm|of|in|on|the|more|and|or|to|feet|yards|meters|km|cars|kids|pages|questions|things|ways?|reasons|different|other|long|short|good|best|easy|great|new|step|point|way|foot|mile|per|bad|at|is|was|for|from|with|if|when)\b`)
	homeUnit  = regexp.MustCompile(`[0-9]{1,6} (?:minutes?|mins?|miles?|hours?|blocks?|years?|days?|weeks?|months?|people|of|kids|cats|dogs|houses|doors|sisters|brothers|am|pm|oclock|mi|km|states|pounds|feet|times|others|and|or|on|in|percent|children|hrs|families|roommates|units|steps|stories|floors|to|with|at|days)$`)
)

func addresses(t *text, about Context) [][2]int {
	var out [][2]int
	add := func(shape *regexp.Regexp, fits func(at []int) bool) {
		for _, at := range shape.FindAllIndex(t.bytes, -1) {
			if (fits == nil || fits(at)) && !isOwn(string(t.bytes[at[0]:at[1]]), about.Own) {
				out = append(out, [2]int(at))
			}
		}
	}
	street := func(at []int) bool {
		return !t.public(at) && !notStreet.Match(t.bytes[at[0]:at[1]]) && (at[0] == 0 || strings.IndexByte("/.-$", t.bytes[at[0]-1]) < 0)
	}
	add(streetSure, street)
	add(streetWeak, func(at []int) bool { return street(at) && t.named(at) })
	add(streetHome, func(at []int) bool { return !homeUnit.Match(t.bytes[at[0]:at[1]]) && t.lastNamed(at) })
	add(streetSaid, func(at []int) bool {
		first := fromDigit.FindIndex(t.bytes[at[0]:at[1]])
		return first != nil && !notStreet.Match(t.bytes[at[0]+first[0]:at[1]])
	})
	add(calle, func(at []int) bool { return !t.public(at) && !timeOrWay.Match(t.bytes[at[1]:]) })
	add(calleAfter, func(at []int) bool { return !t.public(at) })
	add(calleGrid, nil)
	add(calleHouse, func(at []int) bool { return !t.public(at) })
	add(streetApart, func(at []int) bool { return !t.public(at) && t.capitalWithin(at, 4) })
	add(poBox, nil)
	add(zipLine, nil)
	return out
}

// spokenAddresses gives those whose number is written as words.
func spokenAddresses(t *text, _ Context) [][2]int {
	if !t.hasAny("street", "ave", "boulevard", "blvd", "lane", "road", "drive", "court", "circle", "terrace", "parkway", "calle", "calzada") {
		return nil
	}
	var out [][2]int
	for _, at := range streetSpoken.FindAllIndex(t.bytes, -1) {
		hour := bytes.HasSuffix(t.bytes[:at[0]], []byte("las ")) // "son las cinco y diez"
		if !hour && !t.public(at) && !notSpoken.Match(t.bytes[at[0]:at[1]]) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

// public reports whether an address is said of a place that anybody may go to, and of nobody's home.
func (t *text) public(at []int) bool {
	start, end := around(t, at[0], at[1])
	return publicPlace.Match(t.bytes[start:end]) && !someonesHome.Match(t.bytes[start:end])
}

var (
	publicPlace  = regexp.MustCompile(`\b(?:clinic|office|practice|market|library|church|restaurant|class|classes|meeting|center|centre|community center|event|fair|pharmacy|hospital|gym|ymca|school|food bank|workshop|walk-in|lab|museum|store|bakery|(?:the|a|our|city|state|county) park|picnic|senior center|town hall|we (?:are|moved|will be)|clinica|consultorio|oficina|mercado|biblioteca|iglesia|feria|farmacia|centro|escuela|parque|taller|platica|reunion|gimnasio|restaurante)\b`)
	someonesHome = regexp.MustCompile(`\b(?:i live|we live|lives|my (?:address|house|home|place|apartment|door|mailbox|porch)|our (?:house|home|place|door|porch)|(?:his|her|their) (?:house|home|place|address|apartment)|i am at|im at|i'm at|apt|apartment|vivo|vive|vivimos|mi (?:casa|direccion|domicilio|depa|departamento|piso)|su (?:casa|direccion|domicilio))\b`)
)

// named reports whether every word of a range but its number is written with a capital, as names of streets are.
func (t *text) named(at []int) bool {
	i, _ := tokenAt(t, at[0])
	words := 0
	for ; i < len(t.tokens) && t.tokens[i].start < at[1]; i++ {
		if t.tokens[i].kind == isWord {
			words++
			if !t.tokens[i].capital {
				return false
			}
		}
	}
	return words > 1
}

// capitalWithin reports whether one of the first words of a range has a capital and does not begin its sentence, or is followed by
// another: a street's name.
func (t *text) capitalWithin(at []int, words int) bool {
	i, _ := tokenAt(t, at[0])
	for n := 0; n < words && i < len(t.tokens) && t.tokens[i].start < at[1]; i, n = i+1, n+1 {
		begins := i == 0 || t.tokens[i-1].sentence != t.tokens[i].sentence
		if t.tokens[i].capital && (!begins || i+1 < len(t.tokens) && t.tokens[i+1].capital) {
			return true
		}
	}
	return false
}

// lastNamed reports whether the last word of a range has a capital.
func (t *text) lastNamed(at []int) bool {
	i, _ := tokenAt(t, at[1])
	return i > 0 && t.tokens[i-1].capital
}

var (
	linkShape    = regexp.MustCompile(`(?:https?://)?[a-z0-9-]+(?:\.[a-z0-9-]+)+/[^ \n<>"()\[\]\x01\x02\x03]*`)
	profileHosts = regexp.MustCompile(`^(?:https?://)?(?:www\.|m\.|l\.|web\.)?(?:facebook\.com|fb\.com|fb\.me|instagram\.com|instagr\.am|tiktok\.com|twitter\.com|x\.com|threads\.(?:net|com)/@|linkedin\.com/in|snapchat\.com|t\.me|wa\.me|reddit\.com/u(?:ser)?|youtube\.com/@|pinterest\.com|tumblr\.com|onlyfans\.com|caringbridge\.org/(?:visit|site)|gofundme\.com/f|linktr\.ee|m\.me|discord\.gg|bsky\.app/profile|mastodon\.[a-z]+/@|strava\.com/athletes|medium\.com/@|nextdoor\.com/profile|ancestry\.com|match\.com|vk\.com|myspace\.com|venmo\.com|cash\.app)/?[^ ]*`)
	profileNot   = regexp.MustCompile(`(?:facebook|fb)\.com/(?:events|watch|share/v|hashtag|help|policies|groups/?$|privacy)|instagram\.com/(?:explore|reel/?$)|(?:twitter|x)\.com/(?:hashtag|search|home|i/)|pinterest\.com/(?:search|ideas)|reddit\.com/r/|linkedin\.com/(?:company|jobs|learning)`)
	institution  = regexp.MustCompile(`/@?(?:american[a-z0-9_.-]*|national[a-z0-9_.-]*|[a-z0-9_.-]*(?:foundation|association|assoc|clinic|hospital|society|official|org|news|library|alliance|cdc|cdcgov|nih|who|fda|health))/?(?:\?|$)`)
	platforms    = `(?:insta(?:gram)?|ig|facebook|fb|face|feis|tik ?tok|snap(?:chat)?|twitter|x|telegram|discord|threads|kik|messenger|linkedin|reddit|whatsapp|wasap|youtube|yt|twitch|pinterest|strava|threads|bluesky|bsky|vsco|bereal|faceb|feisbuk|insta|instagran)`
	profileTold  = regexp.MustCompile(`\b(?:seguidme|buscadme|agregadme|search me|search for me|look for me|catch me|im|tag me|my page|find me|follow me|friend me|look me up|message me|dm me|hit me up|i am|im|i'm|reach me|agregame|agreguenme|buscame|busquenme|sigueme|siganme|sigan|busquen|agreguen|encuentrenme|encuentrame|estoy|escribeme|mandame)\b[^\n.!?]{0,24}\b(?:on|at|en|por|a|de|mi) (?:my |mi |el )?` + platforms + `\b(?:[^\n.!?]{0,12}?(?:@|as|como|:|under|user|usuario|is|es|handle|name)[ :]*@?[a-z0-9._]{3,30}|,? @[a-z0-9._]{3,30})`)
	profileMine  = regexp.MustCompile(`\b(?:my|mi|her|his|su|their) ` + platforms + `(?: account| handle| user(?:name)?| name| id| profile| cuenta| usuario| perfil)?(?:(?: is| es|:| -)+ ?@?[a-z0-9][a-z0-9._]{2,30}|, ?(?:@[a-z0-9._]{3,30}|[a-z0-9]+[._][a-z0-9._]{1,30}))`)
	profileAt    = regexp.MustCompile(`@[a-z0-9._]{3,30},? (?:on|en) (?:the |el )?` + platforms + `\b|\b` + platforms + `:? ?@[a-z0-9._]{3,30}`)
	profileBare  = regexp.MustCompile(`\b(?:handle|username|user name|screen name|usuario|usuaria|perfil|gamertag|profile)(?: name)?(?: there| alli| ahi)?(?: is| es|:| -| =) ?@?[a-z0-9]*[a-z][a-z0-9._]*[0-9._][a-z0-9._]*[a-z0-9]\b|\b(?:u|user)/[a-z0-9_-]{4,30}\b`)
	// a handle has a sign or figures in it, so that it is no word of the sentence
	profileHandle = regexp.MustCompile(`\b(?:insta(?:gram)?|instagran|ig|facebook|fb|feis|feisbuk|tik ?tok|snap(?:chat)?|twitter|telegram|discord|threads|kik|messenger|linkedin|reddit|youtube|yt|twitch|strava|bluesky|bsky|bereal)\b[^\n.!?@]{0,28}?[ :](@[a-z0-9._]{3,30}|[a-z][a-z0-9]*(?:[._][a-z0-9]+)+|[a-z]{3,}[0-9]{2,}[a-z0-9]*)\b`)
	notHandle     = regexp.MustCompile(`\.(?:com|org|net|gov|edu|mx|es|html?|pdf)$|^(?:covid|omega)|^[a-z]\.[a-z]\.?$|^(?:dr|dra|mr|mrs|ms|st|sr|sra|prof)\.`)
	profileSpelt  = regexp.MustCompile(`\b(?:facebook|fb|face|insta(?:gram)?|tik ?tok|twitter)\b[^\n]{0,10}(?: ?(?:dot|punto|\.) ?com) ?(?:slash|barra|diagonal|/) ?[a-z0-9]+`)
	photoSpelt    = regexp.MustCompile(`\b(?:imgur|postimg|flickr|imgbb|photobucket|ibb|gyazo|photos ?(?:dot|punto) ?google)(?: (?:dot|punto) [a-z]{2,4})+ (?:slash|barra|diagonal) ?[a-z0-9]+`)
	// a file that is shared is a picture of somebody where the sentence says so
	sharedFile  = regexp.MustCompile(`^(?:https?://)?(?:drive\.google\.com|(?:www\.)?dropbox\.com|1drv\.ms|onedrive\.live\.com|(?:www\.)?icloud\.com|we\.tl|mega\.nz)/`)
	pictureSaid = regexp.MustCompile(`\b(?:photos?|pictures?|pics?|selfies?|face|before and after|scar|nose|smile|looks?|wound|rash|fotos?|fotito|cara|nariz|cicatriz|herida|antes y (?:el )?despues|retrato)\b`)
	// the pictures of authorities show no patient
	authority = regexp.MustCompile(`^(?:https?://)?[a-z0-9.-]+\.(?:gov|gob|int|mil|nhs\.uk|gov\.uk|gob\.[a-z]{2}|gov\.[a-z]{2})/`)
	photoLink = regexp.MustCompile(`(?:\.(?:jpe?g|png|gif|heic|heif|webp|bmp|tiff?|avif|mov|mp4)(?:[?#]|$))|^(?:https?://)?(?:www\.)?(?:photos\.google\.com|photos\.app\.goo\.gl|(?:i\.)?imgur\.com|(?:www\.)?flickr\.com|flic\.kr|(?:share\.)?icloud\.com/photos|share\.icloud\.com|ibb\.co|i\.ibb\.co|postimg\.cc|imgbb\.com|photobucket\.com|smugmug\.com|shutterfly\.com|prnt\.sc|snipboard\.io|gyazo\.com|instagram\.com/p|img\.|images\.|pbs\.twimg\.com|i\.redd\.it|amazon\.com/photos|1drv\.ms/i|dropbox\.com/(?:s|scl)/[^ ]*(?:photo|img|jpg|png|image|pic))`)
	photoMark = regexp.MustCompile(`!\[[^\]\n]{0,200}\]\([^)\n]{1,300}\)`)
)

func profiles(t *text, about Context) [][2]int {
	var out [][2]int
	for _, at := range t.links() {
		said := strings.TrimRight(string(t.bytes[at[0]:at[1]]), ".,;:!?*_~'")
		if profileHosts.MatchString(said) && hasPath(said) && !profileNot.MatchString(said) && !institution.MatchString(said) && !photoLink.MatchString(said) && !isOwn(said, about.Own) {
			out = append(out, [2]int{at[0], at[0] + len(said)})
		}
	}
	if t.hasAny("handle", "user", "usuari", "perfil", "profile", "screen name", "gamertag", "u/") {
		for _, at := range profileBare.FindAllIndex(t.bytes, -1) {
			out = append(out, [2]int(at))
		}
	}
	if !t.mayNamePlatform() {
		return out
	}
	for _, at := range profileHandle.FindAllSubmatchIndex(t.bytes, -1) {
		if !notHandle.Match(t.bytes[at[2]:at[3]]) && !t.sentenceWithin(at[2], at[3]) {
			out = append(out, [2]int{at[0], at[1]})
		}
	}
	for _, shape := range []*regexp.Regexp{profileTold, profileMine, profileAt, profileSpelt} {
		for _, at := range shape.FindAllIndex(t.bytes, -1) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

// sentenceWithin reports whether a new sentence begins within a run of letters: "yesterday.Then".
func (t *text) sentenceWithin(start, end int) bool {
	for i := start + 1; i+1 < end; i++ {
		if t.bytes[i] == '.' && t.upper[i+1] && !t.upper[i-1] {
			return true
		}
	}
	return false
}

// hasPath reports whether an address leads further than to the front page of its host.
func hasPath(said string) bool {
	_, rest, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(said, "https://"), "http://"), "/")
	return len(strings.Trim(rest, "/@")) > 1
}

// links are the addresses of pages in a text. One has a slash in it and no space: only what stands around slashes is looked at.
func (t *text) links() [][]int {
	if t.pages != nil {
		return t.pages
	}
	t.pages = [][]int{}
	for at := 0; ; {
		slash := bytes.IndexByte(t.bytes[at:], '/')
		if slash < 0 {
			return t.pages
		}
		start := at + bytes.LastIndexAny(t.bytes[at:at+slash], " \n") + 1
		end := len(t.bytes)
		if space := bytes.IndexAny(t.bytes[at+slash:], " \n"); space >= 0 {
			end = at + slash + space
		}
		for _, found := range linkShape.FindAllIndex(t.bytes[start:end], -1) {
			t.pages = append(t.pages, []int{start + found[0], start + found[1]})
		}
		at = end
	}
}

func photos(t *text, _ Context) [][2]int {
	var out [][2]int
	for _, at := range t.links() {
		said := strings.TrimRight(string(t.bytes[at[0]:at[1]]), ".,;:!*_~'")
		start, end := around(t, at[0], at[1])
		if photoLink.MatchString(said) && !authority.MatchString(said) || sharedFile.MatchString(said) && pictureSaid.Match(t.bytes[start:end]) {
			out = append(out, [2]int{at[0], at[0] + len(said)})
		}
	}
	if t.hasAny("slash", "barra", "diagonal") {
		for _, at := range photoSpelt.FindAllIndex(t.bytes, -1) {
			out = append(out, [2]int(at))
		}
	}
	if !t.hasAny("![") {
		return out
	}
	for _, at := range photoMark.FindAllIndex(t.bytes, -1) {
		out = append(out, [2]int(at))
	}
	return out
}

var quoted = regexp.MustCompile(`(?m)^ {0,3}>[^\n]*`)

// quotedPatient finds a quotation of someone's words about their own health, under which a provider or staff writes.
func quotedPatient(t *text, about Context) [][2]int {
	if !about.Role.Works() {
		return nil
	}
	var out [][2]int
	for _, at := range quoted.FindAllIndex(t.bytes, -1) {
		if tells.Match(t.bytes[at[0]:at[1]]) {
			out = append(out, [2]int(at))
		}
	}
	return out
}

// tells is someone speaking of themselves.
var tells = regexp.MustCompile(`\b(?:i|i'm|im|i've|my|me|mine|mi|mis|me|yo|estoy|tengo)\b`)
