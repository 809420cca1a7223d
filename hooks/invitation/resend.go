package invitation

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// How often one invitation may be sent again: a mailbox that is not read does not get fuller.
const (
	resendMost  = 5
	resendDrain = 24 * time.Hour
)

// resending is the form of POST /invitations/{id}/resend. Code: absent keeps the one that was set, "" takes it away.
type resending struct {
	Code *string `json:"code"`
}

// Validate checks the new code's shape.
func (r *resending) Validate() error {
	if r.Code == nil {
		return nil
	}
	return clinic.Faults(at("code", codeFault(*r.Code)))
}

// resend queues a further letter with a further token; what was sent or handed over before works on. It gives thirty more
// days, forgets wrong codes, and puts this provider in the place of an inviter who is no longer one.
func resend(e *access.Event) error {
	var form resending
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	if err := e.House.Try("invitation resend "+id, resendMost, resendDrain); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		i, err := find(tx, id)
		if err != nil {
			return 0, nil, err
		}
		if err := form.Submit(e, tx, i); err != nil {
			return 0, nil, err
		}
		item, err := whole(e, tx, i.Id)
		return http.StatusOK, item, err
	})
}

// Submit revives the invitation and sends it, in one transaction.
func (r *resending) Submit(e *access.Event, tx core.App, i invitation) error {
	now := e.House.Now()
	next, ok := i.at(now).AfterResend(i.askedAgain())
	if !ok {
		return NotNow.With("status", i.at(now))
	}
	if err := i.mayHandOut(tx, e.Viewer); err != nil {
		return err
	}
	if err := i.stillFree(e, tx); err != nil {
		return err
	}
	if err := i.standIn(e, tx); err != nil {
		return err
	}
	if next == Queued {
		next = queuedOrNot(tx)
	}
	i.Set("status", string(next))
	i.Set("expires", now.Add(clinic.InvitationLife))
	i.Set("asked_again", "")
	i.Set("tries", 0)
	if r.Code != nil {
		i.setCode(e.House.Key, *r.Code)
	}
	if err := e.House.Save(tx, i.Record); err != nil {
		return err
	}
	if err := i.makePrintable(e.House, tx); err != nil {
		return err
	}
	if err := i.note(e.House, tx, Resent, e.Viewer.ID, "", ""); err != nil {
		return err
	}
	if err := i.send(e, tx); err != nil {
		return err
	}
	return e.House.Audit(tx, e.Viewer.ID, "invitation.resend", i.subject(), "")
}

// stillFree refuses when the address has become that of a member of the same role, or has a younger invitation, since it was invited.
func (i invitation) stillFree(e *access.Event, tx core.App) error {
	return vacant(e, tx, i.email(), i.role(), i.returning(), i.Id)
}

// standIn makes the viewer the inviter where the one who approved is no longer an active provider. They answer for its
// communities then, so they have to be in them.
func (i invitation) standIn(e *access.Event, tx core.App) error {
	_, active, err := i.inviter(tx)
	if err != nil || active {
		return err
	}
	rooms, err := openRooms(tx)
	if err != nil {
		return err
	}
	w := wish{Role: i.role(), Communities: i.openOf(rooms)}
	if err := w.fits(e.Viewer, rooms); err != nil {
		return err
	}
	i.Set("approved_by", e.Viewer.ID)
	i.Set("approved_at", e.House.Now())
	return nil
}

// openOf lists those of its communities that are still open.
func (i invitation) openOf(rooms []room) []string {
	var out []string
	for _, id := range i.communities() {
		for _, r := range rooms {
			if r.ID == id {
				out = append(out, id)
			}
		}
	}
	return out
}
