package invitation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// decline ends an invitation on its holder's word. Who changes their mind can ask the practice again.
func decline(e *access.Event) error {
	var form holder
	i, err := knock(e, &form, &form.Token)
	if err == nil {
		err = i.decline(e)
	}
	if err != nil {
		return turnedAway(e, err)
	}
	practice := e.House.Practice()
	return e.Write(http.StatusOK, map[string]any{
		"message":  messages.Say(e.Language(), "invitation.declined", map[string]any{"practice": practice.Name}),
		"practice": contact{Name: practice.Name, Phone: practice.Phone}, "can_ask_again": true,
	})
}

// decline is said once; saying it again changes nothing.
func (i invitation) decline(e *access.Event) error {
	return e.App.RunInTransaction(func(tx core.App) error {
		again, err := find(tx, i.Id)
		if err != nil || again.status() == Declined {
			return err
		}
		if fault := refusal(again.at(e.House.Now()), 0, true); fault != nil {
			return fault
		}
		again.Set("status", string(Declined))
		if err := e.House.Save(tx, again.Record); err != nil {
			return err
		}
		if _, err := mails.Cancel(tx, again.subject()); err != nil {
			return err
		}
		if err := again.note(e.House, tx, string(Declined), "", "", ""); err != nil {
			return err
		}
		return e.House.Audit(tx, "", "invitation.decline", again.subject(), "")
	})
}
