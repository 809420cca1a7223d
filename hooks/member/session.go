package member

import (
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type signInForm struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

func (f signInForm) validate() error {
	var email, password *clinic.Fault
	if f.Email == "" {
		email = clinic.Required.At("email")
	}
	if f.Password == "" {
		password = clinic.Required.At("password")
	}
	return clinic.Faults(email, password)
}

// signIn answers {email, password} with the session cookie and what GET /me says. A wrong address and a wrong password get
// the same answer after the same work; both count against the account and the address it comes from.
func signIn(e *access.Event) error {
	var form signInForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(); err != nil {
		return err
	}
	address, _ := access.CheckAddress(form.Email) // an address that is none is simply nobody's
	if err := e.House.Try("sign-in from "+e.House.Origin(e.Request), triesAddress, triesWithin); err != nil {
		return err
	}
	if err := e.House.Try("sign-in to "+address, triesAccount, triesWithin); err != nil {
		return err
	}
	member := find(e.App, address)
	right, err := access.CheckPassword(e.Request.Context(), member, form.Password)
	if err != nil {
		return err
	}
	if !right || member.GetString("status") != clinic.Active {
		return refuseSignIn(e, member, right)
	}
	e.House.Forgive("sign-in to " + address)
	if err := e.SignIn(member); errors.Is(err, clinic.SignInRequired) {
		return signInWrong // what was compared has changed meanwhile
	} else if err != nil {
		return err
	}
	if err := e.House.Audit(e.App, member.Id, signedIn, clinic.Users+"/"+member.Id, ""); err != nil {
		return err
	}
	return me(e)
}

// refuseSignIn notes a try that failed, for an address that nobody has too: the answer takes as long.
func refuseSignIn(e *access.Event, member *core.Record, right bool) error {
	subject := ""
	if member != nil {
		subject = clinic.Users + "/" + member.Id
	}
	if err := e.House.Audit(e.App, "", signInFailed, subject, ""); err != nil {
		return err
	}
	if !right || member.GetString("status") == clinic.Removed {
		return signInWrong
	}
	return suspended.With("phone", e.House.Practice().Phone)
}

// find returns the member with an address, or nil.
func find(app core.App, address string) *core.Record {
	if address == "" {
		return nil
	}
	member, err := app.FindAuthRecordByEmail(clinic.Users, address)
	if err != nil {
		return nil
	}
	return member
}

// signOut ends the session, if there is one, and takes the cookie back.
func signOut(e *access.Event) error {
	if err := e.SignOut(); err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// session says whether someone is signed in and for how long still. The page asks with X-Background, so that asking keeps
// nothing alive.
func session(e *access.Event) error {
	if e.Viewer == nil {
		return e.Write(http.StatusOK, map[string]bool{"signed_in": false})
	}
	return e.Write(http.StatusOK, e.SessionState())
}

// keep is the answer to the warning before the automatic log-off (WCAG 2.2 success criterion 2.2.1): one key goes on.
func keep(e *access.Event) error { return e.Write(http.StatusOK, e.SessionState()) }

// fresh takes {password} and notes that it was entered just now, for what asks for a fresh sign-in.
func fresh(e *access.Event) error {
	var form struct {
		Password string `json:"password"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if _, err := own(e, form.Password, "password"); err != nil {
		return err
	}
	if err := e.Refresh(); err != nil {
		return err
	}
	return e.Write(http.StatusOK, e.SessionState())
}

// own returns the viewer's record if the password is theirs; the fault stands at the named field.
func own(e *access.Event, password, field string) (*core.Record, error) {
	if err := e.House.Try("password of "+e.Viewer.ID, triesAccount, triesWithin); err != nil {
		return nil, err
	}
	record, err := e.App.FindRecordById(clinic.Users, e.Viewer.ID)
	if err != nil {
		return nil, err
	}
	right, err := access.CheckPassword(e.Request.Context(), record, password)
	if err != nil {
		return nil, err
	}
	if !right {
		wrong := clinic.Faults(passwordWrong.At(field)).(*clinic.Fault)
		wrong.Status = passwordWrong.Status
		return nil, wrong
	}
	e.House.Forgive("password of " + e.Viewer.ID)
	return record, nil
}

type device struct {
	ID      string    `json:"id"`
	Device  string    `json:"device"`
	Started time.Time `json:"started"`
	Seen    time.Time `json:"seen"`
	This    bool      `json:"this"`
}

// devices lists where the viewer is signed in.
func devices(e *access.Event) error {
	sessions, err := e.House.Sessions(e.App, e.Viewer.ID)
	if err != nil {
		return err
	}
	items := []device{}
	for _, s := range sessions {
		items = append(items, device{s.ID, s.Device, s.Started, s.Seen, s.ID == e.Viewer.Session.ID})
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}

// endOthers signs the viewer out everywhere but here.
func endOthers(e *access.Event) error {
	if err := e.House.EndAll(e.App, e.Viewer.ID, e.Viewer.Session.ID); err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// endOne signs the viewer out on one device.
func endOne(e *access.Event) error {
	id := e.Request.PathValue("id")
	record, err := e.App.FindRecordById(clinic.Sessions, id)
	if err != nil || record.GetString("member") != e.Viewer.ID {
		return sessionNotFound
	}
	if err := e.House.End(e.App, id); err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}
