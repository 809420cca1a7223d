package post_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type draft struct{ Place, Title, Body, Kind, Updated string }

func TestADraftIsKeptThroughAnExpiredSession(t *testing.T) {
	r := newRoom(t)
	place := "/drafts/community:" + r.id
	if got := r.patient.Get(place); got.Status != http.StatusOK || hookstest.Into[draft](got).Body != "" {
		t.Errorf("before: %d %s", got.Status, got.Body)
	}
	for _, body := range []string{"I wanted to", "I wanted to ask"} {
		if got := r.patient.Put(place, map[string]any{"title": "Hands", "body": body, "kind": "question"}); got.Status != http.StatusOK {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	}
	r.Pass(clinic.IdlePatient + time.Second)
	if got := r.patient.Put(place, map[string]any{"body": "lost?"}); got.Status != http.StatusUnauthorized {
		t.Errorf("the session has ended: %d", got.Status)
	}
	again := r.SignedIn(r.patient.ID)
	kept := hookstest.Into[draft](again.Get(place))
	if kept.Body != "I wanted to ask" || kept.Title != "Hands" || kept.Kind != "question" || kept.Updated == "" {
		t.Errorf("%+v", kept)
	}
	if all := hookstest.Into[page[draft]](again.Get("/drafts")).Items; len(all) != 1 || all[0] != kept {
		t.Errorf("%+v", all)
	}
	if got := r.SignedIn(r.other.ID).Get(place); hookstest.Into[draft](got).Body != "" {
		t.Errorf("another member's draft: %s", got.Body)
	}
	if got := r.SignedIn(r.patient.ID).Post("/communities/"+r.id+"/posts", map[string]any{"body": kept.Body}); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := again.Get(place); hookstest.Into[draft](got).Body != "" {
		t.Errorf("after posting from it: %s", got.Body)
	}
}

func TestEachPlaceLosesItsDraftWhenItIsSent(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post")
	comment := r.comment(t, r.patient, post.ID, "a comment", "")
	words := map[string]any{"body": "new words"}
	for place, send := range map[string]func() *hookstest.Response{
		"post:" + post.ID: func() *hookstest.Response { return r.patient.Post("/posts/"+post.ID+"/comments", words) },
		"comment:" + comment.ID: func() *hookstest.Response {
			return r.patient.Post("/posts/"+post.ID+"/comments", map[string]any{"body": "new words", "parent": comment.ID})
		},
		"post-edit:" + post.ID:       func() *hookstest.Response { return r.patient.Patch("/posts/"+post.ID, words) },
		"comment-edit:" + comment.ID: func() *hookstest.Response { return r.patient.Patch("/comments/"+comment.ID, words) },
	} {
		r.patient.Put("/drafts/"+place, words)
		if got := send(); got.Status/100 != 2 {
			t.Fatalf("%s: %d %s", place, got.Status, got.Body)
		}
		if got := r.patient.Get("/drafts/" + place); got.Status != http.StatusOK || hookstest.Into[draft](got).Body != "" {
			t.Errorf("%s: %d %s", place, got.Status, got.Body)
		}
	}
}

func TestWhatADraftMayBe(t *testing.T) {
	r := newRoom(t)
	place := "/drafts/community:" + r.id
	for name, c := range map[string]struct {
		path string
		body any
		code string
	}{
		"nowhere":       {"/drafts/elsewhere:" + r.id, map[string]any{"body": "x"}, "place:place_invalid"},
		"no id":         {"/drafts/community:x", map[string]any{"body": "x"}, "place:place_invalid"},
		"too long":      {place, map[string]any{"body": strings.Repeat("x", clinic.MaxPostBytes+1)}, "body:too_long"},
		"a title":       {place, map[string]any{"title": strings.Repeat("x", clinic.MaxTitleRunes+1)}, "title:too_long"},
		"no such kind":  {place, map[string]any{"kind": "advert", "body": "x"}, "kind:invalid"},
		"just as long":  {place, map[string]any{"body": strings.Repeat("x", clinic.MaxPostBytes)}, ""},
		"empty is none": {place, map[string]any{"body": " "}, ""},
		"thrown away":   {place, map[string]any{}, ""},
	} {
		if got := r.patient.Put(c.path, c.body); got.Code() != c.code {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	if got := r.patient.Get("/drafts/somewhere"); got.Code() != "place:place_invalid" {
		t.Errorf("read from nowhere: %d %s", got.Status, got.Code())
	}
	r.patient.Put(place, map[string]any{"body": "x"})
	for range 2 {
		if got := r.patient.Delete(place); got.Status != http.StatusNoContent {
			t.Errorf("thrown away: %d", got.Status)
		}
	}
}

func TestDraftsAreBounded(t *testing.T) {
	r := newRoom(t)
	for i := range 55 {
		r.Pass(time.Millisecond * 2)
		if got := r.patient.Put(fmt.Sprintf("/drafts/post:aaaaaaaaaaaaa%02d", i), map[string]any{"body": fmt.Sprint(i)}); got.Status != http.StatusOK {
			t.Fatal(got.Status)
		}
	}
	all := hookstest.Into[page[draft]](r.patient.Get("/drafts")).Items
	if len(all) != 50 || all[0].Body != "54" || all[49].Body != "5" {
		t.Errorf("%d drafts, from %q to %q", len(all), all[0].Body, all[len(all)-1].Body)
	}
}
