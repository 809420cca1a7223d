package check_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestNothingThatPointsToAPersonGetsIntoAProviderRoom(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c) // whatever is posted, or nothing
	lead, other := c.Provider(), c.Provider()
	room := c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead}, other)
	posts := "/communities/" + room + "/posts"
	clean := lead.Post(posts, map[string]any{"kind": "discussion", "title": "A case", "body": "A woman in her sixties with a swollen knee for two weeks."})
	if clean.Status != http.StatusCreated {
		t.Fatalf("a clean case: %d %s", clean.Status, clean.Body)
	}
	id := hookstest.Into[struct{ ID string }](clean).ID
	for name, words := range map[string]string{"a number": "Her MRN is 00483921.", "a date": "She was born on 3/14/1958.", "a telephone": "Call her at (617) 555-0182."} {
		for _, kind := range []string{"discussion", "question", "article"} {
			if got := lead.Post(posts, map[string]any{"kind": kind, "title": "A case", "body": words}); got.Code() != "stopped_by_policy" {
				t.Errorf("%s in a %s: %d %s", name, kind, got.Status, got.Body)
			}
		}
		if got := other.Post("/posts/"+id+"/comments", map[string]any{"body": words}); got.Code() != "stopped_by_policy" {
			t.Errorf("%s in a comment: %d %s", name, got.Status, got.Code())
		}
		if got := lead.Patch("/posts/"+id, map[string]any{"body": words}); got.Code() != "stopped_by_policy" {
			t.Errorf("%s in an edit: %d %s", name, got.Status, got.Code())
		}
	}
	if got := lead.Post(posts, map[string]any{"kind": "discussion", "title": "MRN 00483921", "body": "A knee."}); got.Code() != "stopped_by_policy" {
		t.Errorf("in the title: %d %s", got.Status, got.Code())
	}
	open := c.Community(clinic.KindCondition, []*hookstest.Client{lead})
	if got := lead.Post("/communities/"+open+"/posts", map[string]any{"body": "Her MRN is 00483921."}); got.Status != http.StatusCreated {
		t.Errorf("elsewhere the posted policies decide: %d %s", got.Status, got.Code())
	}
}

// TestAnOutsideDoctorIsHeldToWhatProvidersAre, and learns by no finding who is a patient here.
func TestAnOutsideDoctorIsHeldToWhatProvidersAre(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{{"detector": "word", "whose": []string{"provider"}, "action": "stop", "words": []string{"zzproviders"}},
		{"detector": "word", "whose": []string{"patient", "staff"}, "action": "stop", "words": []string{"zzothers"}},
		{"detector": "member_name", "whose": []string{"provider", "staff", "patient", "caregiver"}, "action": "stop"}})
	lead, visitor, patient := c.Provider(), c.Outside(), c.Patient()
	for who, name := range map[*hookstest.Client]string{lead: "Ottoline Marchbanks", patient: "Peregrine Vandersloot"} {
		if got := who.Patch("/me", map[string]any{"name": name}); got.Status != http.StatusOK {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	}
	posts := "/communities/" + c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead}, visitor) + "/posts"
	for words, want := range map[string]int{"A knee, zzproviders.": 422, "A knee, zzothers.": 201, "Her MRN is 00483921.": 422,
		"I asked Ottoline Marchbanks.": 422, "I asked Peregrine Vandersloot.": 201, "I asked Bartholomew Quillfeather.": 201} {
		if got := visitor.Post(posts, map[string]any{"kind": "discussion", "title": "A case", "body": words}); got.Status != want {
			t.Errorf("%q: %d %s, want %d", words, got.Status, got.Body, want)
		}
	}
	if got := lead.Post(posts, map[string]any{"kind": "discussion", "title": "A case", "body": "I asked Peregrine Vandersloot."}); got.Status != 422 {
		t.Errorf("a provider names a patient: %d %s", got.Status, got.Body)
	}
	// A check for outside doctors alone is none.
	if got := c.Provider("policies").Post("/checks/try", map[string]any{"text": "x", "as": "patient", "checks": map[string]any{"en": []any{map[string]any{
		"clause": "a", "detector": "word", "whose": []string{"outside"}, "action": "stop", "words": []string{"x"}}}}}); got.Code() != "checks:invalid" {
		t.Errorf("a check of theirs alone: %d %s", got.Status, got.Body)
	}
}

// TestWhatCanBeChosenIsReadToo: the choices of a poll are words like others.
func TestWhatCanBeChosenIsReadToo(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{{"detector": "phone", "whose": []string{"provider"}, "action": "stop"}})
	lead := c.Provider()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead})
	ask := func(second string) *hookstest.Response {
		return lead.Post("/communities/"+room+"/posts", map[string]any{"kind": "poll", "title": "Whom do we call?", "poll": map[string]any{
			"choices": []string{"Nobody", second}, "ends": c.House.Now().Add(time.Hour).UTC().Format(time.RFC3339)}})
	}
	if got := ask("Her at (617) 555-0182"); got.Code() != "stopped_by_policy" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if got := ask("The front desk"); got.Status != http.StatusCreated {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
