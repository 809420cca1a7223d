package member

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// giveRights takes {rights} and gives a provider or staff member exactly these. It asks for a fresh sign-in, signs the member
// out (an admin who changes their own stays on this device), and never takes the last admin away.
func giveRights(e *access.Event) error {
	var form struct {
		Rights []clinic.Right `json:"rights"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.Fresh(); err != nil {
		return err
	}
	p, err := one(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if fault := CheckRights(p.Role, form.Rights); fault != nil {
		return clinic.Faults(fault.At("rights"))
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(clinic.Users, p.ID)
		if err != nil {
			return err
		}
		if !slices.Contains(form.Rights, clinic.Admin) {
			if err := staysAdministered(tx, p.ID); err != nil {
				return err
			}
		}
		words := make([]string, len(form.Rights))
		for i, right := range form.Rights {
			words[i] = string(right)
		}
		before := record.GetStringSlice("rights")
		record.Set("rights", words)
		if err := e.House.Save(tx, record); err != nil {
			return err
		}
		if err := e.House.Audit(tx, e.Viewer.ID, "member.rights", clinic.Users+"/"+p.ID, strings.Join(words, ", ")); err != nil {
			return err
		}
		if p.ID == e.Viewer.ID && !slices.Equal(words, before) {
			return e.Start(tx, record) // every session of theirs has ended, and they are at work with this one
		}
		return nil
	})
	if err != nil {
		return err
	}
	if p, err = one(e, p.ID); err != nil {
		return err
	}
	return e.Write(http.StatusOK, p)
}
