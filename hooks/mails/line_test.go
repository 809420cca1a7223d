package mails

import (
	"bufio"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"kinward/hooks/mails/mailstest"
)

// quick are deadlines for a relay that says nothing.
var quick = Deadlines{Dial: 2 * time.Second, Command: 150 * time.Millisecond, Body: 500 * time.Millisecond, Verdict: 150 * time.Millisecond}

// converse opens a line and sends one letter.
func converse(t testing.TB, relay Relay, limits Deadlines) (string, *trouble) {
	t.Helper()
	c, err := compose(sample("jane@example.org"), sheet, someID, noon)
	if err != nil {
		t.Fatal(err)
	}
	l, err := dial(context.Background(), relay, "clinic.example.org", limits)
	if err != nil {
		return "", troubleOf(err)
	}
	defer l.close()
	reply, err := l.send(c)
	if err != nil {
		return "", troubleOf(err)
	}
	return reply, nil
}

func TestWhatARelayAnswersAtEachStep(t *testing.T) {
	for name, c := range map[string]struct {
		answers map[string]string
		user    string
		reason  Reason // empty: accepted
		words   string
	}{
		"takes it":                   {nil, "", "", "250 2.0.0 kept"},
		"takes it with 251":          {map[string]string{".": "251 2.0.0 will forward"}, "", "", "251 2.0.0 will forward"},
		"takes it with a user":       {nil, "ann", "", "250 2.0.0 kept"},
		"speaks only HELO":           {map[string]string{"EHLO": "502 5.5.1 no", "HELO": "250 hi"}, "", "", "250 2.0.0 kept"},
		"greets with 421":            {map[string]string{"greeting": "421 4.3.2 closing"}, "", RelayBusy, "421 4.3.2 closing"},
		"greets with 554":            {map[string]string{"greeting": "554 5.7.1 not you"}, "", RelayRefuses, "554 5.7.1 not you"},
		"greets like a web server":   {map[string]string{"greeting": "HTTP/1.1 400 Bad Request"}, "", NotUnderstood, ""},
		"hangs up at once":           {map[string]string{"greeting": "drop"}, "", Dropped, ""},
		"does not greet":             {map[string]string{"greeting": "silence"}, "", Silent, ""},
		"EHLO 4xx":                   {map[string]string{"EHLO": "451 4.3.0 later"}, "", RelayBusy, "451 4.3.0 later"},
		"EHLO 5xx":                   {map[string]string{"EHLO": "550 5.7.1 bad name"}, "", RelayRefuses, "550 5.7.1 bad name"},
		"EHLO silent":                {map[string]string{"EHLO": "silence"}, "", Silent, ""},
		"EHLO drop":                  {map[string]string{"EHLO": "drop"}, "", Dropped, ""},
		"AUTH refused":               {map[string]string{"AUTH": "535 5.7.8 bad credentials"}, "ann", AuthFailed, "535 5.7.8 bad credentials"},
		"AUTH wants an app password": {map[string]string{"AUTH": "534 5.7.9 application-specific password required"}, "ann", AuthFailed, ""},
		"AUTH later":                 {map[string]string{"AUTH": "454 4.7.0 temporary failure"}, "ann", RelayBusy, "454 4.7.0 temporary failure"},
		"AUTH silent":                {map[string]string{"AUTH": "silence"}, "ann", Silent, ""},
		"AUTH not offered":           {map[string]string{"EHLO": "250-x\n250 SIZE 1000000"}, "ann", AuthMissing, ""},
		"AUTH of another kind":       {map[string]string{"EHLO": "250-x\n250 AUTH XOAUTH2 GSSAPI"}, "ann", AuthMissing, "AUTH XOAUTH2 GSSAPI"},
		"MAIL 4xx":                   {map[string]string{"MAIL": "452 4.3.1 disk full"}, "", RelayBusy, "452 4.3.1 disk full"},
		"MAIL 5xx":                   {map[string]string{"MAIL": "553 5.7.1 sender not yours"}, "", RelayRefuses, "553 5.7.1 sender not yours"},
		"MAIL wants a sign-in":       {map[string]string{"MAIL": "530 5.7.0 authentication required"}, "", RelayRefuses, ""},
		"MAIL too large":             {map[string]string{"MAIL": "552 5.3.4 too large"}, "", Refused, "552 5.3.4 too large"},
		"MAIL silent":                {map[string]string{"MAIL": "silence"}, "", Silent, ""},
		"MAIL drop":                  {map[string]string{"MAIL": "drop"}, "", Dropped, ""},
		"RCPT 4xx":                   {map[string]string{"RCPT": "451 4.7.1 greylisted"}, "", PutOff, "451 4.7.1 greylisted"},
		"RCPT 421":                   {map[string]string{"RCPT": "421 4.7.0 too many"}, "", RelayBusy, "421 4.7.0 too many"},
		"RCPT 5xx":                   {map[string]string{"RCPT": "550 5.1.1 no such user"}, "", Refused, "550 5.1.1 no such user"},
		"RCPT 5xx without a code":    {map[string]string{"RCPT": "550 no such user"}, "", Refused, "550 no such user"},
		"RCPT relaying denied":       {map[string]string{"RCPT": "554 5.7.1 <jane@example.org>: Relay access denied"}, "", RelayRefuses, ""},
		"RCPT wants a sign-in":       {map[string]string{"RCPT": "550 5.7.1 Authentication required"}, "", RelayRefuses, ""},
		"RCPT silent":                {map[string]string{"RCPT": "silence"}, "", Silent, ""},
		"RCPT drop":                  {map[string]string{"RCPT": "drop"}, "", Dropped, ""},
		"DATA 4xx":                   {map[string]string{"DATA": "451 4.3.0 later"}, "", PutOff, "451 4.3.0 later"},
		"DATA 5xx":                   {map[string]string{"DATA": "554 5.5.1 no valid recipients"}, "", Refused, "554 5.5.1 no valid recipients"},
		"DATA silent":                {map[string]string{"DATA": "silence"}, "", Silent, ""},
		"DATA drop":                  {map[string]string{"DATA": "drop"}, "", Dropped, ""},
		"letter 4xx":                 {map[string]string{".": "450 4.2.0 try later"}, "", PutOff, "450 4.2.0 try later"},
		"letter 5xx":                 {map[string]string{".": "554 5.7.1 spam"}, "", Refused, "554 5.7.1 spam"},
		"letter over the quota":      {map[string]string{".": "550 5.4.5 daily sending quota exceeded"}, "", RelayRefuses, ""},
		"letter in another's name":   {map[string]string{".": "554 5.7.60 client does not have permissions to send as this sender"}, "", RelayRefuses, ""},
		"letter silent":              {map[string]string{".": "silence"}, "", Silent, ""},
		"letter drop":                {map[string]string{".": "drop"}, "", Dropped, ""},
		"answers in many lines":      {map[string]string{"RCPT": "550-5.1.1 no such\n550 5.1.1 user"}, "", Refused, "550 5.1.1 no such user"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			relay, err := ParseRelay(mailstest.Script(t, c.answers))
			if err != nil {
				t.Fatal(err)
			}
			if c.user != "" {
				relay.User, relay.Password = c.user, "secret"
			}
			words, trouble := converse(t, relay, quick)
			var reason Reason
			if trouble != nil {
				reason, words = trouble.reason, trouble.words()
			}
			if reason != c.reason || (c.words != "" && words != c.words) {
				t.Errorf("%q %q, want %q %q", reason, words, c.reason, c.words)
			}
		})
	}
}

