package mails

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

var (
	noon  = time.Date(2026, 3, 8, 12, 0, 0, 0, time.UTC)
	sheet = letterhead{name: "Riverside", phone: "555-0100", url: "https://clinic.example.org", from: "no-reply@clinic.example.org"}
)

const someID = "0123456789abcdef0123456789abcdef"

// composeFor makes a letter and reads it back the way a recipient's program does.
func composeFor(t testing.TB, l Letter, head letterhead) (*mail.Message, *mailstest.Letter) {
	t.Helper()
	c, err := compose(l, head, someID, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range bytes.Split(c.Message, []byte("\r\n")) {
		if bytes.ContainsAny(line, "\r\n\x00") {
			t.Fatalf("a bare line break in %q", line)
		}
		if len(line) > 998 { // RFC 5322 section 2.1.1
			t.Fatalf("a line of %d bytes", len(line))
		}
	}
	m, err := mail.ReadMessage(bytes.NewReader(c.Message))
	if err != nil {
		t.Fatal(err)
	}
	read := mailstest.Read(c.From, c.To, c.Message)
	if read.Err != nil {
		t.Fatal(read.Err)
	}
	return m, read
}

func TestALetterSaysTheSameInBothForms(t *testing.T) {
	for _, language := range clinic.Languages {
		l := sample("jane@example.org")
		l.Language, l.Heading = language, "¿Café & <té>?"
		m, read := composeFor(t, l, sheet)
		for name, want := range map[string]string{
			"To": "<jane@example.org>", "From": `"Riverside" <no-reply@clinic.example.org>`, "Auto-Submitted": "auto-generated",
			"Message-Id": "<" + someID + "@clinic.example.org>", "Content-Language": language, "Date": "Sun, 08 Mar 2026 12:00:00 +0000",
		} {
			if got := m.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
		for _, name := range []string{"List-Unsubscribe", "Reply-To", "Bcc", "Cc"} {
			if m.Header.Get(name) != "" {
				t.Errorf("it has %s", name)
			}
		}
		seen := visible(t, read.HTML)
		for _, block := range append(append([]string{l.Heading, l.Action.Label, l.Action.Link, "555-0100", "Riverside"}, l.Paragraphs...), l.Notes...) {
			if !strings.Contains(read.Text, block) {
				t.Errorf("the text lacks %q", block)
			}
			if !strings.Contains(seen.text, block) {
				t.Errorf("the HTML lacks %q", block)
			}
		}
		if n := strings.Count(read.Text, l.Action.Link); n != 1 {
			t.Errorf("the text has the link %d times", n)
		}
		if n := strings.Count(seen.text, l.Action.Link); n != 1 {
			t.Errorf("the HTML shows the link %d times", n)
		}
		if len(seen.links) != 2 || seen.links[0] != l.Action.Link || seen.links[1] != "https://clinic.example.org/policies" {
			t.Errorf("the HTML leads to %v", seen.links)
		}
		if !strings.Contains(read.Text, "https://clinic.example.org/policies") {
			t.Error("the text does not lead to the policies")
		}
		if seen.lang != language {
			t.Errorf("lang is %q", seen.lang)
		}
		if len(seen.fetched) > 0 {
			t.Errorf("a reader would fetch %v", seen.fetched)
		}
	}
}

// page is what a reader sees of an HTML letter.
type page struct {
	text, lang     string
	links, fetched []string
}

func visible(t testing.TB, text string) page {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var p page
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" {
			p.text += n.Data + " "
		}
		for _, a := range n.Attr {
			switch {
			case n.Data == "html" && a.Key == "lang":
				p.lang = a.Val
			case n.Data == "a" && a.Key == "href":
				p.links = append(p.links, a.Val)
			case a.Key == "src" || a.Key == "background" || a.Key == "srcset" || strings.Contains(a.Val, "url("):
				p.fetched = append(p.fetched, a.Val)
			}
		}
		if n.Data == "link" || n.Data == "img" || n.Data == "script" || n.Data == "iframe" {
			p.fetched = append(p.fetched, n.Data)
		}
	}
	return p
}

func TestWhatTheLayoutLacksIsLeftOut(t *testing.T) {
	l := sample("jane@example.org")
	l.Action, l.Notes = nil, nil
	_, read := composeFor(t, l, letterhead{name: "Kinward", from: "no-reply@localhost"})
	for _, part := range []string{read.Text, read.HTML} {
		if strings.Contains(part, "http") || strings.Contains(part, "Call") || strings.Contains(part, "no value") {
			t.Errorf("it says too much:\n%s", part)
		}
	}
}

