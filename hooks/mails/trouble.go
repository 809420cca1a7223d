package mails

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"
)

// trouble is why a letter was not accepted at this try, in a form that can be kept and shown.
type trouble struct {
	reason   Reason
	code     int    // the relay's, or 0 when it said nothing
	enhanced string // "5.1.1", or empty
	reply    string // the relay's words without the codes, or ours
}

func (t *trouble) Error() string { return string(t.reason) + ": " + t.words() }

// troubleOf finds the trouble in an error; one of another kind is kept in its words.
func troubleOf(err error) *trouble {
	var t *trouble
	if errors.As(err, &t) {
		return t
	}
	return &trouble{reason: NotUnderstood, reply: oneLine(err.Error(), 200)}
}

// words are the relay's answer as it would stand on the wire, in one line.
func (t *trouble) words() string {
	var b strings.Builder
	if t.code != 0 {
		fmt.Fprintf(&b, "%d ", t.code)
		if t.enhanced != "" {
			b.WriteString(t.enhanced + " ")
		}
	}
	return oneLine(b.String()+t.reply, maxReply)
}

// maxReply bounds how much of a relay's answer is kept.
const maxReply = 500

// ended reports whether the connection is of no more use.
func (t *trouble) ended() bool {
	return t.code == 0 && t.reason != AddressUTF8 || t.code == 421
}

// ofRelay reads an error of the conversation before a recipient was named: it concerns the relay whatever the code.
func ofRelay(err error) *trouble {
	t := read(err)
	if t.code >= 500 {
		t.reason = RelayRefuses
	} else if t.code >= 400 {
		t.reason = RelayBusy
	}
	return t
}

// ofLetter reads an error once a recipient was named: it concerns this letter, unless the relay's words are about us.
func ofLetter(err error) *trouble {
	t := read(err)
	switch {
	case t.code == 421:
		t.reason = RelayBusy
	case t.code >= 500 && aboutUs(t):
		t.reason = RelayRefuses
	case t.code >= 500:
		t.reason = Refused
	case t.code >= 400:
		t.reason = PutOff
	}
	return t
}

// aboutUs knows the refusals that are said of one letter and mean the sender: no sign-in, no relaying, not this sender, the
// day's quota. To bounce a patient's invitation for them would be wrong: once the practice has mended it, the letter can go.
func aboutUs(t *trouble) bool {
	switch {
	case t.code == 530 || t.code == 535 || t.code == 538: // RFC 4954
		return true
	case t.enhanced == "5.7.0" && (t.code == 502 || t.code == 503):
		return true
	case t.enhanced == "5.4.5" || t.enhanced == "5.7.60" || t.enhanced == "5.7.3":
		return true
	}
	said := strings.ToLower(t.reply)
	for _, phrase := range []string{
		"relay access denied", "relaying denied", "relay denied", "relay not permitted", "relaying not allowed",
		"not permitted to relay", "unable to relay", "relaying is not permitted", "relay is not allowed",
		"authentication required", "authentication is required", "authenticate first", "must authenticate",
		"sender address rejected", "not owned by user", "send as this sender", "sender denied", "sending limit",
	} {
		if strings.Contains(said, phrase) {
			return true
		}
	}
	return false
}

// read takes an error of go-smtp, textproto or net apart.
func read(err error) *trouble {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		t := &trouble{reason: NotUnderstood, code: said.Code, reply: said.Message}
		if e := said.EnhancedCode; e[0] > 0 {
			t.enhanced = fmt.Sprintf("%d.%d.%d", e[0], e[1], e[2])
		}
		return t
	}
	var plain *textproto.Error
	if errors.As(err, &plain) {
		enhanced, words := splitEnhanced(plain.Msg)
		return &trouble{reason: NotUnderstood, code: plain.Code, enhanced: enhanced, reply: words}
	}
	var odd textproto.ProtocolError
	var timeout net.Error
	switch {
	case errors.As(err, &odd):
		return &trouble{reason: NotUnderstood, reply: string(odd)}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return &trouble{reason: Silent, reply: "No answer in time."}
	case notTLS(err):
		return &trouble{reason: TLSFailed, reply: plainTLS(err)}
	}
	return &trouble{reason: Dropped, reply: "The connection was ended (" + plainNet(err) + ")."}
}

func notTLS(err error) bool {
	var header tls.RecordHeaderError
	var alert tls.AlertError
	return errors.As(err, &header) || errors.As(err, &alert)
}

// splitEnhanced parts "5.1.1 No such user" into its status code (RFC 3463) and the words.
func splitEnhanced(text string) (enhanced, words string) {
	first, rest, _ := strings.Cut(text, " ")
	var class, subject, detail int
	if n, err := fmt.Sscanf(first, "%d.%d.%d", &class, &subject, &detail); err != nil || n != 3 || class < 2 || class > 5 {
		return "", text
	}
	return fmt.Sprintf("%d.%d.%d", class, subject, detail), rest
}

// plainNet leaves out of a network error what only programmers read.
func plainNet(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		err = op.Err
	}
	var call *os.SyscallError
	if errors.As(err, &call) {
		err = call.Err
	}
	return oneLine(err.Error(), 200)
}

// plainTLS names the usual causes in a way that says what to mend.
func plainTLS(err error) string {
	var name x509.HostnameError
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var header tls.RecordHeaderError
	switch {
	case errors.As(err, &header):
		return "The relay does not speak TLS on this port. With STARTTLS (usually port 587) write tls=starttls."
	case errors.As(err, &name):
		return "The relay's certificate is for another name: " + oneLine(err.Error(), 200)
	case errors.As(err, &unknown):
		return "The relay's certificate is not signed by an authority that this machine knows."
	case errors.As(err, &invalid):
		return "The relay's certificate is not valid: " + oneLine(err.Error(), 200)
	}
	return oneLine(err.Error(), 200)
}

// splitReply parts a whole answer, "250 2.0.0 queued", into its codes and words.
func splitReply(text string) (code int, enhanced, words string) {
	first, rest, _ := strings.Cut(text, " ")
	code, err := strconv.Atoi(first)
	if err != nil {
		return 0, "", text
	}
	enhanced, words = splitEnhanced(rest)
	return code, enhanced, words
}
