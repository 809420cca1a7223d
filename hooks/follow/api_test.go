package follow_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type room struct{ *hookstest.Room }

func newRoom(t *testing.T) *room {
	t.Helper()
	return &room{hookstest.NewRoom(t)}
}

type marks struct {
	Reactions      map[string][]string
	Saved, Follows []string
	Muted          struct{ Posts, Communities []string }
	Blocked        []string
}

func (r *room) made(t *testing.T, by *hookstest.Client, path string) string {
	t.Helper()
	answer := by.Post(path, map[string]any{"kind": "discussion", "title": "Walks", "body": "A walk along the river."})
	if answer.Status != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, answer.Status, answer.Body)
	}
	return hookstest.Into[struct{ ID string }](answer).ID
}

func (r *room) post(t *testing.T) string { return r.made(t, r.Author, "/communities/"+r.ID+"/posts") }

func want(t *testing.T, r *hookstest.Response, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code() != code {
		t.Errorf("%d %s, want %d %q", r.Status, r.Body, status, code)
	}
}

func done(t *testing.T, r *hookstest.Response) { t.Helper(); want(t, r, http.StatusNoContent, "") }

func (r *room) news(t *testing.T, member, post string) string {
	t.Helper()
	var news []string
	err := r.App.DB().NewQuery("SELECT news FROM follows WHERE member = {:member} AND post = {:post}").
		Bind(dbx.Params{"member": member, "post": post}).Column(&news)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(news, "|") + map[bool]string{true: "none"}[len(news) == 0]
}

func TestMarksAreOnesOwn(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.Author, "/posts/"+post+"/comments")
	for range 2 { // twice is once
		for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/comments/" + comment + "/save", "/posts/" + post + "/mute",
			"/communities/" + r.ID + "/mute", "/members/" + r.Author.ID + "/block"} {
			done(t, r.Other.Put(path, nil))
		}
	}
	r.Other.Put("/comments/"+comment+"/reactions/with_you", nil)
	for _, query := range []string{"?post=" + post, "?community=" + r.ID, "?pieces=" + post + "," + comment} {
		got := hookstest.Into[marks](r.Other.Get("/marks" + query))
		saved, kinds := 2, "[with_you]"
		if strings.HasPrefix(query, "?community") {
			saved, kinds = 1, "[]" // its posts alone
		}
		if len(got.Saved) != saved || fmt.Sprint(got.Follows, got.Muted, got.Blocked) != fmt.Sprintf("[%s] {[%s] [%s]} [%s]", post, post, r.ID, r.Author.ID) ||
			fmt.Sprint(got.Reactions[comment]) != kinds {
			t.Errorf("%s: %+v", query, got)
		}
		if got := string(r.Outside.Get("/marks" + query).Body); strings.TrimSpace(got) != strings.TrimSpace(string(r.Outside.Get("/marks?pieces=nothingthere000").Body)) {
			t.Errorf("who is not there: %s", got)
		}
		if got := hookstest.Into[marks](r.Lead.Get("/marks" + query)); len(got.Saved)+len(got.Follows)+len(got.Blocked)+len(got.Reactions) != 0 {
			t.Errorf("somebody else: %+v", got)
		}
	}
	for range 2 {
		for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/comments/" + comment + "/save", "/posts/" + post + "/mute",
			"/communities/" + r.ID + "/mute", "/members/" + r.Author.ID + "/block"} {
			done(t, r.Other.Delete(path))
		}
	}
	got := hookstest.Into[marks](r.Other.Get("/marks?post=" + post))
	if len(got.Saved)+len(got.Follows)+len(got.Blocked)+len(got.Muted.Posts)+len(got.Muted.Communities) != 0 {
		t.Errorf("all undone: %+v", got)
	}
	want(t, r.Other.Get("/marks?pieces="+strings.Repeat("aaaaaaaaaaaaaaa,", 101)), http.StatusBadRequest, "pieces:too_long")
}

func TestWhatOneCannotSeeIsNotThere(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.Author, "/posts/"+post+"/comments")
	for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/seen", "/posts/" + post + "/save", "/comments/" + comment + "/save",
		"/posts/" + post + "/mute", "/communities/" + r.ID + "/mute", "/members/" + r.Author.ID + "/block", "/posts/" + comment + "/follow"} {
		nothing := r.Outside.Put(strings.NewReplacer(post, "nothingthere000", comment, "nothingthere000", r.ID, "nothingthere000", r.Author.ID, "nothingthere000").Replace(path), nil)
		got := r.Outside.Put(path, nil)
		if got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
			t.Errorf("PUT %s: %d %s, of nothing %d %s", path, got.Status, got.Body, nothing.Status, nothing.Body)
		}
		if strings.HasSuffix(path, "/block") || strings.HasSuffix(path, "/seen") {
			continue
		}
		if got := r.Outside.Delete(path); got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
			t.Errorf("DELETE %s: %d %s", path, got.Status, got.Body)
		}
	}
	for _, path := range []string{"/follows", "/saved", "/mutes", "/blocks"} {
		if got := r.Outside.Get(path); got.Status != http.StatusOK || strings.Contains(string(got.Body), post) {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
		if got := r.Guest().Get(path); got.Status != http.StatusUnauthorized {
			t.Errorf("%s for a guest: %d", path, got.Status)
		}
	}
}

