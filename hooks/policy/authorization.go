package policy

import (
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// grant is one line of what a member said of an authorization.
type grant struct {
	Action   string     `json:"action" db:"action"`
	Number   int        `json:"version" db:"number"`
	SHA256   string     `json:"sha256" db:"sha256"`
	Language string     `json:"language" db:"language"`
	Method   string     `json:"method" db:"method"`
	At       *time.Time `json:"at" db:"-"`
	Created  string     `json:"-" db:"created"`
}

// authorization finds an authorization that concerns the caller, with its newest texts, posted or withdrawn: what was granted can
// be taken back at any time.
func authorization(e *access.Event, app core.App) (*core.Record, []edition, error) {
	policy, err := managed(app, e.Request.PathValue("slug"))
	if err != nil {
		return nil, nil, err
	}
	if policy.GetString("kind") != KindAuthorization {
		return nil, nil, clinic.NotFound
	}
	if !clinic.Concerns(policy.GetString("audience"), e.Viewer.Role) {
		return nil, nil, clinic.Forbidden
	}
	texts, err := newest(app, policy.GetString("slug"))
	if err == nil && len(texts) == 0 {
		err = clinic.NotFound
	}
	return policy, texts, err
}

// grantsOf lists what a member said of an authorization, the newest first.
func grantsOf(app core.App, member, policy string) ([]grant, error) {
	out := []grant{}
	err := app.DB().NewQuery(`SELECT action, number, sha256, language, method, created FROM authorization_events
		WHERE member = {:member} AND policy = {:policy} ORDER BY seq DESC LIMIT 200`).
		Bind(params{"member": member, "policy": policy}).All(&out)
	for i := range out {
		out[i].At = at(out[i].Created)
	}
	return out, err
}

// authorizationView is what the page of an authorization shows its member.
type authorizationView struct {
	document
	Kind      string        `json:"kind"`
	Granted   bool          `json:"granted"`
	GrantedOn *grant        `json:"granted_on"` // the text that the grant in force is bound to
	History   []grant       `json:"history"`
	Owes      []clinic.Owed `json:"owes"`
}

// showAuthorization gives the text to grant, and what the caller said of it so far.
func showAuthorization(e *access.Event) error {
	policy, texts, err := authorization(e, e.App)
	if err != nil {
		return err
	}
	return answerAuthorization(e, policy, texts)
}

func answerAuthorization(e *access.Event, policy *core.Record, texts []edition) error {
	history, err := grantsOf(e.App, e.Viewer.ID, policy.Id)
	if err != nil {
		return err
	}
	viewer, err := e.House.Member(e.Viewer.ID)
	if err != nil || viewer == nil {
		return err
	}
	out := authorizationView{document: shown(e, texts), Kind: KindAuthorization, History: history, Owes: viewer.Owing(e.House.Now())}
	if len(history) > 0 && history[0].Action == grantedAction {
		out.Granted, out.GrantedOn = true, &history[0]
	}
	return e.Write(http.StatusOK, out)
}

// grantAuthorization takes {sha256}: of the text that was read, as it stands now. Granting again what is granted changes nothing.
func grantAuthorization(e *access.Event) error {
	var form acknowledging
	if err := e.Bind(&form); err != nil {
		return err
	}
	return changeAuthorization(e, form.SHA256, grantedAction)
}

// revokeAuthorization takes back what was granted, at any time and without a reason (45 CFR 164.508(b)(5)).
func revokeAuthorization(e *access.Event) error { return changeAuthorization(e, "", revokedAction) }

func changeAuthorization(e *access.Event, sum, action string) error {
	var policy *core.Record
	var texts []edition
	err := e.App.RunInTransaction(func(tx core.App) error {
		var err error
		if policy, texts, err = authorization(e, tx); err != nil {
			return err
		}
		last, err := lastGrant(tx, e.Viewer.ID, policy.Id)
		if err != nil {
			return err
		}
		said := map[string]any{"member": e.Viewer.ID, "policy": policy.Id, "action": action, "sha256": sum, "language": e.Language()}
		switch {
		case action == revokedAction && (last == nil || last.Action == revokedAction):
			return nil
		case action == revokedAction:
			said["sha256"], said["number"], said["language"] = last.SHA256, last.Number, last.Language
		case policy.GetString("status") != Posted:
			return IsWithdrawn
		case last != nil && last.Action == grantedAction && last.SHA256 == sum && last.Number == texts[0].Number:
			return nil
		}
		return sayOn(e, tx, clinic.Authorizations, said)
	})
	if err != nil {
		return err
	}
	return answerAuthorization(e, policy, texts)
}

func lastGrant(app core.App, member, policy string) (*grant, error) {
	var last grant
	err := app.DB().NewQuery(`SELECT action, number, sha256, language, method, created FROM authorization_events
		WHERE member = {:member} AND policy = {:policy} ORDER BY seq DESC LIMIT 1`).
		Bind(params{"member": member, "policy": policy}).One(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &last, err
}

// sayOn writes one record of a member's word.
func sayOn(e *access.Event, tx core.App, collection string, said map[string]any) error {
	found, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	record := core.NewRecord(found)
	record.Load(said)
	return e.House.Save(tx, record)
}
