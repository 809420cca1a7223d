package policy_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// The clock jumps back by a day between publishing and acknowledging: the version in force is the one that was published last, and each
// acknowledgement is of the text that was read.
func TestTheClockGoesBackADayBeforeAnAcknowledgement(t *testing.T) {
	c := hookstest.New(t)
	editor, patient, newcomer := c.Staff("policies"), c.Patient(), c.Owing(clinic.Patient)
	refusing := c.Owing(clinic.Patient)
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, patient)
	first := read(t, c, "/policies/privacy")
	refuse := func(d document) {
		t.Helper()
		if r := refusing.Post("/policies/privacy/refuse", object{"version": d.Version, "sha256": d.SHA256, "outcome": policy.ReadOnly}); r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	refuse(first)
	c.Pass(time.Minute)
	due := c.House.Now().Add(48 * time.Hour).UTC().Truncate(time.Millisecond)
	if r := draftAndPublish(t, editor, policy.Material, object{"due": due}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	second := read(t, c, "/policies/privacy")
	before := dump(t, c, "acknowledgements")

	c.Pass(-24 * time.Hour)
	for _, m := range []*hookstest.Client{editor, patient, newcomer, refusing} {
		m.Token = c.SignedIn(m.ID).Token
	}
	if now := read(t, c, "/policies/privacy"); now.Version != 2 || now.SHA256 != second.SHA256 {
		t.Errorf("in force is version %d", now.Version)
	}
	items := hookstest.Into[list[struct {
		Number int
		Until  *time.Time
	}]](c.Guest().Get("/policies/privacy/versions")).Items
	if len(items) != 2 || items[0].Number != 2 || items[0].Until != nil || items[1].Until == nil {
		t.Errorf("the history: %+v", items)
	}
	if dump(t, c, "acknowledgements") != before {
		t.Error("the clock changed acknowledgements")
	}
	owing := func(m *hookstest.Client) []clinic.Owed {
		return slices.DeleteFunc(hookstest.Into[struct{ Owes []clinic.Owed }](m.Get("/me")).Owes, func(o clinic.Owed) bool { return o.Slug != "privacy" })
	}
	if got := owing(patient); len(got) != 1 || got[0].Version != 2 || got[0].Due == nil || !got[0].Due.Equal(due) {
		t.Errorf("who accepted version 1 owes %+v", got)
	}
	if got := owing(newcomer); len(got) != 1 || got[0].Version != 2 || got[0].Blocks != clinic.BlocksAll {
		t.Errorf("who accepted nothing owes %+v", got)
	}
	if r := patient.Post("/policies/privacy/acknowledge", object{"version": 1, "sha256": first.SHA256}); r.Code() != "policy_version_changed" {
		t.Errorf("the older text: %d %s", r.Status, r.Body)
	}
	for range 2 {
		accept(t, patient, second)
		accept(t, newcomer, second)
	}
	refuse(second)
	if len(owing(patient))+len(owing(newcomer)) != 0 || count(t, c, "acknowledgements WHERE number = 2") != 2 {
		t.Errorf("after accepting they owe %v and %v, and %d said so", owing(patient), owing(newcomer), count(t, c, "acknowledgements WHERE number = 2"))
	}
	one, two := told{"done", 1, first.SHA256}, told{"done", 2, second.SHA256}
	for number, want := range map[int]map[string]told{
		1: {patient.ID: one, newcomer.ID: two, refusing.ID: {"refused", 1, first.SHA256}, editor.ID: one},
		2: {patient.ID: two, newcomer.ID: two, refusing.ID: {"refused", 2, second.SHA256}, editor.ID: {State: "missing"}},
	} {
		for id, said := range want {
			if got := asCSV(t, editor, "privacy", number)[id]; got != said {
				t.Errorf("the report of version %d says %+v, want %+v", number, got, said)
			}
		}
	}
	// Nothing is published, withdrawn or said anew before what was published.
	if r := draftAndPublish(t, editor, policy.Typo, nil); r.Code() != "clock_is_behind" {
		t.Errorf("publishing: %d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies/privacy/withdraw", object{"reason": object{"en": "Counsel reads it first."}}); r.Code() != "clock_is_behind" {
		t.Errorf("withdrawing: %d %s", r.Status, r.Body)
	}
	c.Pass(24*time.Hour + time.Second)
	editor.Token, patient.Token = c.SignedIn(editor.ID).Token, c.SignedIn(patient.ID).Token
	accept(t, patient, second)
	if count(t, c, "acknowledgements WHERE number = 2") != 2 {
		t.Error("with the clock right again it was accepted a second time")
	}
	c.Pass(48 * time.Hour)
	patient.Token = c.SignedIn(patient.ID).Token
	if r := patient.Post("/communities/"+room+"/posts", object{"body": "Which bread has little salt?"}); r.Status != http.StatusCreated {
		t.Errorf("after the date: %d %s", r.Status, r.Body)
	}
	if found := verified(t, c); len(found.Mismatches) != 0 {
		t.Errorf("%+v", found.Mismatches)
	}
}

// Grants and revocations stand in the order in which they were said, whatever the clock says.
func TestTheClockGoesBackADayBetweenGrantingAndRevoking(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	c.Pass(-24 * time.Hour)
	patient.Token = c.SignedIn(patient.ID).Token
	g := hookstest.Into[granting](patient.Delete("/authorizations/sharing"))
	if g.Granted || len(g.History) != 2 || g.History[0].Action != "revoked" || !slices.Contains(blocking(t, c, patient, clinic.BlocksWrite), "sharing") {
		t.Errorf("taken back a day before it was given: %+v", g)
	}
	g = hookstest.Into[granting](patient.Post("/authorizations/sharing", object{"sha256": g.SHA256}))
	if !g.Granted || len(g.History) != 3 || blocking(t, c, patient, clinic.BlocksWrite) != nil {
		t.Errorf("given again: %+v", g)
	}
}

// A role that changes while the clock is behind: what was said before it, with a later date, does not count, and what is said after it does.
func TestTheClockGoesBackADayBeforeANewRole(t *testing.T) {
	c := hookstest.New(t)
	member := c.Patient()
	for _, role := range []clinic.Role{clinic.Caregiver, clinic.Patient} {
		c.Pass(-24 * time.Hour)
		member.Token = c.SignedIn(member.ID).Token
		c.Become(member, role)
		if got := owed(t, c, member); !slices.Equal(got, forPatients) {
			t.Errorf("as a %s they owe %v", role, got)
		}
		for _, slug := range forPatients {
			accept(t, member, read(t, c, "/policies/"+slug))
		}
		if got := owed(t, c, member); got != nil {
			t.Errorf("as a %s who accepted they owe %v", role, got)
		}
	}
}
