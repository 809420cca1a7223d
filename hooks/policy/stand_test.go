package policy_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// said is a reason as a reader gets it, and gap a time in which a policy was withdrawn.
type said struct{ Text, Language string }

type gap struct {
	From          time.Time
	To            *time.Time
	Reason, Again *said
	By, Back      *struct{ Name, State string }
}

type spell struct {
	Number      int
	Until       *time.Time
	Withdrawals []gap
}

func historyOf(t *testing.T, who *hookstest.Client, slug, language string) []spell {
	t.Helper()
	r := who.Get("/policies/" + slug + "/versions?language=" + language)
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return hookstest.Into[list[spell]](r).Items
}

func stand(t *testing.T, who *hookstest.Client, door string, reason object) {
	t.Helper()
	if r := who.Post("/manage/policies/privacy/"+door, object{"reason": reason}); r.Status != http.StatusOK {
		t.Fatalf("%s: %d %s", door, r.Status, r.Body)
	}
}

// The public history keeps every time in which a policy was not in force, with its reasons, after it is posted again and after later
// versions.
func TestEveryWithdrawalStaysInTheHistory(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	c.Stop()
	stand(t, editor, "withdraw", object{"en": " Counsel reads it first. ", "es": "La revisa una abogada."})
	out := c.House.Now()
	one := hookstest.Into[struct{ Withdrawn *gap }](c.Guest().Get("/policies/privacy?language=es")).Withdrawn
	if one == nil || !one.From.Equal(out.UTC().Truncate(time.Millisecond)) || one.To != nil || *one.Reason != (said{"La revisa una abogada.", "es"}) || one.By != nil {
		t.Errorf("while it is withdrawn: %+v", one)
	}
	if got := historyOf(t, c.Guest(), "privacy", "en"); len(got) != 1 || got[0].Until == nil || len(got[0].Withdrawals) != 1 || got[0].Withdrawals[0].To != nil {
		t.Errorf("while it is withdrawn: %+v", got)
	}
	c.Pass(time.Minute)
	stand(t, editor, "post-again", object{"es": "Está bien así.", "en": " "})
	if one := hookstest.Into[struct{ Withdrawn *gap }](c.Guest().Get("/policies/privacy")).Withdrawn; one != nil {
		t.Errorf("posted again: %+v", one)
	}
	c.Pass(time.Minute)
	stand(t, editor, "withdraw", object{"en": "Again."})
	c.Pass(time.Minute)
	stand(t, editor, "post-again", object{"en": "Back."})
	c.Pass(time.Minute)
	draftAndPublish(t, editor, policy.Typo, nil)
	for language, want := range map[string]said{"en": {"Counsel reads it first.", "en"}, "es": {"La revisa una abogada.", "es"}} {
		got := historyOf(t, c.Guest(), "privacy", language)
		if len(got) != 2 || len(got[0].Withdrawals) != 0 || got[0].Until != nil || got[1].Until == nil || len(got[1].Withdrawals) != 2 {
			t.Fatalf("%s: %+v", language, got)
		}
		first, second := got[1].Withdrawals[0], got[1].Withdrawals[1]
		if first.To == nil || first.To.Sub(first.From) != time.Minute || *first.Reason != want || *first.Again != (said{"Está bien así.", "es"}) || second.Reason.Text != "Again." {
			t.Errorf("%s: %+v, %+v", language, first, second)
		}
		if first.By != nil || first.Back != nil {
			t.Errorf("anyone is told who did it: %+v", first)
		}
	}
	if found := verified(t, c); len(found.Mismatches) != 0 || found.Events != 4 {
		t.Errorf("%+v", found)
	}
}

