package mailstest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"

	"github.com/emersion/go-message/mail"
	"github.com/emersion/go-smtp"
)

// Letter is what the relay accepted, and what a reader makes of it.
type Letter struct {
	From, To string // of the envelope
	Data     []byte // as it came
	Err      error  // why it could not be read as a message; nil for every good one

	ID      string // Message-ID without its brackets
	Subject string
	Header  mail.Header
	Text    string
	HTML    string
}

var links = regexp.MustCompile(`https?://[^\s<>"]+`)

// Links gives the links of the letter's text, in order.
func (l *Letter) Links() []string { return links.FindAllString(l.Text, -1) }

// Link gives the first link of the text, which is the letter's action where it has one.
func (l *Letter) Link() string {
	if all := l.Links(); len(all) > 0 {
		return all[0]
	}
	return ""
}

// Read makes a Letter of an envelope and the bytes of a message, as a reader would.
func Read(from, to string, data []byte) *Letter {
	l := &Letter{From: from, To: to, Data: data}
	r, err := mail.CreateReader(bytes.NewReader(data))
	if err != nil {
		l.Err = err
		return l
	}
	var bad [2]error
	l.Header = r.Header
	l.Subject, bad[0] = r.Header.Subject()
	l.ID, bad[1] = r.Header.MessageID()
	l.Err = errors.Join(bad[:]...)
	for {
		part, err := r.NextPart()
		if err == io.EOF {
			return l
		}
		if err != nil {
			l.Err = errors.Join(l.Err, err)
			return l
		}
		inline, ok := part.Header.(*mail.InlineHeader)
		if !ok {
			continue
		}
		body, err := io.ReadAll(part.Body)
		l.Err = errors.Join(l.Err, err)
		switch kind, _, _ := inline.ContentType(); kind {
		case "text/plain":
			l.Text = string(body)
		case "text/html":
			l.HTML = string(body)
		}
	}
}

// greet answers a new connection with an error instead of a greeting, and ends it.
func greet(conn net.Conn, said *smtp.SMTPError) {
	fmt.Fprintf(conn, "%d %s\r\n", said.Code, said.Message)
	conn.Close()
}
