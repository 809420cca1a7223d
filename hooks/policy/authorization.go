package policy

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// grant is one line of what a member said of an authorization.
type grant struct {
	Action   string      `json:"action" db:"action"`
	Number   int         `json:"version" db:"number"`
	SHA256   string      `json:"sha256" db:"sha256"`
	Language string      `json:"language" db:"language"`
	Method   string      `json:"method" db:"method"`
	Role     clinic.Role `json:"role" db:"role"`
	At       *time.Time  `json:"at" db:"-"`
	Created  string      `json:"-" db:"created"`
	Stands   bool        `json:"-" db:"stands"` // it was said in the role that they still have
}

// authorization is one as it stands for the caller, with its newest texts, posted or withdrawn: what was granted can be taken back at
// any time. Who granted it in another role may go on reading what they said, and that it is in force no more.
type authorization struct {
	policy   *core.Record
	texts    []edition
	history  []grant // the newest first
	concerns bool
}

func authorizationOf(e *access.Event, app core.App) (a authorization, err error) {
	if a.policy, err = managed(app, e.Request.PathValue("slug")); err != nil {
		return a, err
	}
	if a.policy.GetString("kind") != KindAuthorization {
		return a, clinic.NotFound
	}
	if a.history, err = grantsOf(app, e.Viewer.ID, a.policy.Id); err != nil {
		return a, err
	}
	a.concerns = clinic.Concerns(a.policy.GetString("audience"), e.Viewer.Role)
	if !a.concerns && len(a.history) == 0 {
		return a, clinic.Forbidden
	}
	a.texts, err = newest(app, a.policy.GetString("slug"))
	if err == nil && len(a.texts) == 0 {
		err = clinic.NotFound
	}
	return a, err
}

// grantsOf lists what a member said of an authorization, the newest first.
func grantsOf(app core.App, member, policy string) ([]grant, error) {
	out := []grant{}
	err := app.DB().NewQuery(`SELECT l.action, l.number, l.sha256, l.language, l.method, l.role, l.created, l.role = u.role AND l.stint = u.stint AS stands
		FROM authorization_events l JOIN users u ON u.id = l.member
		WHERE l.member = {:member} AND l.policy = {:policy} ORDER BY l.seq DESC LIMIT 200`).
		Bind(params{"member": member, "policy": policy}).All(&out)
	for i := range out {
		out[i].At = at(out[i].Created)
	}
	return out, err
}

// granted is the grant that the member's last word is, whether in force or not.
func (a authorization) granted() *grant {
	if len(a.history) == 0 || a.history[0].Action != grantedAction {
		return nil
	}
	return &a.history[0]
}

// inForce is the grant that counts; nil if there is none.
func (a authorization) inForce() *grant {
	if last := a.granted(); last != nil && last.Stands {
		return last
	}
	return nil
}

// authorizationView is what the page of an authorization shows its member.
type authorizationView struct {
	document
	Kind      string        `json:"kind"`
	Granted   bool          `json:"granted"`
	GrantedOn *grant        `json:"granted_on"` // the text that the grant in force is bound to
	Lapsed    clinic.Role   `json:"lapsed"`     // the role that it was granted in, where it ended with that role; else empty
	Concerns  bool          `json:"concerns"`   // it is for the role that they have
	History   []grant       `json:"history"`
	Owes      []clinic.Owed `json:"owes"`
}

// showAuthorization gives the text to grant, and what the caller said of it so far.
func showAuthorization(e *access.Event) error {
	a, err := authorizationOf(e, e.App)
	if err != nil {
		return err
	}
	return a.answer(e)
}

func (a authorization) answer(e *access.Event) error {
	viewer, err := e.House.Member(e.Viewer.ID)
	if err != nil || viewer == nil {
		return err
	}
	last := a.inForce()
	out := authorizationView{document: shown(e, a.texts), Kind: KindAuthorization, Granted: last != nil, GrantedOn: last, Concerns: a.concerns,
		History: a.history, Owes: viewer.Owing(e.House.Now())}
	if ended := a.granted(); ended != nil && last == nil {
		out.Lapsed = ended.Role
	}
	return e.Write(http.StatusOK, out)
}

// grantAuthorization takes {sha256}: of the text that was read, as it stands now. Granting again what is granted changes nothing.
func grantAuthorization(e *access.Event) error {
	var form acknowledging
	if err := e.Bind(&form); err != nil {
		return err
	}
	return changeAuthorization(e, func(tx core.App, a authorization) error { return a.grant(e, tx, form.SHA256) })
}

// revokeAuthorization takes back what was granted, at any time and without a reason (45 CFR 164.508(b)(5)).
func revokeAuthorization(e *access.Event) error {
	return changeAuthorization(e, func(tx core.App, a authorization) error { return a.revoke(e, tx) })
}

func changeAuthorization(e *access.Event, change func(tx core.App, a authorization) error) error {
	var after authorization
	err := e.App.RunInTransaction(func(tx core.App) error {
		before, err := authorizationOf(e, tx)
		if err != nil {
			return err
		}
		if err := change(tx, before); err != nil {
			return err
		}
		after, err = authorizationOf(e, tx)
		return err
	})
	if err != nil {
		return err
	}
	return after.answer(e)
}

func (a authorization) grant(e *access.Event, tx core.App, sum string) error {
	last := a.inForce()
	switch {
	case !a.concerns:
		return clinic.Forbidden
	case a.policy.GetString("status") != Posted:
		return IsWithdrawn
	case last != nil && last.SHA256 == sum && last.Number == a.texts[0].Number:
		return nil
	}
	return sayOn(e, tx, clinic.Authorizations, map[string]any{"member": e.Viewer.ID, "policy": a.policy.Id, "action": grantedAction, "sha256": sum,
		"language": e.Language()})
}

func (a authorization) revoke(e *access.Event, tx core.App) error {
	last := a.inForce()
	if last == nil {
		return nil // it was never granted, was taken back, or ended with the role
	}
	return sayOn(e, tx, clinic.Authorizations, map[string]any{"member": e.Viewer.ID, "policy": a.policy.Id, "action": revokedAction, "sha256": last.SHA256,
		"number": last.Number, "language": last.Language})
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
