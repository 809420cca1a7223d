package post_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// pages reads a list to its end, doing something before each page.
func pages[T any](t *testing.T, who *hookstest.Client, path, parameter string, before func(n int)) []T {
	t.Helper()
	var out []T
	cursor := ""
	for n := 0; ; n++ {
		before(n)
		answer := who.Get(path + "?" + parameter + "=" + cursor)
		if answer.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", cursor, answer.Status, answer.Body)
		}
		got := hookstest.Into[page[T]](answer)
		out = append(out, got.Items...)
		if got.Next == nil {
			return out
		}
		cursor = *got.Next
	}
}

func TestReadingOnWhileOthersWrite(t *testing.T) {
	r := newRoom(t)
	var written []entry
	for i := range 65 {
		written = append(written, r.write(t, r.patient, "", fmt.Sprint("post ", i)))
	}
	slices.SortFunc(written, func(a, b entry) int { // of one millisecond, two posts stand by their ids
		return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(b.ID, a.ID))
	})
	want := idsOf(written)
	got := pages[entry](t, r.other, "/communities/"+r.id+"/posts", "before", func(n int) {
		if n > 0 { // what comes while one reads on is above, not in between
			r.write(t, r.patient, "", fmt.Sprint("meanwhile ", n))
			r.comment(t, r.patient, want[0], "a comment moves nothing", "")
		}
	})
	if ids := idsOf(got); !slices.Equal(ids, want) {
		t.Errorf("%d posts, want %d", len(ids), len(want))
	}
}

func TestReadingOnInAThreadWhileOthersAnswer(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post").ID
	var want []string
	add := func(n int) {
		for i := range n {
			want = append(want, r.comment(t, r.other, post, fmt.Sprint("comment ", i), "").ID)
		}
	}
	add(45)
	got := pages[piece](t, r.lead, "/posts/"+post+"/comments", "after", func(n int) {
		if n < 4 {
			add(20)
		}
	})
	var ids []string
	for _, item := range got {
		ids = append(ids, item.ID)
	}
	if !slices.Equal(ids, want) {
		t.Errorf("%d comments, want %d", len(ids), len(want))
	}
}

func idsOf(items []entry) (ids []string) {
	for _, item := range items {
		ids = append(ids, item.ID)
	}
	return ids
}

// TestCommentsOfTheSameMillisecond: a comment of the very moment of the last one stands behind it, whatever its id, so that who
// reads on after the last one finds it.
func TestCommentsOfTheSameMillisecond(t *testing.T) {
	r := newRoom(t)
	r.Stop()
	post := r.write(t, r.patient, "", "a post").ID
	var want []string
	for range 70 {
		want = append(want, r.comment(t, r.other, post, "at the same time", "").ID)
	}
	var ids []string
	for _, item := range pages[piece](t, r.lead, "/posts/"+post+"/comments", "after", func(int) {}) {
		ids = append(ids, item.ID)
	}
	if !slices.Equal(ids, want) {
		t.Error("comments are not in the order in which they were made")
	}
}

func TestPostsOfTheSameMillisecond(t *testing.T) {
	r := newRoom(t)
	r.Stop()
	made := map[string]bool{}
	for i := range 50 {
		made[r.write(t, r.patient, "", fmt.Sprint(i)).ID] = true
	}
	for _, item := range pages[entry](t, r.lead, "/communities/"+r.id+"/posts", "before", func(int) {}) {
		if !made[item.ID] {
			t.Errorf("%s came twice, or was never made", item.ID)
		}
		delete(made, item.ID)
	}
	if len(made) != 0 {
		t.Errorf("%d were not listed", len(made))
	}
}

func TestCursorsOfNoList(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post").ID
	for _, cursor := range []string{"x", "====", "MjAyNi0xMS0yMg", "%00", "'; DROP TABLE posts; --", "____________________________________________________"} {
		for _, path := range []string{"/communities/" + r.id + "/posts?before=", "/posts/" + post + "?after=", "/posts/" + post + "/comments?after="} {
			if got := r.patient.Get(path + url.QueryEscape(cursor)); got.Status != http.StatusBadRequest {
				t.Errorf("%s%s: %d %s", path, cursor, got.Status, got.Code())
			}
		}
	}
	elsewhere := r.Community(clinic.KindCondition, []*hookstest.Client{r.lead})
	for range 25 {
		r.lead.Post("/communities/"+elsewhere+"/posts", map[string]any{"body": "of another community"})
	}
	foreign := hookstest.Into[page[entry]](r.lead.Get("/communities/" + elsewhere + "/posts")).Next
	seen := hookstest.Into[page[entry]](r.patient.Get("/communities/" + r.id + "/posts?before=" + *foreign)).Items
	if len(seen) != 1 || seen[0].ID != post {
		t.Errorf("a cursor of another community's list opens nothing of it: %+v", seen)
	}
}
