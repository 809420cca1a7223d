package policy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type paper struct {
	Slug, Title, Kind, State, Method, Language, Note string
	Number, Said                                     int
	Languages                                        []string
	Witness                                          *struct{ ID string }
	Can                                              struct{ Record bool }
}

// Whoever works here sees at a person how they stand to the policies, and records there what was given on paper or by telephone.
func TestWhoWorksHereRecordsAtThePerson(t *testing.T) {
	c := hookstest.New(t)
	staff, owing := c.Staff(), c.Owing(clinic.Patient)
	papers := func(of string) []paper {
		r := staff.Get("/members/" + of + "/policies")
		if r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		return hookstest.Into[list[paper]](r).Items
	}
	var found []string
	for _, p := range papers(owing.ID) {
		found = append(found, p.Slug)
		if p.State != "missing" || !p.Can.Record || p.Number != 1 || !slices.Equal(p.Languages, []string{"en", "es"}) || p.Title == "" {
			t.Errorf("%+v", p)
		}
		r := staff.Do("POST", "/manage/policies/"+p.Slug+"/acknowledgements", object{"member": owing.ID, "number": p.Number, "language": "es", "method": "on_behalf",
			"note": "Read aloud on the phone."}, hookstest.Key())
		if r.Status != http.StatusCreated {
			t.Errorf("%s: %d %s", p.Slug, r.Status, r.Body)
		}
	}
	if want := append(slices.Clone(forPatients), "sharing"); !slices.Equal(slices.Sorted(slices.Values(found)), slices.Sorted(slices.Values(want))) {
		t.Errorf("a patient's are %v", found)
	}
	for _, p := range papers(owing.ID) {
		if p.State != "done" || p.Can.Record || p.Method != "on_behalf" || p.Witness == nil || p.Witness.ID != staff.ID || p.Language != "es" || p.Note == "" || p.Said != 1 {
			t.Errorf("recorded: %+v", p)
		}
	}
	if blocked := blocking(t, c, owing, clinic.BlocksWrite); blocked != nil {
		t.Errorf("all is recorded, and they still owe %v", blocked)
	}
	for _, p := range papers(staff.ID) {
		if p.Can.Record {
			t.Errorf("one's own: %+v", p)
		}
	}
	if r := staff.Get("/members/nobody000000000/policies"); r.Status != http.StatusNotFound {
		t.Errorf("nobody's: %d", r.Status)
	}
	if n := count(t, c, "audit_entries WHERE action = 'member.view' AND subject = 'users/"+owing.ID+"' AND actor = '"+staff.ID+"'"); n != 1 {
		t.Errorf("%d lines say who looked", n)
	}
}

// Who refuses the very first text they are asked for reads the policies and nothing else, is told so, and can leave.
func TestRefusingAtTheDoor(t *testing.T) {
	c := hookstest.New(t)
	owing := c.Owing(clinic.Patient)
	d := read(t, c, "/policies/privacy")
	form := object{"version": 1, "sha256": d.SHA256, "outcome": "read_only"}
	r := owing.Post("/policies/privacy/refuse", form)
	if r.Status != http.StatusOK || !strings.Contains(string(r.Body), "the rest of the community stays closed") {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for path, want := range map[string]int{"/policies/privacy": 200, "/policies": 200, "/me": 200, "/communities": 403, "/me/news": 403} {
		if got := owing.Get(path); got.Status != want {
			t.Errorf("GET %s: %d", path, got.Status)
		}
	}
	form["outcome"] = "leaving"
	if r := owing.Post("/policies/privacy/refuse", form); r.Status != http.StatusOK || !strings.Contains(string(r.Body), "555-0100") {
		t.Fatalf("leaving: %d %s", r.Status, r.Body)
	}
	if r := owing.Get("/me"); r.Status != http.StatusUnauthorized {
		t.Errorf("who left is still in: %d", r.Status)
	}
}
