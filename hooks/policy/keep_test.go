package policy_test

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
	"kinward/policies"
)

func find(t testing.TB, c *hookstest.Clinic, collection, filter string) *core.Record {
	t.Helper()
	record, err := c.App.FindFirstRecordByFilter(collection, filter)
	if err != nil {
		t.Fatal(err)
	}
	return record
}

// publish posts the next version of the privacy policy in both languages.
func publish(t *testing.T, c *hookstest.Clinic, class string, due time.Time, body string) int {
	t.Helper()
	number, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: class, Due: due, Texts: []policy.Words{
		{Language: "en", Title: "Privacy", Body: body, Reason: "A test."},
		{Language: "es", Title: "Privacidad", Body: body + "\n\nEn español.", Reason: "Una prueba."}}})
	if err != nil {
		t.Fatal(err)
	}
	return number
}

func TestWhatWasPublishedNeverChanges(t *testing.T) {
	c := hookstest.New(t)
	c.Patient()
	for _, collection := range []string{clinic.PolicyVersions, clinic.Acknowledgements} {
		record := find(t, c, collection, "")
		for name, try := range map[string]func() error{
			"save":                func() error { record.Set("sha256", "x"); return c.App.Save(record) },
			"save by the house":   func() error { record.Set("sha256", "x"); return c.House.Save(c.App, record) },
			"without validation":  func() error { record.Set("sha256", "x"); return c.App.SaveNoValidate(record) },
			"delete":              func() error { return c.App.Delete(record) },
			"delete by the house": func() error { return c.House.Delete(c.App, record) },
			"truncate":            func() error { return c.App.TruncateCollection(record.Collection()) },
		} {
			before := count(t, c, collection)
			if err := try(); err == nil {
				t.Errorf("%s of %s went through", name, collection)
			}
			if count(t, c, collection) != before || count(t, c, collection+" WHERE sha256 = 'x'") != 0 {
				t.Errorf("%s changed %s", name, collection)
			}
		}
	}
}

// Whoever comes in below the record events, as by the dashboard's SQL console if it were open, meets the triggers.
func TestSQLChangesNothingThatIsKept(t *testing.T) {
	c := hookstest.New(t)
	c.Patient()
	for table, column := range map[string]string{clinic.PolicyVersions: "sha256", clinic.Acknowledgements: "sha256", clinic.AuditEntries: "hash"} {
		before := count(t, c, table)
		for _, statement := range []string{
			"UPDATE " + table + " SET " + column + " = 'x'",
			"DELETE FROM " + table,
			"INSERT OR REPLACE INTO " + table + " SELECT * FROM " + table,
			"REPLACE INTO " + table + " (rowid, id) SELECT rowid, 'x' || id FROM " + table,
			"UPDATE OR REPLACE " + table + " SET id = 'x'",
		} {
			if err := run(c, statement); err == nil {
				t.Errorf("%s went through", statement)
			}
		}
		if count(t, c, table) != before || count(t, c, table+" WHERE "+column+" = 'x' OR id LIKE 'x%' AND length(id) > 15") != 0 {
			t.Errorf("%s changed", table)
		}
	}
}

func run(c *hookstest.Clinic, statement string) error {
	_, err := c.App.DB().NewQuery(statement).Execute()
	return err
}

func count(t testing.TB, c *hookstest.Clinic, from string) int {
	t.Helper()
	var n int
	if err := c.App.DB().NewQuery("SELECT COUNT(*) FROM " + from).Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOnlyTheHousePublishesAndWitnesses(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Owing(clinic.Patient)
	version := find(t, c, clinic.PolicyVersions, "language = 'en' && policy.slug = 'privacy'")
	forged := core.NewRecord(version.Collection())
	forged.Load(map[string]any{"policy": version.GetString("policy"), "number": 2, "language": "en", "title": "x", "markdown": "x",
		"source": "x", "class": "typo", "sha256": "x"})
	if err := c.App.Save(forged); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("a version came by another door: %v", err)
	}
	collection, err := c.App.FindCollectionByNameOrId(clinic.Acknowledgements)
	if err != nil {
		t.Fatal(err)
	}
	ack := core.NewRecord(collection)
	ack.Load(map[string]any{"member": patient.ID, "policy": version.GetString("policy"), "sha256": version.GetString("sha256")})
	if err := c.App.Save(ack); !errors.Is(err, clinic.OnlyByHouse) {
		t.Errorf("an acknowledgement came by another door: %v", err)
	}
	ack.Set("sha256", strings.Repeat("0", 64))
	if err := c.House.Save(c.App, ack); !errors.Is(err, policy.VersionChanged) {
		t.Errorf("the house acknowledged a text that nobody published: %v", err)
	}
}

