package access

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Changed says whose standing may be another than before: one session's, one member's, or, with both empty, anyone's.
type Changed struct{ Session, Member string }

// OnStanding calls told whenever a session has ended or what a viewer was made from has changed: a role, a membership, what is
// owed. It is called after the commit, in the request of whoever made the change, and so must return at once. That time alone
// ends a session or makes something due is not told: see Viewer.Until. Call it before the house is served.
func (h *House) OnStanding(told func(Changed)) { h.told = append(h.told, told) }

func (h *House) tell(c Changed) {
	for _, told := range h.told {
		told(c)
	}
}

// Standing returns a function that says how the viewer of this request stands later, for an answer that goes on after it was
// begun: nil once the session has ended or the member may not come in any more. To ask it is no activity.
func (e *Event) Standing() func() (*Viewer, error) {
	h, hash := e.House, clinic.Hash(e.House.token(e.Request))
	return func() (*Viewer, error) { return h.behind(hash, false) }
}

// behind finds the viewer behind the hash of a session's token, or nil.
func (h *House) behind(hash string, active bool) (*Viewer, error) {
	session, err := h.live(hash, active)
	if err != nil || session == nil {
		return nil, err
	}
	member, err := h.Member(session.Member)
	if err != nil || member == nil {
		return nil, err
	}
	viewer := *member
	viewer.Session = *session
	return &viewer, nil
}

// Until is the next moment at which time alone may change what the viewer may do: their session ends, or something that they
// owe begins to be owed or falls due.
func (v *Viewer) Until(now time.Time) time.Time {
	next := v.Session.Ends()
	for _, owed := range v.Owes {
		for _, date := range []*time.Time{owed.From, owed.Due} {
			if date != nil && date.After(now) && date.Before(next) {
				next = *date
			}
		}
	}
	return next
}

// committed runs work now and, within a transaction, once more after it: what memory forgets while a change is not yet
// committed, it may have learnt anew by then.
func committed(app core.App, work func()) {
	work()
	if tx := app.TxInfo(); tx != nil {
		tx.OnComplete(func(error) error { work(); return nil })
	}
}
