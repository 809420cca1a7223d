package invitation

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// inviteAgain helps a member who lost their mailbox: a provider who knows them sends an invitation to their new address,
// which, once accepted, opens the same account there with a new password. Since that takes an account over, somebody who
// is here by profession, or who has rights, can be invited again by an admin only; and the old address is told at once.
func inviteAgain(e *access.Event) error {
	var form wish
	if err := e.Bind(&form); err != nil {
		return err
	}
	member, err := e.App.FindRecordById(clinic.Users, e.Request.PathValue("id"))
	if errors.Is(err, sql.ErrNoRows) {
		return clinic.NotFound
	}
	if err != nil {
		return err
	}
	if err := mayReturn(e.Viewer, member); err != nil {
		return err
	}
	form = wish{Email: form.Email, Code: form.Code, Role: clinic.Role(member.GetString("role")), Language: member.GetString("language"), returning: member.Id}
	if err := form.Validate(e.House.Practice().Language); err != nil {
		return err
	}
	if form.Email == member.Email() {
		return SameAddress
	}
	return e.Once(func(tx core.App) (int, any, error) {
		i, err := form.Submit(e, tx)
		if errors.Is(err, clinic.AlreadyAMember) {
			return 0, nil, AddressTaken // what that fault advises is for who is not a member yet
		}
		if err != nil {
			return 0, nil, err
		}
		if err := tellOldAddress(tx, e.House, member, "announced"); err != nil {
			return 0, nil, err
		}
		if err := e.House.Audit(tx, e.Viewer.ID, "member.invite_again", clinic.Users+"/"+member.Id, i.subject()); err != nil {
			return 0, nil, err
		}
		item, err := whole(e, tx, i.Id)
		return http.StatusCreated, item, err
	})
}

func mayReturn(v *access.Viewer, member *core.Record) error {
	switch {
	case member.GetString("status") != clinic.Active:
		return NotActive.With("state", member.GetString("status"))
	case trusted(member) && !v.Has(clinic.Admin):
		return clinic.Forbidden
	}
	return nil
}

// trusted reports whether a member is trusted with more than their own account.
func trusted(member *core.Record) bool {
	return clinic.Role(member.GetString("role")).Professional() || len(member.GetStringSlice("rights")) > 0
}

// comeBack saves the account with its new address and password, which ends every session it had and every other way that
// was open to change it.
func comeBack(house *access.House, tx core.App, member *core.Record) error {
	before := member.Original()
	if status := before.GetString("status"); status != clinic.Active {
		return NotActive.With("state", status)
	}
	if err := house.Save(tx, member); err != nil {
		return err
	}
	_, err := tx.DB().NewQuery("DELETE FROM account_tokens WHERE member = {:member}").Bind(dbx.Params{"member": member.Id}).Execute()
	if err != nil {
		return err
	}
	return tellOldAddress(tx, house, before, "moved")
}

// tellOldAddress writes to where the account was: whoever reads there may not be who asked.
func tellOldAddress(tx core.App, house *access.House, member *core.Record, what string) error {
	lang := member.GetString("language")
	say := func(key string) string {
		return messages.Say(lang, "invitation.moved."+key, map[string]any{"practice": house.Practice().InMail(), "phone": house.Practice().Phone})
	}
	_, err := mails.Queue(tx, mails.Letter{
		To: member.Email(), Language: lang, Kind: letterMoved, About: clinic.Users + "/" + member.Id,
		Subject: say("subject"), Heading: say("heading"), Paragraphs: []string{say(what), say("not_you")}, Urgent: true,
	})
	return err
}

func isIn(app core.App, member, community string) (bool, error) {
	var there bool
	err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM memberships WHERE member = {:member} AND community = {:community})").
		Bind(dbx.Params{"member": member, "community": community}).Row(&there)
	return there, err
}
