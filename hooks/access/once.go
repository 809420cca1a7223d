package access

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

const (
	onceFor    = 24 * time.Hour
	longestKey = 200
)

var keyReused = &clinic.Fault{Status: http.StatusConflict, Code: "idempotency_key_reused"}

// Once runs a create in a transaction and answers with what it returns. If the request carries an Idempotency-Key that this
// member used for the same request within 24 hours, nothing runs and the answer is the one of the first time; the same key
// with another request is a fault. The key is stored in the transaction, so that a crash keeps both or neither. Call it
// after Bind, which takes the request's fingerprint.
func (e *Event) Once(create func(tx core.App) (status int, body any, err error)) error {
	key, err := e.OnceKey()
	if err != nil {
		return err
	}
	var status int
	var answer json.RawMessage
	err = e.App.RunInTransaction(func(tx core.App) error {
		var err error
		if status, answer, err = e.recall(tx, key); err != nil || answer != nil {
			return err
		}
		var body any
		if status, body, err = create(tx); err != nil {
			return err
		}
		if answer, err = json.Marshal(body); err != nil {
			return err
		}
		return e.keep(tx, key, status, answer)
	})
	if err != nil {
		return err
	}
	return e.Write(status, answer)
}

// OnceKey is the request's Idempotency-Key, or "", for an action whose answer must not be kept and which sees to it by itself.
func (e *Event) OnceKey() (string, error) {
	key := e.Request.Header.Get("Idempotency-Key")
	if len(key) > longestKey {
		return "", clinic.Faults(clinic.TooLong.At("Idempotency-Key").With("max", longestKey))
	}
	return key, nil
}

func (e *Event) recall(tx core.App, key string) (int, json.RawMessage, error) {
	if key == "" || e.Viewer == nil {
		return 0, nil, nil
	}
	var row struct {
		Fingerprint string `db:"fingerprint"`
		Status      int    `db:"status"`
		Body        string `db:"body"`
	}
	err := tx.DB().NewQuery("SELECT fingerprint, status, body FROM idempotency_keys WHERE member = {:member} AND key = {:key} AND expires > {:now}").
		Bind(dbx.Params{"member": e.Viewer.ID, "key": key, "now": e.House.Now().Unix()}).One(&row)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, nil, nil
	case err != nil:
		return 0, nil, err
	case row.Fingerprint != e.fingerprint:
		return 0, nil, keyReused
	}
	return row.Status, json.RawMessage(row.Body), nil
}

func (e *Event) keep(tx core.App, key string, status int, answer []byte) error {
	if key == "" || e.Viewer == nil {
		return nil
	}
	_, err := tx.DB().NewQuery(`INSERT OR REPLACE INTO idempotency_keys (member, key, fingerprint, status, body, expires)
		VALUES ({:member}, {:key}, {:fingerprint}, {:status}, {:body}, {:expires})`).
		Bind(dbx.Params{"member": e.Viewer.ID, "key": key, "fingerprint": e.fingerprint, "status": status, "body": string(answer),
			"expires": e.House.Now().Add(onceFor).Unix()}).Execute()
	return err
}
