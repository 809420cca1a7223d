package mails

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Options says how Deliver works.
type Options struct {
	Relay     func() Relay // asked before each letter, so a change of the settings counts at once
	Senders   int          // how many connections at most; 0: three, which the strictest relays allow
	Deadlines Deadlines
	Grace     time.Duration  // how long a letter on the wire may take once we are told to stop; 0: five seconds
	Random    func() float64 // for the jitter; nil: math/rand
}

// looksAgain bounds a wait, for clocks that jump and machines that sleep.
const looksAgain = 10 * time.Minute

// Deliver takes up what a dead process had claimed and sends letters until ctx is done; then it lets the letters on the wire
// come to their end within the grace, and returns. Run it once for a data folder, and keep the app open until it returned.
func Deliver(ctx context.Context, app core.App, opts Options) error {
	o, err := officeOf(app)
	if err != nil {
		return err
	}
	if opts.Relay == nil {
		return errors.New("mails: Deliver needs to know the relay")
	}
	if opts.Senders <= 0 {
		opts.Senders = 3
	}
	if opts.Grace <= 0 {
		opts.Grace = 5 * time.Second
	}
	if opts.Random == nil {
		opts.Random = rand.Float64
	}
	if !o.start(opts.Relay) {
		return ErrDelivering
	}
	defer o.end()
	if err := o.takeUp(app); err != nil {
		return fmt.Errorf("letters that were being sent cannot be taken up: %w", err)
	}
	hard, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(opts.Grace, kill) })()

	var all sync.WaitGroup
	for range opts.Senders {
		s := &sender{app: app, office: o, Options: opts, hard: hard}
		all.Go(func() { s.run(ctx) })
	}
	all.Wait()
	return nil
}

// ErrDelivering says that Deliver runs already: a second one would take up what the first has on the wire.
var ErrDelivering = errors.New("mails: letters are being delivered already")

func (o *office) start(relay func() Relay) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy {
		return false
	}
	o.busy, o.relay = true, relay
	return true
}

func (o *office) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy = false
}

// sender is one of the few that carry letters, with a connection of its own while there is work.
type sender struct {
	Options
	app    core.App
	office *office
	hard   context.Context // ends the connection itself
	line   *line
	to     Relay // whom the line is with
}

func (s *sender) run(ctx context.Context) {
	defer s.hangUp()
	for ctx.Err() == nil {
		ring := s.office.bell.listen() // before looking: a letter queued in between rings it
		wait, err := s.work(ctx)
		if err != nil {
			s.app.Logger().Error("The letters' queue cannot be read or written", "error", err)
			s.office.door.note(s.office.now(), "database: "+err.Error())
			wait = time.Second
		}
		s.hangUp()
		timer := time.NewTimer(min(wait, looksAgain))
		select {
		case <-ctx.Done():
		case <-ring:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// work sends what is due and returns how long there is nothing to do.
func (s *sender) work(ctx context.Context) (time.Duration, error) {
	o := s.office
	for ctx.Err() == nil {
		if err := o.expire(s.app); err != nil {
			return 0, err
		}
		relay := s.Relay()
		if err := s.welcome(relay); err != nil {
			return 0, err
		}
		if relay.None() {
			return s.idle(false)
		}
		pause, ok := o.door.enter(o.now())
		if !ok {
			return pause, nil
		}
		letter, err := o.claim(s.app)
		if err != nil || letter == nil {
			o.door.leave()
			if err != nil {
				return 0, err
			}
			return s.idle(true)
		}
		s.carry(relay, letter)
	}
	return 0, nil
}

// welcome notices that the relay has been set, changed or taken away since somebody last looked.
func (s *sender) welcome(relay Relay) error {
	changed := s.office.door.changed(relay)
	if relay.None() {
		return s.office.mark(s.app, "", NoRelay)
	}
	if !changed {
		return nil
	}
	if err := s.office.mark(s.app, NoRelay, ""); err != nil {
		return err
	}
	return s.office.hurry(s.app)
}

func (s *sender) idle(relay bool) (time.Duration, error) {
	next, err := s.office.nextTime(s.app, relay)
	if err != nil || next.IsZero() {
		return looksAgain, err
	}
	return max(next.Sub(s.office.now()), 0) + time.Millisecond, nil // columns hold whole milliseconds
}

// carry tries one letter and settles what came of it.
func (s *sender) carry(relay Relay, letter *core.Record) {
	o := s.office
	c, err := o.open(letter.Id, letter.GetString("sealed"))
	if err != nil {
		err = &trouble{reason: Unreadable, reply: "The sealed letter cannot be opened: it was sealed with another key."}
	}
	var reply string
	if err == nil {
		reply, err = s.try(relay, c, o.helloName(s.app))
	}
	v, next := accepted(reply), time.Time{}
	if err != nil {
		t := troubleOf(err)
		if s.hard.Err() != nil && t.code == 0 { // our own end, not the relay's
			s.must(func() error { return o.release(s.app, letter.Id) })
			return
		}
		v, next = judge(t, letter.GetDateTime("first_try").Time(), o.now(), letter.GetInt("tries")+1, s.Random())
		if v.outcome == Deferred && v.reason.ofRelay() && s.Relay() != relay {
			next = o.now() // that was the old relay; the new one may have it at once
		}
	}
	v.reply = conceal(v.reply, c.To)
	s.must(func() error { return o.settle(s.app, letter.Id, v, next) })
	if v.reason == Unreadable {
		o.door.leave()
		o.door.note(o.now(), v.reply)
	} else if o.door.result(relay, v, o.now(), s.Random()) {
		s.must(func() error { return o.hurry(s.app) })
	}
	o.bell.ring() // others may wait for the door, or for what this one made due
}

// try hands over one letter, on the line there is or on a new one. A line that the relay ended while it was idle costs the
// letter nothing: it goes on a new one at once.
func (s *sender) try(relay Relay, c composed, hello string) (reply string, err error) {
	if s.line != nil && s.to != relay {
		s.hangUp()
	}
	for range 2 {
		if s.line == nil {
			if s.line, err = dial(s.hard, relay, hello, s.Deadlines); err != nil {
				s.line = nil
				return "", err
			}
			s.to = relay
		}
		if reply, err = s.line.send(c); err == nil {
			return reply, nil
		}
		var t *trouble
		if !errors.As(err, &t) || t.ended() {
			s.line.close()
			s.line = nil
		}
		if !errors.Is(err, errStale) {
			return "", err
		}
	}
	return "", &trouble{reason: Dropped, reply: "The relay ends each connection at once."}
}

// must repeats a write until it succeeds, or until there is no more time: a letter that was accepted must not go again
// because the disk was full for a while. Meanwhile it stays claimed.
func (s *sender) must(write func() error) {
	for wait := 50 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := write()
		if err == nil {
			return
		}
		s.app.Logger().Error("What a relay answered cannot be written down yet", "error", err)
		s.office.door.note(s.office.now(), "database: "+err.Error())
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-s.hard.Done():
			timer.Stop()
			return
		}
	}
}

func (s *sender) hangUp() {
	if s.line != nil {
		s.line.quit()
		s.line = nil
	}
}

// helloName is how we introduce ourselves: the public host's name, or an address literal (RFC 5321 section 4.1.3).
func (o *office) helloName(app core.App) string {
	practice, _ := practiceOf(app)
	host := o.letterhead(practice, Letter{}, Relay{}).host()
	ip := net.ParseIP(host)
	switch {
	case ip == nil:
		return host
	case ip.To4() != nil:
		return "[" + host + "]"
	}
	return "[IPv6:" + host + "]"
}
