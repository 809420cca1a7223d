package moderation_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/hookstest"
)

// channels are all doors through which somebody in the community could learn of a post or comment there.
func channels(r *room, post, comment string) []string {
	return []string{
		"/communities", "/communities/" + r.id, "/communities/" + r.id + "/posts", "/communities/" + r.id + "/members", "/drafts", "/me",
		"/posts/" + post, "/posts/" + post + "/comments", "/posts/" + post + "/versions", "/comments/" + comment + "/versions",
		"/holds", "/holds/" + post, "/reports", "/desk", "/desk/counts", "/members", "/practice", "/policies",
	}
}

// numbers are the feed as somebody gets it, and what the community's card counts and dates.
func (r *room) numbers(who *hookstest.Client) string {
	card := hookstest.Into[struct {
		Posts    int
		LastPost string `json:"last_post"`
	}](who.Get("/communities/" + r.id))
	return fmt.Sprint(string(who.Get("/communities/"+r.id+"/posts").Body), card)
}

// TestAHeldPostIsSeenByItsAuthorAndTheDeskAlone: neither its words nor its id nor a number or date that it would change.
func TestAHeldPostIsSeenByItsAuthorAndTheDeskAlone(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.other, "before")
	everyone := []*hookstest.Client{r.other, r.caregiver, r.provider, r.staff, r.outside, r.Founder(), r.Guest()}
	before := map[*hookstest.Client]string{}
	for _, who := range everyone {
		before[who] = r.numbers(who)
	}
	post := r.write(t, r.author, "secret number")
	want(t, r.author.Patch("/posts/"+post.ID, map[string]any{"body": "secret number again"}), 200)
	for _, who := range everyone {
		if now := r.numbers(who); now != before[who] {
			t.Errorf("the feed has changed for somebody else: %s", now)
		}
		for _, path := range channels(r, post.ID, "") {
			if body := string(who.Get(path).Body); strings.Contains(body, "secret") || strings.Contains(body, post.ID) {
				t.Errorf("%s tells of a held post: %s", path, body)
			}
		}
		for _, try := range [][2]string{{"POST", "/comments"}, {"PATCH", ""}, {"DELETE", ""}, {"POST", "/report"}} {
			got := who.Do(try[0], "/posts/"+post.ID+try[1], map[string]any{"body": "x", "reason": "other"})
			if got.Status != http.StatusNotFound && got.Status != http.StatusUnauthorized {
				t.Errorf("%s %s on a held post: %d %s", try[0], try[1], got.Status, got.Body)
			}
		}
	}
	for _, who := range []*hookstest.Client{r.author, r.lead, r.moderator} {
		if got := hookstest.Into[piece](who.Get("/posts/" + post.ID)); got.Status != "held" || !strings.Contains(got.HTML, "secret") {
			t.Errorf("the author and the desk see it: %+v", got)
		}
		if page := hookstest.Into[feed](who.Get("/communities/" + r.id + "/posts")); len(page.Items) != 2 || page.Items[0].ID != post.ID {
			t.Errorf("in its place in the feed: %+v", page)
		}
	}
	refused(t, r.lead.Post("/posts/"+post.ID+"/comments", map[string]any{"body": "x"}), 409, "post_waits")
}

