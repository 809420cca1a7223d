package reaction_test

import (
	"fmt"
	"net/http"
	"sync"
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

type shown struct {
	ID        string
	Reactions map[string]int
	Mine      []string
	Comments  struct{ Items []shown }
}

func (r *room) made(t *testing.T, by *hookstest.Client, path string) string {
	t.Helper()
	answer := by.Post(path, map[string]any{"kind": "discussion", "body": "A walk along the river."})
	if answer.Status != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, answer.Status, answer.Body)
	}
	return hookstest.Into[shown](answer).ID
}

func (r *room) post(t *testing.T) string { return r.made(t, r.Author, "/communities/"+r.ID+"/posts") }

func want(t *testing.T, r *hookstest.Response, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code() != code {
		t.Errorf("%d %s, want %d %q", r.Status, r.Body, status, code)
	}
}

func TestReactionsAreCountedOnThePiece(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.Other, "/posts/"+post+"/comments")
	for range 3 {
		got := hookstest.Into[shown](r.Other.Put("/posts/"+post+"/reactions/helpful", nil))
		if fmt.Sprint(got.Reactions) != "map[helpful:1]" || fmt.Sprint(got.Mine) != "[helpful]" {
			t.Errorf("given again and again: %+v", got)
		}
	}
	r.Other.Put("/posts/"+post+"/reactions/with_you", nil)
	r.Lead.Put("/posts/"+post+"/reactions/helpful", nil)
	r.Author.Put("/comments/"+comment+"/reactions/thank_you", nil)
	for _, who := range []*hookstest.Client{r.Author, r.Other, r.Lead} {
		got := hookstest.Into[shown](who.Get("/posts/" + post))
		if fmt.Sprint(got.Reactions, got.Comments.Items[0].Reactions) != "map[helpful:2 with_you:1] map[thank_you:1]" {
			t.Errorf("the thread: %+v", got)
		}
		feed := hookstest.Into[struct{ Items []shown }](who.Get("/communities/" + r.ID + "/posts"))
		if fmt.Sprint(feed.Items[0].Reactions) != "map[helpful:2 with_you:1]" {
			t.Errorf("the feed: %+v", feed.Items[0])
		}
	}
	for range 2 {
		if got := hookstest.Into[shown](r.Other.Delete("/posts/" + post + "/reactions/helpful")); fmt.Sprint(got.Reactions, got.Mine) != "map[helpful:1 with_you:1] [with_you]" {
			t.Errorf("taken back: %+v", got)
		}
	}
	r.Other.Delete("/posts/" + post + "/reactions/with_you")
	r.Lead.Delete("/posts/" + post + "/reactions/helpful")
	if got := hookstest.Into[shown](r.Other.Get("/posts/" + post)); len(got.Reactions) != 0 {
		t.Errorf("all taken back: %+v", got)
	}
}

