// Package mails writes the house's letters and sees to it that each one reaches the relay, once.
//
// # What it promises
//
// A letter that [Queue] took is in the database, in the same transaction as whatever it is about, and stays there until a
// relay accepted it, refused it for good, two days of trying are over, its own time is past, or it was cancelled. Nothing
// says "sent" before a relay has answered 250 to the whole letter. The process may be killed at any point.
//
// # The queue
//
// A letter is composed when it is queued: the MIME message, with its Message-ID and its boundaries, is made once, sealed
// with the practice's key together with its recipient, and every try sends these very bytes. Of a letter the database can
// read its kind, what it is about, its state and its times; a keyed hash of the address finds a person's letters.
//
// The states are
//
//	queued ──► sending ──► accepted                      the relay answered 250 after DATA
//	  │           │  ├───► bounced                       refused for good, for this letter
//	  │           │  └───► deferred ──► sending …        tried again later, or given_up
//	  └───────────┴──────► cancelled                     what it was about is no more
//
// A few senders, each with a connection of its own, do the same thing over and over: claim the most urgent letter that is
// due (one transaction: queued or deferred → sending), talk to the relay, and settle (one transaction: the new state, the
// emptied seal when the letter has come to its end, and a letter_attempts record with the relay's own words). With nothing
// due they close their connection and wait: for the bell, which [Queue] rings when its transaction has been committed, or
// for the next due time. Nothing polls.
//
// One process serves a data folder, so a letter that is found "sending" at start was claimed by a process that died. It is
// due at once. If the relay's 250 had been committed, the letter is accepted and never goes again. If the process died
// between the 250 and the commit, nobody can know; the letter goes again, with the same Message-ID and the same bytes, by
// which mail systems and readers recognise it. That is at most one more copy for each crash. A settling that fails (a full
// disk) is tried until it succeeds while the letter stays claimed: a failed commit must not become a second copy.
//
// # Which answer means what
//
// What the relay says of a letter (after RCPT, DATA or the letter itself) concerns the letter: 4xx defers it, 5xx bounces
// it. What the relay says of us (at connecting, greeting, TLS, AUTH, MAIL FROM, or "relaying denied" and "authentication
// required" wherever they are said) concerns the relay: the letter is deferred whatever the code, with advice for the
// practice, and the whole queue pauses, so that two hundred letters do not knock at a closed door. One probe at a time
// finds out when the door is open again.
//
// A deferred letter waits one minute, then twice as long each time up to three hours, give or take a fifth. It is given up
// two days after its first try, so a practice whose relay is not set loses no letter by waiting, or when its own time is past.
package mails

import (
	"slices"
	"time"
)

// Letter is what a capability wants to say, in blocks. The layout makes the HTML and the text from the same blocks, so the
// two cannot tell different things. All fields are plain text in the letter's language; none may carry health context.
type Letter struct {
	To       string // one address
	Language string // empty: the practice's
	Kind     string // "invitation", "password_reset", …; stays legible in the database
	About    string // "invitations/ID"; stays legible, and Cancel finds letters by it

	Subject    string
	Heading    string
	Paragraphs []string
	Action     *Action  // the one thing to do, as a button and as a link in full; may be nil
	Notes      []string // smaller, after the action

	// Unsubscribe is where letters of this kind can be stopped: a POST does it, a GET leads a person to a page that asks
	// (RFC 8058). Empty for letters that a member cannot do without.
	Unsubscribe string

	Urgent   bool      // goes before others: somebody is waiting at a screen
	NotAfter time.Time // not worth sending later; the zero time sets no limit
}

// Action is the one thing that a letter asks for.
type Action struct {
	Label string
	Link  string // absolute, http or https
}

// The states of a letter (letters.status).
const (
	Queued    = "queued"
	Sending   = "sending"
	Accepted  = "accepted"
	Deferred  = "deferred"
	Bounced   = "bounced"
	GivenUp   = "given_up"
	Cancelled = "cancelled"
)

// States lists every state of a letter.
var States = []string{Queued, Sending, Accepted, Deferred, Bounced, GivenUp, Cancelled}

// Outcomes lists what one try can come to (letter_attempts.outcome).
var Outcomes = []string{Accepted, Deferred, Bounced, GivenUp}

// Reason says in one word why a letter waits or ended (letters.reason, letter_attempts.reason). The sentence for people,
// with what to do about it, is the catalogue's "mails.advice.REASON".
type Reason string

// The reasons. Those about the relay come first: they concern every letter and ask the practice to do something.
const (
	NoRelay       Reason = "no_relay"       // none is set; letters wait
	Unreachable   Reason = "unreachable"    // the name or the port does not answer
	Silent        Reason = "silent"         // it answered too slowly, or not at all
	Dropped       Reason = "dropped"        // it ended the conversation
	TLSMissing    Reason = "tls_missing"    // it does not offer STARTTLS, and we ask for it
	TLSFailed     Reason = "tls_failed"     // its certificate or its TLS is not to be trusted
	AuthMissing   Reason = "auth_missing"   // a user is set, and it offers no sign-in we know
	AuthFailed    Reason = "auth_failed"    // it refused the user or the password
	RelayRefuses  Reason = "relay_refuses"  // it refuses to carry letters for us or from this sender
	RelayBusy     Reason = "relay_busy"     // it says: later
	AddressUTF8   Reason = "address_utf8"   // the address needs SMTPUTF8, which the relay does not speak
	PutOff        Reason = "put_off"        // 4xx for this letter
	Refused       Reason = "refused"        // 5xx for this letter
	TimePassed    Reason = "time_passed"    // not worth sending any more
	Unreadable    Reason = "unreadable"     // the sealed letter cannot be opened: another key
	NotUnderstood Reason = "not_understood" // an answer that is not SMTP
)

// relayReasons are the reasons that concern the relay, and with it every letter.
var relayReasons = []Reason{
	Unreachable, Silent, Dropped, TLSMissing, TLSFailed, AuthMissing, AuthFailed, RelayRefuses, RelayBusy, NotUnderstood,
}

func (r Reason) ofRelay() bool { return slices.Contains(relayReasons, r) }

// verdict is what one try came to.
type verdict struct {
	outcome  string // one of Outcomes
	reason   Reason // empty when accepted
	code     int    // the relay's, or 0 when it said nothing
	enhanced string // RFC 3463, "5.1.1", or empty
	reply    string // the relay's own words, or ours when it said nothing
}
