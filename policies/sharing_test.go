package policies_test

import "testing"

// What 45 CFR 164.508(c) asks of an authorization, and the clause that says it.
var elements = map[string]string{
	"(c)(1)(i) what is disclosed":                 "sharing-what",
	"(c)(1)(ii) who discloses":                    "sharing-who-shows",
	"(c)(1)(iii) to whom":                         "sharing-with-whom",
	"(c)(1)(iv) the purpose":                      "sharing-purpose",
	"(c)(1)(v) an expiration date or event":       "sharing-until",
	"(c)(1)(vi) signature and date":               "sharing-signature",
	"(c)(1)(vi) a representative's authority":     "sharing-for-someone-else",
	"(c)(2)(i) the right to revoke, and how":      "sharing-take-back",
	"(c)(2)(i) what revoking cannot undo":         "sharing-after-taking-back",
	"(c)(2)(ii) no conditions on treatment":       "sharing-free-choice",
	"(c)(2)(ii) what follows from not signing":    "sharing-without-it",
	"(c)(2)(iii) it may be disclosed again":       "sharing-passed-on",
	"(c)(4) a copy":                               "sharing-copy",
	"never by acknowledging":                      "sharing-not-by-accepting",
	"not for marketing, (a)(3), nor sale, (a)(4)": "sharing-not-promotion",
}

func TestTheAuthorizationHasEveryElement(t *testing.T) {
	for _, language := range languages {
		p := read(t, language, "sharing")
		if p.Kind != "authorization" || p.Audience != "patients" {
			t.Errorf("%s: kind %q, audience %q", p.file, p.Kind, p.Audience)
		}
		for element, id := range elements {
			if !p.has(id) {
				t.Errorf("%s: %s: no clause {#%s}", p.file, element, id)
			}
		}
	}
	for _, slug := range shipped {
		if p := read(t, "en", slug); slug != "sharing" && p.Kind != "" && p.Kind != "policy" {
			t.Errorf("%s is of kind %q", slug, p.Kind)
		}
	}
}
