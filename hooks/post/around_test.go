package post_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/hookstest"
)

type part struct {
	ID       string
	Comments struct {
		Items          []struct{ ID string }
		Next, Previous *string
	}
	Items          []struct{ ID string }
	Next, Previous *string
}

// A link into a long thread opens it at its place, and the rest of it can be read from there in both directions.
func TestAThreadOpensAtAComment(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post").ID
	var all []string
	for n := range 75 {
		all = append(all, r.comment(t, r.patient, post, fmt.Sprint("comment ", n), "").ID)
	}
	read := func(path string) part { return hookstest.Into[part](r.patient.Get(path)) }
	ids := func(items []struct{ ID string }) (out []string) {
		for _, item := range items {
			out = append(out, item.ID)
		}
		return out
	}
	same := func(what string, got, want []string) {
		t.Helper()
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %d comments, want %d", what, len(got), len(want))
		}
	}
	first := read("/posts/" + post)
	same("the beginning", ids(first.Comments.Items), all[:30])
	for _, at := range []string{all[3], "nothingthere000", "?", first.ID} {
		got := read("/posts/" + post + "?at=" + at)
		same("at "+at, ids(got.Comments.Items), all[:30])
		if got.Comments.Previous != nil {
			t.Errorf("at %s there is something before the beginning", at)
		}
	}
	got := read("/posts/" + post + "?at=" + all[60])
	same("around the sixtieth", ids(got.Comments.Items), all[50:75])
	if got.Comments.Previous == nil || got.Comments.Next != nil {
		t.Fatalf("%+v", got.Comments)
	}
	before := read("/posts/" + post + "/comments?before=" + *got.Comments.Previous)
	same("before it", ids(before.Items), all[20:50])
	begin := read("/posts/" + post + "/comments?before=" + *before.Previous)
	same("and before that", ids(begin.Items), all[:20])
	if begin.Previous != nil || begin.Next != nil {
		t.Errorf("%+v", begin)
	}
	middle := read("/posts/" + post + "?at=" + all[35])
	same("around the thirty-fifth", ids(middle.Comments.Items), all[25:55])
	same("and after", ids(read("/posts/"+post+"/comments?after="+*middle.Comments.Next).Items), all[55:])
	other := r.comment(t, r.patient, r.write(t, r.patient, "", "another").ID, "elsewhere", "")
	same("a comment of another post", ids(read("/posts/"+post+"?at="+other.ID).Comments.Items), all[:30])
	if got := r.patient.Get("/posts/" + post + "/comments?before=x"); got.Status != http.StatusBadRequest {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
