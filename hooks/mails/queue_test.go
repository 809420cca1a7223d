package mails

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

func TestALetterIsQueuedWithWhatItIsAboutOrNotAtAll(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	wrong := errors.New("something else went wrong")
	err := h.app.RunInTransaction(func(tx core.App) error {
		if _, err := Queue(tx, sample("never@example.org")); err != nil {
			return err
		}
		return wrong
	})
	if !errors.Is(err, wrong) {
		t.Fatal(err)
	}
	err = h.app.RunInTransaction(func(tx core.App) error {
		_, err := Queue(tx, sample("jane@example.org"))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	h.next(heard)
	if all := catcher.Letters(); len(all) != 1 || all[0].To != "jane@example.org" {
		t.Errorf("sent %v", all)
	}
}

func TestAWrongLetterIsToldToItsWriter(t *testing.T) {
	h := newHouse(t)
	if _, err := Queue(h.app, sample("jane")); !errors.Is(err, ErrAddress) {
		t.Errorf("%v", err)
	}
	l := sample("jane@example.org")
	l.Subject = ""
	if _, err := Queue(h.app, l); !errors.Is(err, ErrLetter) {
		t.Errorf("%v", err)
	}
	if _, err := Queue(core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()}), sample("jane@example.org")); !errors.Is(err, ErrNotRegistered) {
		t.Errorf("%v", err)
	}
}

func TestNothingLegibleOfALetterIsInTheDatabase(t *testing.T) {
	h := newHouse(t)
	id := h.queue(sample("jane.doe@example.org"))
	row := dbx.NullStringMap{}
	if err := h.app.DB().NewQuery("SELECT * FROM letters WHERE id = {:id}").Bind(dbx.Params{"id": id}).One(row); err != nil {
		t.Fatal(err)
	}
	for column, value := range row {
		for _, secret := range []string{"jane.doe", "example.org", "Ada Byron", "/join#", "invites you"} {
			if strings.Contains(strings.ToLower(value.String), strings.ToLower(secret)) {
				t.Errorf("%s shows %q", column, secret)
			}
		}
	}
	if h.letter(id).GetString("recipient") == newHouse(t).letterTo("jane.doe@example.org") {
		t.Error("the hash of an address does not depend on the key")
	}
}

func (h *house) letterTo(address string) string {
	return h.letter(h.queue(sample(address))).GetString("recipient")
}

func TestAPersonsLettersAreFoundByTheirAddress(t *testing.T) {
	h := newHouse(t)
	one, two := h.queue(sample("jane@example.org")), h.queue(sample("Jane@Example.ORG"))
	h.queue(sample("bob@example.org"))
	found, err := To(h.app, "JANE@example.org")
	if err != nil || len(found) != 2 {
		t.Fatalf("%d letters, %v", len(found), err)
	}
	for _, letter := range found {
		if letter.Id != one && letter.Id != two {
			t.Errorf("found %s", letter.Id)
		}
	}
}

func TestNobodyElseWritesLetters(t *testing.T) {
	h := newHouse(t)
	letter := h.letter(h.queue(sample("jane@example.org")))
	letter.Set("status", Accepted)
	if err := h.app.Save(letter); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("changing: %v", err)
	}
	if err := h.app.Delete(letter); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("deleting: %v", err)
	}
	attempts, err := h.app.FindCollectionByNameOrId(clinic.LetterAttempts)
	if err != nil {
		t.Fatal(err)
	}
	attempt := core.NewRecord(attempts)
	attempt.Load(map[string]any{"letter": letter.Id, "outcome": Accepted})
	if err := h.app.Save(attempt); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("making an attempt up: %v", err)
	}
}

