package check

import "bytes"

// A shape that is long costs a hundred times as much to look for as the words do which it cannot be without. What stands here
// answers for whole runs of letters, digits and _, which is where a regular expression sees \b, and never says no where its shape
// would be found.

// runs are the places of a text's runs, in order.
func (t *text) runs() [][2]int {
	if t.cut == nil {
		t.cut = make([][2]int, 0, len(t.bytes)/5+1)
		start := -1
		for i, c := range t.bytes {
			if c >= 'a' && c <= 'z' || digit(c) || c == '_' || c >= 'A' && c <= 'Z' {
				if start < 0 {
					start = i
				}
			} else if start >= 0 {
				t.cut = append(t.cut, [2]int{start, i})
				start = -1
			}
		}
		if start >= 0 {
			t.cut = append(t.cut, [2]int{start, len(t.bytes)})
		}
	}
	return t.cut
}

var (
	platformRuns = setOf("insta instagram ig facebook fb face feis tiktok tik snap snapchat twitter x telegram discord threads kik messenger linkedin reddit whatsapp wasap youtube yt twitch pinterest strava bluesky bsky vsco bereal faceb feisbuk instagran")
	monthRuns    = setOf(`jan january feb february febuary mar march apr april may jun june jul july aug august sep sept september sepember oct october nov november dec december
		enero febrero fevrero marzo abril mayo junio julio agosto setiembre septiembre septienbre octubre otubre noviembre diciembre`)
	dayRuns = setOf(`first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth
		nineteenth twentieth thirtieth primero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho
		diecinueve veinte veintiuno veintiun veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve treinta`)
)

// mayNamePlatform: platforms stands as a word.
func (t *text) mayNamePlatform() bool {
	for _, run := range t.runs() {
		if platformRuns[string(t.bytes[run[0]:run[1]])] {
			return true
		}
	}
	return false
}

// dayReach is how many runs a day stands from its month at most: "May, the twenty first".
const dayReach = 3

// mayDate: digits with a sign between them, or a month with a day near it.
func (t *text) mayDate() bool {
	for i := 1; i+1 < len(t.bytes); i++ {
		if c := t.bytes[i]; (c == '-' || c == '/' || c == '.') && digit(t.bytes[i-1]) && digit(t.bytes[i+1]) {
			return true
		}
	}
	runs := t.runs()
	for i, run := range runs {
		said := t.bytes[run[0]:run[1]]
		named := bytes.TrimLeft(said, "0123456789")
		if joined := bytes.Index(named, []byte("de")); !monthRuns[string(named)] && (joined < 0 || !monthRuns[string(named[:joined])]) { // "mayodel 2020"
			continue
		}
		if len(named) < len(said) { // "3enero"
			return true
		}
		for _, near := range runs[max(0, i-dayReach):min(len(runs), i+dayReach+1)] {
			if digit(t.bytes[near[0]]) || dayRuns[string(t.bytes[near[0]:near[1]])] {
				return true
			}
		}
	}
	return false
}

// mayAge: there is a number from 90 to 129, in digits or in words. The shape takes "iscien" for "is cien".
func (t *text) mayAge() bool {
	for i := 0; i+1 < len(t.bytes); i++ {
		if c := t.bytes[i]; c == '9' && digit(t.bytes[i+1]) || c == '1' && t.bytes[i+1] >= '0' && t.bytes[i+1] <= '2' && i+2 < len(t.bytes) && digit(t.bytes[i+2]) {
			return true
		}
	}
	if t.hasAny("ninety", "noventa", "hundred", "centenari", "nine-oh", "nine oh", "siglo") {
		return true
	}
	for _, run := range t.runs() {
		said := t.bytes[run[0]:run[1]]
		if bytes.HasPrefix(bytes.TrimPrefix(bytes.TrimPrefix(said, []byte("is")), []byte("was")), []byte("cien")) {
			return true
		}
	}
	return false
}
