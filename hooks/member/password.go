package member

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// changePassword takes {current, password}, ends every other session, and tells the member by mail.
func changePassword(e *access.Event) error {
	var form struct {
		Current  string `json:"current"`
		Password string `json:"password"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if fault := access.CheckNewPassword(form.Password, e.Viewer.Name, e.Viewer.Email); fault != nil {
		return clinic.Faults(fault.At("password"))
	}
	record, err := own(e, form.Current, "current")
	if err != nil {
		return err
	}
	if err := access.SetPassword(e.Request.Context(), record, form.Password); err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := access.Unchanged(tx, record); err != nil {
			return err
		}
		if err := e.House.Save(tx, record); err != nil { // a changed password ends every session
			return err
		}
		if err := e.House.Audit(tx, record.Id, "member.password", clinic.Users+"/"+record.Id, ""); err != nil {
			return err
		}
		if err := write(e, tx, record, record.Email(), "password_changed", "", 0); err != nil {
			return err
		}
		return e.Start(tx, record)
	})
	if err != nil {
		return err
	}
	return me(e)
}

// forgotten takes {email} and always answers 202 after the same time. A member gets a letter with a link that lives two hours.
func forgotten(e *access.Event) error {
	due := time.NewTimer(answerAfter)
	defer due.Stop()
	var form struct {
		Email string `json:"email"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	address, fault := access.CheckAddress(form.Email)
	if fault != nil {
		return clinic.Faults(fault.At("email"))
	}
	if err := e.House.Try("forgotten from "+e.House.Origin(e.Request), triesAddress, triesWithin); err != nil {
		return err
	}
	member := find(e.App, address)
	send := sendNothing
	if member != nil && member.GetString("status") == clinic.Active && e.House.Try("letters to "+address, lettersMost, lettersWithin) == nil {
		send = sendReset
	}
	if err := send(e, member); err != nil {
		e.App.Logger().Error("a forgotten password's letter", "error", err)
	}
	wait(e, due)
	return e.Write(http.StatusAccepted, map[string]string{"message": say(e, "member.forgotten.answer")})
}

// wait lets the answer go at its time, so that how long it took tells nothing.
func wait(e *access.Event, due *time.Timer) {
	select {
	case <-due.C:
	case <-e.Request.Context().Done():
	}
}

// sendNothing waits for the database as sendReset does: while much is written, that alone may take longer than the answer.
func sendNothing(e *access.Event, _ *core.Record) error {
	return e.House.Audit(e.App, "", "member.password_forgotten", "", "")
}

func sendReset(e *access.Event, member *core.Record) error {
	return e.App.RunInTransaction(func(tx core.App) error {
		token, err := issue(e, tx, member.Id, kindReset, "", ResetLife)
		if err != nil {
			return err
		}
		if err := e.House.Audit(tx, "", "member.password_forgotten", clinic.Users+"/"+member.Id, ""); err != nil {
			return err
		}
		return write(e, tx, member, member.Email(), "password_reset", e.House.PublicURL()+"/reset#"+token, ResetLife)
	})
}

// reset takes {token, password} from a letter, sets the password and ends every session. The member then signs in: a link in
// a mailbox alone opens nothing.
func reset(e *access.Event) error {
	var form struct {
		Token    string `json:"token"`
		Password string `json:"password"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.House.Try("reset from "+e.House.Origin(e.Request), triesAddress, triesWithin); err != nil {
		return err
	}
	link, member, err := hold(e, kindReset, form.Token)
	if err != nil {
		return err
	}
	if fault := access.CheckNewPassword(form.Password, member.GetString("name"), member.Email()); fault != nil {
		return clinic.Faults(fault.At("password"))
	}
	if err := access.SetPassword(e.Request.Context(), member, form.Password); err != nil {
		return err // hashed before the transaction: nobody's writing waits for it
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := link.spend(e, tx); err != nil {
			return err
		}
		member.SetVerified(true) // the link was in their mailbox
		if err := e.House.Save(tx, member); err != nil {
			return err
		}
		if err := e.House.Audit(tx, member.Id, "member.password_reset", clinic.Users+"/"+member.Id, ""); err != nil {
			return err
		}
		return write(e, tx, member, member.Email(), "password_changed", "", 0)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]string{"message": say(e, "member.reset.done")})
}
