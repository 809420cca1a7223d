package post

import (
	"time"

	"kinward/hooks/access"
)

// How much one member may write and look at within paceOf: far more than a person does, and far less than fills a disk or
// keeps a processor busy.
const (
	mostWritten   = 300
	mostPreviewed = 1500
	paceOf        = 10 * time.Minute
)

// mayWriteMore counts what a member writes and changes. An answer that is only repeated is not counted.
func (d *desk) mayWriteMore(e *access.Event) error {
	return d.house.Try("writing by "+e.Viewer.ID, mostWritten, paceOf)
}

func (d *desk) mayPreview(e *access.Event) error {
	return d.house.Try("previews of "+e.Viewer.ID, mostPreviewed, paceOf)
}
