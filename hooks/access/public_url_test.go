package access_test

import (
	"testing"

	"kinward/hooks/access"
)

func TestCheckPublicURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://community.example.org":         "https://community.example.org",
		" https://Community.Example.org/ ":      "https://community.example.org",
		"http://192.0.2.7:8090":                 "http://192.0.2.7:8090",
		"http://[2001:db8::7]:8090":             "http://[2001:db8::7]:8090",
		"":                                      "",
		"community.example.org":                 "",
		"ftp://community.example.org":           "",
		"javascript:alert(1)":                   "",
		"https://":                              "",
		"https://community.example.org/join":    "",
		"https://community.example.org?a=b":     "",
		"https://community.example.org?":        "",
		"https://community.example.org#join":    "",
		"https://a:b@community.example.org":     "",
		"https://community example.org":         "",
		"https://community.example.org:port":    "",
		"https://community.example.org\r\nBcc:": "",
	} {
		if got, ok := access.CheckPublicURL(given); got != want || ok != (want != "") {
			t.Errorf("%q: %q %v, want %q", given, got, ok, want)
		}
	}
}
