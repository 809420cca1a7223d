package moderation_test

import (
	"strings"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// Each reads a finding in their own language, as the version says it by which it was found, also once there is a newer one.
func TestFindingsAreToldInTheReadersLanguage(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.provider, "You can reach him at 617-555-0182 all day.")
	const en, es = "Is this the phone number of a person?", "¿Es el teléfono de una persona?"
	for language, says := range map[string]string{"en": en, "es": es} {
		on := func(where string, found []struct{ Say, Clause string }) {
			t.Helper()
			if len(found) != 1 || !strings.Contains(found[0].Say, says) {
				t.Errorf("%s in %s: %+v", where, language, found)
			}
		}
		waits := hookstest.Into[list](r.lead.Get("/desk?language=" + language)).Items
		if len(waits) != 1 {
			t.Fatalf("%d holds wait", len(waits))
		}
		on("the desk", waits[0].Findings)
		on("one hold", hookstest.Into[held](r.lead.Get("/desk/"+waits[0].ID+"?language="+language)).Findings)
		on("the author's list", hookstest.Into[list](r.provider.Get("/holds?language=" + language)).Items[0].Findings)
		on("the author's hold", hookstest.Into[held](r.provider.Get("/holds/"+waits[0].ID+"?language="+language)).Findings)
		_, err := policy.Publish(r.App, r.House, "staff-social-media", policy.Edition{Class: policy.Typo, Texts: []policy.Words{
			{Language: "en", Title: "Other", Body: "1. Other. {#no-patient-information}", Reason: "A test."},
			{Language: "es", Title: "Otra", Body: "1. Otra. {#no-patient-information}", Reason: "Una prueba."}}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// What was found by a version that is not there any more, or by something else than a check of a policy, is told as it was stored.
func TestAFindingWithoutAVersionStaysAsItIs(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret number")
	hold := r.only(t)
	got := hookstest.Into[held](r.lead.Get("/desk/" + hold.ID + "?language=es"))
	if len(got.Findings) != 1 || got.Findings[0].Say != "This looks like a number." {
		t.Errorf("%+v", got.Findings)
	}
}