func TestAVersionIsSealedAtTheRecordEvent(t *testing.T) {
	c := hookstest.New(t)
	version := find(t, c, clinic.PolicyVersions, "language = 'en' && policy.slug = 'privacy'")
	base := map[string]any{"policy": version.GetString("policy"), "number": 2, "language": "en", "title": "x", "markdown": "1. *New.* {#new}",
		"source": "1. *New.* {#new}", "class": "material", "reason": "x", "html": "<script>", "sha256": strings.Repeat("0", 64), "published": c.House.Now()}
	try := func(changes map[string]any) (*core.Record, error) {
		record := core.NewRecord(version.Collection())
		record.Load(base)
		record.Load(changes)
		return record, c.House.Save(c.App, record)
	}
	for name, refused := range map[string]struct {
		changes map[string]any
		want    error
	}{
		"a number skipped":    {map[string]any{"number": 3}, policy.OutOfOrder},
		"a number used":       {map[string]any{"number": 1, "language": "en"}, nil},
		"a language unspoken": {map[string]any{"language": "de"}, policy.NoSuchLanguage},
		"no words":            {map[string]any{"markdown": " "}, policy.NothingToSay},
		"a clause twice":      {map[string]any{"markdown": "1. A {#a}\n\n2. B {#a}"}, policy.ClauseTwice},
		"too long":            {map[string]any{"markdown": strings.Repeat("a", 100_001)}, clinic.TooLong},
		"a typo with a date":  {map[string]any{"class": "typo", "due": c.House.Now()}, nil},
	} {
		if _, err := try(refused.changes); err == nil || refused.want != nil && !errors.Is(err, refused.want) {
			t.Errorf("%s: got %v, want %v", name, err, refused.want)
		}
	}
	record, err := try(nil)
	if err != nil {
		t.Fatal(err)
	}
	if record.GetString("sha256") != policy.Sum("1. *New.* {#new}") || !strings.Contains(record.GetString("html"), `id="clause-new"`) || strings.Contains(record.GetString("html"), "script") {
		t.Errorf("sealed with %s and %s", record.GetString("sha256"), record.GetString("html"))
	}
}

func TestAPolicyKeepsItsAddressAndItsVersions(t *testing.T) {
	c := hookstest.New(t)
	record := find(t, c, clinic.Policies, "slug = 'privacy'")
	record.Set("slug", "secrecy")
	if err := c.App.Save(record); !errors.Is(err, policy.SlugFixed) {
		t.Errorf("the slug changed: %v", err)
	}
	if err := c.App.Delete(record); !errors.Is(err, policy.StillKept) {
		t.Errorf("a published policy was deleted: %v", err)
	}
	bad := core.NewRecord(record.Collection())
	bad.Load(map[string]any{"slug": "../etc", "audience": "everyone", "status": "posted"})
	if err := c.App.Save(bad); err == nil {
		t.Error("a slug that is none was taken")
	}
	bad.Set("slug", "new-one")
	if err := c.App.Save(bad); err != nil {
		t.Errorf("an operator could not add a policy: %v", err)
	}
	if err := c.App.Delete(bad); err != nil {
		t.Errorf("a policy that was never published could not go: %v", err)
	}
}

func TestAWithdrawnPolicyIsReadButNotAsked(t *testing.T) {
	c := hookstest.New(t)
	c.Withdraw("privacy")
	if got := hookstest.Into[list[document]](c.Guest().Get("/policies")).Items; len(got) != len(slugs)-1 {
		t.Errorf("%d policies are posted", len(got))
	}
	d := read(t, c, "/policies/privacy")
	if d.Status != policy.Withdrawn {
		t.Errorf("its status is %q", d.Status)
	}
	patient := c.Owing(clinic.Patient)
	if got := owed(t, c, patient); slices.Contains(got, "privacy") {
		t.Error("a withdrawn policy is asked for")
	}
	if r := patient.Post("/policies/privacy/acknowledge", map[string]any{"version": 1, "sha256": d.SHA256}); r.Code() != "not_found" {
		t.Errorf("a withdrawn policy was acknowledged: %d %s", r.Status, r.Body)
	}
}

func TestWhatAClassAsks(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	old := read(t, c, "/policies/privacy")
	publish(t, c, policy.Typo, time.Time{}, "1. One. {#one}")
	publish(t, c, policy.Clarification, time.Time{}, "1. One, clearly. {#one}")
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("a typo and a clarification ask for %v", got)
	}
	due := c.House.Now().Add(7 * 24 * time.Hour)
	number := publish(t, c, policy.Material, due, "1. Two. {#two}")
	if number != 4 {
		t.Errorf("version %d", number)
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("before its date a material version stops %v", got)
	}
	c.Pass(7*24*time.Hour + time.Second)
	if got := blocking(t, c, patient, clinic.BlocksWrite); !slices.Equal(got, []string{"privacy"}) {
		t.Errorf("after its date a material version stops %v", got)
	}
	if got := owed(t, c, patient); got != nil {
		t.Errorf("a later version stops reading: %v", got)
	}
	patient = c.SignedIn(patient.ID)
	if r := patient.Post("/policies/privacy/acknowledge", map[string]any{"version": 1, "sha256": old.SHA256}); r.Code() != "policy_version_changed" {
		t.Errorf("an old text was acknowledged: %d %s", r.Status, r.Body)
	}
	accept(t, patient, read(t, c, "/policies/privacy"))
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("after acknowledging still owes %v", got)
	}
	history := hookstest.Into[list[struct {
		Number                           int
		Class, Reason, Language, Summary string
	}]](c.Guest().Get("/policies/privacy/versions?language=es")).Items
	if len(history) != 4 || history[0].Number != 4 || history[0].Class != policy.Material || history[0].Language != "es" || history[3].Reason != "Primera versión." {
		t.Errorf("history %+v", history)
	}
	if d := read(t, c, "/policies/privacy/versions/1?language=es"); len(history) == 4 && (d.Summary == "" || history[3].Summary != d.Summary) {
		t.Errorf("the history says %q in short, and the version %q", history[3].Summary, d.Summary)
	}
	if d := read(t, c, "/policies/privacy/versions/1"); d.Markdown != old.Markdown || d.Current {
		t.Error("version 1 is not what it was")
	}
}

