package mailstest

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
)

// Script starts a relay that answers each command with a fixed line, for what a good server cannot be made to say. The keys
// are the commands (EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, RSET, QUIT), "greeting", and "." for the end of the letter; the
// values whole answers ("451 4.3.0 later", lines parted by \n), or "drop" or "silence". What is not said is answered well.
// It returns the relay's URL, in the clear unless more follows ("?tls=starttls").
func Script(t testing.TB, answers map[string]string) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	over := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() {
				defer conn.Close()
				(&script{answers, conn, over}).talk()
			})
		}
	})
	t.Cleanup(func() {
		close(over)
		listener.Close()
		all.Wait()
	})
	return "smtp://" + listener.Addr().String() + "?tls=none"
}

var goodAnswers = map[string]string{
	"greeting": "220 script.test", "EHLO": "250-script.test\n250 AUTH PLAIN", "STARTTLS": "502 5.5.1 no", "AUTH": "235 2.7.0 welcome",
	"MAIL": "250 2.1.0 ok", "RCPT": "250 2.1.5 ok", "DATA": "354 go on", ".": "250 2.0.0 kept", "RSET": "250 2.0.0 ok", "QUIT": "221 2.0.0 bye",
}

type script struct {
	answers map[string]string
	conn    net.Conn
	over    chan struct{}
}

func (s *script) talk() {
	lines := bufio.NewScanner(s.conn)
	if !s.answer("greeting") {
		return
	}
	for lines.Scan() {
		verb, _, _ := strings.Cut(strings.ToUpper(lines.Text()), " ")
		if !s.answer(verb) {
			return
		}
		if verb != "DATA" || s.said("DATA")[0] != '3' {
			continue
		}
		for lines.Scan() && lines.Text() != "." {
		}
		if !s.answer(".") {
			return
		}
	}
}

func (s *script) said(verb string) string {
	if text, ok := s.answers[verb]; ok {
		return text
	}
	if text, ok := goodAnswers[verb]; ok {
		return text
	}
	return "500 5.5.2 what?"
}

func (s *script) answer(verb string) bool {
	switch text := s.said(verb); text {
	case "drop":
		return false
	case "silence":
		<-s.over
		return false
	default:
		fmt.Fprint(s.conn, strings.ReplaceAll(text, "\n", "\r\n")+"\r\n")
		return true
	}
}
