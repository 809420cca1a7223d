package mails

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Deadlines bound every step of a conversation with a relay; a zero one takes its default.
type Deadlines struct {
	Dial    time.Duration // 15 s: name and connection
	Command time.Duration // 30 s: the greeting, the TLS handshake, and the answer to each command
	Body    time.Duration // 60 s: writing the letter
	// Verdict (5 min) is the wait for the answer to the whole letter. RFC 5321 asks for ten: a relay that looks for spam
	// before it answers, and is hung up on too early, has accepted a letter that will come a second time.
	Verdict time.Duration
}

func (d Deadlines) orDefaults() Deadlines {
	set := func(v *time.Duration, to time.Duration) {
		if *v <= 0 {
			*v = to
		}
	}
	set(&d.Dial, 15*time.Second)
	set(&d.Command, 30*time.Second)
	set(&d.Body, time.Minute)
	set(&d.Verdict, 5*time.Minute)
	return d
}

// line is one connection to a relay, ready for letters. It is the only place that speaks SMTP.
type line struct {
	raw    net.Conn
	client *smtp.Client
	limits Deadlines
	used   bool // it has carried a letter, so the relay may have ended it since
	dirty  bool // a letter was refused: RSET before the next
	stop   func() bool
}

// dial connects, makes the connection private, greets and signs in. Cancelling ctx ends the line at any later point too.
func dial(ctx context.Context, relay Relay, hello string, limits Deadlines) (*line, error) {
	limits = limits.orDefaults()
	dialer := net.Dialer{Timeout: limits.Dial}
	raw, err := dialer.DialContext(ctx, "tcp", relay.address())
	if err != nil {
		return nil, &trouble{reason: Unreachable, reply: plainNet(err)}
	}
	l := &line{raw: raw, limits: limits}
	l.stop = context.AfterFunc(ctx, func() { raw.Close() })
	if err := l.open(relay, hello); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

func (l *line) open(relay Relay, hello string) error {
	conn, err := l.private(relay, hello)
	if err != nil {
		return err
	}
	l.client = smtp.NewClient(conn)
	l.client.CommandTimeout, l.client.SubmissionTimeout = l.limits.Command, l.limits.Verdict
	if err := l.client.Hello(hello); err != nil {
		return ofRelay(err)
	}
	return l.signIn(relay)
}

// private gives the connection on which the letters travel: inside TLS unless the relay's URL says none.
func (l *line) private(relay Relay, hello string) (net.Conn, error) {
	if relay.TLS == NoTLS {
		return l.raw, nil
	}
	var greeting string
	if relay.TLS != Implicit {
		var err error
		if greeting, err = l.startTLS(hello); err != nil {
			return nil, err
		}
	}
	conn := tls.Client(l.raw, &tls.Config{ServerName: relay.Host, RootCAs: relay.roots, MinVersion: tls.VersionTLS12})
	l.raw.SetDeadline(time.Now().Add(l.limits.Command))
	defer l.raw.SetDeadline(time.Time{})
	if err := conn.Handshake(); err != nil {
		return nil, &trouble{reason: TLSFailed, reply: plainTLS(err)}
	}
	if greeting == "" {
		return conn, nil
	}
	return &greeted{Conn: conn, again: greeting}, nil
}

// startTLS says what has to be said in the clear. go-smtp's own client would do it, but introduces itself as "localhost"
// there, which some relays refuse, and with five minutes of patience. It returns the relay's greeting.
func (l *line) startTLS(hello string) (string, error) {
	l.raw.SetDeadline(time.Now().Add(l.limits.Command))
	defer l.raw.SetDeadline(time.Time{})
	reader := textproto.NewReader(bufio.NewReader(l.raw))
	_, greeting, err := reader.ReadResponse(220)
	if err != nil {
		return "", ofRelay(err)
	}
	ask := func(expect int, command string) (string, error) {
		if _, err := l.raw.Write([]byte(command + "\r\n")); err != nil {
			return "", ofRelay(err)
		}
		_, reply, err := reader.ReadResponse(expect)
		if err != nil {
			return "", ofRelay(err)
		}
		return reply, nil
	}
	offers, err := ask(250, "EHLO "+hello)
	if err != nil {
		return "", err
	}
	if !offersStartTLS(offers) {
		return "", &trouble{reason: TLSMissing, reply: "EHLO: " + oneLine(offers, 300)}
	}
	if _, err := ask(220, "STARTTLS"); err != nil {
		return "", err
	}
	if reader.R.Buffered() > 0 {
		return "", &trouble{reason: TLSFailed, reply: "The relay went on talking in the clear after STARTTLS."}
	}
	first, _, _ := strings.Cut(greeting, "\n")
	return fmt.Sprintf("220 %s\r\n", first), nil
}

func offersStartTLS(offers string) bool {
	for _, offer := range strings.Split(offers, "\n")[1:] {
		if strings.EqualFold(strings.TrimSpace(offer), "STARTTLS") {
			return true
		}
	}
	return false
}

// greeted is a connection whose greeting was heard before TLS and is told once more: the client waits for one.
type greeted struct {
	net.Conn
	again string
}

func (g *greeted) Read(p []byte) (int, error) {
	if g.again == "" {
		return g.Conn.Read(p)
	}
	n := copy(p, g.again)
	g.again = g.again[n:]
	return n, nil
}

func (l *line) signIn(relay Relay) error {
	if relay.User == "" {
		return nil
	}
	var how sasl.Client
	switch {
	case l.client.SupportsAuth(sasl.Plain):
		how = sasl.NewPlainClient("", relay.User, relay.Password)
	case l.client.SupportsAuth(sasl.Login):
		how = sasl.NewLoginClient(relay.User, relay.Password)
	default:
		_, offers := l.client.Extension("AUTH")
		return &trouble{reason: AuthMissing, reply: "AUTH " + oneLine(offers, 200)}
	}
	err := l.client.Auth(how)
	if err == nil {
		return nil
	}
	t := ofRelay(err)
	if t.code >= 500 || errors.Is(err, sasl.ErrUnexpectedServerChallenge) {
		t.reason = AuthFailed
	}
	return t
}

// errStale says that a line which carried letters before has ended before this one began: nothing was tried.
var errStale = errors.New("the relay ended an idle connection")

// send hands over one letter and returns the relay's words after its 250. Any error but errStale is a *trouble.
func (l *line) send(c composed) (string, error) {
	wide := !ascii(c.To) || !ascii(c.From)
	if ok, _ := l.client.Extension("SMTPUTF8"); wide && !ok {
		return "", &trouble{reason: AddressUTF8, enhanced: "5.6.7", reply: "The relay does not offer SMTPUTF8."}
	}
	if err := l.begin(c, wide); err != nil {
		return "", err
	}
	l.dirty, l.used = true, true
	if err := l.client.Rcpt(c.To, nil); err != nil {
		return "", ofLetter(err)
	}
	data, err := l.client.Data()
	if err != nil {
		return "", ofLetter(err)
	}
	// The client sets no deadline for the letter's own bytes. A letter that could not be written whole must not be closed:
	// closing writes the final dot, and the relay would take half a letter for a whole one.
	l.raw.SetDeadline(time.Now().Add(l.limits.Body))
	if _, err := data.Write(c.Message); err != nil {
		l.close()
		return "", ofLetter(err)
	}
	reply, err := data.CloseWithResponse()
	if err != nil {
		t := ofLetter(err)
		if t.code/100 == 2 { // RFC 5321 section 4.3.2: the first digit decides
			l.dirty = false
			return t.words(), nil
		}
		return "", t
	}
	l.dirty = false
	return "250 " + reply.StatusText, nil
}

// begin opens the letter's own conversation. Whatever is refused here concerns the relay and us, not whom the letter is for.
func (l *line) begin(c composed, wide bool) error {
	stale := func(err error) error {
		t := ofRelay(err)
		if l.used && (t.reason == Dropped || t.code == 421) {
			return errStale
		}
		if t.code == 552 || t.enhanced == "5.3.4" { // too large, by its SIZE
			t.reason = Refused
		}
		return t
	}
	if l.dirty {
		if err := l.client.Reset(); err != nil {
			return stale(err)
		}
		l.dirty = false
	}
	if err := l.client.Mail(c.From, &smtp.MailOptions{UTF8: wide, Size: int64(len(c.Message))}); err != nil {
		return stale(err)
	}
	return nil
}

// quit says goodbye, shortly: the relay has answered for every letter, so nothing hangs on it.
func (l *line) quit() {
	l.client.CommandTimeout = 2 * time.Second
	l.client.Quit()
	l.close()
}

func (l *line) close() {
	l.stop()
	l.raw.Close()
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] > 127 {
			return false
		}
	}
	return true
}
