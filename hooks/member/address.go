package member

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

func say(e *access.Event, key string) string { return messages.Say(e.Language(), key, nil) }

// askForAddress takes {email, password} and sends a link to the new address that lives 24 hours. The answer is 202 whether or
// not another member has the address: who has it is not told.
func askForAddress(e *access.Event) error {
	var form struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	address, fault := access.CheckAddress(form.Email)
	if fault != nil {
		return clinic.Faults(fault.At("email"))
	}
	record, err := own(e, form.Password, "password")
	if err != nil {
		return err
	}
	if err := e.House.Try("letters of "+e.Viewer.ID, lettersMost, lettersWithin); err != nil {
		return err
	}
	due := time.NewTimer(answerAfter) // from here on the work differs by whether the address is free
	defer due.Stop()
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := access.Unchanged(tx, record); err != nil {
			return err
		}
		token, err := issue(e, tx, record.Id, kindEmail, address, AddressLife)
		if err != nil {
			return err
		}
		if other := find(tx, address); other != nil && (other.Id != record.Id || other.Verified()) {
			return nil // one's own that was never confirmed can be asked for, to confirm it
		}
		return write(e, tx, record, address, "address_confirm", e.House.PublicURL()+"/confirm#"+token, AddressLife)
	})
	if err != nil {
		return err
	}
	wait(e, due)
	return e.Write(http.StatusAccepted, map[string]string{"message": say(e, "member.address.answer")})
}

// confirmAddress takes {token} from the letter to the new address, changes the address, which is confirmed by that, tells the old one and ends every
// session.
func confirmAddress(e *access.Event) error {
	var form struct {
		Token string `json:"token"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.House.Try("confirm from "+e.House.Origin(e.Request), triesAddress, triesWithin); err != nil {
		return err
	}
	link, member, err := hold(e, kindEmail, form.Token)
	if err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := link.spend(e, tx); err != nil {
			return err
		}
		if other := find(tx, link.address); other != nil && other.Id != member.Id {
			return addressTaken // only who reads that mailbox gets here
		}
		old := member.Email()
		member.SetEmail(link.address)
		member.SetVerified(true)
		if err := e.House.Save(tx, member); err != nil {
			return err
		}
		if err := e.House.Audit(tx, member.Id, "member.address", clinic.Users+"/"+member.Id, ""); err != nil {
			return err
		}
		if old == link.address { // one's own, confirmed at last
			return nil
		}
		return write(e, tx, member, old, "address_changed", "", 0)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]string{"message": say(e, "member.address.done")})
}
