// Package mailstest has a mail relay for tests: a real SMTP server on loopback that keeps what it accepted, and that can be
// told to misbehave at any step as relays do.
package mailstest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// Step is a moment of a conversation at which a relay may misbehave.
type Step struct {
	Verb string // CONNECT, EHLO, AUTH, MAIL, RCPT, BODY (the whole letter was received), DONE (it was kept; the 250 comes next)
	From string
	To   string
	N    int // how often this verb came before, over all connections
}

// What a behaviour may return besides nil and an answer of the relay ([Say]).
var (
	ErrDrop    = errors.New("end the connection")
	ErrSilence = errors.New("say nothing any more")
)

// Say makes an answer of the relay: Say(451, "4.7.1", "greylisted").
func Say(code int, enhanced [3]int, words string) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode(enhanced), Message: words}
}

// Option changes what a Catcher offers.
type Option func(*Catcher)

// StartTLS makes it offer STARTTLS with a certificate signed by Roots, and only then AUTH.
func StartTLS(c *Catcher) { c.tls = "starttls" }

// ImplicitTLS makes it speak TLS from the first byte.
func ImplicitTLS(c *Catcher) { c.tls = "implicit" }

// SMTPUTF8 makes it take addresses with letters outside ASCII.
func SMTPUTF8(c *Catcher) { c.server.EnableSMTPUTF8 = true }

// Auth makes it take letters only from this user. mechanisms are PLAIN and LOGIN unless given.
func Auth(user, password string, mechanisms ...string) Option {
	if len(mechanisms) == 0 {
		mechanisms = []string{sasl.Plain, sasl.Login}
	}
	return func(c *Catcher) { c.user, c.password, c.mechanisms = user, password, mechanisms }
}

// Catcher is the relay.
type Catcher struct {
	server         *smtp.Server
	address        string
	tls            string
	user, password string
	mechanisms     []string
	roots          *x509.CertPool
	over           chan struct{} // closed when the test is

	mu      sync.Mutex
	behave  func(Step) error
	counts  map[string]int
	letters []*Letter
	arrived chan struct{} // closed and renewed at each letter
}

// New starts a relay that takes everything and ends with the test.
func New(t testing.TB, options ...Option) *Catcher {
	t.Helper()
	c := &Catcher{over: make(chan struct{}), counts: map[string]int{}, arrived: make(chan struct{}), tls: "none"}
	c.server = smtp.NewServer(smtp.BackendFunc(c.session))
	c.server.Domain = "relay.test"
	c.server.AllowInsecureAuth = true
	c.server.ErrorLog = log.New(io.Discard, "", 0)
	for _, set := range options {
		set(c)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.address = listener.Addr().String()
	listener = &door{Listener: listener, catcher: c}
	if c.tls != "none" {
		c.server.AllowInsecureAuth = false
		config, roots := certificate(t)
		c.roots, c.server.TLSConfig = roots, config
		if c.tls == "implicit" {
			listener = tls.NewListener(listener, config)
		}
	}
	served := make(chan error, 1)
	go func() { served <- c.server.Serve(listener) }()
	t.Cleanup(func() {
		close(c.over)
		c.server.Close()
		<-served
	})
	return c
}

// URL is what a relay setting would hold.
func (c *Catcher) URL() string {
	u := url.URL{Scheme: "smtp", Host: c.address, RawQuery: "tls=" + c.tls}
	if c.user != "" {
		u.User = url.UserPassword(c.user, c.password)
	}
	return u.String()
}

// Roots are the authorities that signed its certificate, or nil without TLS.
func (c *Catcher) Roots() *x509.CertPool { return c.roots }

// Behave sets what it does at each step from now on; nil takes everything.
func (c *Catcher) Behave(do func(Step) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behave, c.counts = do, map[string]int{}
}

// at asks the behaviour and carries out what it cannot say through go-smtp.
func (c *Catcher) at(step Step, conn net.Conn) error {
	err := c.ask(step)
	switch {
	case errors.Is(err, ErrDrop):
		conn.Close()
	case errors.Is(err, ErrSilence):
		<-c.over
	}
	return err
}

// ask counts a step and asks the behaviour.
func (c *Catcher) ask(step Step) error {
	c.mu.Lock()
	step.N = c.counts[step.Verb]
	c.counts[step.Verb]++
	do := c.behave
	c.mu.Unlock()
	if do == nil {
		return nil
	}
	return do(step)
}

// Letters gives what was accepted so far, in order.
func (c *Catcher) Letters() []*Letter {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.letters)
}

// Wait gives the letters once there are n of them, and fails the test when they do not come.
func (c *Catcher) Wait(t testing.TB, n int) []*Letter {
	t.Helper()
	return c.until(t, func(all []*Letter) []*Letter {
		if len(all) < n {
			return nil
		}
		return all
	})
}

// To gives the newest letter to an address, and waits for the first.
func (c *Catcher) To(t testing.TB, address string) *Letter {
	t.Helper()
	return c.newest(t, func(l *Letter) bool { return strings.EqualFold(l.To, address) })
}

// Titled gives the newest letter with a subject, and waits for the first.
func (c *Catcher) Titled(t testing.TB, subject string) *Letter {
	t.Helper()
	return c.newest(t, func(l *Letter) bool { return l.Subject == subject })
}

func (c *Catcher) newest(t testing.TB, match func(*Letter) bool) *Letter {
	t.Helper()
	return c.until(t, func(all []*Letter) []*Letter {
		for _, l := range slices.Backward(all) {
			if match(l) {
				return []*Letter{l}
			}
		}
		return nil
	})[0]
}

func (c *Catcher) until(t testing.TB, enough func([]*Letter) []*Letter) []*Letter {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		c.mu.Lock()
		found, arrived, n := enough(c.letters), c.arrived, len(c.letters)
		c.mu.Unlock()
		if found != nil {
			return found
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			t.Fatalf("the letter did not come; %d others did", n)
		}
	}
}

func (c *Catcher) keep(from, to string, data []byte) {
	letter := Read(from, to, data)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.letters = append(c.letters, letter)
	close(c.arrived)
	c.arrived = make(chan struct{})
}

// door lets a behaviour act before the greeting.
type door struct {
	net.Listener
	catcher *Catcher
}

func (d *door) Accept() (net.Conn, error) {
	for {
		conn, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		switch err := d.catcher.ask(Step{Verb: "CONNECT"}); { // here only asked: others may come in meanwhile
		case errors.Is(err, ErrDrop):
			conn.Close()
		case errors.Is(err, ErrSilence):
			go func() { <-d.catcher.over; conn.Close() }()
		case err != nil:
			said := &smtp.SMTPError{}
			errors.As(err, &said)
			greet(conn, said)
		default:
			return conn, nil
		}
	}
}
