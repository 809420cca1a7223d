package mails

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// How the conversation with a relay is kept private.
const (
	StartTLS = "starttls" // the default: the relay must offer STARTTLS, or nothing is said
	Implicit = "implicit" // TLS from the first byte, usually port 465
	NoTLS    = "none"     // in the clear: a relay on this machine, or whoever writes insecure=yes
)

// Relay is where letters are handed over, and how. The zero Relay is none: letters wait.
type Relay struct {
	Host     string
	Port     int
	User     string
	Password string `json:"-"`
	TLS      string // StartTLS, Implicit or NoTLS

	roots *x509.CertPool // nil: the system's
}

// RelayError says what is wrong with a relay's URL, by the end of the message's key. It never repeats the password.
type RelayError string

// Error is the sentence in the default language.
func (e RelayError) Error() string { return e.In(clinic.DefaultLanguage) }

// In is the sentence in a language.
func (e RelayError) In(language string) string {
	return messages.Say(language, "mails.relay."+string(e), nil)
}

// ParseRelay reads smtp://user:password@host:587?tls=starttls|implicit|none[&insecure=yes]. An empty text is no relay.
// Without a port it takes 587, with tls=implicit 465. Every error is a [RelayError] with a next step.
func ParseRelay(text string) (Relay, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return Relay{}, nil
	}
	u, err := url.Parse(text)
	if err != nil {
		// url.Parse repeats what it was given in its error, the password with it.
		return Relay{}, RelayError("unreadable")
	}
	r := Relay{Host: u.Hostname(), TLS: StartTLS}
	if r.User = u.User.Username(); u.User != nil {
		r.Password, _ = u.User.Password()
	}
	if err := errors.Join(r.scheme(u), r.privacy(u), r.place(u), r.credentials()); err != nil {
		return Relay{}, firstOf(err)
	}
	return r, nil
}

// firstOf takes the first of joined errors: a person mends one thing at a time.
func firstOf(err error) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()[0]
	}
	return err
}

func (r *Relay) scheme(u *url.URL) error {
	switch u.Scheme {
	case "smtp":
		return nil
	case "smtps":
		return RelayError("smtps")
	}
	return RelayError("scheme")
}

func (r *Relay) privacy(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return RelayError("query_unreadable")
	}
	for name, values := range query {
		if len(values) > 1 || (name != "tls" && name != "insecure") {
			return RelayError("query_other")
		}
	}
	if tls := query.Get("tls"); tls != "" {
		r.TLS = tls
	}
	insecure := query.Get("insecure")
	switch {
	case r.TLS != StartTLS && r.TLS != Implicit && r.TLS != NoTLS:
		return RelayError("tls")
	case insecure != "" && insecure != "yes":
		return RelayError("insecure")
	case r.TLS == NoTLS && insecure != "yes" && !loopback(r.Host):
		return RelayError("in_the_clear")
	}
	return nil
}

func (r *Relay) place(u *url.URL) error {
	if r.Host == "" {
		return RelayError("host_missing")
	}
	if net.ParseIP(r.Host) == nil {
		host, err := idna.Lookup.ToASCII(r.Host)
		if err != nil || strings.ContainsFunc(host, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) && c != '.' && c != '-' }) {
			return RelayError("host_wrong")
		}
		r.Host = host
	}
	if u.Path != "" && u.Path != "/" || u.Fragment != "" || u.Opaque != "" {
		return RelayError("path")
	}
	r.Port = 587
	if r.TLS == Implicit {
		r.Port = 465
	}
	if text := u.Port(); text != "" {
		port, err := strconv.Atoi(text)
		if err != nil || port < 1 || port > 65535 {
			return RelayError("port")
		}
		r.Port = port
	}
	return nil
}

func (r *Relay) credentials() error {
	switch {
	case strings.ContainsFunc(r.User+r.Password, func(c rune) bool { return c < ' ' || c == 0x7f }):
		return RelayError("control")
	case r.User == "" && r.Password != "":
		return RelayError("user_missing")
	case r.User != "" && r.Password == "":
		return RelayError("password_missing")
	}
	return nil
}

// loopback reports whether host is this machine.
func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// None reports whether no relay is set.
func (r Relay) None() bool { return r.Host == "" }

// URL gives the relay's URL with its password, to be kept sealed. ParseRelay reads it back.
func (r Relay) URL() string { return r.write(r.Password) }

// Masked stands where a relay's password was.
const Masked = "****"

// String gives the relay's URL with the password masked: for logs and pages.
func (r Relay) String() string {
	if r.Password == "" {
		return r.write("")
	}
	// A URL would write the stars as %2A: a person must see them, and settings that come back as shown must be known by them.
	return strings.Replace(r.write(Masked), ":"+strings.Repeat("%2A", len(Masked))+"@", ":"+Masked+"@", 1)
}

// GoString masks the password in %#v too.
func (r Relay) GoString() string { return "mails.Relay{" + r.String() + "}" }

// Trusting returns r with certificate roots other than the system's: for a relay with a certificate of its own.
func (r Relay) Trusting(roots *x509.CertPool) Relay {
	r.roots = roots
	return r
}

func (r Relay) write(password string) string {
	if r.None() {
		return ""
	}
	u := url.URL{Scheme: "smtp", Host: r.address(), RawQuery: "tls=" + r.TLS}
	if r.User != "" {
		u.User = url.UserPassword(r.User, password)
	}
	if r.TLS == NoTLS && !loopback(r.Host) {
		u.RawQuery += "&insecure=yes"
	}
	return u.String()
}

func (r Relay) address() string { return net.JoinHostPort(r.Host, strconv.Itoa(r.Port)) }

var _ fmt.GoStringer = Relay{}
