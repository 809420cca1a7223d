// Package practice is the clinic that owns the house: its first set-up, what it says of itself, and its mail relay.
//
// It promises: a server that was never set up is an open door to nobody but who holds the link printed on its terminal; the
// set-up happens once, whole or not at all; and the relay's password is never shown again.
package practice

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The faults of this capability.
var (
	SetUpAlready = &clinic.Fault{Status: http.StatusConflict, Code: "set_up_already"}
	linkWrong    = &clinic.Fault{Status: http.StatusForbidden, Code: "set_up_link_wrong"}
	outOfRange   = &clinic.Fault{Status: http.StatusBadRequest, Code: "out_of_range"} // params.least, params.most
	unreadable   = &clinic.Fault{Status: http.StatusBadRequest, Code: "text_unreadable"}
	urlWrong     = &clinic.Fault{Status: http.StatusBadRequest, Code: "public_url_wrong"}
	urlNotHere   = &clinic.Fault{Status: http.StatusBadRequest, Code: "public_url_not_here"} // params.url
	relayWrong   = &clinic.Fault{Status: http.StatusBadRequest, Code: "relay_wrong"}         // params.advice
)

// Words are what the practice says of itself, on every page and in every letter.
type Words struct {
	Name      string `json:"name"`
	MailName  string `json:"mail_name"` // in letters, where the name itself would tell too much
	Phone     string `json:"phone"`
	Address   string `json:"address"`
	Hours     string `json:"hours"`
	Emergency string `json:"emergency"`
	// In the language that is not the practice's; empty: what is said in its own is shown in both.
	HoursOther     string `json:"hours_other"`
	EmergencyOther string `json:"emergency_other"`
	// CrisisLine is whom to call when one cannot cope; empty means 988, the one of the United States.
	CrisisLine string `json:"crisis_line"`
	Language   string `json:"language"`
	Accent     string `json:"accent"` // #rrggbb, or empty for Kinward's own
}

// longest is how many characters each of the words may have; those listed in severalLines may have line breaks.
var (
	longest = map[string]int{"name": 120, "mail_name": 120, "phone": 40, "address": 300, "hours": 500, "hours_other": 500, "emergency": 500,
		"emergency_other": 500, "crisis_line": 40}
	severalLines = []string{"address", "hours", "hours_other", "emergency", "emergency_other"}
	accentShape  = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// Fields returns the words by the name of their field.
func (w *Words) Fields() map[string]*string {
	return map[string]*string{
		"name": &w.Name, "mail_name": &w.MailName, "phone": &w.Phone, "address": &w.Address, "hours": &w.Hours,
		"emergency": &w.Emergency, "hours_other": &w.HoursOther, "emergency_other": &w.EmergencyOther, "crisis_line": &w.CrisisLine,
		"language": &w.Language, "accent": &w.Accent,
	}
}

// turn makes the other language the practice's own: what was said in both stays with the language that it was said in.
func (w *Words) turn() {
	if w.HoursOther != "" {
		w.Hours, w.HoursOther = w.HoursOther, w.Hours
	}
	if w.EmergencyOther != "" {
		w.Emergency, w.EmergencyOther = w.EmergencyOther, w.Emergency
	}
}

// Faults puts the words in order and says what is wrong with each; nil where nothing is.
func (w *Words) Faults() []*clinic.Fault {
	var out []*clinic.Fault
	for field, text := range w.Fields() {
		*text = strings.TrimSpace(strings.ReplaceAll(*text, "\r\n", "\n"))
		if most, ok := longest[field]; ok {
			out = append(out, checkText(field, *text, most))
		}
	}
	if w.Name == "" {
		out = append(out, clinic.Required.At("name"))
	}
	if !slices.Contains(clinic.Languages, w.Language) {
		out = append(out, clinic.Invalid.At("language"))
	}
	if w.Accent != "" && !accentShape.MatchString(w.Accent) {
		out = append(out, clinic.Invalid.At("accent"))
	}
	return slices.DeleteFunc(out, func(f *clinic.Fault) bool { return f == nil })
}

func checkText(field, text string, most int) *clinic.Fault {
	if utf8.RuneCountInString(text) > most {
		return clinic.TooLong.At(field).With("max", most)
	}
	bad := func(r rune) bool {
		return unicode.IsControl(r) && (r != '\n' || !slices.Contains(severalLines, field)) || unicode.Is(unicode.Bidi_Control, r)
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, bad) {
		return unreadable.At(field)
	}
	return nil
}

// The bounds of the automatic log-off, in minutes. WCAG 2.2 asks for time enough, 45 CFR 164.312(a)(2)(iii) for an end.
const (
	leastIdle = 5
	mostIdle  = 120
)

func checkIdle(field string, minutes int) *clinic.Fault {
	if minutes < leastIdle || minutes > mostIdle {
		return outOfRange.At(field).With("least", leastIdle).With("most", mostIdle)
	}
	return nil
}
