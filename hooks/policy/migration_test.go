package policy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// The way back and forth again keeps every row, and the triggers that hold them.
func TestMigrationKeepsRowsAndTriggers(t *testing.T) {
	c := hookstest.New(t)
	c.Patient()
	versions, acknowledged := count(t, c, clinic.PolicyVersions), count(t, c, clinic.Acknowledgements)
	runner := core.NewMigrationsRunner(c.App, core.AppMigrations)
	for count(t, c, "_migrations WHERE file = '0007_policy_work.go'") == 1 { // later ones go first
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if count(t, c, clinic.PolicyVersions) != versions || count(t, c, clinic.Acknowledgements) != acknowledged {
		t.Error("rows were lost on the way")
	}
	for _, table := range []string{"policy_versions", "acknowledgements", "policy_refusals", "authorization_events", "policy_events"} {
		if n := count(t, c, "sqlite_master WHERE type = 'trigger' AND tbl_name = '"+table+"'"); n != 2 {
			t.Errorf("%s has %d triggers", table, n)
		}
	}
	if run(c, "UPDATE policy_versions SET checks = '[]'") == nil || run(c, "DELETE FROM acknowledgements") == nil {
		t.Error("the triggers let a change through")
	}
}

// An older folder kept a withdrawal on the policy's row while it lasted, and on the audit record for good.
func TestMigrationCarriesWithdrawals(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	runner := core.NewMigrationsRunner(c.App, core.AppMigrations)
	down := func() {
		t.Helper()
		for count(t, c, "_migrations WHERE file = '0023_policy_events.go'") == 1 {
			if _, err := runner.Down(1); err != nil {
				t.Fatal(err)
			}
		}
	}
	up := func() {
		t.Helper()
		if _, err := runner.Up(); err != nil {
			t.Fatal(err)
		}
	}
	down()
	of := func(slug string) string { return "policies/" + find(t, c, clinic.Policies, "slug = '"+slug+"'").Id }
	must(t, run(c, "UPDATE users SET language = 'es' WHERE id = '"+editor.ID+"'"))
	for _, line := range []struct{ action, actor, slug string }{
		{"policy.withdraw", editor.ID, "privacy"}, {"policy.post_again", "_superusers/operator", "privacy"}, {"policy.withdraw", editor.ID, "testimonials"},
	} {
		c.Pass(time.Minute)
		must(t, c.House.Audit(c.App, line.actor, line.action, of(line.slug), line.slug+": For the record."))
	}
	must(t, run(c, "UPDATE policies SET status = 'withdrawn', withdrawn = '2030-01-02 03:04:05.000Z', withdrawn_by = '"+editor.ID+
		"', withdrawn_reason = 'La revisa una abogada.' WHERE slug = 'testimonials'"))
	must(t, run(c, "UPDATE policies SET status = 'withdrawn' WHERE slug = 'caregivers'")) // at the dashboard, by its row
	up()
	gaps := func(slug string) []gap { return historyOf(t, editor, slug, "en")[0].Withdrawals }
	ended := gaps("privacy")
	if len(ended) != 1 || ended[0].To == nil || ended[0].To.Sub(ended[0].From) < 59*time.Second || ended[0].Reason != nil || ended[0].By.State != "active" || ended[0].Back.Name == "" {
		t.Errorf("what only the audit record kept: %+v", ended)
	}
	lasting := gaps("testimonials")
	if len(lasting) != 1 || lasting[0].To != nil || *lasting[0].Reason != (said{"La revisa una abogada.", "es"}) {
		t.Errorf("what stood on the row: %+v", lasting)
	}
	if got := gaps("caregivers"); len(got) != 1 || got[0].From.IsZero() || got[0].Reason != nil {
		t.Errorf("what nobody noted: %+v", got)
	}
	if run(c, "UPDATE policy_events SET reason = '{}'") == nil || run(c, "DELETE FROM policy_events") == nil {
		t.Error("the triggers let a change through")
	}
	if found := verified(t, c); len(found.Mismatches) != 0 || found.Events != 4 {
		t.Errorf("%+v", found)
	}
	stand(t, c.SignedIn(editor.ID), "withdraw", object{"en": "Counsel reads it again."})
	before := dump(t, c, "(SELECT policy, seq, action, reason, author, operator FROM policy_events)")
	down()
	up()
	if after := dump(t, c, "(SELECT policy, seq, action, reason, author, operator FROM policy_events)"); after != before {
		t.Errorf("on the way back and forth again\n%s\nbecame\n%s", before, after)
	}
}

func TestAVersionCarriesItsChecks(t *testing.T) {
	c := hookstest.New(t)
	words := policy.Words{Language: "en", Title: "Privacy", Body: "1. One. {#one-alone}", Reason: "A test.",
		Checks: []policy.Check{{Clause: "one-alone", Detector: "dose_advice", Whose: []clinic.Role{clinic.Staff}, Action: policy.Ask, Say: "Call {{phone}}."}},
		Strip:  map[string]string{clinic.AudienceStaff: "Speak generally. {{phone}}"}}
	publish := func() error {
		_, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Due: c.House.Now().Add(time.Hour), Texts: []policy.Words{words}})
		return err
	}
	if err := publish(); err != nil {
		t.Fatal(err)
	}
	version := find(t, c, clinic.PolicyVersions, "number = 2")
	var checks []policy.Check
	if err := json.Unmarshal([]byte(version.GetString("checks")), &checks); err != nil || len(checks) != 1 || checks[0].Say != "Call 555-0100." {
		t.Errorf("checks %s, %v", version.GetString("checks"), err)
	}
	if got := version.GetString("strip"); got != `{"staff":"Speak generally. 555-0100"}` {
		t.Errorf("strip %s", got)
	}
	words.Checks[0].Clause = "another"
	if err := publish(); err == nil {
		t.Error("a check on a clause that is not there was published")
	}
	practice := find(t, c, clinic.Practices, "")
	practice.Set("phone", "555-0199")
	if err := c.House.Save(c.App, practice); err != nil {
		t.Fatal(err)
	}
	if got := find(t, c, clinic.PolicyVersions, "number = 3 && policy.slug = 'privacy'").GetString("strip"); got != `{"staff":"Speak generally. 555-0199"}` {
		t.Errorf("after the phone changed the strip is %s", got)
	}
}
