package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The kinds of a posted text. An authorization is granted and revoked at its own place and never acknowledged as a policy is.
const (
	KindPolicy        = "policy"
	KindAuthorization = "authorization"
)

// Kinds lists every kind of a posted text.
var Kinds = []string{KindPolicy, KindAuthorization}

// What a check does with what it finds.
const (
	Say  = "say"  // shows the sentence; the writer may go on
	Ask  = "ask"  // the writer confirms before it is posted
	Hold = "hold" // a person decides before others see it
	Stop = "stop" // it is not posted
	Call = "call" // offers the phone, and lets the writer post all the same
)

// Actions lists every action of a check.
var Actions = []string{Say, Ask, Hold, Stop, Call}

// DetectorWord looks for the check's own words; no other detector has any.
const DetectorWord = "word"

// Detectors lists what a check may look for. identifier stands for the whole family from email to photo_link.
var Detectors = []string{
	"identifier", "email", "phone", "ssn", "record_number", "plan_number", "personal_date", "age_over_89", "street_address", "plate",
	"profile_link", "photo_link", "member_name", "direct_address", "dose_advice", "testimonial", "complaint", "urgent", "crisis",
	"interest", DetectorWord,
}

// Check is a rule in code that a clause carries: what to look for, in whose writing and where, what then happens, and what the
// writer reads. It is published with its text and is as fixed as the text.
type Check struct {
	Clause   string        `json:"clause" yaml:"clause"`
	Detector string        `json:"detector" yaml:"detector"`
	Whose    []clinic.Role `json:"whose" yaml:"whose"`
	Where    []string      `json:"where,omitempty" yaml:"where,omitempty"` // kinds of communities; none: everywhere
	Action   string        `json:"action" yaml:"action"`
	Say      string        `json:"say" yaml:"say"` // may hold placeholders
	Words    []string      `json:"words,omitempty" yaml:"words,omitempty"`
}

// The sizes that a practice's own checks keep to: generous for people, and small enough to look through on every post.
const (
	maxChecks     = 100
	maxSayRunes   = 400
	maxWords      = 200
	maxWordRunes  = 80
	maxStripRunes = 240
)

// ValidateChecks says what stops checks from being published with a body; the detail names the check by its place.
func ValidateChecks(body string, checks []Check) error {
	if len(checks) > maxChecks {
		return unreadable(fmt.Sprintf("checks: at most %d", maxChecks))
	}
	clauses := Clauses(body)
	for i, c := range checks {
		if problem := c.problem(clauses); problem != "" {
			return unreadable(fmt.Sprintf("check %d: %s", i+1, problem))
		}
	}
	return nil
}

// problem says in words what is wrong with a check, or nothing.
func (c Check) problem(clauses []string) string {
	switch {
	case !slices.Contains(clauses, c.Clause):
		return fmt.Sprintf("clause: the text has no {#%s}", c.Clause)
	case !slices.Contains(Detectors, c.Detector):
		return "detector: one of " + strings.Join(Detectors, ", ")
	case len(c.Whose) == 0 || !all(c.Whose, clinic.Role.Ruled):
		return "whose: one or more of provider, staff, patient, caregiver, each once"
	case !all(c.Where, func(kind string) bool { return slices.Contains(clinic.CommunityKinds, kind) }):
		return "where: kinds of communities, each once: " + strings.Join(clinic.CommunityKinds, ", ")
	case !slices.Contains(Actions, c.Action):
		return "action: one of " + strings.Join(Actions, ", ")
	case strings.TrimSpace(c.Say) == "" || utf8.RuneCountInString(c.Say) > maxSayRunes:
		return fmt.Sprintf("say: words for the writer, at most %d characters", maxSayRunes)
	case (c.Detector == DetectorWord) != (len(c.Words) > 0):
		return "words: for the detector word, and for it only"
	case len(c.Words) > maxWords || !all(c.Words, aWord):
		return fmt.Sprintf("words: at most %d, each once, of 2 to %d characters", maxWords, maxWordRunes)
	}
	return ""
}

// all reports whether every value is sound and stands once.
func all[T comparable](values []T, sound func(T) bool) bool {
	seen := map[T]bool{}
	for _, v := range values {
		if seen[v] || !sound(v) {
			return false
		}
		seen[v] = true
	}
	return true
}

func aWord(s string) bool {
	n := utf8.RuneCountInString(s)
	return s == strings.TrimSpace(s) && !strings.ContainsAny(s, "\r\n") && n >= 2 && n <= maxWordRunes
}

// ValidateStrip says what stops the lines of the policy strip from being published: one for those who work here, one for
// patients and caregivers, either or none.
func ValidateStrip(strip map[string]string) error {
	for _, whose := range slices.Sorted(maps.Keys(strip)) {
		line := strip[whose]
		if whose != clinic.AudienceStaff && whose != clinic.AudiencePeople {
			return unreadable("strip: staff, patients")
		}
		if strings.TrimSpace(line) == "" || strings.ContainsAny(line, "\r\n") || utf8.RuneCountInString(line) > maxStripRunes {
			return unreadable(fmt.Sprintf("strip: one line of words, at most %d characters", maxStripRunes))
		}
	}
	return nil
}

// fillChecks puts the practice's values into what checks say.
func (p Practice) fillChecks(checks []Check, language string) []Check {
	out := []Check{}
	for _, c := range checks {
		c.Say = p.FillPlain(c.Say, language)
		out = append(out, c)
	}
	return out
}

// fillStrip puts the practice's values into the lines of the policy strip.
func (p Practice) fillStrip(strip map[string]string, language string) map[string]string {
	out := map[string]string{}
	for whose, line := range strip {
		out[whose] = p.FillPlain(line, language)
	}
	return out
}
