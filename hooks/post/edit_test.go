package post_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/hookstest"
)

type version struct{ At, Title, Body, HTML string }

func (r *room) versions(by *hookstest.Client, path string) []version {
	return hookstest.Into[page[version]](by.Get(path + "/versions")).Items
}

func TestAnEditKeepsWhatWasSaid(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "First", "one")
	r.Pass(time.Minute)
	second := hookstest.Into[entry](r.patient.Patch("/posts/"+post.ID, map[string]any{"title": "Second", "body": "**two**"}))
	if second.HTML != "<p><strong>two</strong></p>\n" || second.Edited == "" || second.Created != post.Created || second.Findings == nil {
		t.Errorf("%+v", second)
	}
	r.Pass(time.Minute)
	third := hookstest.Into[entry](r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "three"}))
	if third.Title != "Second" {
		t.Errorf("what was not given stays: %+v", third)
	}
	kept := r.versions(r.lead, "/posts/"+post.ID)
	if len(kept) != 2 || kept[0].Body != "**two**" || kept[0].At != second.Edited || kept[1] != (version{post.Created, "First", "one", "<p>one</p>\n"}) {
		t.Errorf("versions: %+v", kept)
	}
	if same := hookstest.Into[entry](r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "three"})); same.Edited != third.Edited || len(r.versions(r.lead, "/posts/"+post.ID)) != 2 {
		t.Error("saving the same words is no edit")
	}
	comment := r.comment(t, r.patient, post.ID, "c one", "")
	if got := r.patient.Patch("/comments/"+comment.ID, map[string]any{"body": "c two"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if kept := r.versions(r.patient, "/comments/"+comment.ID); len(kept) != 1 || kept[0].Body != "c one" {
		t.Errorf("a comment's versions: %+v", kept)
	}
	if kept := r.versions(r.lead, "/posts/"+post.ID); len(kept) != 2 {
		t.Errorf("a comment's versions are not its post's: %+v", kept)
	}
	for _, body := range []string{"", " "} {
		if got := r.patient.Patch("/posts/"+post.ID, map[string]any{"body": body}); got.Code() != "body:required" {
			t.Errorf("emptied: %d %s", got.Status, got.Code())
		}
	}
}

func TestTwoEditsAtOnceLoseNothing(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "T", "one")
	opened := hookstest.Into[thread](r.patient.Get("/posts/" + post.ID))
	if opened.Updated == "" || opened.Body != "one" {
		t.Fatalf("%+v", opened)
	}
	r.comment(t, r.other, post.ID, "a comment is no edit", "")
	r.Pass(time.Second)
	first := hookstest.Into[entry](r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "two", "updated": opened.Updated}))
	if first.HTML != "<p>two</p>\n" {
		t.Fatalf("%+v", first)
	}
	late := r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "three", "updated": opened.Updated})
	params := hookstest.Into[struct {
		Data struct {
			Error struct {
				Params struct{ Updated, Body, Title string }
			}
		}
	}](late).Data.Error.Params
	if late.Status != http.StatusConflict || late.Code() != "edited_meanwhile" || params.Body != "two" || params.Title != "T" || params.Updated != first.Updated {
		t.Errorf("%d %s", late.Status, late.Body)
	}
	if got := r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "three", "updated": params.Updated}); got.Status != http.StatusOK {
		t.Errorf("after a look: %d %s", got.Status, got.Body)
	}
}

