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
	for _, table := range []string{"policy_versions", "acknowledgements", "policy_refusals", "authorization_events"} {
		if n := count(t, c, "sqlite_master WHERE type = 'trigger' AND tbl_name = '"+table+"'"); n != 2 {
			t.Errorf("%s has %d triggers", table, n)
		}
	}
	if run(c, "UPDATE policy_versions SET checks = '[]'") == nil || run(c, "DELETE FROM acknowledgements") == nil {
		t.Error("the triggers let a change through")
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
