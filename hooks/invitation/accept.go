package invitation

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

const maxTitle = 40 // runes of "Dr." or "RN, CDCES"

// joinForm is the form of POST /invitations/accept.
type joinForm struct {
	Token       string       `json:"token"`
	Code        string       `json:"code"`
	Name        string       `json:"name"`
	Title       string       `json:"title"` // who is here by profession only
	Password    string       `json:"password"`
	Language    string       `json:"language"` // empty: the invitation's
	Acknowledge []acceptance `json:"acknowledge"`

	invitation invitation
	texts      []accepted // the current ones among Acknowledge
}

// accept makes the holder a member and signs them in. However many try at once, one does.
func accept(e *access.Event) error {
	var form joinForm
	i, err := knock(e, &form, &form.Token)
	if err == nil {
		err = i.refusal(e.App, e.House.Now())
	}
	if err != nil {
		return turnedAway(e, err)
	}
	form.invitation = i
	joining, err := i.atHome(e, e.App)
	switch {
	case err != nil:
	case joining:
		err = form.join(e)
	default:
		if err = form.Validate(e); err == nil {
			err = form.Submit(e)
		}
	}
	if err != nil {
		return turnedAway(e, err)
	}
	return welcome(e)
}

// Validate checks the fields, then the texts that were read, then the code: a wrong code counts as a try only when all else
// is well. Nothing has been made when it returns a fault.
func (f *joinForm) Validate(e *access.Event) error {
	if err := f.fields(e); err != nil {
		return err
	}
	var err error
	if f.texts, err = check(e.App, f.invitation.role(), f.Acknowledge); err != nil {
		return err
	}
	return f.invitation.tryCode(e, strings.TrimSpace(f.Code))
}

func (f *joinForm) fields(e *access.Event) error {
	i := f.invitation
	if f.Name == "" && i.returning() != "" {
		member, err := e.App.FindRecordById(clinic.Users, i.returning())
		if err != nil {
			return err
		}
		f.Name = member.GetString("name")
	}
	name, nameFault := clinic.CleanName(f.Name)
	if f.Name = name; f.Language == "" {
		f.Language = i.language()
	}
	f.Title = strings.Join(strings.Fields(f.Title), " ")
	titleFault := when(utf8.RuneCountInString(f.Title) > maxTitle, clinic.TooLong.With("max", maxTitle))
	if f.Title != "" && titleFault == nil {
		_, titleFault = clinic.CleanName(f.Title)
	}
	passwordFault := access.CheckNewPassword(f.Password, f.Name, i.email())
	if f.Password == "" {
		passwordFault = clinic.Required
	}
	return clinic.Faults(at("name", nameFault), at("title", titleFault), at("password", passwordFault),
		at("language", when(!slices.Contains(clinic.Languages, f.Language), clinic.Invalid)),
		at("acknowledge", when(len(f.Acknowledge) > 100, clinic.TooLong.With("max", 100))))
}

// tryCode compares the code, where one was set. Wrong ones are counted one after the other, in the database, so that a
// hundred at once are a hundred tries and no more than MaxTries are heard.
func (i invitation) tryCode(e *access.Event, code string) error {
	if !i.needsCode() {
		return nil
	}
	if code == "" {
		return NeedsCode
	}
	var refused error
	err := e.App.RunInTransaction(func(tx core.App) error {
		now, err := find(tx, i.Id)
		if err != nil {
			return err
		}
		if now.locked() {
			refused = Locked
			return nil
		}
		if now.codeIs(e.House.Key, code) {
			return nil
		}
		now.Set("tries", now.tries()+1)
		refused = CodeWrong.With("left", MaxTries-now.tries())
		if err := e.House.Save(tx, now.Record); err != nil || !now.locked() {
			return err
		}
		refused = Locked
		return now.note(e.House, tx, CodeLocked, "", "", "")
	})
	if err != nil {
		return err
	}
	return refused
}

// Submit hashes the password, which is slow, and then does all the rest in one transaction.
func (f *joinForm) Submit(e *access.Event) error {
	users, err := e.App.FindCachedCollectionByNameOrId(clinic.Users)
	if err != nil {
		return err
	}
	hashed := core.NewRecord(users)
	if err := access.SetPassword(e.Request.Context(), hashed, f.Password); err != nil {
		return err
	}
	return e.App.RunInTransaction(func(tx core.App) error {
		i, err := f.invitation.take(e, tx)
		if err != nil {
			return err
		}
		member, err := f.account(tx, i, hashed)
		if err != nil {
			return err
		}
		if i.returning() != "" {
			err = comeBack(e.House, tx, member)
		} else {
			err = e.House.Save(tx, member)
		}
		if err != nil {
			return err
		}
		if err := i.settle(e, tx, member.Id); err != nil {
			return err
		}
		if err := acknowledge(e.House, tx, member.Id, f.texts); err != nil {
			return err
		}
		return e.Start(tx, member)
	})
}

