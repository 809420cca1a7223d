package access

import (
	"net/mail"
	"strings"
	"unicode"

	"github.com/pocketbase/ozzo-validation/v4/is"

	"kinward/hooks/clinic"
)

// CheckAddress puts an e-mail address in the form in which it is kept (small letters, no spaces around it), or returns
// address_invalid. It takes what the members' collection and the letters' queue both take, so that an address fails when it
// is typed and not when its owner accepts. One that begins with =, +, - or @ is refused: a spreadsheet would run it.
func CheckAddress(text string) (string, *clinic.Fault) {
	address := strings.ToLower(strings.TrimSpace(text))
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address || len(address) > 254 || strings.ContainsAny(address[:1], "=+-@") {
		return "", clinic.AddressInvalid
	}
	local, domain, _ := strings.Cut(address, "@")
	if len(local) > 64 || !strings.Contains(domain, ".") || strings.ContainsFunc(address, strange) {
		return "", clinic.AddressInvalid
	}
	if is.EmailFormat.Validate(address) != nil {
		return "", clinic.AddressInvalid
	}
	return address, nil
}

func strange(r rune) bool {
	return strings.ContainsRune(`<>()[]\,;:"`, r) || unicode.IsControl(r) || unicode.IsSpace(r) || !unicode.IsPrint(r)
}
