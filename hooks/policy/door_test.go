package policy_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// The doors of other capabilities, as a member meets them while they owe something.

func TestAfterItsDateAMaterialVersionStopsWritingAndNotReading(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Patient()
	community := "/communities/" + c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	write := func() *hookstest.Response {
		return patient.Do("POST", community+"/posts", map[string]any{"kind": "discussion", "title": "Hello", "body": "Good morning."}, hookstest.Key())
	}
	post := write()
	if post.Status != http.StatusCreated {
		t.Fatalf("%d %s", post.Status, post.Body)
	}
	thread := "/posts/" + hookstest.Into[struct{ ID string }](post).ID
	publish(t, c, policy.Material, c.House.Now().Add(24*time.Hour), "1. Two. {#two}")
	if r := write(); r.Status != http.StatusCreated {
		t.Errorf("writing before the date: %d %s", r.Status, r.Body)
	}
	c.Pass(24*time.Hour + time.Second)
	patient = c.SignedIn(patient.ID)
	for _, path := range []string{community + "/posts", thread, "/communities"} {
		if r := patient.Get(path); r.Status != http.StatusOK {
			t.Errorf("reading %s after the date: %d %s", path, r.Status, r.Body)
		}
	}
	for name, r := range map[string]*hookstest.Response{
		"a post":    write(),
		"a comment": patient.Do("POST", thread+"/comments", map[string]any{"body": "Hello."}, hookstest.Key()),
		"an edit":   patient.Patch(thread, map[string]any{"title": "Hello", "body": "Good evening."}),
	} {
		owes := hookstest.Into[struct {
			Data struct {
				Error struct{ Params struct{ Owes []clinic.Owed } }
			}
		}](r).Data.Error.Params.Owes
		if r.Status != http.StatusForbidden || r.Code() != "policy_acknowledgement_required" || len(owes) != 1 || owes[0].Slug != "privacy" || owes[0].Version != 2 || owes[0].Blocks != clinic.BlocksWrite {
			t.Errorf("%s after the date: %d %s", name, r.Status, r.Body)
		}
	}
	accept(t, patient, read(t, c, "/policies/privacy"))
	if r := write(); r.Status != http.StatusCreated {
		t.Errorf("writing after acknowledging: %d %s", r.Status, r.Body)
	}
}

func TestTheSettingsThatPoliciesName(t *testing.T) {
	c := hookstest.New(t)
	admin := c.Founder()
	r := admin.Patch("/practice/settings", map[string]any{"crisis_line": "+1 555 0133", "emergency": "Call 112.", "hours": "Every day, 7 to 7"})
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	d := read(t, c, "/policies/urgent-questions")
	for _, want := range []string{"[+1 555 0133](tel:+15550133)", "[112](tel:112)", "Every day, 7 to 7"} {
		if !strings.Contains(d.Markdown, want) {
			t.Errorf("%q is not in the policy", want)
		}
	}
	if d.Version != 2 {
		t.Errorf("three settings at once made version %d", d.Version)
	}
}

// Hours in the other language are published in the texts of that language alone: the others have a new number and the very same words.
func TestWhatIsSaidInTheOtherLanguageIsPublishedInIt(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	now := func(slug string) map[string]document {
		out := map[string]document{}
		for _, language := range clinic.Languages {
			out[language] = read(t, c, "/policies/"+slug+"?language="+language)
		}
		return out
	}
	set := func(form map[string]any) {
		t.Helper()
		if r := c.Founder().Patch("/practice/settings", form); r.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", form, r.Status, r.Body)
		}
	}
	before := now("urgent-questions")
	set(map[string]any{"hours_other": "Lunes a viernes, 8 a 17 horas", "emergency_other": "Vaya al hospital o llame al 112."})
	after := now("urgent-questions")
	if en := after["en"]; en.Version != 2 || en.Class != policy.Typo || en.SHA256 != before["en"].SHA256 || en.Markdown != before["en"].Markdown || en.Summary != before["en"].Summary {
		t.Errorf("the English text: version %d, %s, %s: %s", en.Version, en.Class, en.SHA256, en.Markdown)
	}
	es := after["es"]
	if es.Version != 2 || es.SHA256 == before["es"].SHA256 || strings.Contains(es.Markdown+es.Summary, "8 to 5") || strings.Contains(es.Markdown+es.Summary, "911") {
		t.Errorf("the Spanish text: version %d: %s", es.Version, es.Markdown)
	}
	for _, want := range []string{"Lunes a viernes, 8 a 17 horas", "[112](tel:112)"} {
		if !strings.Contains(es.Markdown, want) || strings.Contains(after["en"].Markdown, want) {
			t.Errorf("%q: %s", want, es.Markdown)
		}
	}
	if r := patient.Get("/me"); r.Status != http.StatusOK || strings.Contains(string(r.Body), `"slug":"urgent-questions"`) {
		t.Errorf("a patient is asked for it: %d %s", r.Status, r.Body)
	}
	if privacy := read(t, c, "/policies/privacy"); privacy.Version != 1 {
		t.Errorf("a policy that says neither has version %d", privacy.Version)
	}
	// A sentence without a number sends people to the practice's own number, and turning the languages round says nothing new.
	set(map[string]any{"emergency": "Call 112.", "emergency_other": "Vaya al hospital."})
	if es := now("urgent-questions")["es"]; es.Version != 3 || !strings.Contains(es.Markdown, "[112](tel:112)") {
		t.Errorf("a sentence without a number: version %d: %s", es.Version, es.Markdown)
	}
	set(map[string]any{"language": "es"})
	if turned := now("urgent-questions"); !strings.Contains(turned["en"].Markdown, "Mon to Fri, 8 to 5") || !strings.Contains(turned["es"].Markdown, "Lunes a viernes") {
		t.Errorf("turned round: %s %s", turned["en"].Markdown, turned["es"].Markdown)
	}
	if found := verified(t, c); len(found.Mismatches) != 0 {
		t.Errorf("%+v", found)
	}
}

