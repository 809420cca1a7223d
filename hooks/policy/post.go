package policy

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The faults of publishing.
var (
	NoDraft     = &clinic.Fault{Status: http.StatusConflict, Code: "policy_no_draft"}
	IsWithdrawn = &clinic.Fault{Status: http.StatusConflict, Code: "policy_is_withdrawn"}
)

// longestDue is how far away the date of a material version may lie.
const longestDue = 366 * 24 * time.Hour

// publishForm is the form of POST …/publish.
type publishForm struct {
	Revision int               `json:"revision"`
	Class    string            `json:"class"`
	Due      *time.Time        `json:"due"` // material: from when writing waits for who has not acknowledged
	Reason   map[string]string `json:"reason"`
	Password string            `json:"password"` // an operator's; a member signs in afresh
}

// publishDraft makes the draft the next version. What is told or asked follows from its class.
func (d desk) publishDraft(e *access.Event) error {
	var form publishForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.FreshActor(form.Password); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return 0, nil, err
		}
		saved, err := draftOf(tx, policy.Id)
		if err != nil {
			return 0, nil, err
		}
		edition, err := form.edition(e, tx, policy, saved)
		if err != nil {
			return 0, nil, err
		}
		number, err := Publish(tx, e.House, policy.GetString("slug"), edition)
		if err != nil {
			return 0, nil, err
		}
		if err := saved.settle(e, tx, policy); err != nil {
			return 0, nil, err
		}
		texts, err := newest(tx, policy.GetString("slug"))
		if err != nil {
			return 0, nil, err
		}
		sums := map[string]string{}
		for _, v := range texts {
			sums[v.Language] = v.SHA256
		}
		return http.StatusCreated, map[string]any{"number": number, "sha256": sums}, tell(e, tx, policy, edition, number)
	})
}

// settle ends the published draft, and lets what it says of asking yearly hold.
func (d draft) settle(e *access.Event, tx core.App, policy *core.Record) error {
	if policy.GetBool("yearly") != d.Yearly {
		policy.Set("yearly", d.Yearly)
		if err := e.House.Save(tx, policy); err != nil {
			return err
		}
	}
	return d.clear(e, tx, policy.Id)
}

// edition checks the form and the draft, and puts them together.
func (f publishForm) edition(e *access.Event, tx core.App, policy *core.Record, saved draft) (Edition, error) {
	if policy.GetString("status") == Withdrawn {
		return Edition{}, IsWithdrawn
	}
	switch {
	case !saved.Open && (f.Revision == 0 || f.Revision == saved.Revision):
		return Edition{}, NoDraft
	case f.Revision != saved.Revision:
		return Edition{}, saved.changed(e)
	}
	actor := e.Actor()
	edition := Edition{Class: f.Class, Author: actor.Member, Operator: actor.Operator, Texts: saved.languages(), Yearly: &saved.Yearly}
	latest, err := latestNumber(tx, policy.Id)
	if err != nil {
		return edition, err
	}
	if err := f.validate(e.House.Now(), latest, edition.Texts); err != nil {
		return edition, err
	}
	if f.Due != nil {
		edition.Due = *f.Due
	}
	for i, w := range edition.Texts {
		edition.Texts[i].Reason = strings.TrimSpace(f.Reason[w.Language])
	}
	return edition, inspector{tx, e.Language(), policy.GetString("slug")}.ready(edition.Texts)
}

// languages are the draft's texts, those that have neither a title nor a body left out.
func (d draft) languages() []Words {
	var out []Words
	for _, language := range clinic.Languages {
		t := d.Texts[language]
		if strings.TrimSpace(t.Title+t.Body) == "" {
			continue
		}
		out = append(out, Words{Language: language, Title: strings.TrimSpace(t.Title), Summary: strings.TrimSpace(t.Summary),
			Body: strings.TrimSpace(strings.ReplaceAll(t.Body, "\r\n", "\n")) + "\n", Checks: d.Checks[language], Strip: d.Strip[language]})
	}
	return out
}

func (f publishForm) validate(now time.Time, latest int, texts []Words) error {
	if len(texts) == 0 {
		return NothingToSay
	}
	var faults []*clinic.Fault
	if !slices.Contains(Classes, f.Class) || latest == 0 && f.Class != Material {
		faults = append(faults, clinic.Invalid.At("class"))
	}
	switch {
	case f.Class != Material && f.Due != nil:
		faults = append(faults, clinic.Invalid.At("due"))
	case f.Class == Material && latest > 0 && f.Due == nil:
		faults = append(faults, clinic.Required.At("due")) // reading goes on until a date that people can see
	case f.Due != nil && (!f.Due.After(now) || f.Due.Sub(now) > longestDue):
		faults = append(faults, clinic.Invalid.At("due"))
	}
	for _, w := range texts {
		switch reason := strings.TrimSpace(f.Reason[w.Language]); {
		case reason == "":
			faults = append(faults, clinic.Required.At("reason."+w.Language))
		case utf8.RuneCountInString(reason) > maxReasonRunes:
			faults = append(faults, clinic.TooLong.With("max", maxReasonRunes).At("reason."+w.Language))
		}
	}
	return clinic.Faults(faults...)
}
