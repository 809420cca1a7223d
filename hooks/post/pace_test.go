package post_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestNobodyWritesWithoutEnd(t *testing.T) {
	r := newRoom(t)
	about := r.write(t, r.patient, "", "first").ID
	path := "/posts/" + about + "/comments"
	for n := range 299 {
		if answer := r.patient.Post(path, map[string]any{"body": fmt.Sprintf("comment %d", n)}); answer.Status != http.StatusCreated {
			t.Fatalf("%d: %d %s", n, answer.Status, answer.Body)
		}
	}
	answer := r.patient.Post(path, map[string]any{"body": "one more"})
	if answer.Code() != "rate_limited" || answer.Header.Get("Retry-After") == "" {
		t.Errorf("the three hundred and first: %d %s", answer.Status, answer.Body)
	}
	if answer := r.patient.Patch("/posts/"+about, map[string]any{"body": "changed"}); answer.Code() != "rate_limited" {
		t.Errorf("an edit: %d %s", answer.Status, answer.Body)
	}
	if answer := r.lead.Post(path, map[string]any{"body": "the lead goes on"}); answer.Status != http.StatusCreated {
		t.Errorf("somebody else: %d %s", answer.Status, answer.Body)
	}
	r.Pass(time.Minute)
	if answer := r.patient.Post(path, map[string]any{"body": "a minute later"}); answer.Status != http.StatusCreated {
		t.Errorf("a minute later: %d %s", answer.Status, answer.Body)
	}
}
