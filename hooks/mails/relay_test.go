package mails

import (
	"fmt"
	"strings"
	"testing"
)

func TestARelayIsReadFromItsURL(t *testing.T) {
	for text, want := range map[string]Relay{
		"": {},
		"smtp://ann:s3cret@mail.example.org:587?tls=starttls": {Host: "mail.example.org", Port: 587, User: "ann", Password: "s3cret", TLS: StartTLS},
		"smtp://mail.example.org":                             {Host: "mail.example.org", Port: 587, TLS: StartTLS},
		"smtp://mail.example.org?tls=implicit":                {Host: "mail.example.org", Port: 465, TLS: Implicit},
		"smtp://mail.example.org:2525?tls=implicit":           {Host: "mail.example.org", Port: 2525, TLS: Implicit},
		"smtp://127.0.0.1:25?tls=none":                        {Host: "127.0.0.1", Port: 25, TLS: NoTLS},
		"smtp://[::1]:25?tls=none":                            {Host: "::1", Port: 25, TLS: NoTLS},
		"smtp://localhost?tls=none":                           {Host: "localhost", Port: 587, TLS: NoTLS},
		"smtp://10.0.0.7:25?tls=none&insecure=yes":            {Host: "10.0.0.7", Port: 25, TLS: NoTLS},
		"smtp://ann%40clinic.org:p%40ss%2Fword%23@mail.example.org": {Host: "mail.example.org", Port: 587,
			User: "ann@clinic.org", Password: "p@ss/word#", TLS: StartTLS},
		"  smtp://mail.example.org/  ": {Host: "mail.example.org", Port: 587, TLS: StartTLS},
	} {
		got, err := ParseRelay(text)
		if err != nil || got != want {
			t.Errorf("%s: %#v, %v", text, got, err)
		}
		again, err := ParseRelay(got.URL())
		if err != nil || again != got {
			t.Errorf("%s does not come back: %s, %v", text, got.URL(), err)
		}
	}
}

func TestAWrongRelayIsExplainedAndItsPasswordNotRepeated(t *testing.T) {
	for text, says := range map[string]string{
		"mail.example.org":                                       "must begin with smtp://",
		"http://mail.example.org":                                "must begin with smtp://",
		"smtps://mail.example.org":                               "tls=implicit",
		"smtp://":                                                "lacks a host",
		"smtp://mail_example!.org":                               "not a name",
		"smtp://::":                                              "not a name",
		"smtp://mail.example.org:0":                              "port must be",
		"smtp://mail.example.org:99999":                          "port must be",
		"smtp://ann:hunter2/x@mail.example.org":                  "%2F",
		"smtp://ann:hunter2#@mail.example.org":                   "%23",
		"smtp://ann:hunt%zzer2@mail.example.org":                 "%25",
		"smtp://ann@mail.example.org":                            "no password",
		"smtp://:hunter2@mail.example.org":                       "no user",
		"smtp://ann:hunter2%0d%0aQUIT@mail.example.org":          "control character",
		"smtp://mail.example.org?tls=maybe":                      "starttls, implicit or none",
		"smtp://mail.example.org?tls=none":                       "in the clear",
		"smtp://mail.example.org?tls=none&insecure=1":            "insecure=",
		"smtp://mail.example.org?tls=none&tls=starttls":          "each once",
		"smtp://mail.example.org?verify=no":                      "nothing else",
		"smtp://mail.example.org?tls=%zz":                        "cannot be read",
		"smtp://mail.example.org/inbox":                          "Nothing may follow",
		"smtp://127.0.0.1.example.org:25?tls=none":               "in the clear",
		"smtp://ann:hunter2@mail.example.org:25?tls=none#secret": "in the clear",
	} {
		_, err := ParseRelay(text)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want it to say %q", text, err, says)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: the password is repeated: %v", text, err)
		} else if spanish := err.(RelayError).In("es"); spanish == err.Error() || strings.HasPrefix(spanish, "mails.") {
			t.Errorf("%s: in Spanish %q", text, spanish)
		}
	}
}

func TestAPrintedRelayHidesItsPassword(t *testing.T) {
	r, err := ParseRelay("smtp://ann:hunter2@mail.example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{r.String(), fmt.Sprint(r), fmt.Sprintf("%v %+v %#v %s", r, r, r, &r)} {
		if strings.Contains(text, "hunter2") || !strings.Contains(text, "mail.example.org:587") {
			t.Errorf("printed as %s", text)
		}
	}
	if r.URL() != "smtp://ann:hunter2@mail.example.org:587?tls=starttls" {
		t.Errorf("kept as %s", r.URL())
	}
}

func FuzzRelay(f *testing.F) {
	for _, seed := range []string{"smtp://a:b@c:1?tls=none&insecure=yes", "smtp://[::1]:25?tls=none", "smtp://x%00y:z@h", "smtp://h?tls=implicit"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseRelay(text)
		if err != nil {
			if _, plain := err.(RelayError); !plain {
				t.Fatalf("%q: %T", text, err)
			}
			return
		}
		again, err := ParseRelay(r.URL())
		if err != nil || again != r {
			t.Fatalf("%q became %q, which reads as %#v, %v", text, r.URL(), again, err)
		}
		if r.TLS == NoTLS && !loopback(r.Host) && !strings.Contains(text, "insecure=yes") {
			t.Fatalf("%q goes in the clear to %s", text, r.Host)
		}
	})
}
