package policy_test

import (
	"database/sql"
	"net/url"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

func verified(t *testing.T, c *hookstest.Clinic) policy.Verified {
	t.Helper()
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.Join(c.Dir(), "data.db"), RawQuery: "mode=ro"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	found, err := policy.Verify(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestVerifyFindsWhatWasChangedBelow(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	publish(t, c, policy.Material, c.House.Now().Add(time.Hour), "1. Two. {#two}")
	publish(t, c, policy.Typo, time.Time{}, "1. Three. {#two}")
	if r := patient.Delete("/authorizations/sharing"); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	sound := verified(t, c)
	if len(sound.Mismatches) != 0 || sound.Versions != 2*len(slugs)+4 || sound.Policies != len(slugs) || sound.Acknowledgements == 0 || sound.Authorizations != 2 {
		t.Fatalf("%+v", sound)
	}
	for _, table := range []string{"policy_versions", "acknowledgements"} {
		for _, trigger := range []string{"_never_change", "_never_go"} {
			must(t, run(c, "DROP TRIGGER "+table+trigger))
		}
	}
	privacy := find(t, c, clinic.Policies, "slug = 'privacy'").Id
	for _, change := range []struct{ statement, kind, back string }{
		{"UPDATE policy_versions SET markdown = markdown || ' ' WHERE number = 2 AND language = 'en'", "text",
			"UPDATE policy_versions SET markdown = rtrim(markdown, ' ') WHERE number = 2 AND language = 'en'"},
		{"UPDATE policy_versions SET sha256 = '" + policy.Sum("x") + "', markdown = 'x' WHERE number = 3 AND language = 'es'", "audit", ""},
		{"UPDATE acknowledgements SET sha256 = '" + policy.Sum("x") + "' WHERE policy = '" + privacy + "'", "word", ""},
		{"UPDATE policy_versions SET published = '2001-01-01 00:00:00.000Z' WHERE number = 3", "order", ""},
		{"DELETE FROM policy_versions WHERE number = 2", "missing", ""},
	} {
		must(t, run(c, change.statement))
		found := verified(t, c)
		if !slices.ContainsFunc(found.Mismatches, func(m policy.Mismatch) bool { return m.Kind == change.kind }) {
			t.Errorf("%s: %+v", change.statement, found.Mismatches)
		}
		if change.back != "" {
			must(t, run(c, change.back))
		}
	}
	if found := verified(t, c); !slices.ContainsFunc(found.Mismatches, func(m policy.Mismatch) bool { return m.Kind == "trigger" }) {
		t.Error("missing triggers were not told")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
