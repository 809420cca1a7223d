package access

import (
	_ "embed"
	"net/http"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The faults of a new password. Length is what is asked for; composition is not (NIST SP 800-63B section 3.1.1.2).
var (
	PasswordTooShort = &clinic.Fault{Status: http.StatusBadRequest, Code: "password_too_short", Params: map[string]any{"min": clinic.MinPasswordRunes}}
	PasswordTooLong  = &clinic.Fault{Status: http.StatusBadRequest, Code: "password_too_long", Params: map[string]any{"max": clinic.MaxPasswordBytes}}
	PasswordCommon   = &clinic.Fault{Status: http.StatusBadRequest, Code: "password_common"}
	PasswordLikeName = &clinic.Fault{Status: http.StatusBadRequest, Code: "password_like_name"}
)

//go:embed passwords_common.txt
var commonText string

var commonPasswords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for line := range strings.Lines(commonText) {
		if !strings.HasPrefix(line, "#") {
			out[strings.TrimSpace(line)] = true
		}
	}
	return out
})

// CheckNewPassword returns what is wrong with a password that a member wants, or nil: too short, too long for the hash, one of
// those that are tried first, or little more than the member's own name or address. name and email may be empty.
func CheckNewPassword(password, name, email string) *clinic.Fault {
	switch {
	case utf8.RuneCountInString(password) < clinic.MinPasswordRunes:
		return PasswordTooShort
	case len(password) > clinic.MaxPasswordBytes:
		return PasswordTooLong
	case common(strings.ToLower(password)):
		return PasswordCommon
	case likeName(strings.ToLower(password), strings.ToLower(name), strings.ToLower(email)):
		return PasswordLikeName
	}
	return nil
}

// common reports whether a password in small letters is on the list, is one word of the list with digits and signs around it,
// or is the same few characters over and over, or in order.
func common(password string) bool {
	list := commonPasswords()
	word := strings.TrimFunc(password, func(r rune) bool { return !unicode.IsLetter(r) })
	return list[password] || list[word] || list[unit(password)] || utf8.RuneCountInString(unit(password)) <= 4 || inOrder(password)
}

// unit is the shortest text that, repeated, makes up the whole.
func unit(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// inOrder reports whether each character follows the one before by the same small step, as in 1234567890 or zyxwvutsrq.
func inOrder(text string) bool {
	runes := []rune(text)
	step := runes[1] - runes[0]
	for i := 1; i < len(runes); i++ {
		if runes[i]-runes[i-1] != step {
			return false
		}
	}
	return step >= -2 && step <= 2
}

// leastBeyondName is how many letters and digits a password needs besides the member's own name and address.
const leastBeyondName = 6

func likeName(password, name, email string) bool {
	local, domain, _ := strings.Cut(email, "@")
	rest := strings.ReplaceAll(password, email, "")
	for _, part := range append(words(name), append(words(local), words(domain)...)...) {
		if utf8.RuneCountInString(part) >= 3 {
			rest = strings.ReplaceAll(rest, part, "")
		}
	}
	if rest == password {
		return false
	}
	left := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, rest)
	return utf8.RuneCountInString(left) < leastBeyondName
}

func words(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
