package policy_test

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// TestConsequencesReadAllThatWasWritten: what can be chosen in a poll and what files say too, as posting does, and with as many statements
// for many texts as for few.
func TestConsequencesReadAllThatWasWritten(t *testing.T) {
	c := hookstest.New(t)
	editor, lead, patient := c.Staff("policies"), c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient, editor)
	made := func(form object) string {
		r := patient.Post("/communities/"+room+"/posts", form)
		if r.Status != http.StatusCreated {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		return hookstest.Into[struct{ ID string }](r).ID
	}
	ends := c.House.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	made(object{"kind": "poll", "title": "What do you drink?", "poll": object{"choices": []string{"Tea", "Marshmallow in the cup"}, "ends": ends}})
	plain := made(object{"body": "A picture."})
	comment := hookstest.Into[struct{ ID string }](patient.Post("/posts/"+plain+"/comments", object{"body": "A sound."})).ID
	with := func(post, comment string, said object) {
		table, id := "posts", post
		if comment != "" {
			table, id = "comments", comment
		}
		must(t, run(c, "UPDATE "+table+" SET files = '[{}]' WHERE id = '"+id+"'"))
		fields := object{"alt": "", "transcript": "", "captions": ""}
		for name, value := range said {
			fields[name] = value
		}
		_, err := c.App.DB().NewQuery(`INSERT INTO files (id, owner, community, post, comment, current, status, kind, name, alt, transcript, captions, created)
			VALUES ({:id}, {:owner}, {:room}, {:post}, {:comment}, TRUE, 'ready', {:kind}, 'a.mp3', {:alt}, {:transcript}, {:captions}, '2026-01-01 00:00:00.000Z')`).
			Bind(dbx.Params{"id": "f" + id[1:], "owner": patient.ID, "room": room, "post": post, "comment": comment, "kind": said["kind"], "alt": fields["alt"],
				"transcript": fields["transcript"], "captions": fields["captions"]}).Execute()
		must(t, err)
	}
	with(plain, "", object{"kind": "picture", "alt": "A marshmallow on a stick"})
	with(plain, comment, object{"kind": "audio", "captions": "WEBVTT\n\n00:00.000 --> 00:01.000\nTake a marshmallow\n"})

	rules := []object{{"clause": "what-you-write", "detector": "word", "whose": []string{"patient"}, "action": "hold", "say": "A test.", "words": []string{"marshmallow"}}}
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "checks": object{"en": rules, "es": rules}})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	reader, counted := c.SignedIn(editor.ID), 0
	for _, builder := range []dbx.Builder{c.App.ConcurrentDB(), c.App.NonconcurrentDB()} {
		db := builder.(*dbx.DB)
		db.QueryLogFunc = func(context.Context, time.Duration, string, *sql.Rows, error) { counted++ }
	}
	ask := func() (out struct {
		Held, Tried int
		Holds       []struct{ Post, Comment, Excerpt string }
	}, statements int) {
		counted = 0
		r := reader.Post("/manage/policies/privacy/consequences", object{"class": "typo", "revision": revision})
		return hookstest.Into[struct {
			Held, Tried int
			Holds       []struct{ Post, Comment, Excerpt string }
		}](r), counted
	}
	ask() // what is read once, and kept
	got, few := ask()
	all := fmt.Sprint(got.Holds)
	for _, words := range []string{"Tea Marshmallow in the cup", "A marshmallow on a stick", "Take a marshmallow"} {
		if !strings.Contains(all, words) {
			t.Errorf("%q is not in %s", words, all)
		}
	}
	if got.Tried != 3 || got.Held != 3 {
		t.Errorf("%+v", got)
	}
	for range 20 {
		made(object{"body": "One more marshmallow."})
	}
	ask()
	if got, many := ask(); got.Tried != 23 || got.Held != 23 || few == 0 || many != few {
		t.Errorf("%d of %d held; %d statements for three texts, %d for many", got.Held, got.Tried, few, many)
	}
}

// TestConsequencesSayWhatWouldHaveHappened: to each text once, by what weighs most; and what is only said is not counted.
func TestConsequencesSayWhatWouldHaveHappened(t *testing.T) {
	c := hookstest.New(t)
	editor, lead, patient := c.Staff("policies"), c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	for _, body := range []string{"apricot", "apricot beetroot", "beetroot cabbage", "cabbage", "cabbage dandelion", "dandelion", "dandelion again", "elder", "figs"} {
		if r := patient.Post("/communities/"+room+"/posts", object{"body": "We ate " + body + "."}); r.Status != http.StatusCreated {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	rules := []object{}
	for word, action := range map[string]string{"apricot": "stop", "beetroot": "hold", "cabbage": "call", "dandelion": "ask", "elder": "say"} {
		rules = append(rules, object{"clause": "what-you-write", "detector": "word", "whose": []string{"patient"}, "action": action, "say": "A test.", "words": []string{word}})
	}
	r := editor.Put("/manage/policies/privacy/draft", object{"revision": 0, "checks": object{"en": rules, "es": rules}})
	revision := hookstest.Into[struct{ Revision int }](r).Revision
	type counts struct{ Stop, Hold, Call, Ask int }
	got := hookstest.Into[struct {
		Held, Tried int
		Met         counts
		Holds       []struct{ Action string }
	}](editor.Post("/manage/policies/privacy/consequences", object{"class": "typo", "revision": revision}))
	if want := (counts{Stop: 2, Hold: 1, Call: 2, Ask: 2}); got.Met != want || got.Held != 1 || got.Tried != 9 || len(got.Holds) != 7 {
		t.Errorf("%+v", got)
	}
}
