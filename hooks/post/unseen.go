package post

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/clinic"
)

// A held post or comment that nobody but its author and the desk has seen is unseen. It is so until it is published; removed
// before that, it leaves no mark where others look.

// startsUnseen notes it at the moment of storing: whoever holds a new piece has then done so.
func startsUnseen(e *core.RecordEvent) error {
	e.Record.Set("unseen", e.Record.GetString("status") == clinic.Held)
	return e.Next()
}

// appears dates a piece that others see for the first time by that moment: written on Friday and published on Monday, it is
// Monday's. Feeds and threads are read by place, newest first or up to where one has read, so that under Friday's date nobody
// would come upon it. When it was written stays with its hold. A piece that was seen before keeps its place.
func (d *desk) appears(e *core.RecordEvent) error {
	r, before := e.Record, e.Record.Original()
	unseen := before.GetBool("unseen")
	if unseen && r.GetString("status") == clinic.Shown {
		unseen = false
		at := d.house.Now().UTC().Truncate(time.Millisecond)
		if r.Collection().Name == clinic.Comments {
			var err error
			if at, err = d.afterAll(e.App, r.GetString("post")); err != nil {
				return err
			}
		}
		created, _ := types.ParseDateTime(at) // a time.Time always parses
		r.SetRaw("created", created)
	}
	r.Set("unseen", unseen)
	return e.Next()
}
