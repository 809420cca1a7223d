package hookstest

import (
	"context"

	"kinward/hooks/mails"
	"kinward/hooks/mails/mailstest"
)

// Mail gives the relay that takes the practice's letters, with senders that carry them there; it starts both when it is
// first called. Until then letters wait in the queue.
func (c *Clinic) Mail() *mailstest.Catcher {
	c.t.Helper()
	if c.relay != nil {
		return c.relay
	}
	c.relay = mailstest.New(c.t)
	relay, err := mails.ParseRelay(c.relay.URL())
	c.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- mails.Deliver(ctx, c.App, mails.Options{Relay: func() mails.Relay { return relay }}) }()
	c.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			c.t.Error(err)
		}
	})
	return c.relay
}