func TestANewPhoneNumberPublishesAndAsksNobody(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	practice := find(t, c, clinic.Practices, "")
	practice.Set("phone", "555-0199")
	if err := c.House.Save(c.App, practice); err != nil {
		t.Fatal(err)
	}
	for _, language := range clinic.Languages {
		d := read(t, c, "/policies/urgent-questions?language="+language)
		if d.Version != 2 || d.Class != policy.Typo || !strings.Contains(d.Markdown, "555-0199") || strings.Contains(d.Markdown+d.Summary, "555-0100") {
			t.Errorf("%s: version %d, %s: %s", language, d.Version, d.Class, d.Summary)
		}
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("a new phone number asks for %v", got)
	}
	if old := read(t, c, "/policies/urgent-questions/versions/1"); !strings.Contains(old.Markdown, "555-0100") {
		t.Error("version 1 changed with the phone")
	}
	practice.Set("address", "1 New Street")
	if err := c.House.Save(c.App, practice); err != nil {
		t.Fatal(err)
	}
	if d := read(t, c, "/policies/urgent-questions"); d.Version != 2 {
		t.Errorf("a change that no policy shows made version %d", d.Version)
	}
}

func TestShippedPoliciesAreAddedAndNeverTouched(t *testing.T) {
	c := hookstest.New(t)
	publish(t, c, policy.Clarification, time.Time{}, "1. Ours. {#ours}")
	newer := fstest.MapFS{
		"en/privacy.md": {Data: []byte(strings.Replace(sound, "be-well", "privacy", 1))},
		"en/be-well.md": {Data: []byte(sound)},
	}
	for range 2 {
		if err := policy.PostShipped(c.App, c.House, newer); err != nil {
			t.Fatal(err)
		}
	}
	if d := read(t, c, "/policies/privacy"); d.Version != 2 || !strings.Contains(d.Markdown, "Ours") {
		t.Errorf("the practice's own text was touched: version %d", d.Version)
	}
	if d := read(t, c, "/policies/be-well"); d.Version != 1 || d.Audience != "patients" {
		t.Errorf("what was missing: %+v", d)
	}
	broken := fstest.MapFS{"en/aa.md": {Data: []byte(strings.Replace(sound, "be-well", "aa", 1))}, "en/bb.md": {Data: []byte("no front matter")}}
	if err := policy.PostShipped(c.App, c.House, broken); !errors.Is(err, policy.Unreadable) || count(t, c, "policies WHERE slug = 'aa'") != 0 {
		t.Errorf("a broken folder was posted in part: %v", err)
	}
}

func TestNothingIsPostedBeforeTheSetUp(t *testing.T) {
	c := hookstest.Empty(t)
	for _, shipped := range []fs.FS{policies.FS} {
		if err := policy.PostShipped(c.App, c.House, shipped); err != nil {
			t.Fatal(err)
		}
	}
	if got := hookstest.Into[list[document]](c.Guest().Get("/policies")).Items; len(got) != 0 {
		t.Errorf("%d policies before there is a practice", len(got))
	}
	if _, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Texts: []policy.Words{{Language: "en"}}}); err == nil {
		t.Error("published without a practice")
	}
}

func TestTwoLanguagesOrNone(t *testing.T) {
	c := hookstest.New(t)
	_, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Typo, Texts: []policy.Words{
		{Language: "en", Title: "Privacy", Body: "1. A {#a}", Reason: "x"}, {Language: "es", Title: "Privacidad", Body: " ", Reason: "x"}}})
	if !errors.Is(err, policy.NothingToSay) {
		t.Errorf("got %v", err)
	}
	if n := count(t, c, "policy_versions WHERE number = 2"); n != 0 {
		t.Errorf("%d texts of a version that failed", n)
	}
	var seen int
	if err := c.App.DB().NewQuery("SELECT COUNT(*) FROM audit_entries WHERE action = {:a}").Bind(dbx.Params{"a": "policy.publish"}).Row(&seen); err != nil || seen != len(slugs) {
		t.Errorf("%d lines in the audit record, %v", seen, err)
	}
}
