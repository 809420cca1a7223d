package notification_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

// room is a community with people in it, and what they wrote.
type room struct {
	*hookstest.Clinic
	t             *testing.T
	id            string
	lead          *hookstest.Client
	author, other *hookstest.Client // patients
	third         *hookstest.Client
	outside       *hookstest.Client
}

// newRoom opens the community. What is written with the word "secret" is held, as a check would hold it.
func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, t: t, lead: c.Provider(), author: c.Patient(), other: c.Patient(), third: c.Caregiver(), outside: c.Patient()}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.author, r.other, r.third)
	c.Community(clinic.KindPractice, []*hookstest.Client{c.Provider()}, r.outside)
	c.HoldWord("secret")
	return r
}

// always lets a member hear at once, at every hour.
func (r *room) always(who *hookstest.Client) { r.wish(who, notification.AtOnce, 0, 0) }

// wish lets every kind of thing come by one letter, outside of some hours.
func (r *room) wish(who *hookstest.Client, cadence string, from, to int) {
	r.t.Helper()
	kinds := map[string]any{}
	for _, kind := range notification.Kinds {
		kinds[string(kind)] = map[string]any{"page": true, "mail": cadence, "push": true}
	}
	r.want(who.Patch("/me/notifications", map[string]any{"kinds": kinds, "zone": "UTC", "quiet_from": from, "quiet_to": to}), 200)
}

type thing struct{ ID, Status string }

func (r *room) post(who *hookstest.Client, kind, title, body string) string {
	r.t.Helper()
	answer := who.Do("POST", "/communities/"+r.id+"/posts", map[string]any{"kind": kind, "title": title, "body": body}, hookstest.Key())
	if answer.Status != 201 && answer.Status != 202 {
		r.t.Fatalf("posting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[thing](answer).ID
}

func (r *room) comment(who *hookstest.Client, post, parent, body string) string {
	r.t.Helper()
	answer := who.Do("POST", "/posts/"+post+"/comments", map[string]any{"body": body, "parent": parent}, hookstest.Key())
	if answer.Status != 201 && answer.Status != 202 {
		r.t.Fatalf("commenting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[thing](answer).ID
}

// work does what is due.
func (r *room) work() {
	r.t.Helper()
	if err := notification.Work(r.App); err != nil {
		r.t.Fatal(err)
	}
}

type item struct {
	ID, Kind, To string
	Read         bool
	Thread       struct{ ID, Name string }
	Community    struct{ ID, Name string }
	Actor        *struct{ ID, Name string }
}

type page struct {
	Items  []item
	Next   string
	Unread int
}

// told is what somebody's list says after the work is done.
func (r *room) told(who *hookstest.Client) page {
	r.t.Helper()
	r.work()
	answer := who.Get("/notifications")
	r.want(answer, 200)
	return hookstest.Into[page](answer)
}

// kinds lists the kinds of what somebody is told, the latest first.
func (r *room) kinds(who *hookstest.Client) string {
	r.t.Helper()
	out := []string{}
	for _, one := range r.told(who).Items {
		out = append(out, one.Kind)
	}
	return strings.Join(out, " ")
}

// letters counts the letters of this package to somebody that were queued, whatever became of them.
func (r *room) letters(who *hookstest.Client) int {
	r.t.Helper()
	r.work()
	var n int
	err := r.App.DB().NewQuery("SELECT COUNT(*) FROM letters WHERE about LIKE {:about}").
		Bind(dbx.Params{"about": "notifications/" + who.ID + "/%"}).Row(&n)
	if err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *room) want(answer *hookstest.Response, status int) {
	r.t.Helper()
	if answer.Status != status {
		r.t.Fatalf("%d, want %d: %s", answer.Status, status, answer.Body)
	}
}

func (r *room) leave(who *hookstest.Client) {
	r.t.Helper()
	record, err := r.App.FindFirstRecordByFilter(clinic.Memberships, "community = {:community} && member = {:member}",
		dbx.Params{"community": r.id, "member": who.ID})
	if err == nil {
		err = r.House.Delete(r.App, record)
	}
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) refused(answer *hookstest.Response, status int, code string) {
	r.t.Helper()
	if answer.Status != status || answer.Code() != code {
		r.t.Errorf("%d %s, want %d %s", answer.Status, answer.Body, status, code)
	}
}
