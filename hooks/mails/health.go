package mails

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
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

// Stuck reports whether letters should go out and do not: a relay is set, and one has been due for a quarter of an hour.
func (h Health) Stuck() bool { return h.Relay != "" && h.Overdue > 15*time.Minute }

// Look says how the queue stands, for readiness and for the practice's settings page.
func Look(app core.App) (Health, error) {
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
		FROM letters WHERE status IN ('queued', 'deferred', 'sending')`).Bind(dbx.Params{"now": stamp(o.now())}).One(&row)
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
