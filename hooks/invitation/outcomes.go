package invitation

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// outcomes learns from the letters' queue what became of an invitation's letters, in the queue's own transaction. What goes
// wrong here is logged and never stops the queue: a letter's own state is the truth, this is what is shown of it.
type outcomes struct{ house *access.House }

// attempted is bound to the creation of a letter_attempts record.
func (o outcomes) attempted(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	letter, err := e.App.FindRecordById(clinic.Letters, e.Record.GetString("letter"))
	if err == nil {
		err = o.note(e.App, letter, e.Record)
	}
	o.log(e.App, err)
	return nil
}

func (o outcomes) log(app core.App, err error) {
	if err != nil {
		app.Logger().Error("An invitation's timeline could not be written", "error", err)
	}
}

// invitationOf returns the invitation that a letter carries, or false.
func invitationOf(app core.App, letter *core.Record) (invitation, bool, error) {
	id, ours := strings.CutPrefix(letter.GetString("about"), clinic.Invitations+"/")
	if !ours || letter.GetString("kind") != letterInvitation {
		return invitation{}, false, nil
	}
	i, err := find(app, id)
	return i, err == nil, err
}

func (o outcomes) note(app core.App, letter, attempt *core.Record) error {
	i, ours, err := invitationOf(app, letter)
	if err != nil || !ours {
		return err
	}
	outcome := attempt.GetString("outcome")
	kind := outcome
	if outcome == mails.Accepted {
		kind = string(AcceptedByRelay)
	}
	if next := i.status().AfterLetter(outcome); next != i.status() {
		i.Set("status", string(next))
		if err := o.house.Save(app, i.Record); err != nil {
			return err
		}
	}
	if outcome == mails.Deferred {
		if err := o.forgetLastDeferral(app, i); err != nil {
			return err
		}
	}
	return i.note(o.house, app, kind, "", attempt.GetString("reply"), attempt.GetString("reason"))
}

// forgetLastDeferral takes away the event before, if it was a deferral too: a letter is put off many times in two days, and
// the last time says it all. The attempts keep every one.
func (o outcomes) forgetLastDeferral(app core.App, i invitation) error {
	last, err := app.FindRecordsByFilter(clinic.InvitationEvents, "invitation = {:id}", "-@rowid", 1, 0, dbx.Params{"id": i.Id})
	if err != nil || len(last) == 0 || last[0].GetString("kind") != string(Deferred) {
		return err
	}
	return o.house.Delete(app, last[0])
}

// relaySetOrNot is bound to the change of a letter: the queue marks those that wait because no relay is set.
func (o outcomes) relaySetOrNot(e *core.RecordEvent) error {
	before, now := e.Record.Original().GetString("reason"), e.Record.GetString("reason")
	if err := e.Next(); err != nil || before == now || e.Record.GetString("status") != mails.Queued {
		return err
	}
	o.log(e.App, o.mark(e.App, e.Record, now == string(mails.NoRelay)))
	return nil
}

func (o outcomes) mark(app core.App, letter *core.Record, without bool) error {
	i, ours, err := invitationOf(app, letter)
	if err != nil || !ours {
		return err
	}
	from, to := NotMailed, Queued
	if without {
		from, to = Queued, NotMailed
	}
	if i.status() != from {
		return nil
	}
	i.Set("status", string(to))
	if err := o.house.Save(app, i.Record); err != nil {
		return err
	}
	return i.note(o.house, app, string(to), "", "", "")
}