func TestNothingListens(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	relay, _ := ParseRelay("smtp://" + listener.Addr().String() + "?tls=none")
	listener.Close()
	if _, trouble := converse(t, relay, quick); trouble == nil || trouble.reason != Unreachable {
		t.Errorf("%v", trouble)
	}
}

func TestTLSAndSignIn(t *testing.T) {
	change := func(pairs ...string) func(string) string { return strings.NewReplacer(pairs...).Replace }
	same := change()
	for name, c := range map[string]struct {
		options  []mailstest.Option
		url      func(string) string
		distrust bool
		reason   Reason
	}{
		"STARTTLS":                     {[]mailstest.Option{mailstest.StartTLS}, same, false, ""},
		"implicit TLS":                 {[]mailstest.Option{mailstest.ImplicitTLS}, same, false, ""},
		"STARTTLS and PLAIN":           {[]mailstest.Option{mailstest.StartTLS, mailstest.Auth("ann", "s3cret", "PLAIN")}, same, false, ""},
		"implicit TLS and LOGIN":       {[]mailstest.Option{mailstest.ImplicitTLS, mailstest.Auth("ann", "s3cret", "LOGIN")}, same, false, ""},
		"LOGIN in the clear, to self":  {[]mailstest.Option{mailstest.Auth("ann", "s3cret", "LOGIN")}, same, false, ""},
		"a wrong password":             {[]mailstest.Option{mailstest.StartTLS, mailstest.Auth("ann", "s3cret")}, change("s3cret", "other"), false, AuthFailed},
		"a wrong password, LOGIN":      {[]mailstest.Option{mailstest.Auth("ann", "s3cret", "LOGIN")}, change("s3cret", "other"), false, AuthFailed},
		"no password where one is due": {[]mailstest.Option{mailstest.Auth("ann", "s3cret")}, change("ann:s3cret@", ""), false, RelayRefuses},
		"STARTTLS is not offered":      {nil, change("tls=none", "tls=starttls"), false, TLSMissing},
		"a certificate nobody signed":  {[]mailstest.Option{mailstest.StartTLS}, same, true, TLSFailed},
		"the same, implicit":           {[]mailstest.Option{mailstest.ImplicitTLS}, same, true, TLSFailed},
		"implicit at a STARTTLS port":  {[]mailstest.Option{mailstest.StartTLS}, change("tls=starttls", "tls=implicit"), false, TLSFailed},
		"STARTTLS at an implicit port": {[]mailstest.Option{mailstest.ImplicitTLS}, change("tls=implicit", "tls=starttls"), false, Silent},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			catcher := mailstest.New(t, c.options...)
			relay, err := ParseRelay(c.url(catcher.URL()))
			if err != nil {
				t.Fatal(err)
			}
			if !c.distrust {
				relay = relay.Trusting(catcher.Roots())
			}
			limits := Deadlines{Dial: 2 * time.Second, Command: time.Second, Verdict: 5 * time.Second}
			_, trouble := converse(t, relay, limits)
			var reason Reason
			if trouble != nil {
				reason = trouble.reason
			}
			if reason != c.reason {
				t.Fatalf("%v, want %q", trouble, c.reason)
			}
			if sent := len(catcher.Letters()); (sent == 1) != (c.reason == "") {
				t.Errorf("%d letters arrived", sent)
			}
		})
	}
}

