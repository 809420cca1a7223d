package mails

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// late is how long after its time a letter may wait before the queue is called stuck. A relay that is away for the length of
// its longest pause is no reason yet.
const late = 30 * time.Minute

// Overdue returns an error, in a sentence, where letters wait long beyond their time. Without a relay they wait on purpose.
func Overdue(ctx context.Context, app core.App) error {
	o, err := officeOf(app)
	if err != nil {
		return err
	}
	var waiting int
	err = app.DB().Select("count(*)").From(clinic.Letters).WithContext(ctx).
		Where(dbx.In("status", Queued, Deferred, Sending)).
		AndWhere(dbx.NewExp("next_at != '' AND next_at < {:late} AND reason != {:none}",
			dbx.Params{"late": stamp(o.now().Add(-late)), "none": string(NoRelay)})).
		Row(&waiting)
	if err != nil {
		return errors.New("the letters' queue cannot be read")
	}
	if waiting > 0 {
		return fmt.Errorf("%d letters wait more than %d minutes beyond their time: look at the mail relay", waiting, int(late.Minutes()))
	}
	return nil
}
