package policy

import (
	"context"
	"database/sql"
	"errors"
	"maps"
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
		if found, err := writeBatch(app, house); err != nil || !found {
			return err
		}
	}
	return nil
}

// batch is the next letters of the oldest mailing that is not done.
type batch struct {
	mailing *core.Record
	policy  *core.Record
	rows    []reportRow
}

// nextBatch reads whom to write to next; nil where nothing is asked for. What was withdrawn meanwhile is told nobody.
func nextBatch(app core.App, house *access.House) (*batch, error) {
	var id string
	err := app.DB().NewQuery("SELECT id FROM policy_mailings WHERE done = '' ORDER BY at, id LIMIT 1").Row(&id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	b := &batch{}
	if b.mailing, err = app.FindRecordById(clinic.PolicyMailings, id); err != nil {
		return nil, err
	}
	if b.policy, err = app.FindRecordById(clinic.Policies, b.mailing.GetString("policy")); err != nil {
		return nil, err
	}
	if b.policy.GetString("status") == Posted {
		b.rows, err = recipients(house, app, b.policy, b.mailing)
	}
	return b, err
}

// letter is what one of them is written.
func (b *batch) letter(house *access.House, row reportRow) mails.Letter {
	return letterTo(house, row, b.mailing.GetString("kind"), "policies/"+b.policy.Id, b.mailing.GetDateTime("due").Time())
}

// prepare composes the letters of a batch, beside the transaction that writes them: that takes four times as long as to write them.
func (b *batch) prepare(app core.App, house *access.House) (map[reportRow]*mails.Ready, error) {
	letters := make([]mails.Letter, len(b.rows))
	for i, row := range b.rows {
		letters[i] = b.letter(house, row)
	}
	ready, err := mails.Prepare(app, letters)
	out := map[reportRow]*mails.Ready{}
	for i, one := range ready {
		out[b.rows[i]] = one
	}
	return out, err
}

// writeBatch writes the next letters of a mailing, and ends it where there are no more. It asks for them again within its transaction:
// who answered, left or changed their address since the letters were composed is written to as they are now, or not at all.
func writeBatch(app core.App, house *access.House) (found bool, err error) {
	before, err := nextBatch(app, house)
	if err != nil || before == nil {
		return false, err
	}
	ready, err := before.prepare(app, house)
	if err != nil {
		return true, err
	}
	return true, app.RunInTransaction(func(tx core.App) error {
		b, err := nextBatch(tx, house)
		if err != nil || b == nil {
			return err
		}
		var late []reportRow
		for _, row := range b.rows {
			if _, known := ready[row]; !known || b.mailing.Id != before.mailing.Id {
				late = append(late, row)
			}
		}
		if len(late) > 0 {
			others, err := (&batch{b.mailing, b.policy, late}).prepare(tx, house)
			if err != nil {
				return err
			}
			maps.Copy(ready, others)
		}
		return b.write(tx, house, ready)
	})
}

// write queues the letters of a batch and notes how far the mailing came.
func (b *batch) write(tx core.App, house *access.House, ready map[reportRow]*mails.Ready) error {
	for _, row := range b.rows {
		if ready[row] == nil {
			continue // one address that takes no letter keeps nobody else's back
		}
		if _, err := ready[row].Queue(tx); err != nil {
			return err
		}
		b.mailing.Set("written", b.mailing.GetInt("written")+1)
	}
	if len(b.rows) > 0 {
		b.mailing.Set("after", b.rows[len(b.rows)-1].ID)
	}
	if len(b.rows) < mailingBatch {
		b.mailing.Set("done", house.Now())
	}
	return house.Save(tx, b.mailing)
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
