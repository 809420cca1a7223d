package cases_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"kinward/hooks/cases"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

type fields = map[string]any

// file is one shipped case; what is not given is as in any.
func file(slug, language, roles, clause string, position int) string {
	return fmt.Sprintf(`---
slug: %s
title: A case called %s
roles: [%s]
policy: staff-social-media
clause: %s
position: %d
language: %s
---
Somebody asks **you**. The desk is at {{phone}}.

## a. Say yes
That leads to *trouble*.

## b. (good) Call them
That helps.
`, slug, slug, roles, clause, position, language)
}

// clauses are two that the shipped staff policy has.
func clauses(t *testing.T, c *hookstest.Clinic) []string {
	t.Helper()
	html := hookstest.Into[struct{ HTML string }](c.Guest().Get("/policies/staff-social-media")).HTML
	var out []string
	for _, part := range strings.Split(html, `id="clause-`)[1:] {
		id, _, _ := strings.Cut(part, `"`)
		out = append(out, id)
	}
	if len(out) < 2 {
		t.Fatalf("the staff policy has the clauses %v", out)
	}
	return out
}

// practice is one with three cases and nobody who has been through them; what is shipped rests.
func practice(t *testing.T) *hookstest.Clinic {
	t.Helper()
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("UPDATE cases SET status = 'withdrawn'").Execute(); err != nil {
		t.Fatal(err)
	}
	ids := clauses(t, c)
	shipped := fstest.MapFS{}
	for _, one := range []struct {
		slug, roles string
		position    int
	}{{"zz-first", "provider, staff", 1}, {"zz-second", "staff", 2}, {"zz-third", "patient, caregiver", 3},
		{"zz-fourth", "patient", 4}, {"zz-fifth", "patient", 5}, {"zz-sixth", "patient", 6}} {
		for _, language := range clinic.Languages {
			shipped["cases/"+language+"/"+one.slug+".md"] = &fstest.MapFile{Data: []byte(file(one.slug, language, one.roles, ids[one.position%2], one.position))}
		}
	}
	if err := cases.PostShipped(c.App, c.House, shipped); err != nil {
		t.Fatal(err)
	}
	return c
}

type item struct {
	ID, Slug, Title string
	Situation       string `json:"situation_html"`
	Choices         []struct{ ID, Text string }
	Clause          struct{ Policy, ID, Words, Link string }
	Done, Skipped   bool
	Optional        bool
	Due             *time.Time
	Question        *struct {
		Words, Answer string
		By            string `json:"answered_by"`
	}
}

func listed(t *testing.T, who *hookstest.Client) []item {
	t.Helper()
	r := who.Get("/cases")
	if r.Status != http.StatusOK {
		t.Fatalf("GET /cases: %d %s", r.Status, r.Body)
	}
	return hookstest.Into[struct{ Items []item }](r).Items
}

func owed(who *hookstest.Client) (out []clinic.Owed) {
	for _, o := range hookstest.Into[struct{ Owes []clinic.Owed }](who.Get("/me")).Owes {
		if o.Kind == clinic.OwedCase {
			out = append(out, o)
		}
	}
	return out
}

var words = fields{"kind": "discussion", "title": "Good morning", "body": "A quiet day."}