// Whom a published policy concerns, and whether it is asked yearly, changes by no record's own door: a new patient would owe another text
// than the others accepted, and nothing would have been published.
func TestTheDashboardCannotChangeWhomAPolicyConcerns(t *testing.T) {
	c := hookstest.New(t)
	operator := c.Operator()
	record := find(t, c, clinic.Policies, "slug = 'privacy'")
	path := "/api/collections/policies/records/" + record.Id
	for _, refused := range []struct {
		change map[string]any
		said   string
	}{
		{map[string]any{"audience": clinic.AudienceStaff}, "stays with those whom it concerns"},
		{map[string]any{"slug": "secrecy"}, "keeps its address"},
		{map[string]any{"kind": policy.KindAuthorization}, "A policy stays a policy"},
		{map[string]any{"status": policy.Withdrawn}, ""},
		{map[string]any{"yearly": true}, ""},
		{map[string]any{"offers": []string{strings.Repeat("0", 64)}}, ""},
		{map[string]any{"offers": map[string]any{"a": 1}}, ""},
	} {
		r := operator.Patch(path, refused.change)
		if r.Status != http.StatusForbidden || !strings.Contains(string(r.Body), refused.said) {
			t.Errorf("%v: %d %s", refused.change, r.Status, r.Body)
		}
		batch := map[string]any{"requests": []map[string]any{{"method": "PATCH", "url": path, "body": refused.change}}}
		if r := operator.Post("/api/batch", batch); r.Status < 400 {
			t.Errorf("%v in a batch: %d %s", refused.change, r.Status, r.Body)
		}
	}
	if r := operator.Patch(path, map[string]any{"position": 42, "audience": clinic.Everyone, "yearly": false, "offers": nil}); r.Status != http.StatusOK {
		t.Errorf("its place in the list: %d %s", r.Status, r.Body)
	}
	yearly := map[string]any{"slug": "asked-yearly", "kind": "policy", "audience": "everyone", "status": "posted", "yearly": true}
	if r := operator.Post("/api/collections/policies/records", yearly); r.Status < 400 {
		t.Errorf("one that is asked yearly was made: %d %s", r.Status, r.Body)
	}
	again := find(t, c, clinic.Policies, "slug = 'privacy'")
	if again.GetString("audience") != clinic.Everyone || again.GetBool("yearly") || again.GetString("status") != policy.Posted || again.GetInt("position") != 42 {
		t.Errorf("it is %v", again.PublicExport())
	}
	again.Set("audience", clinic.AudienceStaff)
	if err := c.House.Save(c.App, again); !errors.Is(err, policy.AudienceFixed) {
		t.Errorf("the house changed whom it concerns: %v", err)
	}
	if r := c.Staff("policies").Post("/manage/policies", map[string]any{"slug": "new-one", "title": "New", "audience": "everyone"}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	unpublished := "/api/collections/policies/records/" + find(t, c, clinic.Policies, "slug = 'new-one'").Id
	if r := operator.Patch(unpublished, map[string]any{"audience": clinic.AudienceStaff}); r.Status != http.StatusOK {
		t.Errorf("one that was never published: %d %s", r.Status, r.Body)
	}
}

// Whoever the set-up, an invitation's acceptance or the dashboard's operator is: what they may not do fails at the record event.
func TestTheDashboardCannotChangeWhatWasPublished(t *testing.T) {
	c := hookstest.New(t)
	c.Patient()
	operator := c.Operator()
	for _, collection := range []string{clinic.PolicyVersions, clinic.Acknowledgements} {
		record := find(t, c, collection, "")
		path := "/api/collections/" + collection + "/records/" + record.Id
		if r := operator.Get(path); r.Status != http.StatusOK {
			t.Fatalf("the operator cannot look at %s: %d %s", collection, r.Status, r.Body)
		}
		for name, r := range map[string]*hookstest.Response{
			"change":   operator.Patch(path, map[string]any{"sha256": strings.Repeat("0", 64)}),
			"delete":   operator.Delete(path),
			"truncate": operator.Delete("/api/collections/" + collection + "/truncate"),
			"drop":     operator.Delete("/api/collections/" + collection),
			"redesign": operator.Patch("/api/collections/"+collection, map[string]any{"name": "x"}),
			"batch": operator.Post("/api/batch", map[string]any{"requests": []map[string]any{
				{"method": "PATCH", "url": path, "body": map[string]any{"sha256": "x"}}}}),
			"create": operator.Post("/api/collections/"+collection+"/records", record.PublicExport()),
		} {
			if r.Status < 400 {
				t.Errorf("%s of %s by the operator: %d %s", name, collection, r.Status, r.Body)
			}
		}
		again := find(t, c, collection, "id = '"+record.Id+"'")
		if again.GetString("sha256") != record.GetString("sha256") {
			t.Errorf("%s changed", collection)
		}
	}
}
