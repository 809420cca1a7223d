package member_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func tokenIn(t *testing.T, link string) string {
	t.Helper()
	_, token, found := strings.Cut(link, "#")
	if !found {
		t.Fatalf("no token in %q", link)
	}
	return token
}

// Somebody who knew the password asked for a change of address, and its owner then set a new one by their mailbox: the link
// that waits in the other's mailbox must not take the account away after all. Nor may a link in a mailbox that was left.
func TestNoLinkOutlivesTheAccountsPasswordOrAddress(t *testing.T) {
	c := hookstest.New(t)
	mail := c.Mail()
	patient := c.Patient()
	if r := patient.Post("/me/email", fields{"email": "thief@mail.example", "password": hookstest.Password}); r.Status != http.StatusAccepted {
		t.Fatalf("asking: %d %s", r.Status, r.Body)
	}
	thief := tokenIn(t, mail.To(t, "thief@mail.example").Link())
	c.Guest().Post("/password/forgotten", fields{"email": patient.Email})
	reset := tokenIn(t, mail.To(t, patient.Email).Link())
	if r := c.Guest().Post("/password/reset", fields{"token": reset, "password": "mine once more, I hope"}); r.Status != http.StatusOK {
		t.Fatalf("resetting: %d %s", r.Status, r.Body)
	}
	if r := c.Guest().Post("/me/email/confirm", fields{"token": thief}); r.Code() != "link_ended" {
		t.Errorf("the other's link after a new password: %d %s", r.Status, r.Body)
	}

	other := c.Patient()
	other.Post("/me/email", fields{"email": "new@mail.example", "password": hookstest.Password})
	confirm := tokenIn(t, mail.To(t, "new@mail.example").Link())
	c.Guest().Post("/password/forgotten", fields{"email": other.Email})
	left := tokenIn(t, mail.To(t, other.Email).Link())
	if r := c.Guest().Post("/me/email/confirm", fields{"token": confirm}); r.Status != http.StatusOK {
		t.Fatalf("confirming: %d %s", r.Status, r.Body)
	}
	if r := c.Guest().Post("/password/reset", fields{"token": left, "password": "mine once more, I hope"}); r.Code() != "link_ended" {
		t.Errorf("the link in the mailbox that was left: %d %s", r.Status, r.Body)
	}
}

// A new password waits for its hash. Who is suspended meanwhile stays so, and keeps no session.
func TestSuspendedWhileSettingAPassword(t *testing.T) {
	c := hookstest.New(t)
	admin := c.Founder()
	var members [12]*hookstest.Client
	for i := range members {
		members[i] = c.Patient()
	}
	for i, member := range members {
		var both sync.WaitGroup
		both.Go(func() {
			member.Post("/me/password", fields{"current": hookstest.Password, "password": "a much longer phrase"})
		})
		both.Go(func() { admin.Post("/members/"+member.ID+"/suspend", fields{"reason": "at once"}) })
		both.Wait()
		record, err := c.App.FindRecordById(clinic.Users, member.ID)
		if err != nil {
			t.Fatal(err)
		}
		sessions, err := c.App.CountRecords(clinic.Sessions)
		if err != nil {
			t.Fatal(err)
		}
		if left := len(members) - i; record.GetString("status") != clinic.Suspended || sessions != int64(left) { // theirs who follow, and the admin's
			t.Errorf("member %d is %s after being suspended, with %d sessions in all, want %d", i, record.GetString("status"), sessions, left)
		}
	}
}

// A sign-in waits for its hash too: the password that was right when it came may not be any more when it is compared.
func TestSignInWhileThePasswordChanges(t *testing.T) {
	c := hookstest.New(t)
	for range 12 {
		patient := c.Patient()
		var all sync.WaitGroup
		for range 3 {
			all.Go(func() { signIn(c, patient.Email, hookstest.Password) })
		}
		all.Go(func() {
			patient.Post("/me/password", fields{"current": hookstest.Password, "password": "a much longer phrase"})
		})
		all.Wait()
		left, err := c.House.Sessions(c.App, patient.ID)
		if err != nil {
			t.Fatal(err)
		}
		if changed := signIn(c, patient.Email, "a much longer phrase").Status == http.StatusOK; changed && len(left) > 1 {
			t.Errorf("%d sessions live after the password was changed", len(left))
		}
	}
}