func TestWhoWorksHereGoesThroughTheirCasesBeforeTheFirstPost(t *testing.T) {
	c := practice(t)
	lead := c.Provider()
	staff := c.NewToCases(clinic.Staff)
	room := c.Community(clinic.KindPractice, []*hookstest.Client{lead}, staff)
	feed := "/communities/" + room + "/posts"
	r := staff.Post(feed, words)
	if r.Code() != "policy_acknowledgement_required" || !strings.Contains(string(r.Body), "example cases") {
		t.Fatalf("a post before the cases: %d %s", r.Status, r.Body)
	}
	if r := staff.Get(feed); r.Status != http.StatusOK {
		t.Fatalf("reading before the cases: %d %s", r.Status, r.Body)
	}
	found := listed(t, staff)
	if len(found) != 2 || len(owed(staff)) != 2 || found[0].Slug != "zz-first" || found[0].Optional || found[0].Done {
		t.Fatalf("staff have %+v and owe %+v", found, owed(staff))
	}
	if !strings.Contains(found[0].Situation, "<strong>you</strong>") || !strings.Contains(found[0].Situation, "555-0100") || found[0].Clause.Words == "" {
		t.Errorf("the case reads %+v", found[0])
	}
	for _, wrong := range []string{"", "z"} {
		if r := staff.Post("/cases/"+found[0].ID+"/answers", fields{"choice": wrong}); r.Status != http.StatusBadRequest {
			t.Errorf("the choice %q: %d %s", wrong, r.Status, r.Body)
		}
	}
	r = staff.Post("/cases/"+found[0].ID+"/answers", fields{"choice": "a"})
	said := hookstest.Into[struct {
		Explanation string `json:"explanation_html"`
		Good, Done  bool
		Outcomes    []struct{ ID, HTML string }
	}](r)
	if r.Status != http.StatusOK || !said.Done || said.Good || len(said.Outcomes) != 2 || !strings.Contains(said.Explanation, "<em>trouble</em>") {
		t.Fatalf("answering: %d %s", r.Status, r.Body)
	}
	if r := staff.Post(feed, words); r.Code() != "policy_acknowledgement_required" {
		t.Errorf("a post with one case left: %d %s", r.Status, r.Body)
	}
	staff.Post("/cases/"+found[1].ID+"/answers", fields{"choice": "b"})
	if r := staff.Post(feed, words); r.Status != http.StatusCreated {
		t.Errorf("a post after the cases: %d %s", r.Status, r.Body)
	}
	if r := lead.Post(feed, words); r.Status != http.StatusCreated && len(owed(lead)) == 0 {
		t.Errorf("a provider owes %v and posts: %d %s", owed(lead), r.Status, r.Body)
	}
}

func TestNothingOfAChoiceIsKept(t *testing.T) {
	c := practice(t)
	staff := c.NewToCases(clinic.Staff)
	staff.Post("/cases/zz-first/answers", fields{"choice": "a"})
	records, err := c.App.FindAllRecords(clinic.CaseAnswers)
	if err != nil || len(records) == 0 {
		t.Fatalf("%d answers, %v", len(records), err)
	}
	for _, field := range records[0].Collection().Fields {
		if name := field.GetName(); strings.Contains(name, "choice") || strings.Contains(name, "score") {
			t.Errorf("answers have a field %s", name)
		}
	}
}

func TestPatientsGetThreeAndMaySkipThem(t *testing.T) {
	c := practice(t)
	lead, patient := c.Provider(), c.NewToCases(clinic.Patient)
	room := c.Community(clinic.KindPractice, []*hookstest.Client{lead}, patient)
	found := listed(t, patient)
	if len(found) != cases.ForPatients || !found[0].Optional || len(owed(patient)) != 0 {
		t.Fatalf("a patient has %+v and owes %v", found, owed(patient))
	}
	if r := patient.Post("/communities/"+room+"/posts", words); r.Status != http.StatusCreated {
		t.Errorf("a patient posts first: %d %s", r.Status, r.Body)
	}
	patient.Post("/cases/"+found[0].ID+"/answers", fields{"choice": "b"})
	if r := patient.Post("/cases/skip", fields{}); r.Status != http.StatusOK {
		t.Fatalf("skipping: %d %s", r.Status, r.Body)
	}
	found = listed(t, patient)
	if !found[0].Done || found[0].Skipped || found[1].Done || !found[1].Skipped {
		t.Errorf("after skipping: %+v", found)
	}
	if r := c.NewToCases(clinic.Staff).Post("/cases/skip", fields{}); r.Code() != "cases_cannot_be_skipped" {
		t.Errorf("staff skip: %d %s", r.Status, r.Body)
	}
	if r := patient.Post("/cases/zz-second/answers", fields{"choice": "a"}); r.Status != http.StatusNotFound {
		t.Errorf("a patient goes through a case of staff: %d %s", r.Status, r.Body)
	}
}

