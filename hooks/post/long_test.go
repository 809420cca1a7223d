package post_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// A thread that hundreds have talked in for years is read by pages of the same size as any other, each comment once, and takes a comment more.
func TestAThreadOfTenThousandComments(t *testing.T) {
	const many = 10_000
	r := newRoom(t)
	post := r.write(t, r.patient, "A long talk", "words").ID
	for _, statement := range []string{
		// Ten at a time have the same date, so that pages end between comments of one.
		`WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {:many} - 1)
		INSERT INTO comments (id, post, community, author, body, html, status, created, updated)
		SELECT printf('long%011d', i), {:post}, {:room}, {:author}, 'words', '<p>words</p>', 'shown', {:at} || strftime('%H:%M:%S.000Z', i / 10, 'unixepoch'), '' FROM n`,
		`UPDATE posts SET comments = {:many} WHERE id = {:post}`,
	} {
		params := dbx.Params{"many": many, "post": post, "room": r.id, "author": r.other.ID, "at": r.House.Now().AddDate(0, 0, -1).Format("2006-01-02 ")}
		if _, err := r.App.NonconcurrentDB().NewQuery(statement).Bind(params).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	answer := r.patient.Get("/posts/" + post)
	first := hookstest.Into[thread](answer)
	if first.Count != many || len(first.Comments.Items) != 30 || len(answer.Body) > 64<<10 {
		t.Fatalf("%d comments told, %d shown in %d bytes", first.Count, len(first.Comments.Items), len(answer.Body))
	}
	seen, order := map[string]bool{}, ""
	read := page[piece]{first.Comments.Items, first.Comments.Next}
	for {
		for _, item := range read.Items {
			if at := item.Created + item.ID; seen[item.ID] || at <= order {
				t.Fatalf("%s comes twice, or after %s", item.ID, order)
			} else {
				order = at
			}
			seen[item.ID] = true
		}
		if len(read.Items) > 30 {
			t.Fatalf("a page of %d", len(read.Items))
		}
		if read.Next == nil {
			break
		}
		read = hookstest.Into[page[piece]](r.patient.Get("/posts/" + post + "/comments?after=" + url.QueryEscape(*read.Next)))
	}
	if len(seen) != many {
		t.Errorf("%d of %d were read", len(seen), many)
	}
	mine := r.comment(t, r.patient, post, "one more", "")
	if got := hookstest.Into[thread](r.patient.Get("/posts/" + post + "?at=" + mine.ID)); got.Count != many+1 || got.Comments.Items[len(got.Comments.Items)-1].ID != mine.ID {
		t.Errorf("with one more: %d, %+v", got.Count, got.Comments.Items)
	}
}

// Who was writing when a community was closed is told, and has their words still.
func TestACommunityIsClosedWhileSomebodyWrites(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.other, "Before", "words").ID
	words := strings.Repeat("What I was in the middle of. ", 40)
	draft := func() string {
		return hookstest.Into[piece](r.patient.Get("/drafts/post:" + post)).Body
	}
	keep := func() int { return r.patient.Put("/drafts/post:"+post, map[string]any{"body": words}).Status }
	send := func() *hookstest.Response {
		return r.patient.Post("/communities/"+r.id+"/posts", map[string]any{"kind": "discussion", "title": "x", "body": words})
	}
	comment := func() *hookstest.Response {
		return r.patient.Post("/posts/"+post+"/comments", map[string]any{"body": words})
	}
	if got := keep(); got != http.StatusOK {
		t.Fatal(got)
	}
	if got := r.lead.Patch("/communities/"+r.id, map[string]any{"status": "archived"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	for name, got := range map[string]*hookstest.Response{"a post": send(), "a comment": comment()} {
		if got.Status != http.StatusConflict || got.Code() != clinic.Archived.Code {
			t.Errorf("%s in a closed community: %d %s", name, got.Status, got.Body)
		}
	}
	if got := keep(); got != http.StatusOK || draft() != words {
		t.Errorf("the draft: %d, %q", got, draft())
	}
	if got := r.lead.Patch("/communities/"+r.id, map[string]any{"status": "open"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := comment(); got.Status != http.StatusCreated {
		t.Errorf("opened again: %d %s", got.Status, got.Body)
	}
}
