package notification

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// nothing is what every message says: that there is something. It is padded and encrypted, so that no two differ in length.
var nothing = []byte("1")

// subscription is one device that a message is due for.
type subscription struct {
	ID     string `db:"id"`
	Member string `db:"member"`
	Sealed string `db:"sealed"`
	Tries  int    `db:"tries"`
}

// pushNext sends the message that has been due the longest, or finds that there is none to send any more.
func (d *desk) pushNext(ctx context.Context) (more bool, err error) {
	var to subscription
	now := d.house.Now()
	err = d.app.DB().NewQuery("SELECT id, member, sealed, tries FROM push_subscriptions WHERE due != '' AND due <= {:now} ORDER BY due LIMIT 1").
		Bind(dbx.Params{"now": access.Date(now)}).One(&to)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	viewer, err := d.house.Member(to.Member)
	if err != nil {
		return false, err
	}
	if viewer == nil || !d.house.Practice().Push {
		return true, run(d.app, "DELETE FROM push_subscriptions WHERE member = {:member}", dbx.Params{"member": to.Member})
	}
	wants, err := d.wantsOf(d.app, viewer)
	if err != nil {
		return false, err
	}
	if wants.Quiet(now, wants.zone) {
		return true, d.later(to, wants.AfterQuiet(now, wants.zone), to.Tries)
	}
	wanted, err := d.wantedByPush(viewer, wants)
	if err != nil {
		return false, err
	}
	if !wanted || !d.reachable(viewer) {
		return true, d.pushed(to)
	}
	return true, d.push(ctx, to, now)
}

// wantedByPush reports whether a member has something unread that they want to hear of by push, and may see now.
func (d *desk) wantedByPush(v *access.Viewer, w wants) (bool, error) {
	var rows []waiting
	err := d.app.DB().NewQuery(pushQuery).Bind(dbx.Params{"member": v.ID}).All(&rows)
	for _, row := range rows {
		if sees(v, row) && w.Kinds[row.Kind].Push {
			return true, err
		}
	}
	return false, err
}

// push sends one message and does what the push service's answer asks for (RFC 8030 sections 5 and 7.3).
func (d *desk) push(ctx context.Context, to subscription, now time.Time) error {
	answer, err := d.post(ctx, to, now)
	switch {
	case ctx.Err() != nil:
		return nil // our own end, not the service's: it is due at the next start
	case err != nil:
		d.app.Logger().Warn("a push message was not sent", "tries", to.Tries+1, "error", withoutAddress(err))
	case answer.StatusCode < 300:
		return d.pushed(to)
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= 500:
		d.app.Logger().Warn("a push service asks to come back later", "tries", to.Tries+1, "status", answer.StatusCode)
	default: // 404 and 410: the device is gone; any other refusal will be the same the next time
		d.app.Logger().Info("a device no longer takes push messages", "status", answer.StatusCode)
		return run(d.app, "DELETE FROM push_subscriptions WHERE id = {:id}", dbx.Params{"id": to.ID})
	}
	if to.Tries+1 >= mostTries {
		return d.pushed(to)
	}
	return d.later(to, now.Add(max(wait(to.Tries), asked(answer))), to.Tries+1)
}

const (
	mostTries  = 10 // some ten hours
	longWait   = 3 * time.Hour
	mostAnswer = 4 << 10
)

// wait is how long a message waits after n failed tries: a minute, doubled each time up to three hours.
func wait(tries int) time.Duration { return min(longWait, time.Minute<<tries) }

// asked is how long a push service asks us to wait, within reason.
func asked(answer *http.Response) time.Duration {
	if answer == nil {
		return 0
	}
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return min(time.Duration(seconds)*time.Second, longWait)
}

// post hands one message to the device's push service. The address is looked at again: the list may be shorter by now.
func (d *desk) post(ctx context.Context, to subscription, now time.Time) (*http.Response, error) {
	at, err := d.open(to.ID, to.Sealed)
	if err != nil {
		return nil, err
	}
	if !d.services.allows(at.Endpoint) {
		return &http.Response{StatusCode: http.StatusGone}, nil
	}
	public, private, err := d.pushKeys(d.app)
	if err != nil {
		return nil, err
	}
	answer, err := webpush.SendNotificationWithContext(ctx, nothing, &webpush.Subscription{Endpoint: at.Endpoint, Keys: at.Keys}, &webpush.Options{
		HTTPClient: d.services.client, Subscriber: d.contact(), Topic: "new", TTL: int(pushLives.Seconds()), Urgency: webpush.UrgencyNormal,
		VAPIDPublicKey: public, VAPIDPrivateKey: private, VapidExpiration: now.Add(12 * time.Hour),
	})
	if err != nil {
		return nil, err
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, mostAnswer)) // so that the connection is used again
	return answer, answer.Body.Close()
}

// contact is how a push service may reach the practice (RFC 8292 section 2.1).
func (d *desk) contact() string {
	at := d.house.PublicURL()
	if strings.HasPrefix(at, "https://") {
		return at
	}
	host := "localhost"
	if u, err := url.Parse(at); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	return "no-reply@" + host
}

// withoutAddress takes the address out of an error: whoever knows it can reach the device.
func withoutAddress(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

func (d *desk) later(to subscription, due time.Time, tries int) error {
	return run(d.app, "UPDATE push_subscriptions SET due = {:due}, tries = {:tries} WHERE id = {:id}",
		dbx.Params{"id": to.ID, "due": access.Date(due), "tries": tries})
}

// pushed notes that nothing is due for a device any more and, once that is so for all of a member's, that nothing waits.
func (d *desk) pushed(to subscription) error {
	return d.app.RunInTransaction(func(tx core.App) error {
		if err := run(tx, "UPDATE push_subscriptions SET due = '', tries = 0 WHERE id = {:id}", dbx.Params{"id": to.ID}); err != nil {
			return err
		}
		return run(tx, `UPDATE notifications SET push = 0 WHERE member = {:member} AND push = 1
			AND NOT EXISTS (SELECT 1 FROM push_subscriptions WHERE member = {:member} AND due != '')`, dbx.Params{"member": to.Member})
	})
}
