package invitation

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// How often one address may knock at the doors that take a token. A waiting room shares one address, so it is generous: what
// keeps tokens safe is their 256 bits.
const (
	knocksMost  = 240
	knocksDrain = 10 * time.Minute
)

// holder is the body of the doors that take nothing but a token.
type holder struct {
	Token string `json:"token"`
}

// knock reads the form, counts the try, and finds the invitation behind the token, whatever its state. Unknown, mistyped and
// empty tokens cost the same and are told the same.
func knock(e *access.Event, form any, token *string) (invitation, error) {
	if err := e.Bind(form); err != nil {
		return invitation{}, err
	}
	if err := e.House.Try("invitation "+e.House.Origin(e.Request), knocksMost, knocksDrain); err != nil {
		return invitation{}, err
	}
	return holding(e.App, *token)
}

// turnedAway adds to a fault of the join doors who the practice is and whether asking for a new invitation is a next step,
// so that no page has to be a dead end.
func turnedAway(e *access.Event, err error) error {
	var fault *clinic.Fault
	if !errors.As(err, &fault) || len(fault.Fields) > 0 {
		return err
	}
	practice := e.House.Practice()
	can := slices.ContainsFunc(mayAskAgain, func(f *clinic.Fault) bool { return f.Code == fault.Code })
	return fault.With("practice", contact{Name: practice.Name, Phone: practice.Phone}).With("can_ask_again", can)
}

// atHome says what the holder's being signed in, or having an account, means for an invitation: nothing (joining is false),
// or that the viewer's own account joins the communities, or a fault with the next step.
func (i invitation) atHome(e *access.Event, app core.App) (joining bool, err error) {
	v := e.Viewer
	if v != nil && v.Email != i.email() && (i.returning() == "" || v.ID != i.returning()) {
		return false, SomeoneElse.With("signed_in_as", v.Name)
	}
	member, err := memberWith(app, i.email())
	if err != nil || member == nil || member.Id == i.returning() {
		return false, err
	}
	if v != nil && v.ID == member.Id {
		return true, nil
	}
	// It may be this very invitation that made the member, since it was read a moment ago.
	again, err := find(app, i.Id)
	if err == nil {
		err = again.refusal(app, e.House.Now())
	}
	if err != nil {
		return false, err
	}
	return false, clinic.AlreadyAMember
}
