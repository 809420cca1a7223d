package member_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/hookstest"
)

type recordPage struct {
	Items []struct {
		Action string
		By     *struct{ ID, Name string }
	}
	Next string
}

func recordOf(t *testing.T, who *hookstest.Client, path string) recordPage {
	t.Helper()
	r := who.Get(path)
	if r.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", path, r.Status, r.Body)
	}
	return hookstest.Into[recordPage](r)
}

func TestAMemberSeesWhoLookedAtTheirs(t *testing.T) {
	c := hookstest.New(t)
	patient, staff, provider := c.Patient(), c.Staff(), c.Provider()
	start := len(recordOf(t, patient, "/me/record").Items)
	staff.Get("/members/" + patient.ID)
	staff.Get("/members/" + patient.ID) // within the hour: one line
	patient.Get("/me")
	signIn(c, patient.Email, "not the password")
	signIn(c, "nobody@x.example", "not the password")
	provider.Get("/members/" + patient.ID)
	c.Pass(61 * time.Minute)
	staff = c.SignedIn(staff.ID)
	staff.Get("/members/" + patient.ID)
	patient = c.SignedIn(patient.ID)
	got := recordOf(t, patient, "/me/record").Items
	if len(got)-start != 4 {
		t.Fatalf("%d lines more, want 4: %+v", len(got)-start, got)
	}
	for i, want := range []struct{ action, by string }{
		{"member.view", staff.ID}, {"member.view", provider.ID}, {"member.sign_in_failed", ""}, {"member.view", staff.ID},
	} {
		by := ""
		if got[i].By != nil {
			by = got[i].By.ID
		}
		if got[i].Action != want.action || by != want.by {
			t.Errorf("line %d: %s by %q, want %+v", i, got[i].Action, by, want)
		}
	}
	if other := recordOf(t, c.Patient(), "/me/record"); len(other.Items) > start {
		t.Errorf("another patient sees %+v", other.Items)
	}
	if _, broken, err := c.House.VerifyAudit(c.App); err != nil || broken != 0 {
		t.Errorf("the record is broken at %d, %v", broken, err)
	}
}

func TestTheRecordIsReadByPages(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	for range 60 {
		if err := c.House.Audit(c.App, "", "member.sign_in_failed", "users/"+patient.ID, ""); err != nil {
			t.Fatal(err)
		}
	}
	first := recordOf(t, patient, "/me/record")
	rest := recordOf(t, patient, "/me/record?before="+first.Next)
	if len(first.Items) != 50 || len(rest.Items) < 10 || rest.Next != "" {
		t.Errorf("%d, then %d with the cursor %q", len(first.Items), len(rest.Items), rest.Next)
	}
	if got := patient.Get("/me/record?before=x"); got.Status != http.StatusBadRequest {
		t.Errorf("a wrong cursor: %d %s", got.Status, got.Body)
	}
}