// The record events say the same, whoever writes.
func TestTheRecordEventsRefuseOtherRows(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.Author, "/posts/"+post+"/comments")
	for _, try := range []struct {
		collection string
		fields     map[string]any
	}{
		{clinic.Follows, map[string]any{"member": r.Outside.ID, "post": post}},
		{clinic.Follows, map[string]any{"member": r.Other.ID, "post": comment}},
		{clinic.Saves, map[string]any{"member": r.Outside.ID, "piece": post}},
		{clinic.Mutes, map[string]any{"member": r.Outside.ID, "post": post}},
		{clinic.Mutes, map[string]any{"member": r.Outside.ID, "community": r.ID}},
		{clinic.Mutes, map[string]any{"member": r.Other.ID, "community": r.ID, "post": post}},
		{clinic.Mutes, map[string]any{"member": r.Other.ID}},
		{clinic.Blocks, map[string]any{"member": r.Outside.ID, "blocked": r.Author.ID}},
		{clinic.Blocks, map[string]any{"member": r.Other.ID, "blocked": r.Lead.ID}},
		{clinic.Blocks, map[string]any{"member": r.Lead.ID, "blocked": r.Other.ID}},
		{clinic.Blocks, map[string]any{"member": r.Other.ID, "blocked": r.Other.ID}},
	} {
		collection, err := r.App.FindCollectionByNameOrId(try.collection)
		if err != nil {
			t.Fatal(err)
		}
		record := core.NewRecord(collection)
		record.Load(try.fields)
		if r.House.Save(r.App, record) == nil {
			t.Errorf("%s %v was stored", try.collection, try.fields)
		}
	}
}

