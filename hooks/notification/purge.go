package notification

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// How long notifications are kept. What they are about stays where it is.
const (
	keepRead   = 30 * 24 * time.Hour
	keepUnread = 90 * 24 * time.Hour
	atATime    = 2_000 // rows that one statement deletes: posts are being written meanwhile
)

// purge takes away old notifications and devices that were not seen for long.
func (d *desk) purge() {
	now := d.house.Now()
	for statement, before := range map[string]time.Time{
		"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE at < {:before} AND read != '' LIMIT {:most})": now.Add(-keepRead),
		"DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE at < {:before} LIMIT {:most})":                now.Add(-keepUnread),
		"DELETE FROM push_subscriptions WHERE id IN (SELECT id FROM push_subscriptions WHERE seen < {:before} LIMIT {:most})":    now.Add(-keepDevice),
	} {
		for {
			result, err := d.app.NonconcurrentDB().NewQuery(statement).Bind(dbx.Params{"before": access.Date(before), "most": atATime}).Execute()
			if err != nil {
				d.app.Logger().Error("old notifications cannot be taken away", "error", err)
				return
			}
			if n, _ := result.RowsAffected(); n < atATime {
				break
			}
		}
	}
}

// left takes what waits in the queue back when a member is suspended, and everything when they have left.
func (d *desk) left(e *core.RecordEvent) error {
	before := e.Record.Original().GetString("status")
	if err := e.Next(); err != nil {
		return err
	}
	status := e.Record.GetString("status")
	if status == before || status == clinic.Active {
		return nil
	}
	for _, cadence := range Cadences[1:] {
		if _, err := mails.Cancel(e.App, letterAbout(e.Record.Id, cadence)); err != nil {
			return err
		}
	}
	statements := []string{"DELETE FROM push_subscriptions WHERE member = {:member}"}
	if status == clinic.Removed {
		statements = append(statements, "DELETE FROM notifications WHERE member = {:member}", "DELETE FROM notification_letters WHERE member = {:member}",
			"DELETE FROM notification_choices WHERE member = {:member}")
	}
	for _, statement := range statements {
		if err := run(e.App, statement, dbx.Params{"member": e.Record.Id}); err != nil {
			return err
		}
	}
	return nil
}
