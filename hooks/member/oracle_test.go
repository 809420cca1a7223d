package member_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/hookstest"
)

// While somebody else writes, a letter waits for them. An answer that only then takes longer would tell who is a member.
func TestForgottenPasswordWaitsAlikeForTheDatabase(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	for _, email := range []string{patient.Email, "nobody@x.example"} {
		held, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- c.App.RunInTransaction(func(core.App) error {
				close(held)
				<-release
				return nil
			})
		}()
		<-held
		answered := make(chan int, 1)
		go func() { answered <- c.Guest().Post("/password/forgotten", fields{"email": email}).Status }()
		select {
		case <-answered:
			t.Errorf("%s was answered while nothing could be written", email)
		case <-time.After(time.Second):
		}
		close(release)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
		if status := <-answered; status != 202 {
			t.Errorf("%s: %d", email, status)
		}
	}
}

// Whether another member has an address cannot be told from how soon the answer comes.
func TestAnotherAddressIsAnsweredAfterTheSameTime(t *testing.T) {
	c := hookstest.New(t)
	patient, other := c.Patient(), c.Patient()
	for _, email := range []string{other.Email, "free@mail.example"} {
		begun := time.Now()
		r := patient.Post("/me/email", fields{"email": email, "password": hookstest.Password})
		if took := time.Since(begun); r.Status != 202 || took < 300*time.Millisecond {
			t.Errorf("%s: %d after %v", email, r.Status, took)
		}
	}
}
