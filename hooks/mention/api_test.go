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
	for who, name := range map[*hookstest.Client]string{r.lead: "Ana Ruiz", r.staff: "Lucy Hale", r.author: "Quiet Heron", r.other: "Maple Street", r.caregiver: "Tom B.", r.outside: "Far Away"} {
		r.rename(t, who, name)
	}
	return r
}

func (r *room) rename(t *testing.T, who *hookstest.Client, name string) {
	t.Helper()
	if got := who.Patch("/me", map[string]any{"name": name}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
}

func call(who *hookstest.Client) string { return "@[somebody](member:" + who.ID + ")" }

type piece struct{ ID, HTML, Body, Updated string }

func (r *room) write(by *hookstest.Client, path, body string) *hookstest.Response {
	return by.Post(path, map[string]any{"kind": "discussion", "body": body})
}

func (r *room) post(t *testing.T, by *hookstest.Client, body string) piece {
	t.Helper()
	answer := r.write(by, "/communities/"+r.id+"/posts", body)
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
	post := r.post(t, r.author, "Thank you, "+call(r.other)+" and "+call(r.lead)+", and "+call(r.outside)+".")
	if !strings.Contains(post.HTML, `<span class="mention">@Maple Street</span> and <span class="mention">@Ana Ruiz</span>, and @somebody.`) {
		t.Errorf("%s", post.HTML)
	}
	if got := r.mentioned(t, post.ID); len(got) != 2 || !got[r.other.ID] || !got[r.lead.ID] {
		t.Errorf("%v", got)
	}
	edit := r.author.Patch("/posts/"+post.ID, map[string]any{"body": "Thank you, " + call(r.lead) + " and " + call(r.caregiver)})
	if got := r.mentioned(t, post.ID); edit.Status != http.StatusOK || len(got) != 2 || !got[r.caregiver.ID] || !got[r.lead.ID] {
		t.Errorf("%d %s: %v", edit.Status, edit.Body, got)
	}
	if got := r.mentioned(t, r.post(t, r.author, "I call myself "+call(r.author)).ID); len(got) != 0 {
		t.Errorf("oneself: %v", got)
	}
	if got := r.mentioned(t, r.post(t, r.author, "`"+call(r.lead)+"`").ID); len(got) != 0 {
		t.Errorf("in code: %v", got)
	}
	preview := hookstest.Into[struct{ HTML string }](r.author.Post("/preview", map[string]any{"text": call(r.lead), "community": r.id}))
	if !strings.Contains(preview.HTML, "@Ana Ruiz") {
		t.Errorf("the preview: %+v", preview)
	}
	if got := r.outside.Post("/preview", map[string]any{"text": call(r.lead)}); strings.Contains(string(got.Body), "Ruiz") {
		t.Errorf("the preview of somebody else: %s", got.Body)
	}
}

// Nobody who works here calls a patient or caregiver by name, in whatever room, new or by an edit, nor in a record from elsewhere.
func TestThePracticeMentionsNoPatient(t *testing.T) {
	r := newRoom(t)
	own := r.post(t, r.lead, "General words.")
	for _, by := range []*hookstest.Client{r.lead, r.staff} {
		for _, of := range []*hookstest.Client{r.author, r.caregiver} {
			for _, got := range []*hookstest.Response{r.write(by, "/communities/"+r.id+"/posts", "Hello "+call(of)), r.write(by, "/posts/"+own.ID+"/comments", "Hello "+call(of))} {
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
		if got := r.write(by, "/communities/"+r.id+"/posts", "Thank you, "+call(r.lead)+" and "+call(r.staff)); got.Status != http.StatusCreated {
			t.Errorf("a colleague: %d %s", got.Status, got.Body)
		}
	}
	if got := r.lead.Patch("/posts/"+own.ID, map[string]any{"body": "Hello " + call(r.author)}); got.Code() != "stopped_by_policy" {
		t.Errorf("by an edit: %d %s", got.Status, got.Body)
	}
	record, err := r.App.FindRecordById(clinic.Posts, own.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("body", "Hello "+call(r.author))
	if r.App.Save(record) == nil {
		t.Error("the dashboard has mentioned a patient in a provider's name")
	}
	collection, err := r.App.FindCollectionByNameOrId(clinic.Mentions)
	if err != nil {
		t.Fatal(err)
	}
	for _, member := range []string{r.author.ID, r.outside.ID, "nothingthere000"} {
		row := core.NewRecord(collection)
		row.Load(map[string]any{"piece": own.ID, "member": member})
		if r.House.Save(r.App, row) == nil {
			t.Errorf("a mention of %s was stored", member)
		}
	}
	if _, err := r.App.DB().NewQuery("UPDATE policies SET status = 'withdrawn'").Execute(); err != nil {
		t.Fatal(err)
	}
	if got := r.write(r.lead, "/communities/"+r.id+"/posts", "Hello "+call(r.author)); got.Code() != "mention_of_patient" {
		t.Errorf("without a clause: %d %s", got.Status, got.Body)
	}
}

func TestABlockKeepsMentionsAway(t *testing.T) {
	r := newRoom(t)
	if got := r.other.Put("/members/"+r.author.ID+"/block", nil); got.Status != http.StatusNoContent {
		t.Fatal(got.Status)
	}
	post := r.post(t, r.author, "Hello "+call(r.other))
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
	post := r.post(t, r.author, "First @[Maple Street](member:"+r.other.ID+")")
	r.author.Patch("/posts/"+post.ID, map[string]any{"body": "Hello @[Maple Street](member:" + r.other.ID + ")"})
	r.rename(t, r.other, "Birch [Lane]")
	got := hookstest.Into[piece](r.author.Get("/posts/" + post.ID))
	if got.HTML != "<p>Hello <span class=\"mention\">@Birch [Lane]</span></p>\n" || got.Body != `Hello @[Birch \[Lane\]](member:`+r.other.ID+")" {
		t.Errorf("%q %q", got.HTML, got.Body)
	}
	if gone := r.Founder().Post("/members/"+r.other.ID+"/remove", map[string]string{"reason": "a test"}); gone.Status != http.StatusOK {
		t.Fatalf("%d %s", gone.Status, gone.Body)
	}
	for _, path := range []string{"/posts/" + post.ID, "/posts/" + post.ID + "/versions"} {
		if got := string(r.author.Get(path).Body); strings.Contains(got, "Birch") || strings.Contains(got, "Maple") {
			t.Errorf("%s still names who is gone: %s", path, got)
		}
	}
}

type names struct{ Items []struct{ ID, Name string } }

func (r *room) offered(who *hookstest.Client, typed string) string {
	var out []string
	for _, one := range hookstest.Into[names](who.Get("/communities/" + r.id + "/names?q=" + typed)).Items {
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
		{r.other, "Quiet", "[]"}, {r.other, "", "[Ana Ruiz]"}, {r.other, "ruí", "[Ana Ruiz]"}, {r.lead, "Quiet", "[]"}, {r.lead, "lucy", "[Lucy Hale]"}, {r.other, "lucy", "[]"},
	} {
		if got := r.offered(c.who, c.typed); got != c.want {
			t.Errorf("before anybody wrote, %q: %s, want %s", c.typed, got, c.want)
		}
	}
	r.post(t, r.author, "Words.")
	for typed, want := range map[string]string{"quiet": "[Quiet Heron]", "Q": "[Quiet Heron]", "": "[Ana Ruiz Quiet Heron]", "x": "[]", "Maple": "[]", "%25": "[]"} {
		if got := r.offered(r.other, typed); got != want {
			t.Errorf("%q: %s, want %s", typed, got, want)
		}
	}
	if got := r.offered(r.lead, "quiet"); got != "[]" {
		t.Errorf("a provider is offered a patient: %s", got)
	}
	r.other.Put("/members/"+r.author.ID+"/block", nil)
	if got := r.offered(r.other, "quiet"); got != "[]" {
		t.Errorf("who is blocked is offered: %s", got)
	}
	nothing := r.outside.Get("/communities/nothingthere000/names")
	if got := r.outside.Get("/communities/" + r.id + "/names?q=quiet"); got.Status != http.StatusNotFound || string(got.Body) != string(nothing.Body) {
		t.Errorf("outside: %d %s", got.Status, got.Body)
	}
}
