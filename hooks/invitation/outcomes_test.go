package invitation_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mails"
	"kinward/hooks/mails/mailstest"
)

// watch returns a function that waits until a letter's attempt or state was committed once more.
func watch(t testing.TB, c *hookstest.Clinic) func() {
	changed := make(chan struct{}, 100)
	note := func(e *core.RecordEvent) error {
		changed <- struct{}{}
		return e.Next()
	}
	c.App.OnRecordAfterCreateSuccess(clinic.LetterAttempts).BindFunc(note)
	return func() {
		t.Helper()
		select {
		case <-changed:
		case <-time.After(20 * time.Second):
			t.Fatal("no attempt was made")
		}
	}
}

func TestWhatTheRelaySays(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	tried := watch(t, c)
	relay := c.Mail()
	relay.Behave(func(s mailstest.Step) error {
		switch {
		case s.Verb == "RCPT" && strings.HasPrefix(s.To, "nobody"):
			return mailstest.Say(550, [3]int{5, 1, 1}, "no such user here")
		case s.Verb == "RCPT" && strings.HasPrefix(s.To, "later"):
			return mailstest.Say(451, [3]int{4, 7, 1}, "greylisted, try later")
		}
		return nil
	})
	read := func(id string) shown { return hookstest.Into[shown](provider.Get("/invitations/" + id)) }

	nobody := invite(t, provider, object{"email": "nobody@mail.example", "role": "patient"})
	tried()
	if got := read(nobody); got.Status != "bounced" || !strings.Contains(got.Timeline[2].Detail, "no such user here") || got.Timeline[2].Reason != "refused" {
		t.Errorf("%+v", got)
	}
	// A bounced letter is no dead end: the invitation can still be handed over.
	token := link(t, provider, nobody)

	later := invite(t, provider, object{"email": "later@mail.example", "role": "patient"})
	for range 3 {
		tried()
		if got := read(later); got.Status != "deferred" || timeline(provider, later) != "approved queued deferred" {
			t.Errorf("%s: %s", got.Status, timeline(provider, later))
		}
		c.Pass(4 * time.Hour)
		provider = c.SignedIn(provider.ID)
		mails.Wake(c.App)
	}
	relay.Behave(nil)
	for range 10 {
		tried()
		if read(later).Status != "deferred" {
			break
		}
		c.Pass(4 * time.Hour)
		provider = c.SignedIn(provider.ID)
		mails.Wake(c.App)
	}
	if got := read(later); got.Status != "accepted_by_relay" || timeline(provider, later) != "approved queued deferred accepted_by_relay" || got.Timeline[3].Detail == "" {
		t.Errorf("%s: %s", got.Status, timeline(provider, later))
	}
	expect(t, "the link of what bounced", c.Guest().Post("/invitations/accept", joining(token)), 201, "")
}

// With no relay set the invitation says so, and its letter goes as soon as one is.
func TestWithoutRelay(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	before := invite(t, provider, object{"email": "before@mail.example", "role": "patient"})
	catcher := mailstest.New(t)
	real, err := mails.ParseRelay(catcher.URL())
	if err != nil {
		t.Fatal(err)
	}
	marked := make(chan struct{}, 10)
	c.App.OnRecordAfterUpdateSuccess(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("reason") == string(mails.NoRelay) {
			marked <- struct{}{}
		}
		return e.Next()
	})
	var relay atomic.Pointer[mails.Relay]
	relay.Store(&mails.Relay{})
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- mails.Deliver(ctx, c.App, mails.Options{Relay: func() mails.Relay { return *relay.Load() }})
	}()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	<-marked
	if got := timeline(provider, before); got != "approved queued not_mailed" {
		t.Errorf("queued before it was known: %s", got)
	}
	r := provider.Post("/invitations", object{"email": "after@mail.example", "role": "patient"})
	after := hookstest.Into[made](r)
	if after.Status != "not_mailed" || timeline(provider, after.ID) != "approved not_mailed" {
		t.Errorf("%+v: %s", after, timeline(provider, after.ID))
	}
	<-marked
	if got := hookstest.Into[shown](provider.Get("/invitations/" + after.ID)); got.Status != "not_mailed" || !got.Can.Print || !got.Can.Link || len(got.Timeline) != 2 {
		t.Errorf("%+v", got)
	}
	tried := watch(t, c)
	relay.Store(&real)
	mails.Wake(c.App)
	tried()
	tried()
	for _, id := range []string{before, after.ID} {
		// A sender may take a letter before the queue has marked it as waiting no more.
		got := strings.Replace(timeline(provider, id), "not_mailed queued", "not_mailed", 1)
		if !strings.HasSuffix(got, "not_mailed accepted_by_relay") {
			t.Errorf("once a relay is set: %s", got)
		}
	}
}

// Expiry is written down by the hour; nothing waits for it.
func TestExpiryIsWrittenDown(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	id := invite(t, provider, object{"email": newcomer, "role": "patient"})
	proposed := invite(t, staff, object{"email": "other@mail.example", "role": "patient"})
	run := func() {
		for _, job := range c.App.Cron().Jobs() {
			if job.Id() == "kinward_invitations_expire" {
				job.Run()
			}
		}
	}
	run()
	if got := timeline(staff, id); got != "approved queued" {
		t.Error(got)
	}
	c.Pass(clinic.InvitationLife)
	run()
	run()
	staff = c.SignedIn(staff.ID)
	if got := timeline(staff, id); got != "approved queued expired" {
		t.Error(got)
	}
	var status string
	if err := c.App.DB().NewQuery("SELECT status FROM invitations WHERE id = '" + id + "'").Row(&status); err != nil || status != "expired" {
		t.Errorf("%s %v", status, err)
	}
	if got := timeline(staff, proposed); got != "proposed" {
		t.Errorf("a proposal waits: %s", got)
	}
}
