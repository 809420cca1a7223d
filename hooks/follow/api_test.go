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

type room struct {
	*hookstest.Clinic
	id                                             string
	lead, staff, author, other, caregiver, outside *hookstest.Client
}

func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider(), staff: c.Staff(), author: c.Patient(), other: c.Patient(), caregiver: c.Caregiver(), outside: c.Patient()}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.staff, r.author, r.other, r.caregiver)
	c.Community(clinic.KindPractice, []*hookstest.Client{c.Provider()}, r.outside)
	return r
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

func (r *room) post(t *testing.T) string { return r.made(t, r.author, "/communities/"+r.id+"/posts") }

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
	comment := r.made(t, r.author, "/posts/"+post+"/comments")
	for range 2 { // twice is once
		for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/comments/" + comment + "/save", "/posts/" + post + "/mute",
			"/communities/" + r.id + "/mute", "/members/" + r.author.ID + "/block"} {
			done(t, r.other.Put(path, nil))
		}
	}
	r.other.Put("/comments/"+comment+"/reactions/with_you", nil)
	for _, query := range []string{"?post=" + post, "?community=" + r.id, "?pieces=" + post + "," + comment} {
		got := hookstest.Into[marks](r.other.Get("/marks" + query))
		saved, kinds := 2, "[with_you]"
		if strings.HasPrefix(query, "?community") {
			saved, kinds = 1, "[]" // its posts alone
		}
		if len(got.Saved) != saved || fmt.Sprint(got.Follows, got.Muted, got.Blocked) != fmt.Sprintf("[%s] {[%s] [%s]} [%s]", post, post, r.id, r.author.ID) ||
			fmt.Sprint(got.Reactions[comment]) != kinds {
			t.Errorf("%s: %+v", query, got)
		}
		if got := string(r.outside.Get("/marks" + query).Body); strings.TrimSpace(got) != strings.TrimSpace(string(r.outside.Get("/marks?pieces=nothingthere000").Body)) {
			t.Errorf("who is not there: %s", got)
		}
		if got := hookstest.Into[marks](r.lead.Get("/marks" + query)); len(got.Saved)+len(got.Follows)+len(got.Blocked)+len(got.Reactions) != 0 {
			t.Errorf("somebody else: %+v", got)
		}
	}
	for range 2 {
		for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/comments/" + comment + "/save", "/posts/" + post + "/mute",
			"/communities/" + r.id + "/mute", "/members/" + r.author.ID + "/block"} {
			done(t, r.other.Delete(path))
		}
	}
	got := hookstest.Into[marks](r.other.Get("/marks?post=" + post))
	if len(got.Saved)+len(got.Follows)+len(got.Blocked)+len(got.Muted.Posts)+len(got.Muted.Communities) != 0 {
		t.Errorf("all undone: %+v", got)
	}
	want(t, r.other.Get("/marks?pieces="+strings.Repeat("aaaaaaaaaaaaaaa,", 101)), http.StatusBadRequest, "pieces:too_long")
}

