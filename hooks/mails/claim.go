package mails

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/clinic"
)

// find returns the letters with a value in a column, the newest first, in some states or in all.
func find(app core.App, column string, value any, states ...any) ([]*core.Record, error) {
	query := app.RecordQuery(clinic.Letters).AndWhere(dbx.HashExp{column: value}).OrderBy("created DESC", "id")
	if len(states) > 0 {
		query.AndWhere(dbx.In("status", states...))
	}
	var out []*core.Record
	return out, query.All(&out)
}

// stamp writes a time as PocketBase's columns hold it, so that texts compare as times do.
func stamp(t time.Time) string {
	d, _ := types.ParseDateTime(t)
	return d.String()
}

// takeUp makes due what a dead process had claimed. It must run before any sender does.
func (o *office) takeUp(app core.App) error {
	_, err := app.NonconcurrentDB().NewQuery(`UPDATE letters SET next_at = {:now},
		status = CASE WHEN tries > 0 THEN 'deferred' ELSE 'queued' END WHERE status = 'sending'`).
		Bind(dbx.Params{"now": stamp(o.now())}).Execute()
	return err
}

// hurry makes due at once what was put off only because of the relay: it has been changed, or it works again.
func (o *office) hurry(app core.App) error {
	var reasons []any
	for _, r := range relayReasons {
		reasons = append(reasons, string(r))
	}
	_, err := app.NonconcurrentDB().Update(clinic.Letters, dbx.Params{"next_at": stamp(o.now())},
		dbx.And(dbx.HashExp{"status": Deferred}, dbx.In("reason", reasons...))).Execute()
	return err
}

// claim takes the most urgent letter that is due and marks it as being sent, or returns nil.
func (o *office) claim(app core.App) (letter *core.Record, err error) {
	now := stamp(o.now())
	if due, err := o.firstDue(app, now); err != nil || due == "" {
		return nil, err // looked at without the write lock: mostly there is nothing
	}
	err = app.RunInTransaction(func(tx core.App) error {
		letter = nil
		id, err := o.firstDue(tx, now)
		if err != nil || id == "" {
			return err
		}
		if letter, err = tx.FindRecordById(clinic.Letters, id); err != nil {
			return err
		}
		letter.Set("status", Sending)
		if letter.GetDateTime("first_try").IsZero() {
			letter.Set("first_try", o.now())
		}
		return save(tx, letter)
	})
	if err != nil && letter != nil && committed(app, letter.Id, Sending) {
		return letter, nil // a hook that listens failed after the commit: the claim stands
	}
	return letter, err
}

// committed reports whether a letter is in a state, whatever error a hook behind the commit returned.
func committed(app core.App, id, state string) bool {
	record, err := app.FindRecordById(clinic.Letters, id)
	return err == nil && record.GetString("status") == state
}

// Each part of these questions is one step into an index, so that ten thousand waiting letters cost no more than ten.
var (
	askFirstDue = ask(`SELECT * FROM (SELECT id, urgent, next_at FROM letters WHERE status = '%s' AND urgent = %d
		AND next_at <= {:now} ORDER BY next_at LIMIT 1)`) + " ORDER BY urgent DESC, next_at LIMIT 1"
	askNextTry = "SELECT coalesce(min(at), '') FROM (" +
		ask(`SELECT min(next_at) AS at FROM letters WHERE status = '%s' AND urgent = %d`) + ")"
	askNextEnd = `SELECT coalesce(min(at), '') FROM (
		SELECT min(not_after) AS at FROM letters WHERE status = 'queued' AND not_after > '' UNION ALL
		SELECT min(not_after) FROM letters WHERE status = 'deferred' AND not_after > '')`
)

// ask puts a question for each state that waits, urgent and not, and joins the answers.
func ask(part string) string {
	var parts []string
	for _, status := range []string{Queued, Deferred} {
		parts = append(parts, fmt.Sprintf(part, status, 1), fmt.Sprintf(part, status, 0))
	}
	return strings.Join(parts, " UNION ALL ")
}

// firstDue finds the letter to send next: an urgent one, else the one that has been due the longest.
func (o *office) firstDue(app core.App, now string) (id string, err error) {
	err = app.DB().NewQuery(askFirstDue).Bind(dbx.Params{"now": now}).Row(&id, new(int), new(string))
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return id, err
}

// nextTime returns when something will be due: a try, or with relay false only the end of a letter's own time. The zero
// time means nothing will.
func (o *office) nextTime(app core.App, relay bool) (time.Time, error) {
	var end, try string
	if err := app.DB().NewQuery(askNextEnd).Row(&end); err != nil {
		return time.Time{}, err
	}
	if relay {
		if err := app.DB().NewQuery(askNextTry).Row(&try); err != nil {
			return time.Time{}, err
		}
	}
	earliest := min(end, try)
	if end == "" || try == "" {
		earliest = end + try
	}
	d, err := types.ParseDateTime(earliest)
	return d.Time(), err
}

// expire gives up the letters whose own time is past, with or without a relay.
func (o *office) expire(app core.App) error {
	var ids []string
	err := app.DB().NewQuery(`SELECT id FROM letters WHERE status IN ('queued', 'deferred') AND not_after > '' AND not_after <= {:now}`).
		Bind(dbx.Params{"now": stamp(o.now())}).Column(&ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		v := verdict{outcome: GivenUp, reason: TimePassed, reply: "Its time had passed before a relay took it."}
		if err := o.settle(app, id, v, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// mark writes a reason on the letters that wait without one, so that their page can say why, and takes it off again. It
// goes in steps, because a practice may import a thousand invitations before it has a relay.
func (o *office) mark(app core.App, from, to Reason) error {
	for {
		var ids []string
		err := app.DB().NewQuery("SELECT id FROM letters WHERE status = 'queued' AND reason = {:from} LIMIT 100").
			Bind(dbx.Params{"from": string(from)}).Column(&ids)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = app.RunInTransaction(func(tx core.App) error {
			letters, err := tx.FindRecordsByIds(clinic.Letters, ids)
			if err != nil {
				return err
			}
			for _, letter := range letters {
				if letter.GetString("status") != Queued {
					continue // taken back, or taken by a sender, since we looked
				}
				letter.Set("reason", string(to))
				if err := save(tx, letter); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
}
