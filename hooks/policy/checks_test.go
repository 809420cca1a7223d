package policy_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/policy"
)

// checked is a text whose clause carries checks, as it stands in a file.
var checked = strings.Replace(sound, "reason: First version.\n", `reason: First version.
kind: policy
strip: {staff: "Speak generally.", patients: "Call {{phone}}."}
checks:
  - clause: be-kind
    detector: dose_advice
    whose: [patient, caregiver]
    where: [condition, programme]
    action: ask
    say: "Is this a dose?"
  - {clause: be-kind, detector: word, whose: [staff], action: hold, say: "We do not say so.", words: [guinea pig, lab rat]}
`, 1)

func TestParseReadsChecks(t *testing.T) {
	text, err := policy.Parse([]byte(checked))
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Check{
		{Clause: "be-kind", Detector: "dose_advice", Whose: []clinic.Role{clinic.Patient, clinic.Caregiver},
			Where: []string{"condition", "programme"}, Action: policy.Ask, Say: "Is this a dose?"},
		{Clause: "be-kind", Detector: "word", Whose: []clinic.Role{clinic.Staff}, Action: policy.Hold, Say: "We do not say so.",
			Words: []string{"guinea pig", "lab rat"}},
	}
	if !reflect.DeepEqual(text.Checks, want) {
		t.Errorf("got %+v", text.Checks)
	}
	if text.Strip["staff"] != "Speak generally." || text.Strip["patients"] != "Call {{phone}}." || len(text.Strip) != 2 {
		t.Errorf("got %v", text.Strip)
	}
	authorization, err := policy.Parse([]byte(strings.Replace(checked, "kind: policy", "kind: authorization", 1)))
	if err != nil || authorization.Kind != policy.KindAuthorization {
		t.Errorf("got %q, %v", authorization.Kind, err)
	}
}

func TestParseRefusesChecks(t *testing.T) {
	for name, swap := range map[string][2]string{
		"an unknown kind":              {"kind: policy", "kind: contract"},
		"an unknown name in a check":   {"action: ask", "actoin: ask"},
		"a clause that is not there":   {"clause: be-kind\n", "clause: be-nice\n"},
		"an unknown detector":          {"dose_advice", "doses"},
		"nobody's writing":             {"whose: [patient, caregiver]", "whose: []"},
		"an unknown role":              {"[patient, caregiver]", "[patient, doctor]"},
		"a role twice":                 {"[patient, caregiver]", "[patient, patient]"},
		"an unknown kind of community": {"[condition, programme]", "[condition, wall]"},
		"an unknown action":            {"action: ask", "action: delete"},
		"nothing to say":               {`"Is this a dose?"`, `" "`},
		"a speech":                     {"Is this a dose?", strings.Repeat("word ", 100)},
		"word without words":           {"words: [guinea pig, lab rat]", "words: []"},
		"words without word":           {"detector: word", "detector: crisis"},
		"a word of one letter":         {"guinea pig", "g"},
		"a word twice":                 {"lab rat", "guinea pig"},
		"a strip for nobody":           {"strip: {staff:", "strip: {doctors:"},
		"a strip without words":        {`"Speak generally."`, `""`},
		"a strip of two lines":         {"Speak generally.", `Speak\nup.`},
		"checks that are no list":      {"checks:\n  - clause", "checks:\n    clause"},
	} {
		t.Run(name, func(t *testing.T) {
			source := strings.Replace(checked, swap[0], swap[1], 1)
			if source == checked {
				t.Fatal("nothing was changed")
			}
			if _, err := policy.Parse([]byte(source)); !errors.Is(err, policy.Unreadable) {
				t.Errorf("got %v", err)
			}
		})
	}
	text, _ := policy.Parse([]byte(checked))
	for len(text.Checks) <= 100 {
		text.Checks = append(text.Checks, text.Checks[0])
	}
	if err := text.Validate(); !errors.Is(err, policy.Unreadable) {
		t.Errorf("a hundred and one checks: %v", err)
	}
}
