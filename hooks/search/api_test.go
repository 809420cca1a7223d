package search_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type found struct {
	Items []struct {
		ID, Kind, Post, Community string
		Title                     string
		Excerpt                   string `json:"excerpt_html"`
		Author                    struct{ ID, Name string }
	}
	Next    *string
	Instead []struct {
		Typed string
		Found []string
	}
	Policies []struct {
		Slug, Title string
		Excerpt     string `json:"excerpt_html"`
	}
}

// house is two communities that share a lead and no patient.
type house struct {
	*hookstest.Clinic
	lead, heron, maple *hookstest.Client
	hearts, sugar      string
}

func newHouse(t *testing.T) *house {
	t.Helper()
	c := hookstest.New(t)
	h := &house{Clinic: c, lead: c.Provider(), heron: c.Patient(), maple: c.Patient()}
	h.hearts = c.Community(clinic.KindCondition, []*hookstest.Client{h.lead}, h.heron)
	h.sugar = c.Community(clinic.KindCondition, []*hookstest.Client{h.lead}, h.maple)
	return h
}

func made(t *testing.T, r *hookstest.Response) string {
	t.Helper()
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return hookstest.Into[struct{ ID string }](r).ID
}

func post(t *testing.T, by *hookstest.Client, community, title, body string) string {
	t.Helper()
	return made(t, by.Post("/communities/"+community+"/posts", map[string]any{"kind": "discussion", "title": title, "body": body}))
}

func look(t *testing.T, by *hookstest.Client, asked map[string]any) found {
	t.Helper()
	r := by.Post("/search", asked)
	if r.Status != http.StatusOK {
		t.Fatalf("%v: %d %s", asked, r.Status, r.Body)
	}
	return hookstest.Into[found](r)
}

func q(words string) map[string]any { return map[string]any{"q": words} }

func TestWhatIsFound(t *testing.T) {
	h := newHouse(t)
	walk := post(t, h.heron, h.hearts, "A long walk", "We went along the **river**, and the café was open.")
	comment := made(t, h.lead.Post("/posts/"+walk+"/comments", map[string]any{"body": "Was the riverbank wet?"}))
	for words, want := range map[string][]string{
		"river": {walk, comment}, "RIVER cafe": {walk}, "walk": {walk}, "riverba": {comment}, "long river": {walk}, "nothing": nil,
		"river nothing": nil, `"`: nil, "wet OR walk": nil, "alk": nil,
	} {
		if words == `"` {
			if got := h.heron.Post("/search", q(words)).Code(); got != "search_nothing_asked" {
				t.Errorf("%s: %q", words, got)
			}
			continue
		}
		got := look(t, h.heron, q(words))
		ids := []string{}
		for _, item := range got.Items {
			ids = append(ids, item.ID)
		}
		if strings.Join(ids, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", words, ids, want)
		}
	}
	hit := look(t, h.heron, q("cafe")).Items[0]
	if hit.Title != "A long walk" || !strings.Contains(hit.Excerpt, "the <mark>café</mark> was") || strings.Contains(hit.Excerpt, "**") {
		t.Errorf("%+v", hit)
	}
	if mine := look(t, h.heron, map[string]any{"q": "river", "mine": true}).Items; len(mine) != 1 || mine[0].ID != walk {
		t.Errorf("mine: %+v", mine)
	}
	if comments := look(t, h.heron, map[string]any{"q": "river", "kind": "comment"}).Items; len(comments) != 1 || comments[0].ID != comment {
		t.Errorf("comments: %+v", comments)
	}
}

