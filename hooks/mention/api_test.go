package mention_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mention"
)

type room struct{ *hookstest.Room }

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{hookstest.NewRoom(t)}
	for who, name := range map[*hookstest.Client]string{r.Lead: "Ana Ruiz", r.Staff: "Lucy Hale", r.Author: "Quiet Heron", r.Other: "Maple Street", r.Caregiver: "Tom B.", r.Outside: "Far Away"} {
		r.rename(t, who, name)
	}
	return r
}

func (r *room) rename(t *testing.T, who *hookstest.Client, name string) {
	t.Helper()
	if got := who.Patch("/me", map[string]any{"name": name}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	r.renames(t)
}

// renames does what is done after names have changed.
func (r *room) renames(t *testing.T) {
	t.Helper()
	if err := mention.RenameAll(r.App); err != nil {
		t.Fatal(err)
	}
}

func call(who *hookstest.Client) string { return "@[somebody](member:" + who.ID + ")" }

type piece struct{ ID, HTML, Body, Updated string }

func (r *room) write(by *hookstest.Client, path, body string) *hookstest.Response {
	return by.Post(path, map[string]any{"kind": "discussion", "body": body})
}

func (r *room) post(t *testing.T, by *hookstest.Client, body string) piece {
	t.Helper()
	answer := r.write(by, "/communities/"+r.ID+"/posts", body)
	if answer.Status != http.StatusCreated {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[piece](answer)
}

// mentioned lists who is mentioned in a piece.
func (r *room) mentioned(t *testing.T, piece string) map[string]bool {
	t.Helper()
	var ids []string
	if err := r.App.DB().NewQuery("SELECT member FROM mentions WHERE piece = {:id}").Bind(dbx.Params{"id": piece}).Column(&ids); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, id := range ids {
		out[id] = true
	}
	return out
}

func TestAMentionIsRecordedWithTheWords(t *testing.T) {
	r := newRoom(t)
	r.post(t, r.Other, "Good morning.") // who has written nothing there cannot be called
	r.post(t, r.Caregiver, "Good evening.")
	post := r.post(t, r.Author, "Thank you, "+call(r.Other)+" and "+call(r.Lead)+", and "+call(r.Outside)+".")
	if !strings.Contains(post.HTML, `<span class="mention">@Maple Street</span> and <span class="mention">@Ana Ruiz</span>, and @somebody.`) {
		t.Errorf("%s", post.HTML)
	}
	if got := r.mentioned(t, post.ID); len(got) != 2 || !got[r.Other.ID] || !got[r.Lead.ID] {
		t.Errorf("%v", got)
	}
	edit := r.Author.Patch("/posts/"+post.ID, map[string]any{"body": "Thank you, " + call(r.Lead) + " and " + call(r.Caregiver)})
	if got := r.mentioned(t, post.ID); edit.Status != http.StatusOK || len(got) != 2 || !got[r.Caregiver.ID] || !got[r.Lead.ID] {
		t.Errorf("%d %s: %v", edit.Status, edit.Body, got)
	}
	if got := r.mentioned(t, r.post(t, r.Author, "I call myself "+call(r.Author)).ID); len(got) != 0 {
		t.Errorf("oneself: %v", got)
	}
	if got := r.mentioned(t, r.post(t, r.Author, "`"+call(r.Lead)+"`").ID); len(got) != 0 {
		t.Errorf("in code: %v", got)
	}
	preview := hookstest.Into[struct{ HTML string }](r.Author.Post("/preview", map[string]any{"text": call(r.Lead), "community": r.ID}))
	if !strings.Contains(preview.HTML, "@Ana Ruiz") {
		t.Errorf("the preview: %+v", preview)
	}
	if got := r.Outside.Post("/preview", map[string]any{"text": call(r.Lead)}); strings.Contains(string(got.Body), "Ruiz") {
		t.Errorf("the preview of somebody else: %s", got.Body)
	}
}

// Nobody who works here calls a patient or caregiver by name, in whatever room, new or by an edit, nor in a record from elsewhere.
func TestThePracticeMentionsNoPatient(t *testing.T) {
	r := newRoom(t)
	own := r.post(t, r.Lead, "General words.")
	for _, by := range []*hookstest.Client{r.Lead, r.Staff} {
		for _, of := range []*hookstest.Client{r.Author, r.Caregiver} {
			for _, got := range []*hookstest.Response{r.write(by, "/communities/"+r.ID+"/posts", "Hello "+call(of)), r.write(by, "/posts/"+own.ID+"/comments", "Hello "+call(of))} {
				fault := hookstest.Into[struct {
					Data struct {
						Error struct {
							Params struct {
								Findings []struct {
									Clause, Policy, Action, Detector, Say string
									PolicyTitle                           string `json:"policy_title"`
									Start, End                            int
								}
							}
						}
					}
				}](got).Data.Error.Params.Findings
				if got.Status != http.StatusUnprocessableEntity || got.Code() != "stopped_by_policy" || len(fault) != 1 {
					t.Fatalf("%d %s", got.Status, got.Body)
				}
				if f := fault[0]; f.Clause != "do-not-address-patients" || f.Policy != "staff-social-media" || f.PolicyTitle == "" || f.Action != "stop" ||
					f.Start != 6 || f.End != 6+len(call(of)) || f.Say == "" {
					t.Errorf("%+v", f)
				}
			}
		}
		if got := r.write(by, "/communities/"+r.ID+"/posts", "Thank you, "+call(r.Lead)+" and "+call(r.Staff)); got.Status != http.StatusCreated {
			t.Errorf("a colleague: %d %s", got.Status, got.Body)
		}
	}
	if got := r.Lead.Patch("/posts/"+own.ID, map[string]any{"body": "Hello " + call(r.Author)}); got.Code() != "stopped_by_policy" {
		t.Errorf("by an edit: %d %s", got.Status, got.Body)
	}
	record, err := r.App.FindRecordById(clinic.Posts, own.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("body", "Hello "+call(r.Author))
	if r.App.Save(record) == nil {
		t.Error("the dashboard has mentioned a patient in a provider's name")
	}
	collection, err := r.App.FindCollectionByNameOrId(clinic.Mentions)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{r.Author.ID, r.Outside.ID, "nothingthere000"} {
		row := core.NewRecord(collection)
		row.Load(map[string]any{"piece": own.ID, "member": member})
		if r.House.Save(r.App, row) == nil {
			t.Errorf("a mention of %s was stored", member)
		}
	}
	if _, err := r.App.DB().NewQuery("UPDATE policies SET status = 'withdrawn'").Execute(); err != nil {
		t.Fatal(err)
	}
	if got := r.write(r.Lead, "/communities/"+r.ID+"/posts", "Hello "+call(r.Author)); got.Code() != "mention_of_patient" {
		t.Errorf("without a clause: %d %s", got.Status, got.Body)
	}
}

func TestABlockKeepsMentionsAway(t *testing.T) {
	r := newRoom(t)
	if got := r.Other.Put("/members/"+r.Author.ID+"/block", nil); got.Status != http.StatusNoContent {
		t.Fatal(got.Status)
	}
	r.post(t, r.Other, "Good morning.")
	post := r.post(t, r.Author, "Hello "+call(r.Other))
	if got := r.mentioned(t, post.ID); len(got) != 0 {
		t.Errorf("%v", got)
	}
	if !strings.Contains(post.HTML, `<span class="mention">@Maple Street</span>`) {
		t.Errorf("the blocked member is told by the page: %s", post.HTML)
	}
}

// What was written keeps the name of today, and none of who is gone.
func TestTheNameIsTheOneOfToday(t *testing.T) {
	r := newRoom(t)
	r.post(t, r.Other, "Good morning.")
	post := r.post(t, r.Author, "First @[Maple Street](member:"+r.Other.ID+")")
	r.Author.Patch("/posts/"+post.ID, map[string]any{"body": "Hello @[Maple Street](member:" + r.Other.ID + ")"})
	r.rename(t, r.Other, "Birch [Lane]")
	got := hookstest.Into[piece](r.Author.Get("/posts/" + post.ID))
	if got.HTML != "<p>Hello <span class=\"mention\">@Birch [Lane]</span></p>\n" || got.Body != `Hello @[Birch \[Lane\]](member:`+r.Other.ID+")" {
		t.Errorf("%q %q", got.HTML, got.Body)
	}
	if gone := r.Founder().Post("/members/"+r.Other.ID+"/remove", map[string]string{"reason": "a test"}); gone.Status != http.StatusOK {
		t.Fatalf("%d %s", gone.Status, gone.Body)
	}
	r.renames(t)
	for _, path := range []string{"/posts/" + post.ID, "/posts/" + post.ID + "/versions"} {
		if got := string(r.Author.Get(path).Body); strings.Contains(got, "Birch") || strings.Contains(got, "Maple") {
			t.Errorf("%s still names who is gone: %s", path, got)
		}
	}
}

type names struct{ Items []struct{ ID, Name string } }

func (r *room) offered(who *hookstest.Client, typed string) string {
	var out []string
	for _, one := range hookstest.Into[names](who.Get("/communities/" + r.ID + "/names?q=" + typed)).Items {
		out = append(out, one.Name)
	}
	return fmt.Sprint(out)
}

// Patients are offered whom they may know of; the practice is offered colleagues.
func TestOnlyNamesThatOneMayKnowAreOffered(t *testing.T) {
	r := newRoom(t)
	for _, c := range []struct {
		who         *hookstest.Client
		typed, want string
	}{
		{r.Other, "Quiet", "[]"}, {r.Other, "", "[Ana Ruiz]"}, {r.Other, "ruí", "[Ana Ruiz]"}, {r.Lead, "Quiet", "[]"}, {r.Lead, "lucy", "[Lucy Hale]"}, {r.Other, "lucy", "[]"},
	} {
		if got := r.offered(c.who, c.typed); got != c.want {
			t.Errorf("before anybody wrote, %q: %s, want %s", c.typed, got, c.want)
		}
	}
	r.post(t, r.Author, "Words.")
	for typed, want := range map[string]string{"quiet": "[Quiet Heron]", "Q": "[Quiet Heron]", "": "[Ana Ruiz Quiet Heron]", "x": "[]", "Maple": "[]", "%25": "[]"} {
		if got := r.offered(r.Other, typed); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
	if got := r.offered(r.Lead, "quiet"); got != "[]" {
		t.Errorf("a provider is offered a patient: %s", got)
	}
	r.Other.Put("/members/"+r.Author.ID+"/block", nil)
	if got := r.offered(r.Other, "quiet"); got != "[]" {
		t.Errorf("who is blocked is offered: %s", got)
	}
	nothing := r.Outside.Get("/communities/nothingthere000/names")
	if got := r.Outside.Get("/communities/" + r.ID + "/names?q=quiet"); got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
		t.Errorf("outside: %d %s", got.Status, got.Body)
	}
}

// Whoever only reads in a room is not betrayed by calling them, nor is who was suspended.
func TestToCallSomebodyTellsNotWhoReadsThere(t *testing.T) {
	r := newRoom(t)
	lurker, writer := r.Caregiver, r.Other
	written := r.post(t, writer, "Good morning.")
	preview := func(who, of *hookstest.Client) string {
		got := hookstest.Into[struct {
			HTML     string
			Findings []any
		}](who.Post("/preview", map[string]any{"text": call(of), "community": r.ID}))
		return fmt.Sprint(strings.ReplaceAll(got.HTML, of.ID, ""), got.Findings)
	}
	if got := preview(r.Author, lurker); got != preview(r.Author, r.Outside) || strings.Contains(got, "Tom") {
		t.Errorf("a reader is told from who is not there: %s", got)
	}
	for _, of := range []*hookstest.Client{lurker, r.Staff} {
		if got := r.post(t, r.Author, "Hello "+call(of)); strings.Contains(got.HTML, "mention") || len(r.mentioned(t, got.ID)) != 0 {
			t.Errorf("a post calls a reader: %s", got.HTML)
		}
	}
	if got := preview(r.Lead, r.Staff); !strings.Contains(got, "Lucy Hale") {
		t.Errorf("a colleague: %s", got)
	}
	if got := preview(lurker, lurker); !strings.Contains(got, "Tom B.") {
		t.Errorf("oneself: %s", got)
	}
	before := preview(r.Author, writer)
	if got := r.Lead.Post("/members/"+writer.ID+"/suspend", map[string]string{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := preview(r.Author, writer); got != before || !strings.Contains(got, "Maple Street") {
		t.Errorf("a suspended member: %s, before %s", got, before)
	}
	r.HoldWord("tobeheld")
	record, err := r.App.FindRecordById(clinic.Posts, written.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("body", "tobeheld")
	if err := r.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := preview(r.Author, writer); strings.Contains(got, "Maple") {
		t.Errorf("whose only words are held: %s", got)
	}
}
