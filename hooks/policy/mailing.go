package policy

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// A mailing is the letters that a version or a reminder asks for. Its row is stored with what asks for them, in one transaction; the
// letters are written afterwards, since two thousand of them would hold the database's one writer for seconds. Each batch of them is a
// transaction that also notes how far it came: after a kill the next process goes on there, and nobody gets a letter twice.

// mailingBatch is how many letters one transaction writes: a tenth of a second on a small machine.
const mailingBatch = 50

const (
	mailingLooksAgain = 10 * time.Minute // for clocks that jump and machines that sleep
	mailingTriesAgain = time.Minute      // after a failure, which the log has
)

// order stores that letters of a kind are to be written about a version of a policy.
func order(house *access.House, tx core.App, policy *core.Record, kind string, number int, due, at time.Time, author string) error {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.PolicyMailings)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{"policy": policy.Id, "kind": kind, "number": number, "author": author, "at": at})
	if !due.IsZero() {
		record.Set("due", due)
	}
	return house.Save(tx, record)
}

// WriteLetters writes the letters that versions and reminders ask for until ctx is done: at once those that a dead process left, and
// then whenever more are asked for. Run it once for a data folder, and keep the app open until it returned.
func WriteLetters(ctx context.Context, app core.App, house *access.House) error {
	bell := make(chan struct{}, 1)
	asked := app.OnRecordAfterCreateSuccess(clinic.PolicyMailings)
	id := asked.BindFunc(func(e *core.RecordEvent) error {
		select {
		case bell <- struct{}{}:
		default:
		}
		return e.Next()
	})
	defer asked.Unbind(id)
	for {
		again := mailingLooksAgain
		if err := writeLetters(ctx, app, house); err != nil {
			app.Logger().Error("letters about policies wait", "error", err)
			again = mailingTriesAgain
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
		case <-bell:
		case <-timer.C:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// writeLetters writes all that is asked for now, batch by batch, the oldest mailing first.
func writeLetters(ctx context.Context, app core.App, house *access.House) error {
	for ctx.Err() == nil {
		found := false
		err := app.RunInTransaction(func(tx core.App) error {
			var id string
			err := tx.DB().NewQuery("SELECT id FROM policy_mailings WHERE done = '' ORDER BY at, id LIMIT 1").Row(&id)
			if errors.Is(err, sql.ErrNoRows) {
				return nil
			} else if err != nil {
				return err
			}
			found = true
			return writeBatch(house, tx, id)
		})
		if err != nil || !found {
			return err
		}
	}
	return nil
}

// writeBatch writes the next letters of a mailing, and ends it where there are no more. What was withdrawn meanwhile is told nobody.
func writeBatch(house *access.House, tx core.App, id string) error {
	mailing, err := tx.FindRecordById(clinic.PolicyMailings, id)
	if err != nil {
		return err
	}
	policy, err := tx.FindRecordById(clinic.Policies, mailing.GetString("policy"))
	if err != nil {
		return err
	}
	var rows []reportRow
	if policy.GetString("status") == Posted {
		if rows, err = recipients(house, tx, policy, mailing); err != nil {
			return err
		}
	}
	for _, row := range rows {
		err := writeTo(house, tx, row, mailing.GetString("kind"), "policies/"+policy.Id, mailing.GetDateTime("due").Time())
		if errors.Is(err, mails.ErrAddress) {
			continue // one address that takes no letter keeps nobody else's back
		} else if err != nil {
			return err
		}
		mailing.Set("written", mailing.GetInt("written")+1)
	}
	if len(rows) > 0 {
		mailing.Set("after", rows[len(rows)-1].ID)
	}
	if len(rows) < mailingBatch {
		mailing.Set("done", house.Now())
	}
	return house.Save(tx, mailing)
}

// recipients are the next members to write to, by their ids: those whom the version concerned when it was published and still does.
// Who has answered a material version meanwhile is not asked; a reminder goes to those who were counted when it was asked for.
func recipients(house *access.House, tx core.App, policy, mailing *core.Record) ([]reportRow, error) {
	r, err := reportOf(tx, house.Now(), policy, mailing.GetInt("number"))
	if err != nil {
		return nil, err
	}
	bound := params{"after": mailing.GetString("after"), "most": mailingBatch, "at": mailing.GetString("at")}
	for name, value := range r.params {
		bound[name] = value
	}
	who := "EXISTS (SELECT 1 FROM users w WHERE w.id = q.id AND w.created <= {:at} AND w.id != {:author})"
	switch mailing.GetString("kind") {
	case letterMaterial:
		who += " AND state = 'missing'"
	case letterReminder:
		who = "state = 'missing' AND EXISTS (SELECT 1 FROM policy_reminders m WHERE m.policy = {:policy} AND m.member = q.id AND m.at = {:at})"
	}
	if mailing.GetString("kind") != letterReminder {
		bound["author"] = mailing.GetString("author")
	}
	var rows []reportRow
	err = tx.DB().NewQuery("SELECT * FROM (" + r.sql + ") q WHERE q.id > {:after} AND " + who + " ORDER BY q.id LIMIT {:most}").Bind(bound).All(&rows)
	return rows, err
}
