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
	said     = "said"     // a post or comment is to be seen
	edited   = "edited"   // its words changed, and may name somebody else now
	decided  = "decided"  // somebody decided on what was held
	helped   = "helped"   // who asked says that a comment helped
	reviewed = "reviewed" // a provider put the practice's word on a piece, or a correction
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
	before, words, helps := e.Record.Original().GetString("status"), e.Record.Original().GetString("body"), e.Record.Original().GetString("helped")
	if err := e.Next(); err != nil {
		return err
	}
	if now := e.Record.GetString("helped"); now != helps {
		if err := d.marked(e.App, helps, now, e.Record.GetString("author")); err != nil {
			return err
		}
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

// marked notes that who asked marked a comment as what helped; a mark that is taken back is told of no more.
func (d *desk) marked(tx core.App, before, now, asker string) error {
	if before != "" {
		err := run(tx, "DELETE FROM notifications WHERE member = (SELECT author FROM comments WHERE id = {:comment}) AND key = {:key}",
			dbx.Params{"comment": before, "key": helped + ":" + before})
		if err != nil {
			return err
		}
	}
	if now == "" {
		return nil
	}
	return d.note(tx, helped, now, "", asker)
}

// reviewed notes that a provider said whether a post or comment is accurate, or linked a correction under it.
func (d *desk) reviewed(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	r := e.Record
	if r.GetString("verdict") == clinic.Withdrawn {
		return nil
	}
	piece := r.GetString("comment")
	if piece == "" {
		piece = r.GetString("post")
	}
	return d.note(e.App, reviewed, piece, r.Id, r.GetString("by"))
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
