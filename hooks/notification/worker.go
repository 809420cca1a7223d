package notification

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// desk is what the doors and the worker of this package share.
type desk struct {
	app      core.App
	house    *access.House
	bell     chan struct{} // something was written
	pushBell chan struct{} // a message may be due
	services services
}

// longestSleep bounds a wait, for clocks that jump and machines that sleep.
const longestSleep = 10 * time.Minute

// Run does the work of this package until ctx is done: it takes up what a dead process has left, and ends between two steps,
// each of which is one transaction. Run it once for a data folder.
func Run(ctx context.Context, app core.App) error {
	d, ok := app.Store().Get(inStore).(*desk)
	if !ok {
		return errors.New("notification: Register was not called for this app")
	}
	var both sync.WaitGroup
	both.Go(func() { d.loop(ctx, d.pushBell, d.pushDue) }) // apart: a push service that does not answer stops no letter
	d.loop(ctx, d.bell, d.work)
	both.Wait()
	return nil
}

// loop works whenever the bell rings or something is due.
func (d *desk) loop(ctx context.Context, bell <-chan struct{}, work func(ctx context.Context) (time.Time, error)) {
	for ctx.Err() == nil {
		sleep := longestSleep
		next, err := work(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			d.app.Logger().Error("notifications cannot go on", "error", err)
			sleep = 5 * time.Second
		case !next.IsZero():
			sleep = min(sleep, max(next.Sub(d.house.Now()), 0)+time.Millisecond) // columns hold whole milliseconds
		}
		timer := time.NewTimer(sleep)
		select {
		case <-ctx.Done():
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// work tells whoever is to be told, writes the letters that are due, and returns when the next will be; the zero time means
// that none will.
func (d *desk) work(ctx context.Context) (time.Time, error) {
	for _, step := range []func(ctx context.Context) (bool, error){d.expandNext, d.writeNext} {
		if err := all(ctx, step); err != nil {
			return time.Time{}, err
		}
	}
	ring(d.pushBell)
	return d.first(`SELECT MIN(due) AS at FROM notification_jobs WHERE due != '' UNION ALL
		SELECT MIN(due) FROM notification_letters WHERE due != ''`)
}

// pushDue sends the messages that are due.
func (d *desk) pushDue(ctx context.Context) (time.Time, error) {
	if err := all(ctx, d.pushNext); err != nil {
		return time.Time{}, err
	}
	return d.first("SELECT MIN(due) AS at FROM push_subscriptions WHERE due != ''")
}

// all repeats a step until it has nothing more to do.
func all(ctx context.Context, step func(ctx context.Context) (bool, error)) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (d *desk) first(of string) (time.Time, error) {
	var next string
	err := d.app.DB().NewQuery("SELECT COALESCE(MIN(at), '') FROM (" + of + ")").Row(&next)
	return access.ParseDate(next), err
}

func run(tx core.App, statement string, params dbx.Params) error {
	_, err := tx.DB().NewQuery(statement).Bind(params).Execute()
	return err
}