// Nobody keeps the practice from being heard, and the practice hears everybody.
func TestWhoBlocksWhom(t *testing.T) {
	r := newRoom(t)
	for _, try := range []struct {
		by, of *hookstest.Client
		status int
		code   string
	}{
		{r.Other, r.Author, 204, ""}, {r.Other, r.Caregiver, 204, ""}, {r.Caregiver, r.Author, 204, ""},
		{r.Other, r.Lead, 409, "block_of_practice"}, {r.Other, r.Staff, 409, "block_of_practice"}, {r.Caregiver, r.Lead, 409, "block_of_practice"},
		{r.Lead, r.Author, 403, "block_by_practice"}, {r.Staff, r.Author, 403, "block_by_practice"}, {r.Other, r.Other, 409, "block_of_oneself"},
		{r.Other, r.Outside, 404, "not_found"},
	} {
		want(t, try.by.Put("/members/"+try.of.ID+"/block", nil), try.status, try.code)
	}
	if got := hookstest.Into[struct{ Items []struct{ ID string } }](r.Other.Get("/blocks")).Items; len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestWhoWritesFollows(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.made(t, r.Other, "/posts/"+post+"/comments")
	done(t, r.Caregiver.Put("/posts/"+post+"/follow", nil))
	if got := r.news(t, r.Author.ID, post); got == "" || got == "none" {
		t.Errorf("the author of the post: %q", got)
	}
	for _, who := range []*hookstest.Client{r.Other, r.Caregiver} {
		if got := r.news(t, who.ID, post); got != "" {
			t.Errorf("nothing is new yet: %q", got)
		}
	}
	first := r.news(t, r.Author.ID, post)
	done(t, r.Other.Put("/members/"+r.Caregiver.ID+"/block", nil))
	r.made(t, r.Caregiver, "/posts/"+post+"/comments")
	if got := r.news(t, r.Author.ID, post); got != first {
		t.Errorf("the first unread answer stays the first: %q, then %q", first, got)
	}
	if got := r.news(t, r.Other.ID, post); got != "" {
		t.Errorf("who has blocked the writer is told: %q", got)
	}
	done(t, r.Author.Put("/posts/"+post+"/seen", nil))
	if got := r.news(t, r.Author.ID, post); got != "" {
		t.Errorf("seen: %q", got)
	}
	done(t, r.Author.Delete("/posts/"+post+"/follow"))
	r.made(t, r.Other, "/posts/"+post+"/comments")
	if got := r.news(t, r.Author.ID, post); got != "none" {
		t.Errorf("not followed any more: %q", got)
	}
}

// A held answer is news when it appears, and not before.
func TestAHeldAnswerIsNoNews(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.HoldWord("wait")
	answer := r.Other.Post("/posts/"+post+"/comments", map[string]any{"body": "wait"})
	if answer.Status != http.StatusAccepted {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	if got := r.news(t, r.Author.ID, post); got != "" {
		t.Errorf("held: %q", got)
	}
	record, err := r.App.FindRecordById(clinic.Comments, hookstest.Into[struct{ ID string }](answer).ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Shown)
	record.Set(clinic.DecidedBy, clinic.Decision{Member: r.Lead.ID})
	if err := r.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := r.news(t, r.Author.ID, post); got == "" || got == "none" {
		t.Errorf("published: %q", got)
	}
}

func TestTheLists(t *testing.T) {
	r := newRoom(t)
	var posts []string
	for range 23 {
		post := r.post(t)
		r.Pass(1e6)
		posts = append(posts, post)
		done(t, r.Other.Put("/posts/"+post+"/save", nil))
	}
	type list struct {
		Items []struct{ ID, Kind, Title, Excerpt, Since string }
		Next  string
	}
	first := hookstest.Into[list](r.Other.Get("/saved"))
	further := hookstest.Into[list](r.Other.Get("/saved?before=" + first.Next))
	seen := map[string]bool{}
	for _, one := range append(first.Items, further.Items...) {
		seen[one.ID] = true
	}
	if len(first.Items) != 20 || len(further.Items) != 3 || further.Next != "" || len(seen) != 23 || first.Items[0].Excerpt != "A walk along the river." {
		t.Errorf("%d, %d, %d: %+v", len(first.Items), len(further.Items), len(seen), first.Items[0])
	}
	want(t, r.Other.Get("/saved?before=x"), http.StatusBadRequest, "before:invalid")
	if got := hookstest.Into[list](r.Author.Get("/follows")); len(got.Items) != 20 {
		t.Errorf("%d followed", len(got.Items))
	}
	if r := r.Author.Delete("/posts/" + posts[22]); r.Status != http.StatusNoContent {
		t.Fatal(r.Status)
	}
	if got := hookstest.Into[list](r.Other.Get("/saved")); len(got.Items) != 19 {
		t.Errorf("a deleted post is still listed: %d", len(got.Items))
	}
	done(t, r.Other.Put("/posts/"+posts[0]+"/mute", nil))
	done(t, r.Other.Put("/communities/"+r.ID+"/mute", nil))
	type mutes struct {
		Posts, Communities []struct{ ID, Name string }
		Next               string
	}
	muted := hookstest.Into[mutes](r.Other.Get("/mutes"))
	if len(muted.Posts) != 1 || len(muted.Communities) != 1 || muted.Communities[0].Name == "" || muted.Next != "" {
		t.Errorf("%+v", muted)
	}
	for _, post := range posts[1:22] {
		done(t, r.Other.Put("/posts/"+post+"/mute", nil))
	}
	muted = hookstest.Into[mutes](r.Other.Get("/mutes"))
	rest := hookstest.Into[mutes](r.Other.Get("/mutes?before=" + muted.Next))
	once := map[string]bool{}
	for _, one := range append(muted.Posts, rest.Posts...) {
		once[one.ID] = true
	}
	if len(muted.Posts) != 20 || len(rest.Posts) != 2 || len(once) != 22 || len(rest.Communities) != 0 || rest.Next != "" {
		t.Errorf("%d and %d muted, %d in all: %+v", len(muted.Posts), len(rest.Posts), len(once), rest)
	}
	if got := r.Author.Delete("/posts/" + posts[21]); got.Status != http.StatusNoContent {
		t.Fatal(got.Status)
	}
	if got := hookstest.Into[mutes](r.Other.Get("/mutes")); len(got.Posts) != 19 {
		t.Errorf("a deleted post is still listed: %d", len(got.Posts))
	}
	want(t, r.Other.Get("/mutes?before=x"), http.StatusBadRequest, "before:invalid")
}

// Who leaves or is removed keeps nothing.
func TestWhoLeavesLosesTheirs(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/posts/" + post + "/mute", "/communities/" + r.ID + "/mute",
		"/members/" + r.Author.ID + "/block"} {
		done(t, r.Other.Put(path, nil))
	}
	done(t, r.Author.Put("/members/"+r.Other.ID+"/block", nil))
	left := func() (rows int) {
		for _, table := range []string{"follows", "saves", "mutes", "blocks", "visits"} {
			var n int
			if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM " + table + " WHERE member = {:id}").Bind(dbx.Params{"id": r.Other.ID}).Row(&n); err != nil {
				t.Fatal(err)
			}
			rows += n
		}
		return rows
	}
	done(t, r.Other.Put("/home/visit", nil))
	if got := left(); got != 6 {
		t.Fatalf("%d rows before", got)
	}
	done(t, r.Other.Delete("/communities/"+r.ID+"/members/"+r.Other.ID))
	if got := left(); got != 2 { // the block and the visit
		t.Errorf("%d rows after leaving", got)
	}
	if got := r.Founder().Post("/members/"+r.Other.ID+"/remove", map[string]string{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := left(); got != 0 {
		t.Errorf("%d rows after the end", got)
	}
	if got := hookstest.Into[marks](r.Author.Get("/marks")).Blocked; len(got) != 0 {
		t.Errorf("blocked: %v", got)
	}
}

// Who begins to work here is heard by everybody, and hears everybody.
func TestWhoBeginsToWorkHereIsNotBlocked(t *testing.T) {
	r := newRoom(t)
	done(t, r.Other.Put("/members/"+r.Author.ID+"/block", nil))
	done(t, r.Author.Put("/members/"+r.Other.ID+"/block", nil))
	done(t, r.Other.Put("/members/"+r.Caregiver.ID+"/block", nil))
	r.Become(r.Author, clinic.Caregiver)
	if got := hookstest.Into[marks](r.Other.Get("/marks")).Blocked; len(got) != 2 {
		t.Errorf("a caregiver is blocked on: %v", got)
	}
	r.Become(r.Author, clinic.Staff)
	if got := hookstest.Into[marks](r.Other.Get("/marks")).Blocked; len(got) != 1 || got[0] != r.Caregiver.ID {
		t.Errorf("blocked: %v", got)
	}
	var of int
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM blocks WHERE member = '" + r.Author.ID + "'").Row(&of); err != nil || of != 0 {
		t.Errorf("they block %d, %v", of, err)
	}
}

// A comment is hidden with the post above it, and so is what the post is called now.
func TestASavedCommentIsHiddenWithItsPost(t *testing.T) {
	r := newRoom(t)
	r.HoldWord("tobeheld")
	post := r.post(t)
	comment := r.made(t, r.Lead, "/posts/"+post+"/comments")
	for _, path := range []string{"/comments/" + comment + "/save", "/posts/" + post + "/save", "/posts/" + post + "/follow", "/posts/" + post + "/mute"} {
		done(t, r.Other.Put(path, nil))
	}
	if got := string(r.Other.Get("/saved").Body); !strings.Contains(got, comment) {
		t.Fatalf("before: %s", got)
	}
	if got := r.Author.Patch("/posts/"+post, map[string]any{"title": "My neighbour", "body": "tobeheld"}); got.Status != http.StatusAccepted {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	for _, path := range []string{"/saved", "/follows", "/mutes"} {
		if got := string(r.Other.Get(path).Body); strings.Contains(got, post) || strings.Contains(got, "neighbour") {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// Who is suspended is nobody else's to know: blocking them is answered as before.
func TestABlockTellsNotWhoIsSuspended(t *testing.T) {
	r := newRoom(t)
	if got := r.Lead.Post("/members/"+r.Author.ID+"/suspend", map[string]string{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	done(t, r.Other.Put("/members/"+r.Author.ID+"/block", nil))
	want(t, r.Other.Put("/members/"+r.Outside.ID+"/block", nil), http.StatusNotFound, "not_found")
	if got := r.Founder().Post("/members/"+r.Caregiver.ID+"/remove", map[string]string{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	want(t, r.Other.Put("/members/"+r.Caregiver.ID+"/block", nil), http.StatusNotFound, "not_found")
}

// The list of muted posts reads only how each begins, and tells it like the other lists.
func TestAMutedPostIsToldByItsBeginning(t *testing.T) {
	r := newRoom(t)
	answer := r.Author.Post("/communities/"+r.ID+"/posts", map[string]any{"kind": "discussion", "title": "Walks", "body": strings.Repeat("**A long** walk along the river. ", 300)})
	post := hookstest.Into[struct{ ID string }](answer).ID
	done(t, r.Other.Put("/posts/"+post+"/mute", nil))
	done(t, r.Other.Put("/posts/"+post+"/follow", nil))
	type item struct{ Excerpt string }
	muted := hookstest.Into[struct{ Posts []item }](r.Other.Get("/mutes")).Posts
	followed := hookstest.Into[struct{ Items []item }](r.Other.Get("/follows")).Items
	if len(muted) != 1 || len(followed) != 1 || muted[0] != followed[0] || !strings.HasPrefix(muted[0].Excerpt, "A long walk") {
		t.Errorf("%v, followed %v", muted, followed)
	}
}
