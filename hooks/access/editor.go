package access

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Editors lets in who may edit and publish policies: members with that right, and an operator at the dashboard, from where
// operators may come. An operator is no member: the handler sees no Viewer, and asks Actor.
var Editors = Guard{"Editors", func(e *Event) error {
	if e.Viewer == nil && e.HasSuperuserAuth() && e.House.operatorsAddress(e.Request) {
		return nil
	}
	if err := Member.check(e); err != nil {
		return err
	}
	if !e.Viewer.Has(clinic.PolicyEditor) {
		return clinic.Forbidden
	}
	return nil
}}

// Edits reports whether Editors lets the caller in: at a door for anyone, which shows them more.
func (e *Event) Edits() bool { return Editors.check(e) == nil }

// WorksOrOperates lets in who works here, and an operator at the dashboard as Editors does: for what the editor of policies, which
// stands in both places, needs beside its own doors. The handler sees no Viewer of an operator.
var WorksOrOperates = Guard{"WorksOrOperates", func(e *Event) error {
	if e.Viewer == nil && e.HasSuperuserAuth() && e.House.operatorsAddress(e.Request) {
		return nil
	}
	return Works.check(e)
}}

// Actor is who does something behind Editors: a member, or an operator.
type Actor struct {
	Member   string // a member's id, empty for an operator
	Operator string // a superuser's id, empty for a member
}

// Actor says who is asking. Of a guest both ids are empty.
func (e *Event) Actor() Actor {
	switch {
	case e.Viewer != nil:
		return Actor{Member: e.Viewer.ID}
	case e.HasSuperuserAuth():
		return Actor{Operator: e.Auth.Id}
	}
	return Actor{}
}

// Audited is how the audit record names them.
func (a Actor) Audited() string {
	if a.Operator != "" {
		return core.CollectionNameSuperusers + "/" + a.Operator
	}
	return a.Member
}

const (
	operatorTries  = 10
	operatorWithin = 15 * time.Minute
)

// FreshActor returns a fault unless the caller entered their password just now: a member in their session, an operator, who has
// none, with this request.
func (e *Event) FreshActor(password string) error {
	if e.Viewer != nil {
		return e.Fresh()
	}
	if !e.HasSuperuserAuth() {
		return clinic.SignInRequired
	}
	if password == "" {
		return clinic.FreshSignIn
	}
	key := "operator " + e.Auth.Id
	if err := e.House.Try(key, operatorTries, operatorWithin); err != nil {
		return err
	}
	right, err := CheckPassword(e.Request.Context(), e.Auth, password)
	if err != nil {
		return err
	}
	if !right {
		return clinic.Faults(clinic.PasswordWrong.At("password"))
	}
	e.House.Forgive(key)
	return nil
}
