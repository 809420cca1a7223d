package access

import (
	"strings"
	"testing"

	"kinward/hooks/clinic"
)

func TestCheckNewPassword(t *testing.T) {
	for _, test := range []struct {
		password, name, email string
		want                  *clinic.Fault
	}{
		{"correct horse battery staple", "", "", nil},
		{"three tired otters", "Quiet Maple", "otto@mail.example", nil},
		{"¡Qué calor hace hoy!", "", "", nil},
		{"日本語のパスワードですよ", "", "", nil},
		{"short", "", "", PasswordTooShort},
		{"ñññññññññ", "", "", PasswordTooShort},
		{strings.Repeat("0123456789abcdef", 5), "", "", PasswordTooLong},
		{"1234567890", "", "", PasswordCommon},
		{"qwertyuiop", "", "", PasswordCommon},
		{"QwertyUiop", "", "", PasswordCommon},
		{"Password2027!", "", "", PasswordCommon},
		{"manchester99", "", "", PasswordCommon},
		{"aaaaaaaaaaaaaaa", "", "", PasswordCommon},
		{"abcabcabcabc", "", "", PasswordCommon},
		{"passwordpassword", "", "", PasswordCommon},
		{"lkjihgfedcba", "", "", PasswordCommon},
		{"marisol-2027", "Marisol Vega", "", PasswordLikeName},
		{"marisol.vega@mail.example", "", "marisol.vega@mail.example", PasswordLikeName},
		{"vegamarisol1", "", "marisol.vega@mail.example", PasswordLikeName},
		{"marisol reads by the window", "Marisol Vega", "marisol.vega@mail.example", nil},
	} {
		if got := CheckNewPassword(test.password, test.name, test.email); got != test.want {
			t.Errorf("%q for %q %q: %v, want %v", test.password, test.name, test.email, got, test.want)
		}
	}
}

func TestCheckAddress(t *testing.T) {
	for in, want := range map[string]string{
		" Ana.Ruiz@Mail.Example ": "ana.ruiz@mail.example", "o'brien+kin@a-b.example.org": "o'brien+kin@a-b.example.org",
		"josé@correo.example": "josé@correo.example",
		"":                    "", "ana": "", "ana@": "", "@mail.example": "", "ana@localhost": "", "ana@mail.example\r\nBcc: x@y.example": "",
		"Ana <ana@mail.example>": "", "ana@mail.example, b@mail.example": "", "=cmd|'/c calc'!a1@mail.example": "", "+1@mail.example": "",
		"-a@mail.example": "", "a b@mail.example": "", "ana@mail.example\x00": "", "ana\u202e@mail.example": "", `"a b"@mail.example`: "",
		strings.Repeat("a", 65) + "@mail.example": "", "a@" + strings.Repeat("b.", 130) + "example": "", "ana@-mail..example": "",
	} {
		got, fault := CheckAddress(in)
		if got != want || (fault == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, fault, want)
		}
	}
}
