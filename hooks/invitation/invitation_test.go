package invitation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
)

func TestStatusAt(t *testing.T) {
	now := time.Date(2027, 3, 28, 2, 30, 0, 0, time.UTC)
	for _, s := range Statuses {
		want := s
		if slices.Contains(living, s) {
			want = Expired
		}
		if got := s.At(now, now); got != want {
			t.Errorf("%s at its last moment: %s, want %s", s, got, want)
		}
		if got := s.At(now, now.Add(time.Second)); got != s {
			t.Errorf("%s with a second left: %s", s, got)
		}
	}
}

// What a relay says moves a letter's way on, and never takes back what came later.
func TestAfterLetter(t *testing.T) {
	for _, test := range []struct {
		from    Status
		outcome string
		want    Status
	}{
		{Queued, "accepted", AcceptedByRelay},
		{Queued, "deferred", Deferred},
		{Queued, "bounced", Bounced},
		{Queued, "given_up", Bounced},
		{NotMailed, "accepted", AcceptedByRelay},
		{Deferred, "accepted", AcceptedByRelay},
		{Deferred, "given_up", Bounced},
		{Bounced, "accepted", AcceptedByRelay},
		{AcceptedByRelay, "deferred", AcceptedByRelay},
		{AcceptedByRelay, "bounced", AcceptedByRelay},
		{Opened, "accepted", Opened},
		{Opened, "bounced", Opened},
		{Accepted, "accepted", Accepted},
		{Revoked, "accepted", Revoked},
		{Declined, "bounced", Declined},
		{Expired, "accepted", Expired},
		{Proposed, "accepted", Proposed},
		{Queued, "cancelled", Queued},
	} {
		if got := test.from.AfterLetter(test.outcome); got != test.want {
			t.Errorf("%s, then %s: %s, want %s", test.from, test.outcome, got, test.want)
		}
	}
}

func TestAfterResendAndRevocable(t *testing.T) {
	type ways struct{ resend, resendAsked, revoke bool }
	want := map[Status]ways{
		Proposed: {false, false, true}, Queued: {true, true, true}, NotMailed: {true, true, true}, AcceptedByRelay: {true, true, true},
		Deferred: {true, true, true}, Bounced: {true, true, true}, Opened: {true, true, true}, Accepted: {}, Revoked: {},
		Declined: {false, true, false}, Expired: {true, true, true},
	}
	for _, s := range Statuses {
		next, plain := s.AfterResend(false)
		_, asked := s.AfterResend(true)
		if got := (ways{plain, asked, s.Revocable()}); got != want[s] {
			t.Errorf("%s: %+v, want %+v", s, got, want[s])
		}
		if plain && next != Queued && next != Opened {
			t.Errorf("%s resent is %s", s, next)
		}
	}
}

func TestRefusal(t *testing.T) {
	for _, test := range []struct {
		status Status
		tries  int
		active bool
		want   *clinic.Fault
	}{
		{Queued, 0, true, nil}, {NotMailed, 0, true, nil}, {Bounced, MaxTries - 1, true, nil}, {Opened, 0, true, nil},
		{Proposed, 0, true, Unknown}, {Accepted, 0, false, Used}, {Revoked, 9, false, WasRevoked}, {Declined, 0, true, WasDeclined},
		{Expired, MaxTries, false, HasExpired}, {Opened, MaxTries, true, Locked}, {Opened, 0, false, InviterGone},
	} {
		if got := refusal(test.status, test.tries, test.active); got != test.want {
			t.Errorf("%s, %d tries, inviter active %v: %v, want %v", test.status, test.tries, test.active, got, test.want)
		}
	}
}

func TestCodeShape(t *testing.T) {
	for code, good := range map[string]bool{
		"402915": true, "000000": true, "40291": false, "4029155": false, "40291a": false, "４０２９１５": false, " 40291": false, "": false, "-40291": false,
	} {
		if (codeShape(code) == nil) != good {
			t.Errorf("%q", code)
		}
	}
}

func TestSuggest(t *testing.T) {
	for _, language := range append([]string{"xx"}, clinic.Languages...) {
		n := 0
		turning := func(most int) int { n += 7; return n % most }
		names := suggest(language, turning, func(string) bool { return false })
		if len(names) != 3 {
			t.Fatalf("%s: %v", language, names)
		}
		for i, name := range names {
			if clean, fault := clinic.CleanName(name); fault != nil || clean != name || slices.Contains(names[:i], name) {
				t.Errorf("%s: %q", language, name)
			}
		}
		first := names[0]
		for _, name := range suggest(language, turning, func(n string) bool { return n == first }) {
			if name == first {
				t.Errorf("%s: %q is taken", language, name)
			}
		}
	}
	if names := suggest("en", func(int) int { return 0 }, func(string) bool { return true }); len(names) != 0 {
		t.Errorf("every name is taken, yet %v", names)
	}
	numbered := suggest("en", func(int) int { return 0 }, func(name string) bool { return name == "Amber Brook" })
	if len(numbered) != 1 || !strings.HasPrefix(numbered[0], "Amber Brook ") {
		t.Errorf("%v", numbered)
	}
}

func TestFormal(t *testing.T) {
	for _, test := range [][3]string{
		{"Ada Park", "Dr.", "Dr. Ada Park"}, {"Ada Park", "RN", "Ada Park, RN"}, {"Ada Park", "", "Ada Park"}, {"Ana Ruiz", "Dra.", "Dra. Ana Ruiz"},
	} {
		if got := formal(test[0], test[1]); got != test[2] {
			t.Errorf("%q, want %q", got, test[2])
		}
	}
}
