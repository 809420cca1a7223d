package hookstest

import (
	"context"
	"errors"

	"kinward/hooks/mails"
	"kinward/hooks/mails/mailstest"
	"kinward/hooks/policy"
)

// Mail gives the relay that takes the practice's letters, with who writes those about policies and senders that carry them there; it
// starts all when it is first called. Until then letters wait.
func (c *Clinic) Mail() *mailstest.Catcher {
	c.t.Helper()
	if c.relay != nil {
		return c.relay
	}
	c.relay = mailstest.New(c.t)
	relay, err := mails.ParseRelay(c.relay.URL())
	c.must(err)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 2)
	go func() { ended <- mails.Deliver(ctx, c.App, mails.Options{Relay: func() mails.Relay { return relay }}) }()
	go func() { ended <- policy.WriteLetters(ctx, c.App, c.House) }()
	c.t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, <-ended); err != nil {
			c.t.Error(err)
		}
	})
	return c.relay
}
