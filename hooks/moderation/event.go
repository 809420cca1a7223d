package moderation

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// event is one thing that happened to a hold: it reached a state, was reported, or its words were changed. by is a member's
// id, or "" for an operator or the house.
type event struct{ kind, by, reason, note string }

// keep saves a hold with what happened to it, notes it on the audit record, and tells the desk if it is asked.
func (d *desk) keep(tx core.App, hold *core.Record, what event) error {
	if err := d.house.Save(tx, hold); err != nil {
		return err
	}
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.HoldEvents)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"hold": hold.Id, "kind": what.kind, "by": what.by, "reason": what.reason, "note": what.note, "at": d.house.Now(),
	})
	if err := d.house.Save(tx, record); err != nil {
		return err
	}
	about := subject(hold.GetString("post"), hold.GetString("comment"))
	if err := d.house.Audit(tx, what.by, "hold."+what.kind, clinic.Holds+"/"+hold.Id, about); err != nil {
		return err
	}
	if waits(hold.GetString("state")) && hold.GetString("told") == "" {
		return d.tell(tx, hold.GetString("community"))
	}
	return nil
}

// conclude gives a hold the state that an event names, with who decided it and why, and dates its reports.
func (d *desk) conclude(tx core.App, hold *core.Record, what event) error {
	now := d.house.Now()
	hold.Set("state", what.kind)
	hold.Set("decided", now)
	hold.Set("decided_by", what.by)
	hold.Set("reason", what.reason)
	hold.Set("note", what.note)
	if err := d.keep(tx, hold, what); err != nil {
		return err
	}
	return lookedAt(tx, hold.Id, access.Date(now))
}

// lookedAt dates the reports of a hold: that is what those who reported are told.
func lookedAt(tx core.App, hold, now string) error {
	_, err := tx.DB().NewQuery("UPDATE reports SET looked_at = {:now} WHERE hold = {:hold} AND looked_at = ''").
		Bind(dbx.Params{"hold": hold, "now": now}).Execute()
	return err
}
