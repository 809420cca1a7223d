package post_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"kinward/hooks/hookstest"
)

func TestTheSameKeyAnswersTheSame(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post").ID
	for _, path := range []string{"/communities/" + r.id + "/posts", "/posts/" + post + "/comments"} {
		key := hookstest.Key()
		first := r.patient.Do("POST", path, map[string]any{"body": "once"}, key)
		again := r.patient.Do("POST", path, map[string]any{"body": "once"}, key)
		if first.Status != http.StatusCreated || again.Status != http.StatusCreated || string(first.Body) != string(again.Body) {
			t.Errorf("%s: %d %s, then %d %s", path, first.Status, first.Body, again.Status, again.Body)
		}
		if got := r.patient.Do("POST", path, map[string]any{"body": "other words"}, key); got.Code() != "idempotency_key_reused" {
			t.Errorf("other words with the same key: %d %s", got.Status, got.Code())
		}
		if got := r.other.Do("POST", path, map[string]any{"body": "once"}, key); hookstest.Into[piece](got).ID == hookstest.Into[piece](first).ID {
			t.Error("another member's key is another key")
		}
		r.Pass(25 * time.Hour)
		r.patient, r.other = r.SignedIn(r.patient.ID), r.SignedIn(r.other.ID)
		if got := r.patient.Do("POST", path, map[string]any{"body": "once"}, key); hookstest.Into[piece](got).ID == hookstest.Into[piece](first).ID {
			t.Error("a day later it is a new one")
		}
	}
}

func TestTwentyAtOnceWithOneKeyMakeOne(t *testing.T) {
	r := newRoom(t)
	key := hookstest.Key()
	answers := make([]*hookstest.Response, 20)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = r.patient.Do("POST", "/communities/"+r.id+"/posts", map[string]any{"body": "once"}, key)
		})
	}
	all.Wait()
	for _, answer := range answers {
		if answer.Status != http.StatusCreated || string(answer.Body) != string(answers[0].Body) {
			t.Errorf("%d %s", answer.Status, answer.Body)
		}
	}
	if feed := hookstest.Into[page[entry]](r.other.Get("/communities/" + r.id + "/posts")).Items; len(feed) != 1 {
		t.Errorf("%d posts", len(feed))
	}
}

func TestARefusedCreateMayBeSentAgain(t *testing.T) {
	r := newRoom(t)
	key := hookstest.Key()
	path := "/communities/" + r.id + "/posts"
	if got := r.patient.Do("POST", path, map[string]any{"body": ""}, key); got.Code() != "body:required" {
		t.Fatal(got.Code())
	}
	if got := r.patient.Do("POST", path, map[string]any{"body": "mended"}, key); got.Status != http.StatusCreated {
		t.Errorf("a fault was kept for the answer: %d %s", got.Status, got.Body)
	}
}
