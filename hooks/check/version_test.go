package check_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// TestAFindingSaysWhichVersionFoundIt: to who writes, and where it is stored, when the detector may judge otherwise long since.
func TestAFindingSaysWhichVersionFoundIt(t *testing.T) {
	versions := map[string]int{}
	for _, d := range check.Detectors {
		if versions[d.ID] = d.Version; d.Version < 1 {
			t.Errorf("%s has the version %d", d.ID, d.Version)
		}
	}
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{
		{"detector": check.Identifier, "whose": []string{"patient"}, "action": "hold"},
		{"detector": "complaint", "whose": []string{"patient"}, "action": "hold"},
		{"detector": "word", "whose": []string{"patient"}, "action": "say", "words": []string{"marshmallow"}},
	})
	lead, patient := c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	said := "I waited two hours and nobody told me why. Call 617-555-0182 or write to rosa.diaz58@gmail.com about a marshmallow."
	same := func(where string, found []check.Finding) {
		t.Helper()
		seen := map[int]bool{}
		for _, f := range found {
			if seen[f.DetectorVersion] = true; f.DetectorVersion != versions[f.Detector] {
				t.Errorf("%s: %s in version %d, not %d", where, f.Detector, f.DetectorVersion, versions[f.Detector])
			}
		}
		if len(found) != 4 || len(seen) < 3 {
			t.Errorf("%s: %+v", where, found)
		}
	}
	same("a preview", hookstest.Into[answer](patient.Post("/preview", map[string]any{"text": said, "community": room})).Findings)
	posted := patient.Post("/communities/"+room+"/posts", map[string]any{"body": said})
	if posted.Status != http.StatusAccepted {
		t.Fatalf("%d %s", posted.Status, posted.Body)
	}
	same("what is held", hookstest.Into[answer](posted).Findings)
	var stored string
	must(t, c.App.DB().NewQuery("SELECT findings FROM holds").Row(&stored))
	var kept []check.Finding
	must(t, json.Unmarshal([]byte(stored), &kept))
	same("stored", kept)
	desk := hookstest.Into[struct{ Items []struct{ ID string } }](lead.Get("/desk")).Items
	if len(desk) != 1 {
		t.Fatalf("%d on the desk", len(desk))
	}
	same("at the desk", hookstest.Into[answer](lead.Get("/desk/"+desk[0].ID)).Findings)
}
