package policy_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestLookShowsADraft(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	e := open(t, editor, "privacy")
	body := strings.Replace(e.Current.Texts["en"].Source, "\n", "\nPlease call {{phone}}. Notwithstanding institutional responsibilities regarding confidentiality, "+
		"participating individuals acknowledge considerable uncertainty concerning interdisciplinary communication.\n", 1) + "\n[there](/policies/nowhere#clause-x)\n"
	r := editor.Post("/manage/policies/privacy/look", object{"language": "en", "title": "Privacy", "summary": "Call {{phone}}.", "body": body})
	got := hookstest.Into[struct {
		HTML, Summary string
		Reading       struct {
			Grade float64
			Hard  []struct{ Sentence string }
		}
		Problems []struct {
			Code string
			Line int
		}
		Diff    []struct{ Op, Text string }
		Clauses []struct {
			ID     string
			Number int
		}
	}](r)
	if r.Status != http.StatusOK || !strings.Contains(got.HTML, "tel:5550100") || got.Summary != "Call 555-0100." || len(got.Reading.Hard) == 0 ||
		!strings.Contains(got.Reading.Hard[0].Sentence, "Notwithstanding") || got.Reading.Grade <= 0 || len(got.Clauses) < 10 || got.Clauses[1].Number != 2 {
		t.Errorf("%d %.2000s", r.Status, r.Body)
	}
	if !slices.ContainsFunc(got.Problems, func(p struct {
		Code string
		Line int
	}) bool {
		return p.Code == "link_nowhere" && p.Line > 1
	}) {
		t.Errorf("problems %+v", got.Problems)
	}
	var old, now strings.Builder
	for _, d := range got.Diff {
		if d.Op != "insert" {
			old.WriteString(d.Text)
		}
		if d.Op != "delete" {
			now.WriteString(d.Text)
		}
	}
	if old.String() != e.Current.Texts["en"].Source || now.String() != body {
		t.Error("the diff does not give both texts back")
	}
	if after := open(t, editor, "privacy"); after.Revision != 0 || after.Draft != nil {
		t.Error("looking stored something")
	}
}

func TestANewPolicyIsSeenByNobodyUntilItIsPublished(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	form := object{"slug": "group-visits", "audience": "patients", "title": "Group visits"}
	if r := editor.Post("/manage/policies", form); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies", form); r.Code() != "slug:policy_slug_taken" {
		t.Errorf("the address was taken twice: %d %s", r.Status, r.Body)
	}
	if r := c.Guest().Get("/policies/group-visits"); r.Status != http.StatusNotFound {
		t.Errorf("an unpublished policy answers %d", r.Status)
	}
	r := editor.Put("/manage/policies/group-visits/draft", object{"revision": 1, "texts": object{"en": object{"title": "Group visits", "body": "1. Come on time. {#on-time}"}}})
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	due := c.House.Now().Add(48 * time.Hour)
	r = editor.Post("/manage/policies/group-visits/publish", object{"revision": 2, "class": "material", "due": due, "reason": object{"en": "New."}})
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := patient.Get("/communities"); r.Status != http.StatusOK {
		t.Errorf("a new policy with a date stops a member's reading: %d", r.Status)
	}
	c.Pass(49 * time.Hour)
	if got := blocking(t, c, patient, clinic.BlocksWrite); !slices.Equal(got, []string{"group-visits"}) {
		t.Errorf("after its date a new policy stops %v", got)
	}
}

func TestTheListOfEditors(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	c.Owing(clinic.Patient)
	draftOf(t, editor, "x")
	items := hookstest.Into[list[struct {
		Slug                            string
		Draft                           json.RawMessage
		Acknowledged, Concerned, Number int
	}]](editor.Get("/manage/policies")).Items
	if len(items) < len(slugs) {
		t.Fatalf("%d policies", len(items))
	}
	for _, item := range items {
		switch {
		case item.Slug == "privacy" && (string(item.Draft) == "null" || item.Concerned != 3 || item.Acknowledged != 2):
			t.Errorf("%+v", item)
		case item.Slug == "staff-social-media" && (item.Concerned != 2 || item.Acknowledged != 2):
			t.Errorf("%+v", item)
		}
	}
}
