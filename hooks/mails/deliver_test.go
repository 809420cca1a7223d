package mails

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

func TestALetterGoesOutAndLeavesNothingBehind(t *testing.T) {
	h := newHouse(t)
	relay, heard := mailstest.New(t), h.outcomes()
	id := h.queue(sample("jane@example.org"))
	h.deliver(Options{Relay: always(relayTo(t, relay))})
	attempt := h.next(heard)
	if got := attempt.GetString("outcome"); got != Accepted {
		t.Fatalf("outcome %s: %s", got, attempt.GetString("reply"))
	}
	if attempt.GetInt("code") != 250 || attempt.GetString("enhanced") != "2.0.0" || attempt.GetString("reply") != "250 2.0.0 queued by mailstest" {
		t.Errorf("kept as %v", attempt.FieldsData())
	}
	sent := relay.Wait(t, 1)[0]
	if sent.Err != nil || sent.To != "jane@example.org" || sent.Link() != "https://clinic.example.org/join#k3yK3yk3y" {
		t.Errorf("sent %+v", sent)
	}
	letter := h.letter(id)
	if letter.GetString("status") != Accepted || letter.GetString("sealed") != "" || letter.GetDateTime("ended").IsZero() {
		t.Errorf("the letter is %v", letter.FieldsData())
	}
}

func TestADeferredLetterComesAgainByteForByte(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	var first atomic.Pointer[mailstest.Letter]
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "DONE" && s.N == 0 { // it has the letter and says that it has not
			first.Store(catcher.Letters()[0])
			return mailstest.Say(451, [3]int{4, 3, 0}, "later")
		}
		return nil
	})
	id := h.queue(sample("jane@example.org"))
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	if a := h.next(heard); a.GetString("outcome") != Deferred || a.GetString("reply") != "451 4.3.0 later" || a.GetString("reason") != string(PutOff) {
		t.Fatalf("%v", a.FieldsData())
	}
	waiting := h.letter(id)
	if wait := waiting.GetDateTime("next_at").Time().Sub(h.clock.now()); wait < 48*time.Second || wait > 72*time.Second {
		t.Errorf("it waits %v", wait)
	}
	h.practice(map[string]any{"name": "Renamed meanwhile"})
	h.clock.move(2 * time.Minute)
	Wake(h.app)
	if a := h.next(heard); a.GetString("outcome") != Accepted {
		t.Fatalf("%v", a.FieldsData())
	}
	if second := catcher.Letters()[1]; string(second.Data) != string(first.Load().Data) || second.ID == "" {
		t.Errorf("the second copy differs:\n%s\n%s", first.Load().Data, second.Data)
	}
}

func TestALetterIsGivenUpAfterTwoDays(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "RCPT" {
			return mailstest.Say(450, [3]int{4, 2, 2}, "mailbox full")
		}
		return nil
	})
	id := h.queue(sample("jane@example.org"))
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	start, tries := h.clock.now(), 0
	for {
		a := h.next(heard)
		tries++
		if a.GetString("outcome") == GivenUp {
			break
		}
		h.clock.move(h.letter(id).GetDateTime("next_at").Time().Sub(h.clock.now()))
		Wake(h.app)
	}
	letter := h.letter(id)
	if took := h.clock.now().Sub(start); took != 48*time.Hour || letter.GetString("sealed") != "" || letter.GetString("status") != GivenUp {
		t.Errorf("%s after %v", letter.GetString("status"), took)
	}
	if tries < 18 || tries > 30 || len(h.attempts(id)) != tries {
		t.Errorf("%d tries, %d kept", tries, len(h.attempts(id)))
	}
}

func TestARefusedLetterIsErasedAndNotTriedAgain(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "RCPT" {
			return mailstest.Say(550, [3]int{5, 1, 1}, "<jane@example.org>: no such user")
		}
		return nil
	})
	id := h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
	a := h.next(heard)
	h.clock.move(72 * time.Hour)
	Wake(h.app)
	stop()
	if a.GetString("outcome") != Bounced || a.GetInt("code") != 550 || a.GetString("enhanced") != "5.1.1" || a.GetString("reply") != "550 5.1.1 <…>: no such user" {
		t.Errorf("%v", a.FieldsData())
	}
	if l := h.letter(id); l.GetString("status") != Bounced || l.GetString("sealed") != "" || len(h.attempts(id)) != 1 {
		t.Errorf("%v", l.FieldsData())
	}
}

func TestUrgentLettersGoFirst(t *testing.T) {
	h := newHouse(t)
	catcher := mailstest.New(t)
	for i := range 3 {
		h.queue(sample(fmt.Sprintf("p%d@example.org", i)))
		h.clock.move(time.Second)
	}
	l := sample("waiting@example.org")
	l.Urgent = true
	h.queue(l)
	h.deliver(Options{Relay: always(relayTo(t, catcher)), Senders: 1})
	for i, want := range []string{"waiting", "p0", "p1", "p2"} {
		if got := catcher.Wait(t, 4)[i].To; !strings.HasPrefix(got, want) {
			t.Errorf("letter %d went to %s", i, got)
		}
	}
}