func TestDeletingLeavesATombstone(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "A title", "secret words")
	first := r.comment(t, r.patient, post.ID, "secret comment", "")
	r.comment(t, r.other, post.ID, "an answer", first.ID)
	if got := r.lead.Do("DELETE", "/comments/"+first.ID, nil); got.Code() != "reason:required" {
		t.Errorf("a lead gives a reason: %d %s", got.Status, got.Code())
	}
	if got := r.lead.Do("DELETE", "/comments/"+first.ID, map[string]any{"reason": "It names another patient."}); got.Status != http.StatusNoContent {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := r.patient.Delete("/posts/" + post.ID); got.Status != http.StatusNoContent {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	for name, c := range map[string]struct {
		who    *hookstest.Client
		reason string
	}{"another member": {r.other, ""}, "its author": {r.patient, "It names another patient."}, "a lead": {r.lead, "It names another patient."}} {
		seen := hookstest.Into[thread](c.who.Get("/posts/" + post.ID))
		if seen.Status != "deleted" || seen.By != "author" || seen.HTML != "" || seen.Body != "" || seen.Title != "" || seen.Author.Name != "" {
			t.Errorf("the post for %s: %+v", name, seen.piece)
		}
		comment := seen.Comments.Items[0]
		if comment.Status != "deleted" || comment.By != "practice" || comment.HTML != "" || comment.Reason != c.reason || seen.Count != 1 {
			t.Errorf("the comment for %s: %+v", name, comment)
		}
	}
	if kept := r.versions(r.lead, "/posts/"+post.ID); len(kept) != 1 || kept[0].Body != "secret words" || kept[0].Title != "A title" {
		t.Errorf("the words are a version: %+v", kept)
	}
	var left int
	err := r.App.DB().NewQuery("SELECT COUNT(*) FROM posts WHERE body LIKE '%secret%' OR html LIKE '%secret%' OR title LIKE '%title%'").Row(&left)
	if err != nil || left != 0 {
		t.Errorf("%d posts still have the words, %v", left, err)
	}
	for path, body := range map[string]any{"/posts/" + post.ID: map[string]any{"body": "back"}, "/comments/" + first.ID: map[string]any{"body": "back"}} {
		if got := r.patient.Patch(path, body); got.Status != http.StatusConflict {
			t.Errorf("PATCH %s after deleting: %d %s", path, got.Status, got.Code())
		}
	}
	if got := r.other.Post("/posts/"+post.ID+"/comments", map[string]any{"body": "late"}); got.Code() != "post_deleted" {
		t.Errorf("a comment on a deleted post: %d %s", got.Status, got.Code())
	}
	if got := r.patient.Delete("/posts/" + post.ID); got.Status != http.StatusNoContent {
		t.Errorf("deleting twice is deleting once: %d", got.Status)
	}
}

func TestADeletedPostStaysInTheFeedWhilePeopleTalkUnderIt(t *testing.T) {
	r := newRoom(t)
	quiet, talked := r.write(t, r.patient, "", "quiet"), r.write(t, r.patient, "", "talked about")
	r.comment(t, r.other, talked.ID, "an answer", "")
	for _, id := range []string{quiet.ID, talked.ID} {
		r.patient.Delete("/posts/" + id)
	}
	feed := hookstest.Into[page[entry]](r.other.Get("/communities/" + r.id + "/posts")).Items
	if len(feed) != 1 || feed[0].ID != talked.ID || feed[0].Status != "deleted" || feed[0].Comments != 1 {
		t.Errorf("%+v", feed)
	}
	r.counts(t, talked.ID, 1)
}

func TestEveryWriteIsOnTheAuditRecord(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "words that stay out of the record")
	r.patient.Patch("/posts/"+post.ID, map[string]any{"body": "other words"})
	r.lead.Do("DELETE", "/posts/"+post.ID, map[string]any{"reason": "private words"})
	var rows []struct {
		Actor  string `db:"actor"`
		Action string `db:"action"`
		Detail string `db:"detail"`
	}
	err := r.App.DB().NewQuery("SELECT actor, action, detail FROM audit_entries WHERE subject = {:s} ORDER BY seq").
		Bind(map[string]any{"s": "posts/" + post.ID}).All(&rows)
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v %v", rows, err)
	}
	for i, want := range []struct{ actor, action, detail string }{
		{r.patient.ID, "post.create", "community:" + r.id}, {r.patient.ID, "post.edit", ""}, {r.lead.ID, "post.delete", "practice"},
	} {
		if got := rows[i]; got.Actor != want.actor || got.Action != want.action || got.Detail != want.detail {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}
