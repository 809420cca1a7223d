// Package demo is what `kinward demo` adds to a practice: sample people, rooms and posts, and a mailbox inside the process that
// gets the practice's mail by real SMTP. Nothing of it is reachable in a practice that `kinward serve` serves.
package demo

import (
	"bytes"
	"errors"
	"html/template"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
	"github.com/pocketbase/pocketbase/core"
)

// mostLetters bounds the mailbox; the oldest go first.
const mostLetters = 500

// Letter is what arrived, as a mail program would show it.
type Letter struct {
	To      string    `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html"`
	At      time.Time `json:"at"`
}

// Mailbox is a mail relay on loopback that keeps what it is given.
type Mailbox struct {
	server   *smtp.Server
	listener net.Listener

	mu      sync.Mutex
	letters []Letter
}

// OpenMailbox starts the relay on a free port of this machine.
func OpenMailbox() (*Mailbox, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &Mailbox{listener: listener}
	m.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{mailbox: m}, nil }))
	m.server.Domain = "demo.invalid"
	m.server.ReadTimeout, m.server.WriteTimeout = 30*time.Second, 30*time.Second
	m.server.MaxMessageBytes, m.server.MaxRecipients = 2<<20, 10
	go m.server.Serve(listener) // ends with Close
	return m, nil
}

// Relay is the URL of the relay, as KINWARD_RELAY takes it.
func (m *Mailbox) Relay() string { return "smtp://" + m.listener.Addr().String() + "?tls=none" }

// Close ends the relay.
func (m *Mailbox) Close() error { return m.server.Close() }

// Letters returns what arrived, the latest first.
func (m *Mailbox) Letters() []Letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := slices.Clone(m.letters)
	slices.Reverse(out)
	return out
}

func (m *Mailbox) keep(letter Letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, letter)
	if len(m.letters) > mostLetters {
		m.letters = m.letters[1:]
	}
}

// session is one connection of the relay.
type session struct {
	mailbox *Mailbox
	to      string
}

var _ smtp.Session = (*session)(nil)

// Reset, Logout, Mail, Rcpt and Data are go-smtp's session: everything is accepted.
func (s *session) Reset() { s.to = "" }

// Logout ends the session.
func (s *session) Logout() error { return nil }

// Mail notes nothing: any sender will do.
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt notes for whom the letter is.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = to; return nil }

// Data reads the letter and keeps it.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	letter, err := read(raw)
	letter.To, letter.At = s.to, time.Now()
	s.mailbox.keep(letter)
	return err
}

func read(raw []byte) (Letter, error) {
	reader, err := mail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return Letter{}, err
	}
	var letter Letter
	letter.Subject, _ = reader.Header.Subject()
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return letter, nil
		}
		if err != nil {
			return letter, err
		}
		body, err := io.ReadAll(part.Body)
		if err != nil {
			return letter, err
		}
		if inline, ok := part.Header.(*mail.InlineHeader); ok {
			if kind, _, _ := inline.ContentType(); kind == "text/html" {
				letter.HTML = string(body)
			} else {
				letter.Text = string(body)
			}
		}
	}
}

// Bind serves the mailbox at /demo/mailbox (also as JSON, with ?json) and each letter's HTML at /demo/mailbox/N, the latest
// being 0.
func (m *Mailbox) Bind(app core.App) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		se.Router.GET("/demo/mailbox", m.list)
		se.Router.GET("/demo/mailbox/{n}", m.show)
		return se.Next()
	})
}

func (m *Mailbox) list(e *core.RequestEvent) error {
	e.Response.Header().Set("Cache-Control", "no-store")
	if e.Request.URL.Query().Has("json") {
		return e.JSON(http.StatusOK, m.Letters())
	}
	e.Response.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
	var page bytes.Buffer
	if err := mailboxPage.Execute(&page, m.Letters()); err != nil {
		return err
	}
	return e.HTML(http.StatusOK, page.String())
}

// show serves a letter's HTML as a mail program would: no script, and links open outside of the frame.
func (m *Mailbox) show(e *core.RequestEvent) error {
	letters := m.Letters()
	n, err := strconv.Atoi(e.Request.PathValue("n"))
	if err != nil || n < 0 || n >= len(letters) {
		return e.NotFoundError("There is no such letter.", nil)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	e.Response.Header().Set("Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation")
	e.Response.Header().Set("X-Frame-Options", "SAMEORIGIN")
	return e.HTML(http.StatusOK, strings.Replace(letters[n].HTML, "<head>", `<head><base target="_top">`, 1))
}

var mailboxPage = template.Must(template.New("mailbox").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Mailbox of the demo</title>
<style>
:root { color-scheme: light dark }
body { font: 17px/1.6 system-ui, sans-serif; margin: 0 auto; max-width: 44rem; padding: 1rem }
article { border-top: 1px solid; padding: .5rem 0 1.5rem }
iframe { background: #fff; border: 0; height: 30rem; width: 100% }
h2 { font-size: 1.15rem; margin: .5rem 0 0 }
</style></head><body><main>
<h1>Mailbox of the demo</h1>
<p>Every letter that this practice sends arrives here, by SMTP. Reload the page to see new ones. <a href="/">Back to the practice</a></p>
{{range $n, $letter := .}}<article>
<h2>{{.Subject}}</h2>
<p>To {{.To}}, {{.At.Format "15:04:05"}}</p>
<iframe title="{{.Subject}}" src="/demo/mailbox/{{$n}}"></iframe>
</article>{{else}}<p>No letter has arrived yet. Invite someone, or ask for a forgotten password.</p>{{end}}
</main></body></html>
`))