func TestAnEditLeavesTheNumbers(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.Other.Put("/posts/"+post+"/reactions/helpful", nil)
	stale, err := r.App.FindRecordById(clinic.Posts, post)
	if err != nil {
		t.Fatal(err)
	}
	r.Lead.Put("/posts/"+post+"/reactions/helpful", nil)
	if got := r.Author.Patch("/posts/"+post, map[string]any{"body": "Another walk."}); got.Status != http.StatusOK || hookstest.Into[shown](got).Reactions["helpful"] != 2 {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	stale.Set("reactions", `{"helpful":99}`)
	if err := r.App.Save(stale); err != nil {
		t.Fatal(err)
	}
	if got := hookstest.Into[shown](r.Other.Get("/posts/" + post)); got.Reactions["helpful"] != 2 {
		t.Errorf("saved by who had read it before: %+v", got)
	}
}

func TestManyReactAtOnce(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	members := []*hookstest.Client{}
	for range 12 {
		one := r.Patient()
		r.Join(r.ID, one, false)
		members = append(members, one)
	}
	var all sync.WaitGroup
	for i, one := range members {
		all.Go(func() {
			one.Put("/posts/"+post+"/reactions/helpful", nil)
			if i%3 == 0 {
				one.Delete("/posts/" + post + "/reactions/helpful")
			}
		})
	}
	all.Wait()
	if got := hookstest.Into[shown](r.Author.Get("/posts/" + post)); got.Reactions["helpful"] != 8 {
		t.Errorf("%+v", got)
	}
}

func TestNobodyReactsToWhatTheyCannotSee(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	comment := r.made(t, r.Author, "/posts/"+post+"/comments")
	held := r.post(t)
	record, err := r.App.FindRecordById(clinic.Posts, held)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Held)
	if err := r.App.Save(record); err != nil {
		t.Fatal(err)
	}
	nothing := r.Outside.Put("/posts/nothingthere000/reactions/helpful", nil)
	for _, path := range []string{"/posts/" + post, "/comments/" + comment, "/comments/" + post, "/posts/" + comment} {
		for _, got := range []*hookstest.Response{r.Outside.Put(path+"/reactions/helpful", nil), r.Outside.Delete(path + "/reactions/helpful")} {
			if got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
				t.Errorf("%s: %d %s", path, got.Status, got.Body)
			}
		}
	}
	want(t, r.Other.Put("/posts/"+held+"/reactions/helpful", nil), http.StatusNotFound, "not_found")
	want(t, r.Lead.Put("/posts/"+held+"/reactions/helpful", nil), http.StatusConflict, "reaction_not_shown")
	want(t, r.Author.Put("/posts/"+post+"/reactions/helpful", nil), http.StatusConflict, "reaction_to_own")
	want(t, r.Other.Put("/posts/"+post+"/reactions/love", nil), http.StatusBadRequest, "kind:invalid")
	want(t, r.Guest().Put("/posts/"+post+"/reactions/helpful", nil), http.StatusUnauthorized, "sign_in_required")
}

// The record event says the same, whoever writes: there is no other way to a row.
func TestTheRecordEventRefusesOtherRows(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	collection, err := r.App.FindCollectionByNameOrId(clinic.Reactions)
	if err != nil {
		t.Fatal(err)
	}
	try := func(member, kind string) error {
		record := core.NewRecord(collection)
		record.Load(map[string]any{"member": member, "piece": post, "kind": kind})
		return r.House.Save(r.App, record)
	}
	for _, wrong := range [][2]string{{r.Outside.ID, "helpful"}, {r.Author.ID, "helpful"}, {"nothingthere000", "helpful"}, {r.Other.ID, "love"}} {
		if try(wrong[0], wrong[1]) == nil {
			t.Errorf("%v was stored", wrong)
		}
	}
	if err := try(r.Other.ID, "helpful"); err != nil {
		t.Error(err)
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{"member": r.Other.ID, "piece": post, "kind": "with_you"})
	if r.App.Save(record) == nil {
		t.Error("the dashboard has given a reaction")
	}
}

// The numbers stay when somebody leaves, and no row names them any more.
func TestWhoLeavesStaysCountedWithoutAName(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.Other.Put("/posts/"+post+"/reactions/with_you", nil)
	if got := r.Other.Delete("/communities/" + r.ID + "/members/" + r.Other.ID); got.Status != http.StatusNoContent {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	var rows int
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM reactions WHERE member = {:id}").Bind(dbx.Params{"id": r.Other.ID}).Row(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
	r.Lead.Put("/posts/"+post+"/reactions/with_you", nil)
	if got := hookstest.Into[shown](r.Author.Get("/posts/" + post)); got.Reactions["with_you"] != 2 {
		t.Errorf("%+v", got)
	}
}

// A gone post takes its reactions along, if the dashboard removes it for good.
func TestNothingIsLeftOfARemovedPiece(t *testing.T) {
	r := newRoom(t)
	post := r.post(t)
	r.Other.Put("/posts/"+post+"/reactions/with_you", nil)
	record, err := r.App.FindRecordById(clinic.Posts, post)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.App.Delete(record); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM reactions").Row(&rows); err != nil || rows != 0 {
		t.Errorf("%d rows, %v", rows, err)
	}
}
