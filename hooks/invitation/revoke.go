package invitation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// revoke takes an invitation back: its tokens open nothing any more, and letters that have not gone are cancelled. Staff can
// take back what no provider has approved yet.
func revoke(e *access.Event) error {
	var form struct{}
	if err := e.Bind(&form); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		i, err := find(tx, e.Request.PathValue("id"))
		if err != nil {
			return 0, nil, err
		}
		if err := i.revoke(e, tx); err != nil {
			return 0, nil, err
		}
		item, err := whole(e, tx, i.Id)
		return http.StatusOK, item, err
	})
}

func (i invitation) revoke(e *access.Event, tx core.App) error {
	now := i.at(e.House.Now())
	if !now.Revocable() {
		return NotNow.With("status", now)
	}
	if e.Viewer.Role != clinic.Provider && now != Proposed {
		return ByApproverOnly
	}
	i.Set("status", string(Revoked))
	if err := e.House.Save(tx, i.Record); err != nil {
		return err
	}
	if err := i.close(e.House, tx); err != nil {
		return err
	}
	if err := i.note(e.House, tx, string(Revoked), e.Viewer.ID, "", ""); err != nil {
		return err
	}
	return e.House.Audit(tx, e.Viewer.ID, "invitation.revoke", i.subject(), "")
}

// close spends every token and cancels the letters that have not gone.
func (i invitation) close(house *access.House, tx core.App) error {
	if err := i.spend(house, tx); err != nil {
		return err
	}
	_, err := mails.Cancel(tx, i.subject())
	return err
}
