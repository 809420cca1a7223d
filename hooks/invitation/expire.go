package invitation

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// expire writes down which invitations have expired, and when. Nothing depends on it: every reader compares the time itself.
func expire(app core.App, house *access.House) {
	now := dbx.Params{"now": access.Date(house.Now())}
	over := "status IN ('queued', 'accepted_by_relay', 'deferred', 'bounced', 'not_mailed', 'opened') AND expires <= {:now}"
	err := app.RunInTransaction(func(tx core.App) error {
		_, err := tx.DB().NewQuery(`INSERT INTO invitation_events (id, invitation, kind, at, by, detail, reason, created, updated)
			SELECT lower(hex(randomblob(7))) || '0', id, 'expired', expires, '', '', '', {:now}, {:now} FROM invitations WHERE ` + over).Bind(now).Execute()
		if err != nil {
			return err
		}
		_, err = tx.DB().NewQuery("UPDATE invitations SET status = 'expired', updated = {:now} WHERE " + over).Bind(now).Execute()
		return err
	})
	if err != nil {
		app.Logger().Error("Expired invitations could not be marked", "error", err)
	}
}
