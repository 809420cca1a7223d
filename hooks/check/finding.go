package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"kinward/hooks/clinic"
)

// Finding is what a writer is told: which words, which clause says so, and what happens. Start and End count code points of
// the body, or of the title where Field is "title", or of what can be chosen in a poll, one a line, where it is "choices", or of
// what a file says, where it is "files": File is its id, and FileName what it is called. Of words that come to a file which is shown
// already, Field is which of them: "alt", "transcript" or "captions", these without their times.
type Finding struct {
	ID       string `json:"id"`
	Check    string `json:"check"` // the family
	Detector string `json:"detector"`
	// DetectorVersion is of the detector as it was when it found this; 0 in what was stored before findings said it.
	DetectorVersion int    `json:"detector_version"`
	Family          string `json:"family"`
	Clause          string `json:"clause"`
	Policy          string `json:"policy"`
	PolicyTitle     string `json:"policy_title"`
	Version         int    `json:"version"` // of the policy; 0: a draft's
	Action          string `json:"action"`
	Field           string `json:"field"`
	File            string `json:"file,omitempty"`
	FileName        string `json:"file_name,omitempty"`
	Start           int    `json:"start"`
	End             int    `json:"end"`
	Say             string `json:"say"`
}

// piece is what is looked at: what a post or comment says, or a text that is only tried.
type piece struct {
	said     []clinic.Said
	role     clinic.Role
	kind     string // of its community; empty: not known
	language string // of who reads the findings
	names    *Names
	sight    *sight // nil: the writer may know all of names
	self     string
	own      []string
}

// judge gives the findings of the checks that concern a piece: what weighs most first told where several clauses say
// something of the same words.
func judge(rules []*inForce, p piece) []Finding {
	var mine []*inForce
	var only, words []string
	for _, r := range rules {
		if r.concerns(p.role, p.kind) {
			mine = append(mine, r)
			only = append(only, r.detectors...)
			words = append(words, r.Words...)
		}
	}
	out := []Finding{}
	if len(only) == 0 {
		return out
	}
	about := Context{Role: p.role.HeldTo(), Names: p.names, Self: p.self, Own: p.own, Words: words, Only: only}
	if p.sight != nil {
		about.Knows = p.sight.first
	}
	for _, part := range p.said {
		source := []rune(part.Text)
		for _, found := range Find(part.Text, about) {
			if rule := strongest(mine, found, source[found.Start:found.End]); rule != nil {
				out = append(out, tell(rule, found, part, source[found.Start:found.End], p.language))
			}
		}
	}
	return fewer(out)
}

// strongest gives the check that decides on a place: of several for the same detector, the one whose action weighs most.
func strongest(rules []*inForce, found Found, said []rune) *inForce {
	var best *inForce
	for _, r := range rules {
		if !slices.Contains(r.detectors, found.Detector) || found.Detector == "word" && !has(r.Words, string(said)) {
			continue
		}
		if best == nil || weight(r.Action) < weight(best.Action) {
			best = r
		}
	}
	return best
}

func has(words []string, said string) bool {
	return len(Find(said, Context{Words: words, Only: []string{"word"}})) > 0
}

func weight(action string) int { return slices.Index(actions, action) }

func tell(r *inForce, found Found, part clinic.Said, said []rune, language string) Finding {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d|%d|%s", found.Detector, part.Field+part.File, found.Start, found.End, string(said)))
	family := FamilyOf(found.Detector)
	return Finding{ID: hex.EncodeToString(sum[:8]), Check: family, Detector: found.Detector, DetectorVersion: versionOf(found.Detector), Family: family, Clause: r.Clause,
		Policy: r.policy, PolicyTitle: in(r.titles, language), Version: r.version, Action: r.Action, Field: part.Field, File: part.File, FileName: part.FileName, Start: found.Start, End: found.End,
		Say: in(r.says, language)}
}

// sameWords reports whether two findings count from the same beginning.
func (f Finding) sameWords(other Finding) bool { return f.Field == other.Field && f.File == other.File }

// mostTold bounds how many findings one text brings: more help nobody.
const mostTold = 50

// fewer leaves out what is told of words that a finding of the same family already holds, unless it weighs more.
func fewer(all []Finding) []Finding {
	out := []Finding{}
	for i, f := range all {
		within := slices.IndexFunc(all, func(other Finding) bool {
			return other.ID != f.ID && other.Family == f.Family && other.sameWords(f) && other.Start <= f.Start && f.End <= other.End &&
				weight(other.Action) <= weight(f.Action) && (other.End-other.Start > f.End-f.Start || weight(other.Action) < weight(f.Action))
		})
		twice := slices.ContainsFunc(all[:i], func(other Finding) bool {
			return other.Family == f.Family && other.sameWords(f) && other.Start == f.Start && other.End == f.End && weight(other.Action) <= weight(f.Action)
		})
		if within < 0 && !twice {
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, func(a, b Finding) int { return weight(a.Action) - weight(b.Action) })
	return out[:min(len(out), mostTold)]
}
