package moderation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// decision is what a person at the desk says of a hold. The author reads the reason, with the clause; the note stands under
// the post or comment for everyone who reads it.
type decision struct {
	Reason string `json:"reason"`
	Note   string `json:"note"`
	Seen   string `json:"seen"`   // of the hold as it was looked at; empty decides on whatever it says now
	Policy string `json:"policy"` // the rule it is about, where no check found one
	Clause string `json:"clause"`
}

func (f *decision) Validate() error {
	return clinic.Faults(sentence("reason", &f.Reason, maxReasonRunes, true), sentence("note", &f.Note, maxNoteRunes, false),
		sentence("policy", &f.Policy, 80, f.Clause != ""), sentence("clause", &f.Clause, 80, f.Policy != ""))
}

func (d *desk) publish(e *access.Event) error  { return d.decide(e, Published) }
func (d *desk) giveBack(e *access.Event) error { return d.decide(e, Returned) }
func (d *desk) remove(e *access.Event) error   { return d.decide(e, Removed) }

// decide brings a hold that waits to a decision, and its post or comment to the state that it asks for, in one transaction.
func (d *desk) decide(e *access.Event, state string) error {
	var form decision
	if err := e.Bind(&form); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	if _, err := d.mayDecide(e, e.App, id); err != nil && !HoldDecided.Is(err) {
		return err // before the form: to who may not know of it, a hold has no fields
	}
	if err := form.Validate(); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		hold, err := d.mayDecide(e, tx, id)
		if err != nil {
			return 0, nil, err
		}
		if form.Seen != "" && form.Seen != seen(hold.GetString("snapshot")) {
			return 0, nil, HoldChanged
		}
		if err := d.apply(e, tx, hold, state, form); err != nil {
			return 0, nil, err
		}
		return http.StatusOK, map[string]any{"id": hold.Id, "state": state}, nil
	})
}

// mayDecide reads a hold that waits and on which the viewer may decide.
func (d *desk) mayDecide(e *access.Event, tx core.App, id string) (*core.Record, error) {
	hold, err := tx.FindRecordById(clinic.Holds, id)
	if err != nil {
		return nil, access.Missing(err)
	}
	if hold.GetString("author") == e.Viewer.ID {
		if hold.GetBool("known") {
			return nil, OwnWriting
		}
		return nil, clinic.NotFound // that somebody reported it is not told
	}
	r, err := reach(tx, e.Viewer, e.Language(), id)
	if err != nil {
		return nil, err
	}
	switch {
	case !waits(r.State):
		return nil, HoldDecided.With("state", r.State)
	case r.CanDecide:
		return hold, nil
	case whyNot(e.Viewer, r) == SecondLook:
		return nil, SomebodyElse
	}
	return nil, DecidedByDesk
}

// apply writes a decision down, does it, and tells the author if it concerns them: that something of theirs was reported and
// found to be in order does not.
func (d *desk) apply(e *access.Event, tx core.App, hold *core.Record, state string, form decision) error {
	if hold.GetString("file") != "" {
		form.Note = "" // there is no place under the words for a file
		if err := d.letGo(e, tx, hold, state); err != nil {
			return err
		}
	} else if err := d.bring(e, tx, hold, state, form); err != nil {
		return err
	}
	if form.Clause != "" {
		hold.Set("policy", form.Policy)
		hold.Set("clause", form.Clause)
	}
	if state != Published {
		form.Note = ""
	}
	known := hold.GetBool("known") || state != Published || form.Note != ""
	hold.Set("known", known)
	err := d.conclude(tx, hold, event{kind: state, by: e.Viewer.ID, reason: form.Reason, note: form.Note})
	if err != nil || !known {
		return err
	}
	return d.answer(tx, hold)
}

// bring gives a post or comment the state that a decision asks for.
func (d *desk) bring(e *access.Event, tx core.App, hold *core.Record, state string, form decision) error {
	p, err := find(tx, hold.GetString("post"), hold.GetString("comment"))
	if err != nil {
		return err
	}
	r, was := p.record, p.status()
	if was == clinic.Deleted && r.GetString("deleted_by") == "author" {
		if state == Returned {
			return PieceGone
		}
		return nil // there is nothing left to publish or remove; the report is answered
	}
	switch {
	case state == Removed && was != clinic.Deleted:
		r.Set("status", clinic.Deleted)
		r.Set("deleted_by", "practice")
		r.Set("reason", form.Reason)
	case state == Returned:
		restore(r, was, hold)
		r.Set("status", clinic.Held)
	case state == Published && (was != clinic.Shown || form.Note != ""):
		if err := access.Writable(tx, p.community()); err != nil {
			return err
		}
		restore(r, was, hold)
		r.Set("status", clinic.Shown)
		r.Set("note", form.Note)
	default:
		return nil
	}
	r.Set(clinic.DecidedBy, clinic.Decision{Member: e.Viewer.ID})
	r.Set(atDesk, byDesk{})
	return tx.Save(r)
}

// restore gives a tombstone its words back: a second look found that it should not have been removed.
func restore(r *core.Record, was string, hold *core.Record) {
	if was != clinic.Deleted {
		return
	}
	says := readSnapshot(hold.GetString("snapshot"))
	r.Set("body", says.Body)
	if r.Collection().Name == clinic.Posts {
		r.Set("title", says.Title)
	}
}
