package mails

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

func TestWithoutARelayLettersWaitAndSaySo(t *testing.T) {
	h := newHouse(t)
	h.practice(map[string]any{"name": "Riverside"})
	changed := make(chan string, 100)
	h.app.OnRecordAfterUpdateSuccess(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		changed <- e.Record.GetString("reason")
		return e.Next()
	})
	catcher, heard := mailstest.New(t), h.outcomes()
	short := sample("bob@example.org")
	short.NotAfter = h.clock.now().Add(time.Hour)
	id, brief := h.queue(sample("jane@example.org")), h.queue(short)
	h.deliver(Options{Relay: RelaySetting(h.app, "")})
	for range 2 {
		if got := <-changed; got != string(NoRelay) {
			t.Fatalf("reason %q", got)
		}
	}
	h.clock.move(2 * time.Hour)
	Wake(h.app)
	if a := h.next(heard); a.GetString("letter") != brief || a.GetString("outcome") != GivenUp || a.GetString("reason") != string(TimePassed) {
		t.Errorf("%v", a.FieldsData())
	}
	h.clock.move(10 * 24 * time.Hour) // no try was made, so the two days have not begun
	h.practice(map[string]any{"relay": SealRelay(h.key, relayTo(t, catcher))})
	if a := h.next(heard); a.GetString("letter") != id || a.GetString("outcome") != Accepted {
		t.Errorf("%v", a.FieldsData())
	}
	if got := h.letter(id).GetString("reason"); got != "" {
		t.Errorf("it still says %q", got)
	}
}

func TestAClosedDoorIsNotKnockedAtByEveryLetter(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "CONNECT" && s.N < 10 {
			return mailstest.Say(554, [3]int{}, "5.7.1 go away")
		}
		return nil
	})
	for i := range 50 {
		h.queue(sample(fmt.Sprintf("p%d@example.org", i)))
	}
	h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.flow()
	knocks := 0
	for accepted := 0; accepted < 50; {
		a := h.next(heard)
		if a.GetString("outcome") == Accepted {
			accepted++
			continue
		}
		if knocks++; a.GetString("reason") != string(RelayRefuses) {
			t.Errorf("%v", a.FieldsData())
		}
	}
	if knocks != 10 {
		t.Errorf("%d knocks at a closed door", knocks)
	}
}

func TestARelayThatWorksAgainGetsAtOnceWhatWaitedForIt(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == "CONNECT" && s.N == 0 {
			return mailstest.ErrDrop
		}
		return nil
	})
	opts := Options{Relay: always(relayTo(t, catcher)), Senders: 1}
	h.queue(sample("jane@example.org"))
	stop := h.deliver(opts)
	if a := h.next(heard); a.GetString("outcome") != Deferred {
		t.Fatalf("%v", a.FieldsData())
	}
	stop()
	h.queue(sample("bob@example.org"))
	h.clock.move(10 * time.Second) // the door's pause is over, the first letter's own is not
	h.deliver(opts)
	h.next(heard)
	h.next(heard)
	if all := catcher.Letters(); len(all) != 2 || all[0].To != "bob@example.org" || all[1].To != "jane@example.org" {
		t.Errorf("%d letters arrived", len(all))
	}
}

func TestHealthSaysWhatIsWrongAndWhenItIsOver(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	closed, _ := ParseRelay(mailstest.Script(t, map[string]string{"greeting": "554 5.7.1 go away"}))
	h.queue(sample("jane@example.org"))
	h.queue(sample("bob@example.org"))
	if health, err := Look(t.Context(), h.app); err != nil || health.Waiting != 2 || health.Relay != "" || health.Stuck() {
		t.Errorf("before anything: %+v, %v", health, err)
	}
	stop := h.deliver(Options{Relay: always(closed), Senders: 1})
	h.next(heard)
	stop()
	h.clock.move(time.Hour)
	if health, _ := Look(t.Context(), h.app); health.Waiting != 2 || health.Reason != RelayRefuses || !health.Stuck() || health.Trouble != "554 5.7.1 go away" || health.Relay != closed.String() {
		t.Errorf("while the door is closed: %+v", health)
	}
	if err := Overdue(t.Context(), h.app); err == nil || err.Error() != "2 letters wait, the first 60 minutes beyond its time: The mail relay refuses to carry our letters." {
		t.Errorf("readiness says %v", err)
	}
	stop = h.deliver(Options{Relay: always(relayTo(t, catcher)), Senders: 1})
	h.next(heard)
	h.next(heard)
	stop()
	if health, _ := Look(t.Context(), h.app); health.Waiting != 0 || health.Stuck() || health.Trouble != "" || health.Overdue != 0 {
		t.Errorf("afterwards: %+v", health)
	}
}

