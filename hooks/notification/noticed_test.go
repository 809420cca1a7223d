package notification_test

import (
	"testing"

	"kinward/hooks/hookstest"
)

// bell listens to a member's own topic.
func (r *room) bell(who *hookstest.Client) *hookstest.Stream {
	r.t.Helper()
	s := who.Listen("member:" + who.ID)
	if got := s.Next(); s.Status != 200 || got.Event != "ready" {
		r.t.Fatalf("no stream: %d %s %+v", s.Status, s.Body, got)
	}
	return s
}

// rings fails unless the next that is heard is that a member's notifications changed, and nothing else, and gives the event's id.
func (r *room) rings(s *hookstest.Stream, whose *hookstest.Client) string {
	r.t.Helper()
	got, want := s.Next(), `{"topic":"member:`+whose.ID+`"}`
	if got.Event != "changed" || got.Data != want {
		r.t.Errorf("heard %q %s, want %s", got.Event, got.Data, want)
	}
	return got.ID
}

// missed counts what a member would have heard since an event.
func (r *room) missed(who *hookstest.Client, since string) int {
	r.t.Helper()
	s := who.Listen("since=" + since + "&topic=member:" + who.ID)
	defer s.Leave()
	return len(s.Until("ready")) - 1
}

// TestTheBellRings: who is told of something, or reads it, hears that it is so wherever a page of theirs is open, and nobody
// else hears anything; and not of what is held, or of what they muted or can no longer see.
func TestTheBellRings(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	tab, elsewhere := r.bell(r.author), r.bell(r.SignedIn(r.author.ID))
	third := r.bell(r.third)
	r.comment(r.other, post, "", "Warm water.")
	r.work()
	r.rings(elsewhere, r.author)
	at := r.rings(tab, r.author)
	if got := hookstest.Into[page](r.author.Get("/notifications")).Unread; got != 1 {
		t.Errorf("%d unread when it rings", got)
	}

	r.comment(r.other, post, "", "a secret number")
	r.want(r.author.Post("/notifications/read", map[string]any{"ids": []string{"nothingthere000"}}), 200)
	r.work()
	if n := r.missed(r.author, at); n != 0 {
		t.Errorf("of what is held, or of nothing read, it rang %d times", n)
	}

	r.want(r.author.Post("/notifications/read", map[string]any{"all": true}), 200)
	r.rings(elsewhere, r.author)
	at = r.rings(tab, r.author)

	r.leave(r.author)
	r.comment(r.other, post, "", "Warm gloves as well.")
	r.work()
	if n := r.missed(r.author, at); n != 0 {
		t.Errorf("of a room that one has left it rang %d times", n)
	}

	// All that the third heard in the meantime is what they are told of now.
	r.post(r.lead, "announcement", "Closed on Monday", "The house is closed on Monday.")
	r.work()
	r.rings(third, r.third)
	if got := r.told(r.third); len(got.Items) != 1 || got.Unread != 1 {
		t.Errorf("%+v", got)
	}
}

// TestTheBellStaysStill for a kind that a member wants to hear of elsewhere than in the page.
func TestTheBellStaysStill(t *testing.T) {
	r := newRoom(t)
	r.want(r.author.Patch("/me/notifications", map[string]any{"kinds": map[string]any{"answer": map[string]any{"page": false, "mail": "daily", "push": false}}}), 200)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	s := r.bell(r.author)
	r.comment(r.other, post, "", "Warm water.")
	r.work()
	r.post(r.lead, "announcement", "Closed on Monday", "The house is closed on Monday.")
	r.work()
	at := r.rings(s, r.author)
	if n := r.missed(r.author, at); n != 0 {
		t.Errorf("it rang %d times more", n)
	}
}
