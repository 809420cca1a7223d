package hooks

import (
	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
	"kinward/hooks/policy"
)

// lent is what the editor of policies borrows from the checks: the capabilities do not know each other.
var lent = policy.Options{Find: findAs, Detectors: detectorsIn}

// findAs looks for what one detector, or a family, finds in what a member of a role wrote. Names of members are left out: whom a
// writer could see then is not known any more.
func findAs(text string, role clinic.Role, detector string, words []string) [][2]int {
	members := check.Members(detector)
	if len(members) == 0 {
		return nil
	}
	var out [][2]int
	for _, found := range check.Find(text, check.Context{Role: role, Words: words, Only: members}) {
		out = append(out, [2]int{found.Start, found.End})
	}
	return out
}

// detector is one line of the form in which an editor sets a check.
type detector struct {
	ID       string          `json:"id"`
	Family   string          `json:"family"`
	Title    string          `json:"title"`
	Explains string          `json:"explains"`
	Examples []check.Example `json:"examples"`
}

func detectorsIn(language string) any {
	var out []detector
	for _, d := range check.Detectors {
		out = append(out, detector{d.ID, d.Family, messages.Say(language, "check.detector."+d.ID+".title", nil),
			messages.Say(language, "check.detector."+d.ID+".explains", nil), d.Finds})
	}
	return out
}