func TestAHeldCommentIsSeenByItsAuthorAndTheDeskAlone(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.other, "before")
	first := r.comment(t, r.other, post.ID, "first")
	before := string(r.other.Get("/posts/" + post.ID).Body)
	kept := r.comment(t, r.author, post.ID, "secret number")
	if now := string(r.other.Get("/posts/" + post.ID).Body); now != before {
		t.Errorf("the thread has changed: %s", now)
	}
	for _, path := range channels(r, post.ID, kept.ID) {
		if body := string(r.other.Get(path).Body); strings.Contains(body, "secret") || strings.Contains(body, kept.ID) {
			t.Errorf("%s tells of a held comment: %s", path, body)
		}
	}
	refused(t, r.other.Post("/comments/"+kept.ID+"/report", map[string]any{"reason": "other"}), 404, "not_found")
	refused(t, r.author.Post("/posts/"+post.ID+"/comments", map[string]any{"body": "x", "parent": kept.ID}), 400, "parent:parent_elsewhere")
	for _, who := range []*hookstest.Client{r.author, r.lead} {
		if got := hookstest.Into[thread](who.Get("/posts/" + post.ID)); len(got.Comments.Items) != 2 || got.Count != 1 || got.Comments.Items[1].Status != "held" {
			t.Errorf("the author and the desk see it: %+v", got)
		}
	}
	hold := r.only(t)
	r.Pass(5e9)
	later := r.comment(t, r.other, post.ID, "later")
	want(t, r.lead.Post("/desk/"+hold.ID+"/publish", because), 200)
	got := hookstest.Into[thread](r.other.Get("/posts/" + post.ID))
	order := ""
	for _, c := range got.Comments.Items {
		order += c.ID + " "
	}
	if order != first.ID+" "+later.ID+" "+kept.ID+" " || got.Count != 3 {
		t.Errorf("whoever has read up to the last comment finds it behind: %s", order)
	}
}

func TestRemovedBeforeAnybodySawItLeavesNoMarkForOthers(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.other, "before")
	before := string(r.other.Get("/posts/" + post.ID).Body)
	comment := r.comment(t, r.author, post.ID, "secret number")
	want(t, r.lead.Post("/desk/"+r.only(t).ID+"/remove", because), 200)
	if now := string(r.other.Get("/posts/" + post.ID).Body); now != before {
		t.Errorf("the thread tells of it: %s", now)
	}
	refused(t, r.other.Get("/comments/"+comment.ID+"/versions"), 404, "not_found")
	second := r.write(t, r.author, "secret number")
	want(t, r.lead.Post("/desk/"+r.only(t).ID+"/remove", because), 200)
	refused(t, r.other.Get("/posts/"+second.ID), 404, "not_found")
	if stone := hookstest.Into[piece](r.author.Get("/posts/" + second.ID)); stone.Status != "deleted" || stone.By != "practice" || stone.Reason == "" {
		t.Errorf("its author finds the tombstone with the reason: %+v", stone)
	}
}

// TestPagesDoNotCountWhatIsHeld: a page is as full as if nothing were held, and the next one begins at a post that all see.
func TestPagesDoNotCountWhatIsHeld(t *testing.T) {
	r := newRoom(t)
	var secrets []string
	for i := range 25 {
		r.write(t, r.other, fmt.Sprintf("post %d", i))
		if i%3 == 0 {
			secrets = append(secrets, r.write(t, r.author, fmt.Sprintf("secret %d", i)).ID)
		}
	}
	page := hookstest.Into[feed](r.other.Get("/communities/" + r.id + "/posts"))
	if len(page.Items) != 20 || page.Next == nil {
		t.Fatalf("%d posts on the first page", len(page.Items))
	}
	cursor, err := base64.RawURLEncoding.DecodeString(*page.Next)
	for _, id := range secrets {
		if err != nil || strings.Contains(string(cursor), id) {
			t.Errorf("the cursor names a held post: %s, %v", cursor, err)
		}
	}
	seen := map[string]bool{}
	for path := "/communities/" + r.id + "/posts"; path != ""; {
		page := hookstest.Into[feed](r.author.Get(path))
		for _, item := range page.Items {
			if seen[item.ID] {
				t.Errorf("%s comes twice", item.ID)
			}
			seen[item.ID] = true
		}
		path = ""
		if page.Next != nil {
			path = "/communities/" + r.id + "/posts?before=" + *page.Next
		}
	}
	if len(seen) != 25+len(secrets) {
		t.Errorf("the author finds %d of %d posts", len(seen), 25+len(secrets))
	}
}