func TestTheSameLetterGivesTheSameBytes(t *testing.T) {
	a, err := compose(sample("jane@example.org"), sheet, someID, noon)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := compose(sample("jane@example.org"), sheet, someID, noon)
	if !bytes.Equal(a.Message, b.Message) {
		t.Error("composing is not pure")
	}
}

func TestNoNameBreaksAHeader(t *testing.T) {
	for _, name := range []string{
		"Ann\r\nBcc: all@example.org", "Ann\nX: y", "Ann\rX: y", "Ann\x00\x01", "\u202eknaB", "\u2028X: y\u0085Z: q", "\xff\xfe", strings.Repeat("long ", 200),
		`"Ann" <evil@example.org>,`, "=?utf-8?q?=0d=0aBcc:?=", "Zoë Ωμέγα 🌻", "",
	} {
		l := sample("jane@example.org")
		l.Subject, l.Heading = "From "+name, "By "+name
		head := sheet
		head.name = name
		m, read := composeFor(t, l, head)
		if m.Header.Get("Bcc") != "" || m.Header.Get("X") != "" || m.Header.Get("Z") != "" {
			t.Errorf("%q made a header: %v", name, m.Header)
		}
		for _, key := range []string{"From", "To"} {
			list, err := m.Header.AddressList(key)
			if err != nil || len(list) != 1 {
				t.Errorf("%q: %s is %q: %v", name, key, m.Header.Get(key), err)
			}
		}
		if strings.ContainsAny(read.Subject, "\r\n\x00\u202e") {
			t.Errorf("%q: subject %q", name, read.Subject)
		}
	}
}

func TestOnlyAnAddressIsAnAddress(t *testing.T) {
	for text, want := range map[string]string{
		"jane@example.org": "jane@example.org", " jane@example.org ": "jane@example.org", "j.a+ne@Example.ORG": "j.a+ne@example.org",
		"jane@bücher.example": "jane@xn--bcher-kva.example", "zoë@example.org": "zoë@example.org", "o'neil@example.org": "o'neil@example.org",
		"": "", "jane": "", "jane@": "", "@example.org": "", "Jane <jane@example.org>": "", "jane@example.org, bob@example.org": "",
		"jane@example.org\r\nRCPT TO:<bob@example.org>": "", "ja ne@example.org": "", `"ja ne"@example.org`: "", "jane@exa mple.org": "",
		"jane@example.org>": "", strings.Repeat("x", 65) + "@example.org": "", "jane@" + strings.Repeat("x", 250) + ".org": "",
		"jane@[127.0.0.1]": "", "\xff@example.org": "",
	} {
		got, err := address(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestALetterMustBeWhole(t *testing.T) {
	for name, spoil := range map[string]func(*Letter){
		"no subject": func(l *Letter) { l.Subject = " " }, "no heading": func(l *Letter) { l.Heading = "" }, "no kind": func(l *Letter) { l.Kind = "" },
		"a script":        func(l *Letter) { l.Action.Link = "javascript:alert(1)" },
		"a relative link": func(l *Letter) { l.Action.Link = "/join" },
		"a broken link":   func(l *Letter) { l.Action.Link = "https://clinic.example.org/jo in" },
		"no label":        func(l *Letter) { l.Action.Label = "" },
	} {
		l := sample("jane@example.org")
		spoil(&l)
		if _, err := compose(l, sheet, someID, noon); err != ErrLetter {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzHeader(f *testing.F) {
	f.Add("Dr. Ada", "An invitation", "Hello", "jane@example.org")
	f.Add("Ann\r\nBcc: x@y.z", "a\nb", "\x00", "zoë@bücher.example")
	f.Fuzz(func(t *testing.T, name, subject, paragraph, to string) {
		l := sample(to)
		l.Subject, l.Heading, l.Paragraphs = subject, subject, []string{paragraph}
		head := sheet
		head.name = name
		c, err := compose(l, head, someID, noon)
		if err != nil {
			return
		}
		m, err := mail.ReadMessage(bytes.NewReader(c.Message))
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Header) != 10 {
			t.Fatalf("%d headers: %v", len(m.Header), m.Header)
		}
		said, err := (&mime.WordDecoder{}).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || strings.ContainsAny(said, "\r\n") {
			t.Fatalf("subject %q: %v", said, err)
		}
		if read := mailstest.Read(c.From, c.To, c.Message); read.Err != nil || !strings.Contains(read.Text, l.Action.Link) {
			t.Fatalf("cannot be read: %v", read.Err)
		}
	})
}
