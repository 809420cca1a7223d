package invitation

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// KeptFor is how long an invitation that let nobody in stays on record with its timeline, after the last thing that happened
// to it: long enough for whoever asks why somebody never came. It holds the address of a person who is no member, and for
// which communities they were meant, so it is not kept without end. The audit record stays, which names neither.
const KeptFor = 365 * 24 * time.Hour

// A purge goes in steps, so that nobody's writing waits for it; what a night does not manage waits for the next.
const (
	purgeStep  = 200
	purgeSteps = 50
)

// endedLongAgo finds the invitations that ended without a member. An accepted one stays as long as the account that it let in, since
// it is what entitles that account; a proposed one waits for a provider's decision.
const endedLongAgo = `SELECT i.id FROM invitations i WHERE i.status IN ('declined', 'expired', 'revoked')
	AND COALESCE((SELECT MAX(e.at) FROM invitation_events e WHERE e.invitation = i.id), i.updated) < {:before} ORDER BY i.created LIMIT {:step}`

// purge lets go of those that ended long ago, with their tokens and their timelines.
func purge(app core.App, house *access.House) error {
	before := house.Now().Add(-KeptFor)
	for range purgeSteps {
		var ids []string
		err := app.RunInTransaction(func(tx core.App) error {
			err := tx.DB().NewQuery(endedLongAgo).Bind(dbx.Params{"before": access.Date(before), "step": purgeStep}).Column(&ids)
			if err != nil || len(ids) == 0 {
				return err
			}
			if err := letGo(tx, ids); err != nil {
				return err
			}
			said := fmt.Sprintf("%d that ended before %s", len(ids), before.Format(time.DateOnly))
			return house.Audit(tx, "", "invitation.purge", clinic.Invitations, said)
		})
		if err != nil || len(ids) < purgeStep {
			return err
		}
	}
	return nil
}

func letGo(tx core.App, ids []string) error {
	values := make([]any, len(ids))
	for i, id := range ids {
		values[i] = id
	}
	for _, table := range []string{clinic.InvitationEvents, clinic.InvitationTokens} {
		if _, err := tx.DB().Delete(table, dbx.In("invitation", values...)).Execute(); err != nil {
			return err
		}
	}
	_, err := tx.DB().Delete(clinic.Invitations, dbx.In("id", values...)).Execute()
	return err
}

// purgeNightly does so every night, after the backup, which still holds what goes.
func purgeNightly(app core.App, house *access.House) {
	app.Cron().MustAdd("kinward_invitations_purge", "29 4 * * *", func() {
		if err := purge(app, house); err != nil {
			app.Logger().Error("Old invitations could not be let go", "error", err)
		}
	})
}
