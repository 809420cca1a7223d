package access_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"testing"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func prefixes(t *testing.T, list ...string) (out []netip.Prefix) {
	t.Helper()
	out, err := access.ParsePrefixes(list)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A proxy on this machine makes every request come from this machine. Unless it is listed, and says for whom, nobody whom it
// forwards is an operator.
func TestAProxyOpensNoDashboard(t *testing.T) {
	c := hookstest.New(t)
	operator := c.Operator()
	const door = "/api/collections/_superusers/auth-methods"
	ask := func(name, value string) *hookstest.Response {
		header := http.Header{}
		if name != "" {
			header.Set(name, value)
		}
		return operator.Do("GET", door, nil, header)
	}
	for _, trusted := range []bool{false, true} {
		if trusted {
			c.House.Reached(c.URL, prefixes(t, "127.0.0.1"), prefixes(t, "203.0.113.7", "2001:db8::7"))
		}
		if r := ask("", ""); r.Status != http.StatusOK {
			t.Errorf("trusted %v, from this machine: %d %s", trusted, r.Status, r.Body)
		}
		for name, value := range map[string]string{
			"X-Forwarded-For": "198.51.100.1", "X-Real-Ip": "198.51.100.1", "Forwarded": "for=198.51.100.1", "Via": "1.1 proxy",
		} {
			if r := ask(name, value); r.Code() != "door_closed" {
				t.Errorf("trusted %v, %s %s: %d %s", trusted, name, value, r.Status, r.Body)
			}
		}
		for value, open := range map[string]bool{
			"unknown": false, "": false, "_hidden, 198.51.100.1": false, "127.0.0.1, who knows": false, "127.0.0.1": trusted,
			"203.0.113.7": trusted, "203.0.113.7:4711": trusted, "[2001:db8::7]:4711": trusted, "[2001:db8::7]": trusted, "198.51.100.1, 203.0.113.7": trusted,
			"203.0.113.7, 198.51.100.1": false,
		} {
			if r := ask("X-Forwarded-For", value); (r.Status == http.StatusOK) != open {
				t.Errorf("trusted %v, X-Forwarded-For %q: %d %s", trusted, value, r.Status, r.Body)
			}
		}
	}
}

// Who has one IPv6 address has the 18 trillion trillion beside it too: tries count by the network.
func TestTriesCountByNetwork(t *testing.T) {
	c := hookstest.New(t)
	c.House.Reached(c.URL, prefixes(t, "127.0.0.1"), nil)
	try := func(from string) string {
		return c.Guest().Do("POST", "/me/email/confirm", map[string]string{"token": "none"}, http.Header{"X-Forwarded-For": {from}}).Code()
	}
	for n := range 60 {
		if got := try(fmt.Sprintf("2001:db8:1:2::%x", n)); got != "link_ended" {
			t.Fatalf("try %d: %s", n, got)
		}
	}
	for from, want := range map[string]string{"2001:db8:1:2:ffff::1": "rate_limited", "2001:db8:1:3::1": "link_ended", "192.0.2.1": "link_ended"} {
		if got := try(from); got != want {
			t.Errorf("then from %s: %s, want %s", from, got, want)
		}
	}
}

func TestStrangersDoNotStopTheSetUp(t *testing.T) {
	c := hookstest.Empty(t)
	c.House.Reached(c.URL, prefixes(t, "127.0.0.1"), nil)
	try := func(from string) string {
		return c.Guest().Do("POST", "/setup", map[string]string{"token": "none"}, http.Header{"X-Forwarded-For": {from}}).Code()
	}
	for range 25 {
		try("192.0.2.1")
	}
	if mine, theirs := try("192.0.2.2"), try("192.0.2.1"); mine != "set_up_link_wrong" || theirs != "rate_limited" {
		t.Errorf("mine: %s, the stranger's: %s", mine, theirs)
	}
}

func TestOperatorsSignInIsThrottled(t *testing.T) {
	c := hookstest.New(t)
	operator := c.Operator()
	guest := c.Guest()
	last := ""
	for n := 0; n < 45 && last != "rate_limited"; n++ { // one more each half a minute, and a slow machine needs as long
		last = guest.Post("/api/collections/_superusers/auth-with-password", map[string]string{"identity": operator.Email, "password": "guess"}).Code()
	}
	if last != "rate_limited" {
		t.Errorf("the 45th guess: %q", last)
	}
}

// What an operator does at the dashboard stands on the audit record, or is not done.
func TestOperatorsAreAudited(t *testing.T) {
	c := hookstest.New(t)
	lead, operator := c.Provider(), c.Operator()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead})
	post := hookstest.Into[struct{ ID string }](lead.Post("/communities/"+community+"/posts", map[string]string{"title": "Said", "body": "Words."})).ID
	path := "/api/collections/posts/records/" + post
	if r := operator.Patch(path, map[string]string{"title": "Said otherwise"}); r.Status != http.StatusOK {
		t.Fatalf("changing: %d %s", r.Status, r.Body)
	}
	if r := operator.Patch(path, map[string]string{"author": operator.ID}); r.Status < 400 {
		t.Fatalf("what is refused: %d %s", r.Status, r.Body)
	}
	if r := operator.Delete(path); r.Status != http.StatusNoContent {
		t.Fatalf("deleting: %d %s", r.Status, r.Body)
	}
	if r := operator.Patch("/api/settings", map[string]any{"meta": map[string]string{"appName": "Kinward"}}); r.Status != http.StatusOK {
		t.Fatalf("settings: %d %s", r.Status, r.Body)
	}
	guest := c.Guest()
	if r := guest.Post("/api/collections/_superusers/auth-with-password", map[string]string{"identity": operator.Email, "password": hookstest.Password}); r.Status != http.StatusOK {
		t.Fatalf("signing in: %d %s", r.Status, r.Body)
	}
	var lines []struct{ Action, Actor, Subject string }
	err := c.App.DB().NewQuery("SELECT action, actor, subject FROM audit_entries WHERE action LIKE 'operator.%' ORDER BY seq").All(&lines)
	if err != nil {
		t.Fatal(err)
	}
	self := "_superusers/" + operator.ID
	want := fmt.Sprint([][3]string{
		{"operator.update", self, "posts/" + post}, {"operator.delete", self, "posts/" + post}, {"operator.settings", self, ""}, {"operator.sign_in", self, self},
	})
	got := [][3]string{}
	for _, l := range lines {
		got = append(got, [3]string{l.Action, l.Actor, l.Subject})
	}
	if fmt.Sprint(got) != want {
		t.Errorf("the record has\n%v, want\n%v", got, want)
	}
	if _, broken, err := c.House.VerifyAudit(c.App); broken != 0 || err != nil {
		t.Errorf("line %d is broken, %v", broken, err)
	}
}
