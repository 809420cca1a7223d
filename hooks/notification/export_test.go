package notification

import (
	"context"
	"crypto/tls"
	"errors"

	"github.com/pocketbase/pocketbase/core"
)

// Work does everything that is due now, as Run does over and over.
func Work(app core.App) error {
	d := app.Store().Get(inStore).(*desk)
	_, err := d.work(context.Background())
	_, also := d.pushDue(context.Background())
	return errors.Join(err, also)
}

// Step expands one batch of the oldest job: after it, a process may die.
func Step(app core.App) error {
	_, err := app.Store().Get(inStore).(*desk).expandNext(context.Background())
	return err
}

// Batch sets how many members one step tells.
func Batch(n int) (before int) {
	before, batch = batch, n
	return before
}

// Inside lets messages go to one push service on this machine.
func Inside(app core.App, host string, trust *tls.Config) {
	app.Store().Get(inStore).(*desk).services = services{hosts: []string{host}, inside: true, client: newClient(true, trust)}
}

// Allows reports whether messages may go to an endpoint.
func Allows(endpoint string) bool { return publicServices().allows(endpoint) }

// Connects tries to ask an address as a push service would be asked.
func Connects(address string) error {
	answer, err := newClient(false, nil).Get(address)
	if err == nil {
		err = answer.Body.Close()
	}
	return err
}

// Purge takes away what is old.
func Purge(app core.App) { app.Store().Get(inStore).(*desk).purge() }

// Queries are what is asked on every page, with the index that each must use.
var Queries = map[string]struct{ Text, Index string }{
	"list":   {listQuery, "notifications_list"},
	"count":  {countQuery, "notifications_unread"},
	"push":   {pushQuery, "notifications_push"},
	"letter": {letterQuery, "notifications_mail"},
	"one":    {oneQuery, "PRIMARY KEY"},
}
