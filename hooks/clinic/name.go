package clinic

import (
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NameInvalid says that a name holds what a name does not need.
var NameInvalid = &Fault{Status: http.StatusBadRequest, Code: "name_invalid"}

// CleanName puts a member's display name in order: single spaces, none at its ends. It returns a fault for one that is empty,
// longer than MaxNameRunes, without a letter, or with characters that would act in HTML, in a letter's header, or on the
// order in which text is read. Names need not be real, and need not differ.
func CleanName(text string) (string, *Fault) {
	if !utf8.ValidString(text) {
		return "", NameInvalid
	}
	letter := false
	for _, r := range text {
		if actsInText(r) {
			return "", NameInvalid
		}
		letter = letter || unicode.IsLetter(r)
	}
	name := strings.Join(strings.Fields(text), " ")
	switch {
	case name == "":
		return "", Required
	case utf8.RuneCountInString(name) > MaxNameRunes:
		return "", TooLong.With("max", MaxNameRunes)
	case !letter:
		return "", NameInvalid
	}
	return name, nil
}

// zeroWidthJoiner is the one invisible character that names need: it joins letters of Indic scripts, and emoji.
const zeroWidthJoiner = '\u200d'

func actsInText(r rune) bool {
	return unicode.IsControl(r) || strings.ContainsRune("<>&\"`\\", r) ||
		unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co) && r != zeroWidthJoiner
}