func TestNothingIsSaidInTheClearBeforeTLS(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	heard := make(chan []string, 1)
	go func() { // offers STARTTLS, and then goes on in the clear as an attacker in between would
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var lines []string
		defer func() { heard <- lines }()
		in := bufio.NewScanner(conn)
		conn.Write([]byte("220 hi\r\n"))
		for _, answer := range []string{"250-hi\r\n250 STARTTLS\r\n", "220 go\r\n250 hi\r\n250 AUTH PLAIN\r\n"} {
			if !in.Scan() {
				return
			}
			lines = append(lines, in.Text())
			conn.Write([]byte(answer))
		}
		if in.Scan() {
			lines = append(lines, in.Text())
		}
	}()
	relay, _ := ParseRelay("smtp://ann:s3cret@" + listener.Addr().String())
	_, trouble := converse(t, relay, quick)
	if trouble == nil || trouble.reason != TLSFailed {
		t.Errorf("%v", trouble)
	}
	if lines := <-heard; len(lines) > 3 || lines[0] != "EHLO clinic.example.org" || strings.Contains(strings.Join(lines, " "), "AUTH") {
		t.Errorf("we said %q", lines)
	}
}

func TestAnAddressOutsideASCIIIsToldClearly(t *testing.T) {
	c, err := compose(sample("zoë@bücher.example"), sheet, someID, noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, wide := range []bool{false, true} {
		var options []mailstest.Option
		if wide {
			options = append(options, mailstest.SMTPUTF8)
		}
		catcher := mailstest.New(t, options...)
		l, err := dial(context.Background(), relayTo(t, catcher), "clinic.example.org", quick)
		if err != nil {
			t.Fatal(err)
		}
		defer l.close()
		_, err = l.send(c)
		if wide {
			if err != nil || catcher.Wait(t, 1)[0].To != "zoë@xn--bcher-kva.example" {
				t.Errorf("with SMTPUTF8: %v", err)
			}
			continue
		}
		var told *trouble
		if !errors.As(err, &told) || told.reason != AddressUTF8 || told.enhanced != "5.6.7" || told.ended() {
			t.Errorf("without: %v", err)
		}
	}
}

func TestOneConnectionCarriesManyAndSurvivesRefusals(t *testing.T) {
	catcher := mailstest.New(t)
	connections := 0
	catcher.Behave(func(s mailstest.Step) error {
		switch {
		case s.Verb == "CONNECT":
			connections = s.N + 1
		case s.Verb == "RCPT" && s.N%3 == 1:
			return mailstest.Say(550, [3]int{5, 1, 1}, "no such user")
		case s.Verb == "BODY" && s.N%3 == 1:
			return mailstest.Say(450, [3]int{4, 2, 0}, "later")
		}
		return nil
	})
	l, err := dial(context.Background(), relayTo(t, catcher), "clinic.example.org", quick)
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	c, _ := compose(sample("jane@example.org"), sheet, someID, noon)
	taken := 0
	for range 12 {
		if _, err := l.send(c); err == nil {
			taken++
		} else if troubleOf(err).ended() {
			t.Fatal(err)
		}
	}
	if taken != len(catcher.Letters()) || taken < 4 || connections != 1 {
		t.Errorf("%d accepted, %d arrived, %d connections", taken, len(catcher.Letters()), connections)
	}
}

func TestHalfALetterIsNeverClosed(t *testing.T) {
	// A relay that stops reading in the middle must not get the final dot later: it would take half a letter for a whole one.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	over, saw := make(chan struct{}), make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		conn.Write([]byte("220 hi\r\n"))
		for range 4 { // EHLO MAIL RCPT DATA
			line, _ := in.ReadString('\n')
			answer := "250 ok\r\n"
			if strings.HasPrefix(line, "DATA") {
				answer = "354 go\r\n"
			}
			conn.Write([]byte(answer))
		}
		<-over
		var rest strings.Builder
		in.WriteTo(&rest)
		saw <- rest.String()
	}()
	relay, _ := ParseRelay("smtp://" + listener.Addr().String() + "?tls=none")
	l, err := dial(context.Background(), relay, "clinic.example.org", quick)
	if err != nil {
		t.Fatal(err)
	}
	big := composed{From: "a@example.org", To: "b@example.org", Message: []byte(strings.Repeat("a long line of a long letter\r\n", 1_000_000))}
	_, err = l.send(big)
	if trouble := troubleOf(err); trouble.reason != Silent {
		t.Errorf("%v", trouble)
	}
	l.close()
	close(over)
	if strings.HasSuffix(<-saw, "\r\n.\r\n") {
		t.Error("the relay was told that the letter is whole")
	}
}
