package policy_test

import (
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