func TestWhoWithdrewIsToldToWhoWorksHere(t *testing.T) {
	c := hookstest.New(t)
	editor, other, patient := c.Staff("policies"), c.Staff(), c.Patient()
	name := find(t, c, clinic.Users, "id = '"+editor.ID+"'").GetString("name")
	stand(t, editor, "withdraw", object{"en": "Counsel reads it first."})
	if r := c.Operator().Post("/api/clinic/manage/policies/privacy/post-again", object{"reason": object{"en": "Read."}, "password": hookstest.Password}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	got := historyOf(t, other, "privacy", "en")[0].Withdrawals[0]
	if got.By == nil || got.By.Name != name || got.Back == nil || got.Back.Name == "" || got.Back.Name == name {
		t.Errorf("%+v", got)
	}
	if got := historyOf(t, patient, "privacy", "en")[0].Withdrawals[0]; got.By != nil || got.Back != nil {
		t.Errorf("a patient is told who: %+v", got)
	}
	if r := c.Founder().Post("/members/"+editor.ID+"/remove", object{"reason": "Left the practice."}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := historyOf(t, other, "privacy", "en")[0].Withdrawals[0]; got.By.State != "left" || got.By.Name == name || got.Reason.Text != "Counsel reads it first." {
		t.Errorf("who left: %+v", got.By)
	}
}

func TestAWithdrawalHasAReason(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	long := strings.Repeat("a", 1001)
	for name, refused := range map[string]struct {
		reason any
		code   string
	}{
		"none": {nil, "reason:required"}, "blank": {object{"en": " ", "es": ""}, "reason:required"}, "no language": {"Because.", "reason:invalid"},
		"another language": {object{"de": "Darum."}, "policy_language"}, "too long": {object{"en": "x", "es": long}, "reason.es:too_long"},
	} {
		if r := editor.Post("/manage/policies/privacy/withdraw", object{"reason": refused.reason}); r.Code() != refused.code {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if r := editor.Post("/manage/policies/privacy/post-again", object{"reason": object{"en": "x"}}); r.Code() != "policy_is_posted" {
		t.Errorf("what is posted was posted again: %d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies", object{"slug": "new-one", "title": "New", "audience": "everyone"}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies/new-one/withdraw", object{"reason": object{"en": "x"}}); r.Code() != policy.NotPublished.Code {
		t.Errorf("what was never published was withdrawn: %d %s", r.Status, r.Body)
	}
	if n := count(t, c, "policy_events"); n != 0 {
		t.Errorf("%d events", n)
	}
}

// Nobody withdraws a policy without a reason by writing its row.
func TestAPolicyStandsAsItsEventsSay(t *testing.T) {
	c := hookstest.New(t)
	record := find(t, c, clinic.Policies, "slug = 'privacy'")
	if r := c.Operator().Patch("/api/collections/policies/records/"+record.Id, object{"status": "withdrawn"}); r.Status != http.StatusForbidden {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	born := core.NewRecord(record.Collection())
	born.Load(map[string]any{"slug": "new-one", "audience": "everyone", "status": policy.Withdrawn})
	if err := c.App.Save(born); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("a policy was born withdrawn: %v", err)
	}
	if got := find(t, c, clinic.Policies, "slug = 'privacy'").GetString("status"); got != policy.Posted {
		t.Errorf("it is %s", got)
	}
}

func TestVerifyFindsWhatWasChangedOfWithdrawals(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	stand(t, editor, "withdraw", object{"en": "Counsel reads it first.", "es": "La revisa una abogada."})
	c.Pass(time.Minute)
	stand(t, editor, "post-again", object{"en": "Read."})
	c.Withdraw("testimonials")
	if found := verified(t, c); len(found.Mismatches) != 0 || found.Events != 3 {
		t.Fatalf("%+v", found)
	}
	for _, trigger := range []string{"_never_change", "_never_go"} {
		must(t, run(c, "DROP TRIGGER policy_events"+trigger))
	}
	privacy := find(t, c, clinic.Policies, "slug = 'privacy'").Id
	must(t, run(c, "CREATE TABLE kept_apart AS SELECT * FROM policy_events"))
	for statement, kinds := range map[string][]string{
		"UPDATE policy_events SET reason = '{\"en\":\"Nothing.\"}' WHERE policy = '" + privacy + "' AND seq = 1":            {"audit"},
		"DELETE FROM policy_events WHERE policy = '" + privacy + "' AND seq = 1":                                            {"missing", "order", "audit"},
		"DELETE FROM policy_events WHERE policy = '" + privacy + "'":                                                        {"audit"},
		"DELETE FROM policy_events WHERE policy != '" + privacy + "'":                                                       {"standing"},
		"UPDATE policy_events SET at = '2001-01-01 00:00:00.000Z' WHERE policy = '" + privacy + "' AND action != 'x'":       {"standing"},
		"UPDATE policy_events SET at = '2001-01-01 00:00:00.000Z', number = 0 WHERE policy = '" + privacy + "' AND seq = 2": {"order"},
	} {
		must(t, run(c, statement))
		found := verified(t, c)
		for _, kind := range append(kinds, "trigger") {
			if !slices.ContainsFunc(found.Mismatches, func(m policy.Mismatch) bool { return m.Kind == kind }) {
				t.Errorf("%s: no %s in %+v", statement, kind, found.Mismatches)
			}
		}
		must(t, run(c, "DELETE FROM policy_events"))
		must(t, run(c, "INSERT INTO policy_events SELECT * FROM kept_apart"))
	}
}

// Not even the house publishes what is withdrawn: the next version would be in nobody's eyes, and seem to be in force.
func TestNothingIsPublishedWhileWithdrawn(t *testing.T) {
	c := hookstest.New(t)
	stand(t, c.Staff("policies"), "withdraw", object{"en": "Counsel reads it first."})
	words := []policy.Words{{Language: "en", Title: "Privacy", Body: "A new text. {#new}\n", Reason: "New."}}
	if _, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Texts: words}); !errors.Is(err, policy.IsWithdrawn) {
		t.Errorf("%v", err)
	}
	if got := historyOf(t, c.Guest(), "privacy", "en"); len(got) != 1 {
		t.Errorf("%d versions", len(got))
	}
}

// What the practice says of itself may have changed while a policy was withdrawn: posted again, by an editor or by the house, it says what
// holds now, and nobody is asked for it.
func TestPostedAgainItSaysWhatThePracticeSaysNow(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	for i, again := range []func(){
		func() { stand(t, editor, "post-again", object{"en": "Read."}) },
		func() { c.PostAgain("privacy") },
	} {
		number, phone := i+2, "555-017"+string(rune('0'+i))
		c.Withdraw("privacy")
		if r := c.Founder().Patch("/practice/settings", object{"phone": phone}); r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		if n := count(t, c, "policy_versions v JOIN policies p ON p.id = v.policy WHERE p.slug = 'privacy'"); n != 2*(number-1) {
			t.Errorf("%d texts while it is withdrawn", n)
		}
		c.Pass(time.Minute)
		again()
		for _, language := range []string{"en", "es"} {
			d := read(t, c, "/policies/privacy?language="+language)
			if !strings.Contains(d.Markdown, phone) || d.Version != number || d.Class != policy.Typo || d.Status != policy.Posted {
				t.Errorf("%s, posted again: version %d, %s, %s:\n%s", language, d.Version, d.Class, d.Status, d.Markdown)
			}
		}
		got := historyOf(t, c.Guest(), "privacy", "en")
		if len(got) != number || len(got[0].Withdrawals) != 0 || len(got[1].Withdrawals) != 1 || got[1].Withdrawals[0].To == nil {
			t.Errorf("its history: %+v", got)
		}
	}
	if r := patient.Get("/me"); r.Status != http.StatusOK || strings.Contains(string(r.Body), `"slug":"privacy"`) {
		t.Errorf("a patient is asked: %d %s", r.Status, r.Body)
	}
	c.Withdraw("privacy")
	c.PostAgain("privacy")
	if d := read(t, c, "/policies/privacy"); d.Version != 3 {
		t.Errorf("nothing changed, and version %d was published", d.Version)
	}
	if found := verified(t, c); len(found.Mismatches) != 0 {
		t.Errorf("%+v", found)
	}
}
