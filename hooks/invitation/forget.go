package invitation

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// forgetting lets go of a removed member's address wherever an invitation keeps it, and takes back what would open their
// account again, in the transaction of the removal.
type forgetting struct{ house *access.House }

func (f forgetting) update(e *core.RecordEvent) error {
	before := e.Record.Original().GetString("status")
	if err := e.Next(); err != nil || before == clinic.Removed || e.Record.GetString("status") != clinic.Removed {
		return err
	}
	records, err := e.App.FindRecordsByFilter(clinic.Invitations, "member = {:id} || returning = {:id} || id = {:invitation}", "", 0, 0,
		dbx.Params{"id": e.Record.Id, "invitation": e.Record.GetString("invitation")})
	if err != nil {
		return err
	}
	for _, record := range records {
		if err := f.forget(e.App, invitation{record}, e.Record.Email()); err != nil {
			return err
		}
	}
	return nil
}

func (f forgetting) forget(app core.App, i invitation, email string) error {
	i.Set("email", email)
	if i.status().Revocable() {
		return i.withdraw(f.house, app)
	}
	return f.house.Save(app, i.Record)
}

// withdraw takes an invitation back in the house's own name.
func (i invitation) withdraw(house *access.House, tx core.App) error {
	i.Set("status", string(Revoked))
	if err := house.Save(tx, i.Record); err != nil {
		return err
	}
	if err := i.close(house, tx); err != nil {
		return err
	}
	return i.note(house, tx, string(Revoked), "", "", "")
}
