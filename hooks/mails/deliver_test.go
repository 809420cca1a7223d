package mails

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
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
	if took := h.clock.now().Sub(time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)); took > 3*time.Hour {
		t.Errorf("the last letter went %v after the first try", took) // 50 minutes of pauses, and no letter's own backoff on top
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
	if a := h.next(heard); a.GetString("outcome") != Accepted {
		t.Errorf("%v", a.FieldsData())
	}
}

func TestARelayThatEndsIdleConnectionsCostsNoTry(t *testing.T) {
	for name, how := range map[string]error{"dropped": mailstest.Drop, "421": mailstest.Say(421, [3]int{4, 4, 2}, "idle too long")} {
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
			return mailstest.Silence
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
			return mailstest.Drop
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
				return mailstest.Silence
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