// publish posts the staff policy anew, with one clause said otherwise.
func publish(t *testing.T, c *hookstest.Clinic, class, clause string, due time.Time) {
	t.Helper()
	text := hookstest.Into[struct{ Title, Summary, Markdown string }](c.Guest().Get("/policies/staff-social-media?language=en"))
	body := strings.Replace(text.Markdown, "{#"+clause+"}", "And so it is. {#"+clause+"}", 1)
	_, err := policy.Publish(c.App, c.House, "staff-social-media", policy.Edition{Class: class, Due: due, Texts: []policy.Words{
		{Language: "en", Title: text.Title, Summary: text.Summary, Body: body, Reason: "a test"}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMaterialEditOfAClauseMakesItsCasesDueAgain(t *testing.T) {
	c := practice(t)
	staff := c.NewToCases(clinic.Staff)
	for _, one := range listed(t, staff) {
		staff.Post("/cases/"+one.ID+"/answers", fields{"choice": "b"})
	}
	clause := listed(t, staff)[0].Clause.ID
	publish(t, c, policy.Clarification, clause, time.Time{})
	if left := owed(staff); len(left) != 0 {
		t.Errorf("after a clarification %v is owed", left)
	}
	due := c.House.Now().Add(48 * time.Hour).UTC().Truncate(time.Millisecond)
	publish(t, c, policy.Material, clause, due)
	left := owed(staff)
	if len(left) != 1 || left[0].Slug != "zz-first" || left[0].Due == nil || !left[0].Due.Equal(due) || left[0].Blocks != clinic.BlocksWrite {
		t.Fatalf("after a material edit of its clause %+v is owed", left)
	}
	if found := listed(t, staff); found[0].Done || found[0].Due == nil || !found[1].Done {
		t.Errorf("the cases are shown as %+v", found)
	}
	staff.Post("/cases/zz-first/answers", fields{"choice": "a"})
	if left := owed(staff); len(left) != 0 {
		t.Errorf("after going through it again %+v is owed", left)
	}
}

func TestACaseThatIsNewToOneWhoWroteBeforeWaits(t *testing.T) {
	c := practice(t)
	lead, staff := c.Provider(), c.Staff()
	room := c.Community(clinic.KindPractice, []*hookstest.Client{lead}, staff)
	feed := "/communities/" + room + "/posts"
	if r := staff.Post(feed, words); r.Status != http.StatusCreated {
		t.Fatalf("staff post: %d %s", r.Status, r.Body)
	}
	add := own(t, c)
	if r := c.Staff("policies").Post("/manage/cases", add); r.Status != http.StatusCreated {
		t.Fatalf("adding a case: %d %s", r.Status, r.Body)
	}
	if left := owed(staff); len(left) != 1 || left[0].Due == nil {
		t.Fatalf("who wrote before owes %+v", left)
	}
	if r := staff.Post(feed, words); r.Status != http.StatusCreated {
		t.Errorf("within the time: %d %s", r.Status, r.Body)
	}
	c.Pass(15 * 24 * time.Hour)
	staff = c.SignedIn(staff.ID)
	if r := staff.Post(feed, words); r.Code() != "policy_acknowledgement_required" {
		t.Errorf("after it: %d %s", r.Status, r.Body)
	}
}

// own is the form of a case of the practice's own.
func own(t *testing.T, c *hookstest.Clinic) fields {
	return fields{"slug": "our-own", "roles": []string{"staff", "provider"}, "policy": "staff-social-media", "clause": clauses(t, c)[0], "position": 50,
		"texts": fields{"en": fields{"title": "Ours", "situation": "It rings.", "choices": []fields{
			{"id": "a", "text": "Let it ring", "leads_to": "It rings on."}, {"id": "b", "text": "Answer", "leads_to": "Good.", "good": true}}}}}
}
