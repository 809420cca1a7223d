package invitation

import (
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// change is what accepting an invitation changes of an account that is there, as its owner is told before they click.
type change struct {
	From   clinic.Role    `json:"from"`
	To     clinic.Role    `json:"to"`
	Rights []clinic.Right `json:"rights"` // that end with it
	Leaves []room         `json:"leaves"` // the communities that they are in and the new role may not be
}

// mayOffer reports whether a viewer may make out an invitation for another role to a member's address. Of whom is trusted with more
// than their own account, an admin decides, as with inviting again. Staff only propose; the provider who approves is asked here once
// more. An outside doctor becomes nothing else, and nobody else becomes one: they are invited to rooms, and have no others.
func mayOffer(v *access.Viewer, member *core.Record, role clinic.Role) bool {
	return staysHere(member, role) && member.GetString("status") == clinic.Active && member.GetString("role") != string(role) &&
		(!trusted(member) || v.Has(clinic.Admin) || v.Role == clinic.Staff)
}

func staysHere(member *core.Record, role clinic.Role) bool {
	return role != clinic.Outside && member.GetString("role") != string(clinic.Outside)
}

// joinAs accepts the invitation for the viewer's own account, and gives it the invitation's role. What follows from another role stands at
// the record events: the last admin and who leads a community are refused, and rights and memberships that it cannot have end.
func (i invitation) joinAs(e *access.Event, tx core.App) (*core.Record, error) {
	i, err := i.take(e, tx)
	if err != nil {
		return nil, err
	}
	member, err := tx.FindRecordById(clinic.Users, e.Viewer.ID)
	switch {
	case err != nil:
		return nil, err
	case member.GetString("status") != clinic.Active:
		return nil, NotActive.With("state", member.GetString("status"))
	case member.Email() != i.email(): // it was changed on another device a moment ago
		return nil, SomeoneElse.With("signed_in_as", member.GetString("name"))
	case member.GetString("role") != string(e.Viewer.Role): // and so was this, which ended the session that asks
		return nil, clinic.SignInRequired
	case e.Viewer.Role != i.role():
		err = i.giveRole(e, tx, member)
	}
	if err != nil {
		return nil, err
	}
	return member, i.settle(e, tx, member.Id)
}

func (i invitation) giveRole(e *access.Event, tx core.App, member *core.Record) error {
	inviter, _, err := i.inviter(tx)
	if err != nil {
		return err
	}
	if !staysHere(member, i.role()) {
		return clinic.AlreadyAMember
	}
	// The invitation may be older than what its address is trusted with.
	if trusted(member) && !slices.Contains(inviter.GetStringSlice("rights"), string(clinic.Admin)) {
		return RoleByAdmin
	}
	i.Set("member", member.Id)
	if err := e.House.Save(tx, i.Record); err != nil {
		return err
	}
	before := member.GetString("role")
	member.Load(map[string]any{"role": string(i.role()), "invitation": i.Id})
	if err := e.House.Save(tx, member); err != nil {
		return err
	}
	return e.House.Audit(tx, member.Id, "member.role", clinic.Users+"/"+member.Id, before+" to "+string(i.role())+", "+i.subject())
}

// errForeseen ends a transaction that was only tried.
var errForeseen = errors.New("foreseen")

// foresee says what accepting would change of the viewer's own account, or why it would be refused: it is done, looked at, and rolled back,
// so that what is told and what is done cannot differ. It gives nil where the role is the one they have.
func (i invitation) foresee(e *access.Event) (*change, error) {
	if i.role() == e.Viewer.Role {
		return nil, nil
	}
	out := &change{From: e.Viewer.Role, To: i.role(), Rights: []clinic.Right{}, Leaves: []room{}}
	err := e.App.RunInTransaction(func(tx core.App) error {
		before, err := roomsOf(tx, e.Viewer.ID)
		if err != nil {
			return err
		}
		member, err := i.joinAs(e, tx)
		if err != nil {
			return err
		}
		after, err := roomsOf(tx, e.Viewer.ID)
		if err != nil {
			return err
		}
		out.Leaves = append(out.Leaves, slices.DeleteFunc(before, func(r room) bool { return slices.Contains(after, r) })...)
		for _, right := range e.Viewer.Rights {
			if !slices.Contains(member.GetStringSlice("rights"), string(right)) {
				out.Rights = append(out.Rights, right)
			}
		}
		return errForeseen
	})
	if !errors.Is(err, errForeseen) {
		return nil, err
	}
	return out, nil
}

func roomsOf(app core.App, member string) ([]room, error) {
	var out []room
	err := app.DB().NewQuery(`SELECT c.id, c.name, c.kind FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} ORDER BY c.name COLLATE NOCASE, c.id`).Bind(dbx.Params{"member": member}).All(&out)
	return out, err
}

// outdated takes back what would open an account again in the role that it no longer has.
type outdated struct{ house *access.House }

func (o outdated) update(e *core.RecordEvent) error {
	before := e.Record.Original().GetString("role")
	if err := e.Next(); err != nil || before == e.Record.GetString("role") {
		return err
	}
	records, err := e.App.FindRecordsByFilter(clinic.Invitations, "returning = {:id}", "", 0, 0, dbx.Params{"id": e.Record.Id})
	if err != nil {
		return err
	}
	for _, record := range records {
		if i := (invitation{record}); i.status().Revocable() {
			if err := i.withdraw(o.house, e.App); err != nil {
				return err
			}
		}
	}
	return nil
}
