package hooks

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/messages"
	"kinward/hooks/policy"
	"kinward/hooks/post"
)

// lent is what the editor of policies borrows from the checks: the capabilities do not know each other.
func lent(checker *check.Checker) policy.Options {
	return policy.Options{Detectors: detectorsIn, Meet: meeting(checker)}
}

// meeting lets package policy hold a draft's checks against what was written before.
func meeting(checker *check.Checker) func(core.App, map[string][]policy.Check) (func(policy.Written) ([]policy.Met, error), error) {
	return func(app core.App, checks map[string][]policy.Check) (func(policy.Written) ([]policy.Met, error), error) {
		draft := check.Draft{Checks: map[string][]check.Carried{}}
		for language, list := range checks {
			for _, c := range list {
				draft.Checks[language] = append(draft.Checks[language], check.Carried(c))
			}
		}
		look, err := checker.Again(app, draft)
		if err != nil {
			return nil, err
		}
		return func(w policy.Written) ([]policy.Met, error) {
			findings, err := look(check.Written(w))
			var out []policy.Met
			for _, f := range findings {
				at := slices.IndexFunc(w.Said, func(s clinic.Said) bool { return s.Field == f.Field && s.File == f.File })
				out = append(out, policy.Met{Clause: f.Clause, Action: f.Action, Text: w.Said[at].Text, Start: f.Start, End: f.End})
			}
			return out, err
		}, nil
	}
}

// looking lets package post ask what the checks find in what is being written, in what its files say too.
func looking(checker *check.Checker) post.Look {
	return func(e *access.Event, w post.Writing) (any, error) {
		place := w.Post
		if place == "" {
			w.Comment = ""
		}
		files, err := file.Saying(e.App, e.Viewer.ID, place, w.Comment, w.Files, w.Body)
		if err != nil {
			return nil, err
		}
		return checker.Look(e, w.Community, clinic.WordsOf(w.Title, w.Body, w.Choices, files))
	}
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