func TestANewRelayIsTriedAtOnce(t *testing.T) {
	h := newHouse(t)
	catcher, heard := mailstest.New(t), h.outcomes()
	closed, _ := ParseRelay(mailstest.Script(t, map[string]string{"greeting": "drop"}))
	var relay atomic.Pointer[Relay]
	relay.Store(&closed)
	h.queue(sample("jane@example.org"))
	h.deliver(Options{Relay: func() Relay { return *relay.Load() }})
	h.next(heard)
	good := relayTo(t, catcher)
	relay.Store(&good)
	Wake(h.app)
	// The clock stands still, so no letter's own pause can end. A sender that had looked at the old relay may try that once more.
	for a := h.next(heard); a.GetString("outcome") != Accepted; a = h.next(heard) {
		if a.GetString("reason") != string(Dropped) {
			t.Fatalf("%v", a.FieldsData())
		}
	}
}

func TestARelayThatEndsIdleConnectionsCostsNoTry(t *testing.T) {
	for name, how := range map[string]error{"dropped": mailstest.ErrDrop, "421": mailstest.Say(421, [3]int{4, 4, 2}, "idle too long")} {
		h := newHouse(t)
		catcher, heard := mailstest.New(t), h.outcomes()
		catcher.Behave(func(s mailstest.Step) error {
			if s.Verb == "MAIL" && s.N%2 == 1 { // every second MAIL is on a used line
				return how
			}
			return nil
		})
		for i := range 4 {
			h.queue(sample(fmt.Sprintf("p%d@example.org", i)))
		}
		h.deliver(Options{Relay: always(relayTo(t, catcher)), Senders: 1})
		for range 4 {
			if a := h.next(heard); a.GetString("outcome") != Accepted {
				t.Errorf("%s: %v", name, a.FieldsData())
			}
		}
	}
}

// TestManyLettersThroughABadRelay sends many letters through a relay that misbehaves at every step, at random: none may be
// lost, and a second copy may come only where the relay took a letter and did not say so, with the same Message-ID and bytes.
func TestManyLettersThroughABadRelay(t *testing.T) {
	const letters = 150
	h := newHouse(t)
	catcher, heard := mailstest.New(t, mailstest.StartTLS, mailstest.Auth("ann", "s3cret")), h.outcomes()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var mu sync.Mutex
	dice := rand.New(rand.NewPCG(seed, 1))
	unsure := map[string]int{} // taken, and not told so
	catcher.Behave(func(s mailstest.Step) error {
		mu.Lock()
		defer mu.Unlock()
		switch dice.IntN(40) {
		case 0:
			if s.Verb == "DONE" {
				unsure[s.To]++
			}
			return mailstest.ErrDrop
		case 1:
			if s.Verb != "DONE" {
				return mailstest.Say(451, [3]int{4, 3, 0}, "later")
			}
		case 2:
			if s.Verb == "CONNECT" || s.Verb == "RCPT" {
				return mailstest.Say(421, [3]int{4, 3, 2}, "busy")
			}
		case 3:
			if dice.IntN(8) == 0 {
				if s.Verb == "DONE" {
					unsure[s.To]++
				}
				return mailstest.ErrSilence
			}
		}
		return nil
	})
	ids := map[string]string{}
	for i := range letters {
		to := fmt.Sprintf("p%d@example.org", i)
		ids[h.queue(sample(to))] = to
	}
	patient := Deadlines{Command: time.Second, Verdict: 3 * time.Second} // a busy machine must not look like a silent relay
	h.deliver(Options{Relay: always(relayTo(t, catcher)), Deadlines: patient})
	h.flow()
	for accepted := 0; accepted < letters; {
		switch a := h.next(heard); a.GetString("outcome") {
		case Accepted:
			accepted++
		case Deferred:
		default:
			t.Fatalf("%v", a.FieldsData())
		}
	}
	copies := map[string][]*mailstest.Letter{}
	for _, l := range catcher.Letters() {
		copies[l.To] = append(copies[l.To], l)
	}
	second := 0
	for id, to := range ids {
		if got := h.letter(id).GetString("status"); got != Accepted {
			t.Errorf("%s is %s", to, got)
		}
		mu.Lock()
		most := 1 + unsure[to]
		mu.Unlock()
		if n := len(copies[to]); n < 1 || n > most {
			t.Errorf("%s came %d times, at most %d are explained", to, n, most)
		}
		for _, l := range copies[to][1:] {
			second++
			if string(l.Data) != string(copies[to][0].Data) {
				t.Errorf("%s: the copies differ", to)
			}
		}
	}
	var tries int
	if err := h.app.DB().NewQuery("SELECT count(*) FROM letter_attempts").Bind(dbx.Params{}).Row(&tries); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d letters, %d tries, %d second copies", letters, tries, second)
}