func TestWhatOneCannotSeeIsNotThere(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.author, "/posts/"+post+"/comments")
	for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/seen", "/posts/" + post + "/save", "/comments/" + comment + "/save",
		"/posts/" + post + "/mute", "/communities/" + r.id + "/mute", "/members/" + r.author.ID + "/block", "/posts/" + comment + "/follow"} {
		nothing := r.outside.Put(strings.NewReplacer(post, "nothingthere000", comment, "nothingthere000", r.id, "nothingthere000", r.author.ID, "nothingthere000").Replace(path), nil)
		got := r.outside.Put(path, nil)
		if got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
			t.Errorf("PUT %s: %d %s, of nothing %d %s", path, got.Status, got.Body, nothing.Status, nothing.Body)
		}
		if strings.HasSuffix(path, "/block") || strings.HasSuffix(path, "/seen") {
			continue
		}
		if got := r.outside.Delete(path); got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
			t.Errorf("DELETE %s: %d %s", path, got.Status, got.Body)
		}
	}
	for _, path := range []string{"/follows", "/saved", "/mutes", "/blocks"} {
		if got := r.outside.Get(path); got.Status != http.StatusOK || strings.Contains(string(got.Body), post) {
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
	comment := r.made(t, r.author, "/posts/"+post+"/comments")
	for _, try := range []struct {
		collection string
		fields     map[string]any
	}{
		{clinic.Follows, map[string]any{"member": r.outside.ID, "post": post}},
		{clinic.Follows, map[string]any{"member": r.other.ID, "post": comment}},
		{clinic.Saves, map[string]any{"member": r.outside.ID, "piece": post}},
		{clinic.Mutes, map[string]any{"member": r.outside.ID, "post": post}},
		{clinic.Mutes, map[string]any{"member": r.outside.ID, "community": r.id}},
		{clinic.Mutes, map[string]any{"member": r.other.ID, "community": r.id, "post": post}},
		{clinic.Mutes, map[string]any{"member": r.other.ID}},
		{clinic.Blocks, map[string]any{"member": r.outside.ID, "blocked": r.author.ID}},
		{clinic.Blocks, map[string]any{"member": r.other.ID, "blocked": r.lead.ID}},
		{clinic.Blocks, map[string]any{"member": r.lead.ID, "blocked": r.other.ID}},
		{clinic.Blocks, map[string]any{"member": r.other.ID, "blocked": r.other.ID}},
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
		{r.other, r.author, 204, ""}, {r.other, r.caregiver, 204, ""}, {r.caregiver, r.author, 204, ""},
		{r.other, r.lead, 409, "block_of_practice"}, {r.other, r.staff, 409, "block_of_practice"}, {r.caregiver, r.lead, 409, "block_of_practice"},
		{r.lead, r.author, 403, "block_by_practice"}, {r.staff, r.author, 403, "block_by_practice"}, {r.other, r.other, 409, "block_of_oneself"},
		{r.other, r.outside, 404, "not_found"},
	} {
		want(t, try.by.Put("/members/"+try.of.ID+"/block", nil), try.status, try.code)
	}
	if got := hookstest.Into[struct{ Items []struct{ ID string } }](r.other.Get("/blocks")).Items; len(got) != 2 {
		t.Errorf("%+v", got)
	}
}

func TestWhoWritesFollows(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.made(t, r.other, "/posts/"+post+"/comments")
	done(t, r.caregiver.Put("/posts/"+post+"/follow", nil))
	if got := r.news(t, r.author.ID, post); got == "" || got == "none" {
		t.Errorf("the author of the post: %q", got)
	}
	for _, who := range []*hookstest.Client{r.other, r.caregiver} {
		if got := r.news(t, who.ID, post); got != "" {
			t.Errorf("nothing is new yet: %q", got)
		}
	}
	first := r.news(t, r.author.ID, post)
	done(t, r.other.Put("/members/"+r.caregiver.ID+"/block", nil))
	r.made(t, r.caregiver, "/posts/"+post+"/comments")
	if got := r.news(t, r.author.ID, post); got != first {
		t.Errorf("the first unread answer stays the first: %q, then %q", first, got)
	}
	if got := r.news(t, r.other.ID, post); got != "" {
		t.Errorf("who has blocked the writer is told: %q", got)
	}
	done(t, r.author.Put("/posts/"+post+"/seen", nil))
	if got := r.news(t, r.author.ID, post); got != "" {
		t.Errorf("seen: %q", got)
	}
	done(t, r.author.Delete("/posts/"+post+"/follow"))
	r.made(t, r.other, "/posts/"+post+"/comments")
	if got := r.news(t, r.author.ID, post); got != "none" {
		t.Errorf("not followed any more: %q", got)
	}
}

// A held answer is news when it appears, and not before.
func TestAHeldAnswerIsNoNews(t *testing.T) {
	r := newRoom(t)
	hold := func(e *core.RecordEvent) error {
		if _, decided := e.Record.Get(clinic.DecidedBy).(clinic.Decision); !decided {
			e.Record.Set("status", clinic.Held)
			e.Record.Set(clinic.FoundIn, []map[string]any{{"id": "f1", "check": "identifier", "family": "identifier", "detector": "phone",
				"clause": "no-names", "policy": "privacy", "policy_title": "Privacy", "action": "hold", "start": 0, "end": 6, "say": "This looks like a number."}})
		}
		return e.Next()
	}
	post := r.post(t)
	r.App.OnRecordCreate(clinic.Comments).BindFunc(hold)
	answer := r.other.Post("/posts/"+post+"/comments", map[string]any{"body": "wait"})
	if answer.Status != http.StatusAccepted {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	if got := r.news(t, r.author.ID, post); got != "" {
		t.Errorf("held: %q", got)
	}
	record, err := r.App.FindRecordById(clinic.Comments, hookstest.Into[struct{ ID string }](answer).ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Shown)
	record.Set(clinic.DecidedBy, clinic.Decision{Member: r.lead.ID})
	if err := r.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := r.news(t, r.author.ID, post); got == "" || got == "none" {
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
		done(t, r.other.Put("/posts/"+post+"/save", nil))
	}
	type list struct {
		Items []struct{ ID, Kind, Title, Excerpt, Since string }
		Next  string
	}
	first := hookstest.Into[list](r.other.Get("/saved"))
	further := hookstest.Into[list](r.other.Get("/saved?before=" + first.Next))
	seen := map[string]bool{}
	for _, one := range append(first.Items, further.Items...) {
		seen[one.ID] = true
	}
	if len(first.Items) != 20 || len(further.Items) != 3 || further.Next != "" || len(seen) != 23 || first.Items[0].Excerpt != "A walk along the river." {
		t.Errorf("%d, %d, %d: %+v", len(first.Items), len(further.Items), len(seen), first.Items[0])
	}
	want(t, r.other.Get("/saved?before=x"), http.StatusBadRequest, "before:invalid")
	if got := hookstest.Into[list](r.author.Get("/follows")); len(got.Items) != 20 {
		t.Errorf("%d followed", len(got.Items))
	}
	if r := r.author.Delete("/posts/" + posts[22]); r.Status != http.StatusNoContent {
		t.Fatal(r.Status)
	}
	if got := hookstest.Into[list](r.other.Get("/saved")); len(got.Items) != 19 {
		t.Errorf("a deleted post is still listed: %d", len(got.Items))
	}
	done(t, r.other.Put("/posts/"+posts[0]+"/mute", nil))
	done(t, r.other.Put("/communities/"+r.id+"/mute", nil))
	muted := hookstest.Into[struct{ Posts, Communities []struct{ ID, Name string } }](r.other.Get("/mutes"))
	if len(muted.Posts) != 1 || len(muted.Communities) != 1 || muted.Communities[0].Name == "" {
		t.Errorf("%+v", muted)
	}
}

// Who leaves or is removed keeps nothing.
func TestWhoLeavesLosesTheirs(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	for _, path := range []string{"/posts/" + post + "/follow", "/posts/" + post + "/save", "/posts/" + post + "/mute", "/communities/" + r.id + "/mute",
		"/members/" + r.author.ID + "/block"} {
		done(t, r.other.Put(path, nil))
	}
	done(t, r.author.Put("/members/"+r.other.ID+"/block", nil))
	left := func() (rows int) {
		for _, table := range []string{"follows", "saves", "mutes", "blocks", "visits"} {
			var n int
			if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM " + table + " WHERE member = {:id}").Bind(dbx.Params{"id": r.other.ID}).Row(&n); err != nil {
				t.Fatal(err)
			}
			rows += n
		}
		return rows
	}
	done(t, r.other.Put("/home/visit", nil))
	if got := left(); got != 6 {
		t.Fatalf("%d rows before", got)
	}
	done(t, r.other.Delete("/communities/"+r.id+"/members/"+r.other.ID))
	if got := left(); got != 2 { // the block and the visit
		t.Errorf("%d rows after leaving", got)
	}
	if got := r.Founder().Post("/members/"+r.other.ID+"/remove", map[string]string{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := left(); got != 0 {
		t.Errorf("%d rows after the end", got)
	}
	if got := hookstest.Into[marks](r.author.Get("/marks")).Blocked; len(got) != 0 {
		t.Errorf("blocked: %v", got)
	}
}
