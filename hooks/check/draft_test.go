package check_test

import (
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/hookstest"
)

// An editor, and an operator in the dashboard, try what stands in a draft: it takes the place of what is posted with its policy, and
// the other policies' checks go on.
func TestADraftsChecksAreTried(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	patients := []string{"patient"}
	publish(t, c, "tried", []rule{{"detector": "word", "words": []string{"zzposted"}, "whose": patients, "action": "stop"}})
	publish(t, c, "other", []rule{{"detector": "word", "words": []string{"zzother"}, "whose": patients, "action": "say"}})
	said := rule{"clause": "tried", "detector": "word", "words": []string{"zzdraft"}, "whose": patients, "action": "hold", "say": "Call {{phone}}."}
	dicho := rule{"clause": "tried", "detector": "word", "words": []string{"zzborrador"}, "whose": patients, "action": "hold", "say": "Llame al {{phone}}."}
	form := map[string]any{"text": "zzposted zzother zzdraft zzborrador", "as": "patient", "policy": "tried", "titles": map[string]string{"en": "My draft", "es": "Mi borrador"},
		"checks": map[string]any{"en": []rule{said}, "es": []rule{dicho}}}
	for name, who := range map[string]*hookstest.Client{"an editor": c.Staff("policies"), "an operator": c.Operator()} {
		for language, want := range map[string][2]string{"en": {"My draft", "Call 555-0100."}, "es": {"Mi borrador", "Llame al 555-0100."}} {
			got := who.Post("/checks/try?language="+language, form)
			found := hookstest.Into[answer](got).Findings
			if got.Status != http.StatusOK || len(found) != 3 {
				t.Fatalf("%s: %d %s", name, got.Status, got.Body)
			}
			if f := found[0]; f.Action != "hold" || f.PolicyTitle != want[0] || f.Say != want[1] || f.Version != 0 {
				t.Errorf("%s in %s: %+v", name, language, f)
			}
			if f := found[2]; f.Policy != "other" || f.Version != 1 {
				t.Errorf("of the posted ones %s is told %+v", name, f)
			}
		}
		plain := who.Post("/checks/try", map[string]any{"text": "zzposted zzdraft", "as": "patient"})
		if found := hookstest.Into[answer](plain).Findings; len(found) != 1 || found[0].Action != "stop" {
			t.Errorf("what is posted, for %s: %s", name, plain.Body)
		}
		if got := who.Get("/checks"); got.Status != http.StatusOK {
			t.Errorf("the list, for %s: %d", name, got.Status)
		}
	}
	for name, who := range map[string]*hookstest.Client{"a provider": c.Provider(), "staff": c.Staff()} {
		if got := who.Post("/checks/try", form); got.Code() != "not_allowed" {
			t.Errorf("%s tried a draft: %d %s", name, got.Status, got.Body)
		}
	}
	if got := c.Patient().Post("/checks/try", form); got.Code() != "not_allowed" {
		t.Errorf("a patient: %d", got.Status)
	}
	editor := c.Staff("policies")
	for name, wrong := range map[string]rule{"detector": {"detector": "nothing"}, "action": {"action": "shout"}, "whose": {"whose": []string{"boss"}}} {
		bad := rule{"clause": "tried", "detector": "phone", "whose": patients, "action": "say", "say": "x"}
		for key, value := range wrong {
			bad[key] = value
		}
		form["checks"] = map[string]any{"en": []rule{bad}}
		if got := editor.Post("/checks/try", form); got.Code() != "checks:invalid" {
			t.Errorf("a wrong %s: %d %s", name, got.Status, got.Body)
		}
	}
	form["checks"] = map[string]any{"en": []rule{said}}
	form["text"] = strings.Repeat("x", 30_000)
	if got := editor.Post("/checks/try", form); got.Code() != "text:too_long" {
		t.Errorf("a long text: %d %s", got.Status, got.Body)
	}
}
