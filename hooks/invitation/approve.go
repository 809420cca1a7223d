package invitation

import (
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// approve makes an invitation the provider's own: it lives from now on, and its letter is queued. The record is saved here.
// A proposal whose communities have closed since is approved without them.
func approve(e *access.Event, tx core.App, i invitation, rooms []room) error {
	if i.status() != Proposed {
		return NotNow.With("status", i.at(e.House.Now()))
	}
	w := wish{Role: i.role(), Communities: i.openOf(rooms)}
	if err := w.fits(e.Viewer, rooms); err != nil {
		return err
	}
	now := e.House.Now()
	i.Load(map[string]any{
		"communities": w.Communities, "approved_by": e.Viewer.ID, "approved_at": now, "expires": now.Add(clinic.InvitationLife),
		"status": string(queuedOrNot(tx)),
	})
	if err := e.House.Save(tx, i.Record); err != nil {
		return err
	}
	if err := i.makePrintable(e.House, tx); err != nil {
		return err
	}
	if err := i.note(e.House, tx, Approved, e.Viewer.ID, "", ""); err != nil {
		return err
	}
	if err := i.send(e, tx); err != nil {
		return err
	}
	return e.House.Audit(tx, e.Viewer.ID, "invitation.approve", i.subject(), string(i.role()))
}

// queuedOrNot is the state of an invitation whose letter is about to be queued: where no relay is set, it says so.
func queuedOrNot(app core.App) Status {
	if mails.WithoutRelay(app) {
		return NotMailed
	}
	return Queued
}

// send queues the letter in the name of the provider who approved it, and notes it.
func (i invitation) send(e *access.Event, tx core.App) error {
	inviter, _, err := i.inviter(tx)
	if err != nil {
		return err
	}
	if err := i.mail(e.House, tx, inviter); err != nil {
		return err
	}
	return i.note(e.House, tx, string(queuedOrNot(tx)), "", "", "")
}

// approveProposal approves one that waits, unless its address has come in, or was invited, by another way meanwhile.
func approveProposal(e *access.Event, tx core.App, id string) (invitation, error) {
	i, err := find(tx, id)
	if err != nil {
		return i, err
	}
	if i.status() != Proposed {
		return i, NotNow.With("status", i.at(e.House.Now()))
	}
	if err := i.stillFree(e, tx); err != nil {
		return i, err
	}
	rooms, err := openRooms(tx)
	if err != nil {
		return i, err
	}
	return i, approve(e, tx, i, rooms)
}

// approveOne approves one proposal.
func approveOne(e *access.Event) error {
	var form struct{}
	if err := e.Bind(&form); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		i, err := approveProposal(e, tx, e.Request.PathValue("id"))
		if err != nil {
			return 0, nil, err
		}
		item, err := whole(e, tx, i.Id)
		return http.StatusOK, item, err
	})
}

// mostAtOnce is how many proposals one request approves: as many as one import brings.
const mostAtOnce = mostRows

// approval is the form of POST /invitations/approve: some proposals by their ids, or all patients and caregivers that wait of one
// import. Who shall work here is named one by one: a row among a thousand must not make somebody a provider unseen.
type approval struct {
	IDs   []string `json:"ids"`
	Batch string   `json:"batch"`
}

// Validate refuses a request that names nothing, or too much.
func (a *approval) Validate() error {
	if len(a.IDs) == 0 && a.Batch == "" {
		return clinic.Faults(clinic.Required.At("ids"))
	}
	if len(a.IDs) > mostAtOnce {
		return clinic.Faults(clinic.TooLong.With("max", mostAtOnce).At("ids"))
	}
	return nil
}

// told is the result of one of several.
type told struct {
	ID     string          `json:"id"`
	Status Status          `json:"status,omitempty"`
	Error  *access.Telling `json:"error,omitempty"`
}

// approveSeveral approves each on its own and tells each result: one that cannot be approved stops no other.
func approveSeveral(e *access.Event) error {
	var form approval
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(); err != nil {
		return err
	}
	if form.Batch != "" {
		err := e.App.DB().Select("id").From(clinic.Invitations).
			Where(dbx.HashExp{"batch": form.Batch, "status": string(Proposed), "role": []any{string(clinic.Patient), string(clinic.Caregiver)}}).
			OrderBy("created", "id").Limit(mostAtOnce).Column(&form.IDs)
		if err != nil {
			return err
		}
	}
	out := []told{}
	for _, id := range form.IDs {
		var i invitation
		err := e.App.RunInTransaction(func(tx core.App) (err error) {
			i, err = approveProposal(e, tx, id)
			return err
		})
		var fault *clinic.Fault
		switch {
		case err == nil:
			out = append(out, told{ID: id, Status: i.status()})
		case errors.As(err, &fault):
			out = append(out, told{ID: id, Error: e.Tell(fault)})
		default:
			return err
		}
	}
	return e.Write(http.StatusOK, map[string]any{"items": out, "next": ""})
}
