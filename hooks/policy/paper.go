package policy

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// paperForm is the form of POST …/acknowledgements: what a member said elsewhere than on the page.
type paperForm struct {
	Member   string `json:"member"`
	Number   int    `json:"number"`
	SHA256   string `json:"sha256"` // may be left out where number and language say which text it was
	Language string `json:"language"`
	Method   string `json:"method"`
	Note     string `json:"note"`
}

func (f *paperForm) validate() error {
	f.Note = strings.TrimSpace(f.Note)
	var number, language, method, note *clinic.Fault
	if f.Number < 1 {
		number = clinic.Required.At("number")
	}
	if !slices.Contains(clinic.Languages, f.Language) {
		language = NoSuchLanguage.With("language", f.Language).At("language")
	}
	if f.Method != OnPaper && f.Method != OnBehalf {
		method = clinic.Invalid.At("method")
	}
	switch {
	case f.Method == OnBehalf && f.Note == "":
		note = clinic.Required.At("note")
	case utf8.RuneCountInString(f.Note) > maxReasonRunes:
		note = clinic.TooLong.With("max", maxReasonRunes).At("note")
	}
	return clinic.Faults(number, language, method, note)
}

// witnessWord records an acknowledgement, or the grant of an authorization, that was given on paper or that the caller notes on the
// member's behalf. The caller is its witness.
func witnessWord(e *access.Event) error {
	var form paperForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		policy, err := managed(tx, e.Request.PathValue("slug"))
		if err != nil {
			return 0, nil, err
		}
		member, err := tx.FindRecordById(clinic.Users, form.Member)
		if err != nil || member.GetString("status") != clinic.Active || member.Id == e.Viewer.ID ||
			!clinic.Concerns(policy.GetString("audience"), clinic.Role(member.GetString("role"))) {
			return 0, nil, clinic.Faults(clinic.Invalid.At("member"))
		}
		if form.SHA256 == "" {
			if form.SHA256, err = form.sum(tx, policy); err != nil {
				return 0, nil, err
			}
		}
		if err := form.record(e, tx, policy); err != nil {
			return 0, nil, err
		}
		err = e.House.Audit(tx, e.Viewer.ID, "policy.witness", clinic.Users+"/"+member.Id, said(policy.GetString("slug"), form.Number, form.Method))
		return http.StatusCreated, map[string]any{"member": form.Member, "number": form.Number, "sha256": form.SHA256, "method": form.Method}, err
	})
}

func (f paperForm) sum(tx core.App, policy *core.Record) (string, error) {
	texts, err := query(tx, brief+"WHERE p.id = {:policy} AND v.number = {:number} AND v.language = {:language}",
		params{"policy": policy.Id, "number": f.Number, "language": f.Language})
	if err != nil {
		return "", err
	}
	if len(texts) == 0 {
		return "", clinic.Faults(clinic.Invalid.At("number"))
	}
	return texts[0].SHA256, nil
}

func (f paperForm) record(e *access.Event, tx core.App, policy *core.Record) error {
	word := map[string]any{
		"member": f.Member, "policy": policy.Id, "number": f.Number, "sha256": f.SHA256, "language": f.Language, "method": f.Method,
		"witness": e.Viewer.ID, "note": f.Note,
	}
	collection := clinic.Acknowledgements
	if policy.GetString("kind") == KindAuthorization {
		collection, word["action"] = clinic.Authorizations, grantedAction
	}
	err := sayOn(e, tx, collection, word)
	if errors.Is(err, VersionChanged) {
		return clinic.Faults(clinic.Invalid.At("sha256"))
	}
	return err
}