func TestAFewSendersWorkAtATime(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	var mu sync.Mutex
	now, most := 0, 0
	three := make(chan struct{})
	catcher.Behave(func(s mailstest.Step) error {
		switch s.Verb {
		case "BODY":
			mu.Lock()
			now++
			if most = max(most, now); most == 3 {
				select {
				case <-three:
				default:
					close(three)
				}
			}
			mu.Unlock()
			<-three
		case "DONE":
			mu.Lock()
			now--
			mu.Unlock()
		}
		return nil
	})
	for i := range 20 {
		h.queue(sample(fmt.Sprintf("p%d@example.org", i)))
	}
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	for range 20 {
		h.next(heard)
	}
	if most != 3 {
		t.Errorf("%d at a time", most)
	}
}

func TestWhatADeadProcessHadClaimedIsTakenUp(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	id := h.queue(sample("jane@example.org"))
	if _, err := h.app.DB().NewQuery("UPDATE letters SET status = 'sending', next_at = ''").Execute(); err != nil {
		t.Fatal(err)
	}
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	if a := h.next(heard); a.GetString("letter") != id || a.GetString("outcome") != Accepted {
		t.Errorf("%v", a.FieldsData())
	}
}

func TestAnotherKeyLosesNoLetter(t *testing.T) {
	h := newHouse(t)
	catcher := mailstest.New(t)
	id := h.queue(sample("jane@example.org"))
	dir := h.app.DataDir()
	h.app.ClearBootstrap()
	wrong := &house{T: t, clock: h.clock, key: clinic.NewKey()}
	wrong.app = openApp(t, dir, wrong.key, h.clock.now)
	heard := wrong.outcomes()
	stop := wrong.deliver(Options{Relay: always(relayTo(t, catcher))})
	if a := wrong.next(heard); a.GetString("outcome") != Deferred || a.GetString("reason") != string(Unreadable) {
		t.Errorf("%v", a.FieldsData())
	}
	stop()
	wrong.app.ClearBootstrap()
	h.clock.move(time.Hour)
	h.app = openApp(t, dir, h.key, h.clock.now)
	heard = h.outcomes()
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	if a := h.next(heard); a.GetString("letter") != id || a.GetString("outcome") != Accepted {
		t.Errorf("%v", a.FieldsData())
	}
}

// TestAnAcceptedLetterIsNotSentAgainWhileTheDiskIsFull covers the gap between a relay's 250 and our commit in a process
// that lives on: the letter stays claimed until the answer is written down.
func TestAnAcceptedLetterIsNotSentAgainWhileTheDiskIsFull(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	var fails atomic.Int32
	h.app.OnRecordUpdateExecute(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("status") == Accepted && fails.Add(1) <= 3 {
			return errors.New("disk full")
		}
		return e.Next()
	})
	id := h.queue(sample("jane@example.org"))
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	if got := h.letter(id).GetString("status"); got != Accepted || len(catcher.Letters()) != 1 || len(h.attempts(id)) != 1 {
		t.Errorf("%s, %d copies, %d attempts", got, len(catcher.Letters()), len(h.attempts(id)))
	}
}

func TestAFailingListenerDoesNotMakeASecondCopy(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	h.app.OnRecordAfterUpdateSuccess(clinic.Letters).BindFunc(func(*core.RecordEvent) error { return errors.New("a listener's own trouble") })
	id := h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	stop()
	if got := h.letter(id).GetString("status"); got != Accepted || len(catcher.Letters()) != 1 || len(h.attempts(id)) != 1 {
		t.Errorf("%s, %d copies, %d attempts", got, len(catcher.Letters()), len(h.attempts(id)))
	}
}

func TestStoppingGivesBackWhatIsOnTheWire(t *testing.T) {
	h := newHouse(t)
	catcher := mailstest.New(t)
	onTheWire := make(chan struct{})
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "BODY" {
			close(onTheWire)
			return mailstest.ErrSilence
		}
		return nil
	})
	id := h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher)), Grace: 50 * time.Millisecond})
	<-onTheWire
	stop()
	if got := h.letter(id).GetString("status"); got != Queued || len(h.attempts(id)) != 0 {
		t.Errorf("%s after %d attempts", got, len(h.attempts(id)))
	}
}

func TestStoppingLetsALetterOnTheWireEnd(t *testing.T) {
	h := newHouse(t)
	catcher := mailstest.New(t)
	onTheWire, stopped := make(chan struct{}), make(chan struct{})
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "BODY" {
			close(onTheWire)
			<-stopped
		}
		return nil
	})
	id := h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher)), Grace: 20 * time.Second})
	<-onTheWire
	time.AfterFunc(20*time.Millisecond, func() { close(stopped) })
	stop()
	if got := h.letter(id).GetString("status"); got != Accepted {
		t.Errorf("%s", got)
	}
}

func TestTwoDeliveriesAtOnceAreRefused(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	if err := Deliver(t.Context(), h.app, Options{Relay: always(relayTo(t, catcher))}); !errors.Is(err, ErrDelivering) {
		t.Errorf("%v", err)
	}
	stop()
	h.queue(sample("bob@example.org"))
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	if err := Deliver(t.Context(), h.app, Options{}); err == nil {
		t.Error("a delivery without a relay to ask began")
	}
}