func TestWhatIsNotAcceptedYetCanBeTakenBack(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "RCPT" && strings.HasPrefix(s.To, "later") {
			return mailstest.Say(451, [3]int{4, 7, 1}, "later")
		}
		return nil
	})
	accepted, deferred := h.queue(sample("now@example.org")), h.queue(sample("later@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	h.next(heard)
	stop()
	queued := h.queue(sample("jane@example.org"))
	other := sample("jane@example.org")
	other.About = "invitations/other"
	untouched := h.queue(other)
	if n, err := Cancel(h.app, "invitations/abc"); n != 2 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	for id, want := range map[string]string{accepted: Accepted, deferred: Cancelled, queued: Cancelled, untouched: Queued} {
		letter := h.letter(id)
		if got := letter.GetString("status"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if (letter.GetString("sealed") == "") != (want != Queued) {
			t.Errorf("%s: sealed %d bytes", want, len(letter.GetString("sealed")))
		}
	}
}

func TestTakingBackWhatIsOnTheWire(t *testing.T) {
	for _, answer := range []error{nil, mailstest.Say(451, [3]int{4, 0, 0}, "later")} {
		h := newHouse(t)
		catcher := mailstest.New(t)
		onTheWire, goOn := make(chan struct{}), make(chan struct{})
		catcher.Behave(func(s mailstest.Step) error {
			if s.Verb != "BODY" {
				return nil
			}
			close(onTheWire)
			<-goOn
			return answer
		})
		id := h.queue(sample("jane@example.org"))
		stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
		<-onTheWire
		if _, err := Cancel(h.app, "invitations/abc"); err != nil {
			t.Fatal(err)
		}
		close(goOn)
		stop()
		want, tries := Cancelled, 0
		if answer == nil {
			want, tries = Accepted, 1 // the truth: the relay has it
		}
		if got := h.letter(id).GetString("status"); got != want || len(h.attempts(id)) != tries {
			t.Errorf("%s after %d attempts, want %s after %d", got, len(h.attempts(id)), want, tries)
		}
	}
}

func TestWhoALetterIsFrom(t *testing.T) {
	for name, c := range map[string]struct {
		options  []Option
		practice map[string]any
		relay    Relay
		language string
		want     []string
	}{
		"before the set-up": {nil, nil, Relay{}, "", []string{"From: \"Kinward\" <no-reply@clinic.example.org>", "Content-Language: en"}},
		"the practice": {nil, map[string]any{"name": "Riverside Oncology", "phone": "555-0100", "language": "es", "url": "https://riverside.example/"},
			Relay{}, "", []string{"From: \"Riverside Oncology\" <no-reply@riverside.example>", "@riverside.example>", "Content-Language: es", "Llame al 555-0100", "Nuestras normas: https://riverside.example/policies"}},
		"its neutral name": {nil, map[string]any{"name": "Riverside Oncology", "mail_name": "Riverside"}, Relay{}, "en",
			[]string{"From: \"Riverside\" <", "This letter comes from Riverside. "}},
		"a language that is not spoken": {nil, map[string]any{"name": "R", "language": "es"}, Relay{}, "xx", []string{"Content-Language: es"}},
		"the house's own address": {[]Option{PublicURL(func() string { return "https://front.example" })}, map[string]any{"name": "R", "url": "https://riverside.example"},
			Relay{}, "en", []string{"<no-reply@front.example>", "https://front.example/policies"}},
		"served at an IP address": {[]Option{PublicURL(func() string { return "http://127.0.0.1:8090" })}, nil, Relay{}, "en",
			[]string{"<no-reply@localhost>", "@127.0.0.1>"}},
		"the relay's user": {nil, map[string]any{"name": "R"}, Relay{User: "office@riverside.example"}, "en", []string{"From: \"R\" <office@riverside.example>"}},
		"a user that is no address": {nil, map[string]any{"name": "R", "url": "https://riverside.example"}, Relay{User: "apikey"}, "en",
			[]string{"From: \"R\" <no-reply@riverside.example>"}},
		"as told": {[]Option{From("hello@riverside.example")}, map[string]any{"name": "R"}, Relay{User: "office@riverside.example"}, "en",
			[]string{"From: \"R\" <hello@riverside.example>"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, c.options...)
			if c.practice != nil {
				h.practice(c.practice)
			}
			o, _ := officeOf(h.app)
			l := sample("jane@example.org")
			l.Language = c.language
			made, err := o.compose(h.app, l, c.relay)
			if err != nil {
				t.Fatal(err)
			}
			seen := mailstest.Read(made.From, made.To, made.Message)
			whole := string(made.Message) + seen.Text
			for _, want := range c.want {
				if !strings.Contains(whole, want) {
					t.Errorf("lacks %q:\n%s", want, whole)
				}
			}
			if strings.Contains(whole, "Oncology") && strings.Contains(name, "neutral") {
				t.Error("the practice's own name is in the letter")
			}
		})
	}
}

func TestTheSendersAddressIsChecked(t *testing.T) {
	for text, want := range map[string]string{"": "", " hello@clinic.example.org ": "hello@clinic.example.org"} {
		if got, err := ParseFrom(text); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"clinic", "Clinic <hello@clinic.example.org>", "a@b.example, c@d.example"} {
		if _, err := ParseFrom(text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestWaitingGrowsAndEnds(t *testing.T) {
	for n, want := range map[int]time.Duration{1: time.Minute, 2: 2 * time.Minute, 3: 4 * time.Minute, 8: 128 * time.Minute, 9: 3 * time.Hour, 500: 3 * time.Hour} {
		low, high := backoff(n, 0), backoff(n, 1)
		if low != want*8/10 || high < want*12/10-time.Second || high > want*12/10+time.Second {
			t.Errorf("after %d tries between %v and %v", n, low, high)
		}
	}
	first := noon
	for _, c := range []struct {
		after time.Duration
		want  string
		next  time.Duration
	}{{0, Deferred, 3 * time.Hour}, {46 * time.Hour, Deferred, 48 * time.Hour}, {48 * time.Hour, GivenUp, 0}, {300 * time.Hour, GivenUp, 0}} {
		v, next := judge(&trouble{reason: PutOff}, first, first.Add(c.after), 20, 0.5)
		if v.outcome != c.want || (c.next > 0 && next != first.Add(c.next)) {
			t.Errorf("%v after the first try: %s, next %v", c.after, v.outcome, next)
		}
	}
}

func TestTheAddressIsTakenOutOfWhatRelaysSay(t *testing.T) {
	for reply, want := range map[string]string{
		"550 5.1.1 <Jane.Doe@Example.org>: Recipient rejected": "550 5.1.1 <…>: Recipient rejected",
		"550 no mailbox here by the name jane.doe":             "550 no mailbox here by the name …",
		"250 queued as 4711":                                   "250 queued as 4711",
	} {
		if got := conceal(reply, "jane.doe@example.org"); got != want {
			t.Errorf("%q", got)
		}
	}
	if got := conceal("550 a user", "a@b.cc"); got != "550 a user" {
		t.Errorf("a short name took the sentence apart: %q", got)
	}
}

// TestALongQueueIsNotReadThrough keeps the senders' questions on their indexes: reading every waiting letter for each one
// that goes made 2,400 letters take thirty times as long.
func TestALongQueueIsNotReadThrough(t *testing.T) {
	h := newHouse(t)
	for _, question := range []string{askFirstDue, askNextTry, askNextEnd} {
		var plan []struct{ Detail string }
		if err := h.app.DB().NewQuery("EXPLAIN QUERY PLAN " + question).Bind(dbx.Params{"now": "2026"}).All(&plan); err != nil {
			t.Fatal(err)
		}
		steps := 0
		for _, step := range plan {
			if strings.HasPrefix(step.Detail, "SCAN letters") {
				t.Errorf("%s\n%s", question, step.Detail)
			}
			if strings.HasPrefix(step.Detail, "SEARCH letters USING") {
				steps++
			}
		}
		if steps < 2 {
			t.Errorf("%s\n%v", question, plan)
		}
	}
}
