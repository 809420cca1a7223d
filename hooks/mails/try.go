package mails

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Try sends one letter at once and past the queue, while somebody waits at the settings page. It returns the relay's own
// words and, when the relay did not accept the letter, advice on what to do, in the letter's language. An error means that
// nothing could be tried: the address, or a letter that lacks something.
func Try(ctx context.Context, app core.App, relay Relay, l Letter) (reply, advice string, err error) {
	o, err := officeOf(app)
	if err != nil {
		return "", "", err
	}
	if relay.None() {
		return "", Advice(l.Language, NoRelay, relay), nil
	}
	c, err := o.compose(app, l, relay)
	if err != nil {
		return "", "", err
	}
	line, err := dial(ctx, relay, o.helloName(app), Deadlines{Dial: 10 * time.Second, Command: 15 * time.Second, Body: 15 * time.Second, Verdict: 45 * time.Second})
	if err == nil {
		defer line.quit()
		reply, err = line.send(c)
	}
	if err != nil {
		t := troubleOf(err)
		return t.words(), Advice(l.Language, t.reason, relay), nil
	}
	o.door.worked()
	o.bell.ring()
	return oneLine(reply, maxReply), "", nil
}
