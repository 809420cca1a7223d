package member

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The kinds of account tokens.
const (
	kindReset = "reset"
	kindEmail = "email"
)

// issue makes a token for a member and returns it; the database keeps its hash. A new address that it confirms is sealed.
func issue(e *access.Event, tx core.App, member, kind, address string, life time.Duration) (string, error) {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.AccountTokens)
	if err != nil {
		return "", err
	}
	token := clinic.NewToken()
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"member": member, "kind": kind, "hash": clinic.Hash(token), "expires": e.House.Now().Add(life),
	})
	record.Id = core.GenerateDefaultRandomId()
	if address != "" {
		e.House.SealAddress(record, address)
	}
	return token, e.House.Save(tx, record)
}

// held is a token that still holds: whose it is, and the address that it confirms, if any.
type held struct {
	kind, member, hash string
	address            string
}

// hold finds a token that still holds. Unknown, spent and expired tokens get the same answer.
func hold(e *access.Event, kind, token string) (held, *core.Record, error) {
	record, err := e.App.FindFirstRecordByFilter(clinic.AccountTokens, "hash = {:hash} && kind = {:kind} && spent = '' && expires > {:now}",
		dbx.Params{"hash": clinic.Hash(token), "kind": kind, "now": access.Date(e.House.Now())})
	if errors.Is(err, sql.ErrNoRows) {
		return held{}, nil, linkEnded
	}
	if err != nil {
		return held{}, nil, err
	}
	h := held{kind: kind, member: record.GetString("member"), hash: clinic.Hash(token)}
	member, err := e.App.FindRecordById(clinic.Users, h.member)
	if err != nil || member.GetString("status") != clinic.Active {
		return held{}, nil, linkEnded
	}
	h.address = e.House.SealedAddress(record)
	return h, member, nil
}

// spend uses a token up, and with it every other one of its kind and member. Of two at once, one gets link_ended.
func (h held) spend(e *access.Event, tx core.App) error {
	mine, err := spent(e, tx, "hash = {:is}", h.hash, h.kind)
	if err != nil {
		return err
	}
	if mine == 0 {
		return linkEnded
	}
	_, err = spent(e, tx, "member = {:is}", h.member, h.kind)
	return err
}

func spent(e *access.Event, tx core.App, where, is, kind string) (int64, error) {
	result, err := tx.DB().NewQuery("UPDATE account_tokens SET spent = {:now} WHERE " + where + " AND kind = {:kind} AND spent = ''").
		Bind(dbx.Params{"now": access.Date(e.House.Now()), "is": is, "kind": kind}).Execute()
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}
