package mails

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// Health is how the queue stands.
type Health struct {
	Relay   string        // as it may be shown, its password masked; empty while none is set or no sender has looked yet
	Waiting int           // letters that are queued, deferred or being sent
	Overdue time.Duration // how long the most overdue letter has been due; zero while none is
	Trouble string        // the relay's last complaint, or ours; empty once a letter went out again
	Reason  Reason        // why, where it was the relay
	Since   time.Time     // when that was last said
}

// late is how long after its time a letter may wait before the queue is called stuck: the relay's longest pause, twice over.
const late = 30 * time.Minute

// Stuck reports whether letters should go out and do not. Without a relay they wait on purpose.
func (h Health) Stuck() bool { return h.Relay != "" && h.Overdue > late }

// Overdue returns an error, in a sentence that anyone may read, where letters wait long beyond their time.
func Overdue(ctx context.Context, app core.App) error {
	h, err := Look(ctx, app)
	if err != nil {
		return errors.New("the letters' queue cannot be read")
	}
	if !h.Stuck() {
		return nil
	}
	why := "look at the mail relay"
	if h.Reason != "" {
		why = messages.Say(clinic.DefaultLanguage, "mails.reason."+string(h.Reason), nil)
	}
	return fmt.Errorf("%d letters wait, the first %d minutes beyond its time: %s", h.Waiting, int(h.Overdue.Minutes()), why)
}

// Look says how the queue stands, for readiness and for the practice's settings page.
func Look(ctx context.Context, app core.App) (Health, error) {
	o, err := officeOf(app)
	if err != nil {
		return Health{}, err
	}
	var row struct {
		Waiting int    `db:"waiting"`
		First   string `db:"first"`
	}
	err = app.DB().NewQuery(`SELECT count(*) AS waiting,
		coalesce(min(CASE WHEN status != 'sending' AND next_at <= {:now} THEN next_at END), '') AS first
		FROM letters WHERE status IN ('queued', 'deferred', 'sending')`).Bind(dbx.Params{"now": stamp(o.now())}).WithContext(ctx).One(&row)
	if err != nil {
		return Health{}, err
	}
	h := o.door.health()
	h.Waiting = row.Waiting
	if first, err := types.ParseDateTime(row.First); err == nil && !first.IsZero() {
		h.Overdue = o.now().Sub(first.Time())
	}
	return h, nil
}
