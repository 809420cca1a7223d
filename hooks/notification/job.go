package notification

import (
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Whoever writes pays for one row: what happened, in the transaction in which it happens.

// The kinds of a job.
const (
	said    = "said"    // a post or comment is to be seen
	edited  = "edited"  // its words changed, and may name somebody else now
	decided = "decided" // somebody decided on what was held
)

// mayName is what a text has in it that names a member: @[Name](member:ID).
const mayName = "](member:"

// written notes a post or comment that others see from now on. A post that neither is an announcement nor names anybody
// concerns nobody yet.
func (d *desk) written(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	if r := e.Record; r.GetString("status") == clinic.Shown && concerns(r) {
		return d.note(e.App, said, r.Id, "", r.GetString("author"))
	}
	return nil
}

func concerns(r *core.Record) bool {
	return r.Collection().Name == clinic.Comments || r.GetString("kind") == announcement || strings.Contains(r.GetString("body"), mayName)
}

// announcement is the kind of a post that everybody in the community is told of.
const announcement = "announcement"

// changed notes what appears at last, having been held, and new words, which may name somebody.
func (d *desk) changed(e *core.RecordEvent) error {
	before, words := e.Record.Original().GetString("status"), e.Record.Original().GetString("body")
	if err := e.Next(); err != nil {
		return err
	}
	r := e.Record
	switch shown := r.GetString("status") == clinic.Shown; {
	case shown && before != clinic.Shown && concerns(r):
		return d.note(e.App, said, r.Id, "", r.GetString("author"))
	case shown && before == clinic.Shown && r.GetString("body") != words && strings.Contains(r.GetString("body"), mayName):
		return d.note(e.App, edited, r.Id, "", r.GetString("author"))
	}
	return nil
}

// decided notes that a person decided on a hold. Whether its author is told of it is asked later.
func (d *desk) decided(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	switch e.Record.GetString("kind") {
	case "published", "returned", "removed":
		return d.note(e.App, decided, e.Record.GetString("hold"), e.Record.Id, e.Record.GetString("by"))
	}
	return nil
}

func (d *desk) note(tx core.App, kind, piece, event, actor string) error {
	_, err := tx.DB().NewQuery("INSERT INTO notification_jobs (kind, piece, event, actor, at) VALUES ({:kind}, {:piece}, {:event}, {:actor}, {:at})").
		Bind(dbx.Params{"kind": kind, "piece": piece, "event": event, "actor": actor, "at": access.Date(d.house.Now())}).Execute()
	return err
}

// wake rings the worker's bell after the commit.
func (d *desk) wake(e *core.RecordEvent) error {
	ring(d.bell)
	return e.Next()
}

// ring lets a bell ring, unless it does already.
func ring(bell chan<- struct{}) {
	select {
	case bell <- struct{}{}:
	default:
	}
}
