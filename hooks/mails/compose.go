package mails

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-message"
	gomail "github.com/emersion/go-message/mail"
	"golang.org/x/net/idna"
)

// letterhead is what the layout says of the practice.
type letterhead struct {
	name  string // the neutral name for mail where there is one
	phone string
	url   string // the public URL, without a slash at its end; may be empty
	from  string // the address that letters come from
}

// host is the name that stands in Message-IDs and in EHLO.
func (h letterhead) host() string {
	u, err := url.Parse(h.url)
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// policies is where the posted policies can be read, or empty.
func (h letterhead) policies() string {
	if h.url == "" {
		return ""
	}
	return h.url + "/policies"
}

// composed is a letter as it is sealed: everything that a try needs, and the same at every try.
type composed struct {
	From    string
	To      string // as RCPT TO wants it; the domain in ASCII
	Message []byte
}

// Faults of a letter. They are the caller's: an address that nothing can be sent to, or a block that is not there.
var (
	ErrAddress = errors.New("this is not an address that a letter can be sent to")
	ErrLetter  = errors.New("the letter lacks a subject, a heading, a kind, or a whole link")
)

// compose makes the message. It is pure: the same letter, letterhead, id and time give the same bytes. The id makes the
// Message-ID and the boundary; it must be random, long, and of letters and digits.
func compose(l Letter, head letterhead, id string, at time.Time) (composed, error) {
	to, err := address(l.To)
	if err != nil {
		return composed{}, err
	}
	if err := l.complete(); err != nil {
		return composed{}, err
	}
	var h gomail.Header
	h.SetContentType("multipart/alternative", map[string]string{"boundary": "=_" + id})
	h.Set("Content-Language", l.Language)
	// RFC 3834: no vacation note may answer it. The second is what Exchange understands.
	h.Set("Auto-Submitted", "auto-generated")
	h.Set("X-Auto-Response-Suppress", "All")
	if l.Unsubscribe != "" {
		h.Set("List-Unsubscribe", "<"+l.Unsubscribe+">") // RFC 2369
	}
	if strings.HasPrefix(l.Unsubscribe, "https:") { // RFC 8058 section 3.1 asks for HTTPS
		h.Set("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	h.SetMessageID(id + "@" + messageHost(head.host()))
	h.SetDate(at)
	h.SetSubject(inHeader(l.Subject, 150))
	h.SetAddressList("To", []*gomail.Address{{Address: to}})
	h.SetAddressList("From", []*gomail.Address{{Name: inHeader(head.name, 80), Address: head.from}})

	var out bytes.Buffer
	w, err := message.CreateWriter(&out, h.Header)
	if err != nil {
		return composed{}, err
	}
	html, err := layoutHTML(l, head)
	if err != nil {
		return composed{}, err
	}
	// The better form stands last (RFC 2046 section 5.1.4).
	err = errors.Join(
		part(w, "text/plain", layoutText(l, head)),
		part(w, "text/html", html),
		w.Close())
	return composed{From: head.from, To: to, Message: out.Bytes()}, err
}

// complete reports what a letter lacks.
func (l Letter) complete() error {
	if strings.TrimSpace(l.Subject) == "" || strings.TrimSpace(l.Heading) == "" || l.Kind == "" {
		return ErrLetter
	}
	if l.Action != nil && (strings.TrimSpace(l.Action.Label) == "" || !whole(l.Action.Link)) {
		return ErrLetter
	}
	if l.Unsubscribe != "" && (!whole(l.Unsubscribe) || strings.ContainsAny(l.Unsubscribe, "<>,")) { // RFC 2369 section 3.2
		return ErrLetter
	}
	return nil
}

// whole reports whether a link leads somewhere by itself, and is one.
func whole(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") &&
		!strings.ContainsFunc(link, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) })
}

func part(w *message.Writer, kind, text string) error {
	var h message.Header
	h.SetContentType(kind, map[string]string{"charset": "utf-8"})
	h.Set("Content-Transfer-Encoding", "quoted-printable")
	p, err := w.CreatePart(h)
	if err != nil {
		return err
	}
	_, err = io.WriteString(p, strings.ReplaceAll(text, "\n", "\r\n"))
	return errors.Join(err, p.Close())
}

// address checks one bare address and gives it as the envelope wants it: no name, no quoting, the domain in ASCII. A local
// part may hold any letters of the world; whether the relay takes them is seen when it is asked.
func address(text string) (string, error) {
	text = strings.TrimSpace(text)
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > 254 || !utf8.ValidString(text) {
		return "", ErrAddress
	}
	at := strings.LastIndexByte(text, '@')
	local, domain := text[:at], text[at+1:]
	if len(local) > 64 || strings.ContainsFunc(local, unsafeInEnvelope) {
		return "", ErrAddress
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || ascii == "" || strings.ContainsFunc(ascii, unsafeInEnvelope) {
		return "", ErrAddress
	}
	return local + "@" + ascii, nil
}

// unsafeInEnvelope names what would need quoting in MAIL FROM and RCPT TO: nobody's address has it.
func unsafeInEnvelope(r rune) bool {
	return r <= ' ' || r == 0x7f || strings.ContainsRune(`<>()[]\,;:"@`, r) || unicode.IsControl(r) || unicode.IsSpace(r)
}

// oneLine makes a text fit for a header: no control characters and no line breaks, single spaces, and at most max runes.
// Names come from people, and "Ann\r\nBcc: all@example.org" is also a name that somebody may try.
func oneLine(text string, max int) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.IsSpace(r) || turnsDirection(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	runes := []rune(strings.Join(strings.Fields(text), " "))
	if len(runes) > max {
		return strings.TrimSpace(string(runes[:max-1])) + "…"
	}
	return string(runes)
}

// inHeader is oneLine for a header: what is written to look like an encoded word (RFC 2047) would be decoded by the reader,
// line breaks and all.
func inHeader(text string, max int) string {
	return strings.ReplaceAll(oneLine(text, max), "=?", "= ?")
}

// turnsDirection names the characters that make a text read other than it is written, as in "exe.txt" for "txt.exe".
func turnsDirection(r rune) bool {
	return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// messageHost writes an IP address as RFC 5322 wants it in a Message-ID, and leaves a name as it is.
func messageHost(host string) string {
	if strings.Contains(host, ":") {
		return fmt.Sprintf("[IPv6:%s]", host)
	}
	return host
}
