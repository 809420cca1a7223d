package notification

import (
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"

	"github.com/SherClockHolmes/webpush-go"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// pushState is what the page needs to know to ask a browser for push.
type pushState struct {
	Offered bool   `json:"offered"` // the practice allows it
	Key     string `json:"key"`     // the practice's public key (RFC 8292), where it does
	Devices int    `json:"devices"` // of the viewer
}

func (d *desk) pushState(e *access.Event) (pushState, error) {
	out := pushState{Offered: d.house.Practice().Push}
	if !out.Offered {
		return out, nil
	}
	err := e.App.DB().NewQuery("SELECT COUNT(*) FROM push_subscriptions WHERE member = {:member}").
		Bind(dbx.Params{"member": e.Viewer.ID}).Row(&out.Devices)
	if err == nil {
		out.Key, _, err = d.pushKeys(e.App)
	}
	return out, err
}

// pushKeys gives the practice's own key pair, made when it is first asked for. The private one is kept sealed.
func (d *desk) pushKeys(app core.App) (public, private string, err error) {
	var kept struct {
		Public string `db:"public"`
		Sealed string `db:"sealed"`
	}
	read := func() error {
		return app.DB().NewQuery("SELECT public, sealed FROM push_keys WHERE id = 1").One(&kept)
	}
	if err = read(); errors.Is(err, sql.ErrNoRows) {
		if private, public, err = webpush.GenerateVAPIDKeys(); err != nil {
			return "", "", err
		}
		sealed := base64.StdEncoding.EncodeToString(d.house.Key.Seal([]byte(private), "push keys"))
		if err = run(app, "INSERT OR IGNORE INTO push_keys (id, public, sealed) VALUES (1, {:public}, {:sealed})",
			dbx.Params{"public": public, "sealed": sealed}); err == nil {
			err = read() // another request may have been quicker
		}
	}
	if err != nil {
		return "", "", err
	}
	raw, err := base64.StdEncoding.DecodeString(kept.Sealed)
	if err != nil {
		return "", "", clinic.ErrSealed
	}
	plain, err := d.house.Key.Open(raw, "push keys")
	return kept.Public, string(plain), err
}

// subscribe notes that this device wants push. A device belongs to who is signed in on it: what another member had asked for
// there is gone. With renew it only says that the device is still there, which ties it to the session of today; where it is not
// this member's, it is not found, and the page takes it back from the browser.
func (d *desk) subscribe(e *access.Event) error {
	var form struct {
		device
		Renew bool `json:"renew"`
	}
	if err := e.BindUpTo(&form, 4000); err != nil {
		return err
	}
	if form.Renew {
		if err := d.mine(e, form.Endpoint); err != nil {
			return err
		}
	}
	at := form.device
	if !d.house.Practice().Push {
		return PushOff
	}
	if fault := d.services.check(at); fault != nil {
		return clinic.Faults(fault)
	}
	id := core.GenerateDefaultRandomId()
	sealed, err := d.seal(id, at)
	if err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		params := dbx.Params{"id": id, "member": e.Viewer.ID, "session": e.Viewer.Session.ID, "endpoint": d.endpointHash(at.Endpoint),
			"sealed": sealed, "now": access.Date(d.house.Now()), "most": mostDevices}
		for _, statement := range []string{
			"DELETE FROM push_subscriptions WHERE endpoint = {:endpoint}",
			"INSERT INTO push_subscriptions (id, member, session, endpoint, sealed, seen) VALUES ({:id}, {:member}, {:session}, {:endpoint}, {:sealed}, {:now})",
			`DELETE FROM push_subscriptions WHERE member = {:member} AND id NOT IN
				(SELECT id FROM push_subscriptions WHERE member = {:member} ORDER BY seen DESC, id = {:id} DESC LIMIT {:most})`,
		} {
			if err := run(tx, statement, params); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	state, err := d.pushState(e)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, state)
}

// mine returns clinic.NotFound unless a device is the viewer's.
func (d *desk) mine(e *access.Event, endpoint string) error {
	var mine bool
	err := e.App.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM push_subscriptions WHERE endpoint = {:endpoint} AND member = {:member})").
		Bind(dbx.Params{"endpoint": d.endpointHash(endpoint), "member": e.Viewer.ID}).Row(&mine)
	if err == nil && !mine {
		return clinic.NotFound
	}
	return err
}

// unsubscribePush forgets one device of the viewer's by its endpoint, or without one all of them.
func (d *desk) unsubscribePush(e *access.Event) error {
	var form struct {
		Endpoint string `json:"endpoint"`
	}
	if err := e.BindUpTo(&form, 4000); err != nil {
		return err
	}
	err := run(e.App, "DELETE FROM push_subscriptions WHERE member = {:member} AND {:endpoint} IN ('', endpoint)",
		dbx.Params{"member": e.Viewer.ID, "endpoint": map[bool]string{false: d.endpointHash(form.Endpoint)}[form.Endpoint == ""]})
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// practiceChanged forgets every device when the practice no longer allows push.
func (d *desk) practiceChanged(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	if e.Record.GetBool("push") {
		return nil
	}
	return run(e.App, "DELETE FROM push_subscriptions", nil)
}
