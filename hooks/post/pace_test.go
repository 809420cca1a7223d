package post_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"kinward/hooks/hookstest"
)

func TestNobodyWritesWithoutEnd(t *testing.T) {
	r := newRoom(t)
	about := r.write(t, r.patient, "", "first").ID
	path := "/posts/" + about + "/comments"
	// The count sinks by one each two seconds, so that a slow machine gets a little further.
	refused := func(try func(n int) *hookstest.Response) bool {
		for n := range 600 {
			answer := try(n)
			if answer.Code() == "rate_limited" {
				return n < 400 && answer.Header.Get("Retry-After") != ""
			}
			if answer.Status != http.StatusCreated && answer.Status != http.StatusOK {
				t.Fatalf("%d: %d %s", n, answer.Status, answer.Body)
			}
		}
		return false
	}
	if !refused(func(n int) *hookstest.Response {
		return r.patient.Post(path, map[string]any{"body": fmt.Sprintf("comment %d", n)})
	}) {
		t.Error("one member writes without end")
	}
	if !refused(func(n int) *hookstest.Response {
		return r.patient.Patch("/posts/"+about, map[string]any{"body": fmt.Sprintf("changed %d", n)})
	}) {
		t.Error("one member edits without end")
	}
	if answer := r.lead.Post(path, map[string]any{"body": "the lead goes on"}); answer.Status != http.StatusCreated {
		t.Errorf("somebody else: %d %s", answer.Status, answer.Body)
	}
	r.Pass(time.Minute)
	if answer := r.patient.Post(path, map[string]any{"body": "a minute later"}); answer.Status != http.StatusCreated {
		t.Errorf("a minute later: %d %s", answer.Status, answer.Body)
	}
}
