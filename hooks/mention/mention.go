// Package mention lets a member call another one by name, with an @ in a post or comment.
//
// It promises: only who is in the community can be called in it, and only names are offered that the writer may know; the record
// of it (who, where, by whom) is made with the words, whoever wrote them; nobody who works here calls a patient or caregiver, since
// that would tell everyone whose patient they are; who has blocked the writer hears nothing; and the name that is shown is the
// member's own of today, a moment after it changed, or none once they are gone.
package mention

import (
	"net/http"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kinward/hooks/clinic"
)

// The faults of this noun.
var (
	// OfPatient is what a record event gives where no posted policy has a clause that says so; params: none.
	OfPatient = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "mention_of_patient"}
	// Stopped has params.findings with the clause, as the checks give it.
	Stopped = &clinic.Fault{Status: http.StatusUnprocessableEntity, Code: "stopped_by_policy"}
)

// May reports whether a member of one role may call a member of another.
func May(by, of clinic.Role) bool { return of.Professional() || !by.Works() }

// mostOffered is how many names are offered at once: more are narrowed by typing on.
const mostOffered = 8

// Fits reports whether what was typed begins a word of a name, whatever its accents and capitals.
func Fits(typed, name string) bool {
	typed, name = fold(typed), fold(name)
	if typed == "" || strings.HasPrefix(name, typed) {
		return true
	}
	for at, r := range name {
		if r == ' ' && strings.HasPrefix(name[at+1:], typed) {
			return true
		}
	}
	return false
}

func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.TrimSpace(text)))
}
