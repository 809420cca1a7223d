package notification

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The way out of letters, for who does not sign in: RFC 8058. The address in the letter's header takes a POST from the mail
// program, and a person's browser to a page that asks. Programs that look at every link in a letter only GET, which changes
// nothing.

// LinkUnknown says that a link to stop letters is not one of ours, or was cut off.
var LinkUnknown = &clinic.Fault{Status: http.StatusNotFound, Code: "stop_link_unknown"}

// stopToken stands for a member's letters of one cadence. It is sealed: whoever reads it learns nothing, and can do nothing but
// stop them. It never expires, since letters are kept.
func (d *desk) stopToken(member, cadence string) string {
	return base64.RawURLEncoding.EncodeToString(d.house.Key.Seal([]byte(member+" "+cadence), stopContext))
}

const stopContext = "notification letters"

// Whoever has a letter asks once, and a mail program perhaps again; within this long, no more than this.
const (
	mostStops  = 20
	stopsDrain = time.Hour
)

// isToken reports whether a text could be one.
func isToken(text string) bool {
	_, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && text != "" && len(text) <= 200
}

func (d *desk) readStopToken(token string) (member, cadence string, err error) {
	if !isToken(token) {
		return "", "", LinkUnknown
	}
	sealed, _ := base64.RawURLEncoding.DecodeString(token)
	plain, err := d.house.Key.Open(sealed, stopContext)
	if err != nil {
		return "", "", LinkUnknown
	}
	member, cadence, _ = strings.Cut(string(plain), " ")
	if !isCadence(cadence) {
		return "", "", LinkUnknown
	}
	return member, cadence, nil
}

// offerToStop leads a browser to the page that asks whether letters should stop. It changes nothing, and says nothing of whether
// the link is good.
func (d *desk) offerToStop(e *access.Event) error {
	to := "/unsubscribe"
	if token := e.Request.URL.Query().Get("t"); isToken(token) {
		to += "#" + token
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.Redirect(http.StatusSeeOther, to)
}

// stop turns the letters of the link's cadence off, at once, and takes back what waits in the queue. What the mail program sends
// along (RFC 8058 section 3.2) says no more than the address does. Done twice it is done; for who is no member any more there
// is nothing to do.
func (d *desk) stop(e *access.Event) error {
	member, cadence, err := d.readStopToken(e.Request.URL.Query().Get("t"))
	if err != nil {
		return err
	}
	if err := d.house.Try("stop letters of "+member, mostStops, stopsDrain); err != nil {
		return err
	}
	viewer, err := d.house.Member(member)
	if err != nil {
		return err
	}
	if viewer != nil {
		err = e.App.RunInTransaction(func(tx core.App) error {
			wants, err := d.wantsOf(tx, viewer)
			if err != nil {
				return err
			}
			if !wants.Stop(cadence) { // an address that is asked for ever would fill the record
				return nil
			}
			if err := d.settle(tx, member, wants); err != nil {
				return err
			}
			return d.house.Audit(tx, "", "notifications.stop", clinic.Users+"/"+member, cadence)
		})
	}
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]string{"stopped": cadence})
}
