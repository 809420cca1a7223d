package moderation_test

import (
	"net/http"
	"sync"
	"testing"

	"kinward/hooks/hookstest"
)

// TestOnlyOneOfTwoDecides: two people at the desk press at the same moment.
func TestOnlyOneOfTwoDecides(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret number")
	id := r.only(t).ID
	answers := make([]*hookstest.Response, 8)
	var all sync.WaitGroup
	for i := range answers {
		who, what := r.lead, "publish"
		if i%2 == 1 {
			who, what = r.moderator, "return"
		}
		all.Go(func() { answers[i] = who.Post("/desk/"+id+"/"+what, because) })
	}
	all.Wait()
	done := 0
	for _, answer := range answers {
		switch {
		case answer.Status == http.StatusOK:
			done++
		case answer.Code() != "hold_decided":
			t.Errorf("%d %s", answer.Status, answer.Body)
		}
	}
	if history := hookstest.Into[held](r.lead.Get("/desk/" + id)).History; done != 1 || len(history) != 2 {
		t.Errorf("%d decisions, %+v", done, history)
	}
}

// TestADecisionSentTwiceIsOne: the answer to the first was lost on its way.
func TestADecisionSentTwiceIsOne(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret number")
	id, key := r.only(t).ID, hookstest.Key()
	for range 2 {
		want(t, r.lead.Do("POST", "/desk/"+id+"/publish", because, key), 200)
	}
	if n := r.letters(t, "moderation_answer"); n != 1 {
		t.Errorf("%d letters", n)
	}
}

// TestWhatAnOperatorDoesInTheDashboardIsFollowed: the desk does not go on asking about what is settled.
func TestWhatAnOperatorDoesInTheDashboardIsFollowed(t *testing.T) {
	r := newRoom(t)
	operator := r.Operator()
	shown := r.write(t, r.author, "good words")
	want(t, operator.Do("PATCH", "/api/collections/posts/records/"+shown.ID, map[string]any{"status": "held"}), 200)
	hold := r.only(t)
	want(t, operator.Do("PATCH", "/api/collections/posts/records/"+shown.ID, map[string]any{"status": "shown"}), 200)
	if now := hookstest.Into[held](r.lead.Get("/desk/" + hold.ID)); now.State != "published" {
		t.Errorf("let go in the dashboard: %+v", now)
	}
	gone := r.write(t, r.author, "secret number")
	hold = r.only(t)
	want(t, operator.Do("DELETE", "/api/collections/posts/records/"+gone.ID, nil), 204)
	if now := hookstest.Into[held](r.lead.Get("/desk/" + hold.ID)); now.State != "withdrawn" || now.Words.Body != "" || len(now.Findings) != 0 {
		t.Errorf("taken away for good, with every copy of it: %+v", now)
	}
	for field, value := range map[string]any{"findings": []any{1}, "decided": map[string]any{"Member": "x"}, "byDesk": map[string]any{}} {
		want(t, operator.Do("PATCH", "/api/collections/posts/records/"+shown.ID, map[string]any{field: value, "status": "held"}), 200)
		if len(r.desk(r.lead, "").Items) != 1 {
			t.Errorf("a dashboard's %s went round the desk", field)
		}
		want(t, operator.Do("PATCH", "/api/collections/posts/records/"+shown.ID, map[string]any{"status": "shown"}), 200)
	}
}
