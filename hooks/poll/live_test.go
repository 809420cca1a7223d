package poll_test

import (
	"net/http"
	"testing"
)

// TestOpenPagesHearOfACrowdAndOfNoVote: whoever has the poll or its community open is told when votes are let out and when it ends, and
// not that somebody has voted, of which the moment would be known to all.
func TestOpenPagesHearOfACrowdAndOfNoVote(t *testing.T) {
	r := newRoom(t, 12)
	id := r.ask(t, r.lead, "", "Monday", "Tuesday")
	s := r.voters[11].Listen("post:" + id + " community:" + r.id)
	last := s.Next()
	if last.Event != "ready" {
		t.Fatalf("%d %s %+v", s.Status, s.Body, last)
	}
	missed := func(since string) int {
		again := r.lead.Listen("since=" + since + "&topic=post:" + id)
		defer again.Leave()
		return len(again.Until("ready")) - 1
	}
	cast := func(from, upto int) {
		for i := from; i < upto; i++ {
			if got := vote(r.voters[i], id, i%2); got.Status != http.StatusOK {
				t.Fatalf("vote %d: %d %s", i, got.Status, got.Body)
			}
		}
	}
	hear := func(what string) {
		for _, topic := range []string{"community:" + r.id, "post:" + id} {
			last = s.Next()
			if want := `{"topic":"` + topic + `","post":"` + id + `","comments":0}`; last.Event != "changed" || last.Data != want {
				t.Errorf("%s: heard %q %s, want %s", what, last.Event, last.Data, want)
			}
		}
	}
	cast(0, 10)
	if n := missed(last.ID); n != 0 {
		t.Errorf("ten votes were told by %d events", n)
	}
	cast(10, 11)
	hear("the crowd")
	cast(11, 12)
	if n := missed(last.ID); n != 0 {
		t.Errorf("a vote after the crowd was told by %d events", n)
	}
	if got := r.lead.Post("/polls/"+id+"/end", nil); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	hear("the end")
}
