package mails

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// KeptFor is how long it stays on record that a letter went or could not go, and what relays said of it: long enough for
// whoever asks why one never came. Its words and its address are erased at once when it comes to its end.
const KeptFor = 90 * 24 * time.Hour

// A purge goes in steps, so that nobody's writing waits for it; what a night does not manage waits for the next.
const (
	purgeStep  = 200
	purgeSteps = 100
)

// oldest are the letters of one step.
const oldest = "(SELECT id FROM letters WHERE ended != '' AND ended < {:before} ORDER BY ended LIMIT {:step})"

// purge lets go of the letters that ended long ago, with their attempts. A letter that may still go stays, however old.
func (o *office) purge(app core.App) error {
	params := dbx.Params{"before": stamp(o.now().Add(-KeptFor)), "step": purgeStep}
	for range purgeSteps {
		var gone int64
		err := app.RunInTransaction(func(tx core.App) error {
			if _, err := tx.DB().NewQuery("DELETE FROM letter_attempts WHERE letter IN " + oldest).Bind(params).Execute(); err != nil {
				return err
			}
			result, err := tx.DB().NewQuery("DELETE FROM letters WHERE id IN " + oldest).Bind(params).Execute()
			if err != nil {
				return err
			}
			gone, err = result.RowsAffected()
			return err
		})
		if err != nil || gone < purgeStep {
			return err
		}
	}
	return nil
}

// purgeNightly does so every night, after the backup, which still holds what goes.
func (o *office) purgeNightly(app core.App) {
	app.Cron().MustAdd("kinward_letters_purge", "23 4 * * *", func() {
		if err := o.purge(app); err != nil {
			app.Logger().Error("Old letters could not be let go", "error", err)
		}
	})
}
