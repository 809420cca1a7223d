package invitation

import (
	"database/sql"
	"errors"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// backing guards the members' collection at its record events, where every writer passes: no account comes to be, and no
// role or address changes, without what stands behind it. It is the second lock; the first lets nobody but the house write.
type backing struct{ house *access.House }

// create lets in the founder, a provider in an empty house, and whoever brings an accepted invitation that fits.
func (b backing) create(e *core.RecordEvent) error {
	backed, err := b.entitled(e.App, e.Record)
	if err != nil {
		return err
	}
	if !backed {
		return access.Refuse(e.App, clinic.ByProviderOnly)
	}
	return e.Next()
}

func (b backing) entitled(app core.App, member *core.Record) (bool, error) {
	if member.GetString("invitation") == "" {
		var anybody bool
		err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM users)").Row(&anybody)
		return !anybody && member.GetString("role") == string(clinic.Provider), err
	}
	return b.fits(app, member, "")
}

// update refuses a new role without an invitation that its owner has just accepted for it, a new address without a returning
// invitation or a confirmed change of address, and another invitation than the one that backs the change.
func (b backing) update(e *core.RecordEvent) error {
	before, now := e.Record.Original(), e.Record
	changed := func(field string) bool { return before.GetString(field) != now.GetString(field) }
	if !changed("role") && !changed("email") && !changed("invitation") {
		return e.Next()
	}
	backed := false
	var err error
	switch {
	case changed("invitation"):
		backed, err = b.fits(e.App, now, now.Id)
		if err == nil && !backed && !changed("email") {
			backed, err = b.chosen(e.App, now)
		}
	case !changed("role"):
		backed, err = b.confirmed(e.App, now)
	}
	if err != nil {
		return err
	}
	if !backed {
		return access.Refuse(e.App, clinic.ByProviderOnly)
	}
	return e.Next()
}

// fits reports whether the record's invitation was accepted, for this address and role, in the name of somebody who is an
// active provider now, and for this account: a new one, or the one that is returning. An index sees to it that no other
// account has it.
func (b backing) fits(app core.App, member *core.Record, returning string) (bool, error) {
	i, err := find(app, member.GetString("invitation"))
	if errors.Is(err, clinic.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	_, active, err := i.inviter(app)
	owner := i.GetString("member")
	return active && i.status() == Accepted && i.email() == strings.ToLower(member.Email()) && i.email() == member.Email() &&
		string(i.role()) == member.GetString("role") && i.returning() == returning && (owner == "" || owner == member.Id), err
}

// chosen reports whether the record's owner has just accepted its invitation themselves: they were signed in, and it was made out to
// the address they have.
func (b backing) chosen(app core.App, member *core.Record) (bool, error) {
	if fits, err := b.fits(app, member, ""); err != nil || !fits {
		return false, err
	}
	i, err := find(app, member.GetString("invitation"))
	if err != nil {
		return false, err
	}
	return i.GetString("member") == member.Id && b.house.Now().Sub(i.GetDateTime("accepted_at").Time()) < confirmation, nil
}

// confirmation is how long after its token was spent a change of address may be saved, or a change of role after its invitation
// was accepted: both are one transaction.
const confirmation = time.Minute

// confirmed reports whether the owner of the record's address has just confirmed it, or the account was removed and lets its
// address go.
func (b backing) confirmed(app core.App, member *core.Record) (bool, error) {
	if member.GetString("status") == clinic.Removed {
		return member.Email() == "" || strings.HasSuffix(member.Email(), ".invalid"), nil
	}
	tokens, err := app.FindRecordsByFilter(clinic.AccountTokens, "member = {:member} && kind = 'email' && spent >= {:since}", "-spent", 5, 0,
		dbx.Params{"member": member.Id, "since": access.Date(b.house.Now().Add(-confirmation))})
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	for _, token := range tokens {
		if b.house.SealedAddress(token) == member.Email() {
			return true, nil
		}
	}
	return false, nil
}
