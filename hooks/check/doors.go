package check

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

type tryForm struct {
	Text      string      `json:"text"`
	Title     string      `json:"title"`
	As        clinic.Role `json:"as"`
	Community string      `json:"community"`

	// Of a draft that is tried before it is published: its policy, titles and checks, by language.
	Policy string               `json:"policy"`
	Titles map[string]string    `json:"titles"`
	Checks map[string][]Carried `json:"checks"`
}

func (f *tryForm) validate() error {
	var long, role *clinic.Fault
	if len(f.Text) > clinic.MaxPostBytes {
		long = clinic.TooLong.At("text").With("max", clinic.MaxPostBytes)
	}
	if !f.As.Valid() {
		role = clinic.Invalid.At("as")
	}
	return clinic.Faults(long, role)
}

// try tells who works here, and an operator, what would be found in a text if a member of a role wrote it. Nothing is stored.
// Without a community every check of the role is tried, wherever it holds. With a draft's checks, which are an editor's, those
// stand in for the ones that are posted with its policy.
func (c *Checker) try(e *access.Event) error {
	var form tryForm
	if err := e.BindUpTo(&form, maxTryBody); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	edits := e.Viewer == nil || e.Viewer.Has(clinic.PolicyEditor) // the guard lets in no other without a Viewer than an operator
	if form.Checks != nil && !edits {
		return clinic.Forbidden
	}
	if form.Community != "" && e.Viewer != nil && !e.Viewer.In(form.Community) {
		return clinic.NotFound
	}
	rules, err := c.rules.now(e.App)
	if err != nil {
		return err
	}
	if form.Checks != nil {
		draft := Draft{form.Policy, form.Titles, form.Checks}
		if err := draft.validate(); err != nil {
			return err
		}
		rules = draft.among(rules, c.house.Practice())
	}
	findings, err := c.judge(e.App, rules, piece{said: clinic.WordsOf(form.Title, form.Text, nil, nil), role: form.As, language: e.Language()}, form.Community)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"findings": findings})
}

// Look gives what the checks find in what the viewer is writing in a community, or anywhere where none is named. It stores nothing.
func (c *Checker) Look(e *access.Event, community string, said []clinic.Said) ([]Finding, error) {
	if community != "" && !e.Viewer.In(community) {
		return nil, clinic.NotFound
	}
	rules, err := c.rules.now(e.App)
	if err != nil {
		return nil, err
	}
	return c.judge(e.App, rules, piece{said: said, role: e.Viewer.Role, language: e.Language(), self: e.Viewer.ID}, community)
}

// shownDetector is a detector as the editor's list has it.
type shownDetector struct {
	ID       string            `json:"id"`
	Family   string            `json:"family"`
	Version  int               `json:"version"`
	Title    string            `json:"title"`
	Explains string            `json:"explains"`
	Finds    []Example         `json:"finds"`
	Spares   []Example         `json:"spares"`
	Figures  map[string]figure `json:"figures"` // by half: tuning, kept
}

type figure struct {
	Counts
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
}

// list tells an editor what can be looked for, and how well each detector does on the labelled set.
func (c *Checker) list(e *access.Event) error {
	figures := Measured()
	halves := map[string]Half{"tuning": figures.Tuning, "kept": figures.Kept}
	items := make([]shownDetector, 0, len(Detectors))
	for _, d := range Detectors {
		one := shownDetector{ID: d.ID, Family: d.Family, Version: d.Version, Finds: d.Finds, Spares: d.Spares, Figures: map[string]figure{},
			Title:    messages.Say(e.Language(), "check.detector."+d.ID+".title", nil),
			Explains: messages.Say(e.Language(), "check.detector."+d.ID+".explains", nil)}
		for name, half := range halves {
			counts := half.Detectors[d.ID]
			one.Figures[name] = figure{counts, counts.Precision(), counts.Recall()}
		}
		items = append(items, one)
	}
	summary := map[string]any{}
	for name, half := range halves {
		summary[name] = map[string]any{"lines": half.Lines, "harmless": half.Harmless, "alarms": half.Alarms, "false_alarms": half.FalseAlarms(),
			"recall": half.Overall.Recall(), "identifier_recall": half.Identifier.Recall(),
			"identifier_precision": half.Identifier.Precision()}
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": "", "figures": summary})
}