// account is the member's record as it will be saved: a new one, or the one that is returning, with the hashed password.
func (f *joinForm) account(tx core.App, i invitation, hashed *core.Record) (*core.Record, error) {
	member := hashed
	if i.returning() != "" {
		var err error
		if member, err = tx.FindRecordById(clinic.Users, i.returning()); err != nil {
			return nil, err
		}
		member.SetRaw(core.FieldNamePassword, hashed.GetRaw(core.FieldNamePassword))
	} else {
		member.Load(map[string]any{"role": string(i.role()), "status": clinic.Active, "hue": rand.IntN(360)})
		if i.role().Professional() {
			member.Set("title", f.Title)
		}
	}
	member.Load(map[string]any{"name": f.Name, "email": i.email(), "language": f.Language, "invitation": i.Id})
	byMail, err := cameByMail(tx, f.Token)
	member.SetVerified(byMail)
	return member, err
}

// cameByMail reports whether a token is the one that was mailed: only that shows that its holder reads the invitation's mailbox.
// One that was printed or handed over says nothing of the address, which is then not written to until it is confirmed.
func cameByMail(app core.App, token string) (byMail bool, err error) {
	err = app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM invitation_tokens WHERE hash = {:hash} AND via = {:mail})").
		Bind(dbx.Params{"hash": clinic.Hash(token), "mail": ByMail}).Row(&byMail)
	return byMail, err
}

// take marks the invitation as accepted, unless somebody was quicker, and spends its tokens.
func (i invitation) take(e *access.Event, tx core.App) (invitation, error) {
	again, err := find(tx, i.Id)
	if err != nil {
		return again, err
	}
	if err := again.refusal(tx, e.House.Now()); err != nil {
		return again, err
	}
	again.Set("status", string(Accepted))
	again.Set("accepted_at", e.House.Now())
	if err := e.House.Save(tx, again.Record); err != nil {
		return again, err
	}
	return again, again.close(e.House, tx)
}

// settle puts the member into the invitation and its communities, and writes down that they came. The inviter is told no
// more than that.
func (i invitation) settle(e *access.Event, tx core.App, member string) error {
	i.Set("member", member)
	if err := e.House.Save(tx, i.Record); err != nil {
		return err
	}
	if err := i.joinCommunities(e.House, tx, member); err != nil {
		return err
	}
	if err := i.note(e.House, tx, string(Accepted), "", "", ""); err != nil {
		return err
	}
	return e.House.Audit(tx, member, "invitation.accept", i.subject(), string(i.role()))
}

func (i invitation) joinCommunities(house *access.House, tx core.App, member string) error {
	rooms, err := openRooms(tx)
	if err != nil {
		return err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.Memberships)
	if err != nil {
		return err
	}
	for _, community := range i.openOf(rooms) {
		there, err := isIn(tx, member, community)
		if err != nil {
			return err
		}
		if there {
			continue
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{"member": member, "community": community})
		if err := house.Save(tx, record); err != nil {
			return err
		}
	}
	return nil
}

// join lets a member who is signed in with the invited address into its communities, in the role that it is for. Where that is
// another than theirs, it asks for the password and for the code first, as for what cannot be undone with a click.
func (f *joinForm) join(e *access.Event) error {
	changes := f.invitation.role() != e.Viewer.Role
	if changes {
		if err := e.Fresh(); err != nil {
			return err
		}
		if err := f.invitation.tryCode(e, strings.TrimSpace(f.Code)); err != nil {
			return err
		}
	}
	return e.App.RunInTransaction(func(tx core.App) error {
		member, err := f.invitation.joinAs(e, tx)
		if err != nil || !changes {
			return err
		}
		return e.Start(tx, member) // every session of theirs has ended, and they are here with this one
	})
}

// welcome answers as GET /me does.
func welcome(e *access.Event) error {
	me, err := e.Me()
	if err != nil {
		return err
	}
	return e.Write(http.StatusCreated, me)
}