// A word that others use all the time is found where the reader is, however long ago it was written there, and theirs is not.
func TestWhatIsRareHereAndFrequentElsewhere(t *testing.T) {
	h := newHouse(t)
	var mine []string
	for i := range 25 {
		mine = append([]string{post(t, h.heron, h.hearts, "T", fmt.Sprint("quilfandor ", i))}, mine...)
	}
	other := post(t, h.maple, h.sugar, "T", "quilfandor there")
	_, err := h.App.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO posts (id, community, author, kind, status, title, body, html, created, updated)
		SELECT printf('copy%011d', i), community, author, kind, status, title, body, html, created, updated FROM posts, n WHERE id = {:other}`).
		Bind(map[string]any{"other": other}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	first := look(t, h.heron, q("quilfandor"))
	if first.Next == nil {
		t.Fatalf("%d hits and no next page", len(first.Items))
	}
	second := look(t, h.heron, map[string]any{"q": "quilfandor", "before": *first.Next})
	got := []string{}
	for _, item := range append(first.Items, second.Items...) {
		got = append(got, item.ID)
	}
	if strings.Join(got, " ") != strings.Join(mine, " ") || second.Next != nil {
		t.Errorf("%v, want %v", got, mine)
	}
	if theirs := look(t, h.maple, q("quilfandor")); len(theirs.Items) != 20 || theirs.Items[0].ID != "copy00000000400" || theirs.Items[19].ID != "copy00000000381" {
		t.Errorf("who is there: %+v", theirs.Items)
	}
	if both := look(t, h.lead, map[string]any{"q": "quilfandor", "community": h.hearts}); len(both.Items) != 20 || both.Items[0].ID != mine[0] {
		t.Errorf("in one of two communities: %+v", both.Items)
	}
}

// TestPagesGoFromTheWordItselfToLongerOnes: each hit once, those with the very word first, of both kinds the newest first.
func TestPagesGoFromTheWordItselfToLongerOnes(t *testing.T) {
	h := newHouse(t)
	want := make([]string, 50)
	for i := range want {
		words := "a quilfandor walk"
		if i%2 == 0 {
			words = "some quilfandorish walk"
		}
		place := 24 - i/2
		if i%2 == 0 {
			place += 25
		}
		want[place] = post(t, h.heron, h.hearts, "T", words)
	}
	var got []string
	asked := q("quilfandor")
	for pages := 0; ; pages++ {
		if pages > 5 {
			t.Fatal("the pages do not end")
		}
		page := look(t, h.heron, asked)
		for _, item := range page.Items {
			got = append(got, item.ID)
		}
		if page.Next == nil {
			break
		}
		asked["before"] = *page.Next
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%d hits in another order:\n%v\n%v", len(got), got, want)
	}
}

func TestNothingLeavesItsCommunity(t *testing.T) {
	h := newHouse(t)
	secret := post(t, h.maple, h.sugar, "Hypoglycemia", "My hypoglycemia came at night.")
	for _, asked := range []map[string]any{q("hypoglycemia"), q("hypoglycemai"), q("hypo"), {"q": "hypoglycemia", "community": h.sugar},
		{"q": "hypoglycemia", "mine": true}, {"q": "night", "kind": "discussion"}, q(h.sugar), q("kinddiscussion"), q("by" + h.maple.ID)} {
		r := h.heron.Post("/search", asked)
		if r.Status != http.StatusOK || strings.TrimSpace(string(r.Body)) != `{"items":[],"next":null,"instead":[],"policies":[]}` {
			t.Errorf("%v: %d %s", asked, r.Status, r.Body)
		}
	}
	if got := look(t, h.lead, q("hypoglycemai")); len(got.Items) != 1 || got.Items[0].ID != secret || got.Instead[0].Found[0] != "hypoglycemia" {
		t.Errorf("with a typing error, who may see it: %+v", got)
	}
	if got := h.Guest().Post("/search", q("night")).Code(); got != "sign_in_required" {
		t.Errorf("a guest: %q", got)
	}
	if got := h.Owing("patient").Post("/search", q("night")).Code(); got != "policy_acknowledgement_required" {
		t.Errorf("who owes: %q", got)
	}
	if r := h.lead.Delete("/communities/" + h.sugar + "/members/" + h.maple.ID); r.Status != http.StatusNoContent {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := look(t, h.maple, q("hypoglycemia")); len(got.Items) != 0 {
		t.Errorf("who left still finds %+v", got)
	}
}

func TestTypingErrors(t *testing.T) {
	h := newHouse(t)
	id := post(t, h.heron, h.hearts, "A walk", "My cardiologist said that swimming is fine too.")
	for _, typed := range []string{"wlak", "wakl", "wallk", "wolk", "xalk", "cardiologits", "kardiologist", "swiming", "simming", "walk swimmign"} {
		got := look(t, h.heron, q(typed))
		if len(got.Items) != 1 || got.Items[0].ID != id || len(got.Instead) != 1 {
			t.Errorf("%s: %+v", typed, got)
		}
	}
	for _, typed := range []string{"wxyk", "card1ogy", "zzzz"} {
		if got := look(t, h.heron, q(typed)); len(got.Items) != 0 || len(got.Instead) != 0 {
			t.Errorf("%s: %+v", typed, got)
		}
	}
}

func TestEditedDeletedAndHeldAreFoundNoMore(t *testing.T) {
	h := newHouse(t)
	id := post(t, h.heron, h.hearts, "Before", "aspirin in the morning")
	if r := h.heron.Patch("/posts/"+id, map[string]any{"title": "After", "body": "nothing in the morning"}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := look(t, h.lead, q("aspirin")); len(got.Items) != 0 || len(got.Instead) != 0 {
		t.Errorf("what it said before is found: %+v", got)
	}
	if got := look(t, h.lead, q("after morning")); len(got.Items) != 1 {
		t.Errorf("what it says now is not found: %+v", got)
	}
	record, err := h.App.FindRecordById(clinic.Posts, id)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Held)
	if err := h.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := look(t, h.lead, q("morning")); len(got.Items) != 0 {
		t.Errorf("a held post is found: %+v", got)
	}
	record.Set("status", clinic.Shown)
	if err := h.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := look(t, h.lead, q("morning")); len(got.Items) != 1 {
		t.Errorf("a post that was let go is not found: %+v", got)
	}
	if r := h.heron.Delete("/posts/" + id); r.Status != http.StatusNoContent {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := look(t, h.lead, q("morning")); len(got.Items) != 0 {
		t.Errorf("a tombstone is found: %+v", got)
	}
}

func TestPages(t *testing.T) {
	h := newHouse(t)
	about := post(t, h.heron, h.hearts, "", "the first lantern")
	for n := range 44 {
		made(t, h.heron.Post("/posts/"+about+"/comments", map[string]any{"body": fmt.Sprintf("lantern %d", n)}))
	}
	seen := map[string]bool{}
	cursor := ""
	for pages := 1; ; pages++ {
		got := look(t, h.heron, map[string]any{"q": "lantern", "before": cursor})
		for _, item := range got.Items {
			if seen[item.ID] {
				t.Errorf("%s twice", item.ID)
			}
			seen[item.ID] = true
		}
		if got.Next == nil {
			if pages != 3 {
				t.Errorf("%d pages", pages)
			}
			break
		}
		cursor = *got.Next
	}
	if len(seen) != 45 {
		t.Errorf("%d found", len(seen))
	}
	for _, wrong := range []map[string]any{{"q": "x", "before": "?"}, {"q": "x", "kind": "a b"}, {"q": 1}} {
		if r := h.heron.Post("/search", wrong); r.Status != http.StatusBadRequest {
			t.Errorf("%v: %d %s", wrong, r.Status, r.Body)
		}
	}
}

// TestWhoIsBlockedIsNotFound: neither as a hit, nor as what a typing error was meant for, and only by who blocked them.
func TestWhoIsBlockedIsNotFound(t *testing.T) {
	h := newHouse(t)
	rude := h.Patient()
	h.Join(h.hearts, rude, false)
	mine := post(t, h.heron, h.hearts, "A walk", "Along the canal in the morning.")
	theirs := post(t, rude, h.hearts, "A ride", "Along the canal by bicycle.")
	answer := made(t, rude.Post("/posts/"+mine+"/comments", map[string]any{"body": "The canal is boring."}))
	ids := func(by *hookstest.Client, asked map[string]any) string {
		var out []string
		for _, item := range look(t, by, asked).Items {
			out = append(out, item.ID)
		}
		return strings.Join(out, " ")
	}
	if got := ids(h.heron, q("canal")); got != strings.Join([]string{answer, theirs, mine}, " ") {
		t.Fatalf("before: %s", got)
	}
	if r := h.heron.Put("/members/"+rude.ID+"/block", nil); r.Status >= 300 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for words, want := range map[string]string{"canal": mine, "cana": mine, "bicycle": "", "bicylce": "", "boring": "", "canla": mine} {
		if got := ids(h.heron, q(words)); got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
	if got := look(t, h.heron, q("bicylce")); len(got.Instead) != 0 {
		t.Errorf("a blocked author's word is offered: %+v", got.Instead)
	}
	if got := ids(h.lead, q("canal")); got != strings.Join([]string{answer, theirs, mine}, " ") {
		t.Errorf("others: %s", got)
	}
	if r := h.heron.Delete("/members/" + rude.ID + "/block"); r.Status >= 300 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := ids(h.heron, q("bicycle")); got != theirs {
		t.Errorf("no longer blocked: %q", got)
	}
}

func TestSearchIsThrottled(t *testing.T) {
	h := newHouse(t)
	for range 60 {
		look(t, h.heron, q("x"))
	}
	if got := h.heron.Post("/search", q("x")).Code(); got != "rate_limited" {
		t.Errorf("the sixty-first: %q", got)
	}
	look(t, h.maple, q("x"))
}

// A comment is hidden with the post above it: neither its words nor the post's new title are found, counted or guessed.
func TestWhatStandsUnderAHeldPostIsNotFound(t *testing.T) {
	h := newHouse(t)
	h.HoldWord("tobeheld")
	other := h.Patient()
	h.Join(h.hearts, other, false)
	walk := post(t, h.heron, h.hearts, "A walk", "Along the river.")
	for i := range 25 {
		made(t, other.Post("/posts/"+walk+"/comments", map[string]any{"body": fmt.Sprintf("A quagmire, number %d.", i)}))
	}
	last := post(t, other, h.hearts, "Another walk", "Into the quagmire.")
	for range 25 {
		made(t, other.Post("/posts/"+walk+"/comments", map[string]any{"body": "Yet another quagmire."}))
	}
	if got := look(t, h.lead, q("quagmire")); len(got.Items) != 20 || got.Next == nil {
		t.Fatalf("before: %+v", got)
	}
	if r := h.heron.Patch("/posts/"+walk, map[string]any{"title": "My neighbour", "body": "tobeheld"}); r.Status != http.StatusAccepted {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for _, words := range []string{"quagmire", "quagmir"} {
		if got := look(t, other, q(words)); len(got.Items) != 1 || got.Items[0].ID != last || got.Next != nil {
			t.Errorf("%s: %+v", words, got)
		}
	}
	for _, words := range []string{"another quagmire", "yet", "neighbour", "numbar", "quagmirr"} {
		if got := look(t, other, q(words)); words != "another quagmire" && (len(got.Items) != 0 || len(got.Instead) != 0) || got.Next != nil {
			t.Errorf("%s: %+v", words, got)
		}
	}
	if got := look(t, h.lead, q("yet")); len(got.Items) != 20 || got.Items[0].Post != walk {
		t.Errorf("the desk: %+v", got)
	}
}

// A cursor tells nothing of what was written elsewhere, and none but the house makes one.
func TestACursorTellsNothing(t *testing.T) {
	h := newHouse(t)
	for range 21 {
		post(t, h.heron, h.hearts, "T", "pangolin")
	}
	first, again := look(t, h.heron, q("pangolin")), look(t, h.heron, q("pangolin"))
	if first.Next == nil || again.Next == nil || *first.Next == *again.Next {
		t.Fatalf("%v %v", first.Next, again.Next)
	}
	text, err := base64.RawURLEncoding.DecodeString(*first.Next)
	if err != nil || json.Valid(text) || strings.Contains(string(text), "false") {
		t.Errorf("it can be read: %s %v", text, err)
	}
	if got := look(t, h.heron, map[string]any{"q": "pangolin", "before": *first.Next}); len(got.Items) != 1 || got.Next != nil {
		t.Errorf("the second page: %+v", got)
	}
	for _, made := range []string{access.WriteCursor([2]any{false, 5}), h.House.SealCursor("another", [2]any{false, 5}), "x", *first.Next + "x"} {
		if got := h.heron.Post("/search", map[string]any{"q": "pangolin", "before": made}); got.Code() != "before:invalid" {
			t.Errorf("%s: %d %s", made, got.Status, got.Body)
		}
	}
}
