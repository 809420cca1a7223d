package poll

import (
	"context"
	"database/sql/driver"

	"github.com/pocketbase/dbx"
)

// wipe empties SQLite's write-ahead log after a vote. The log keeps the pages of the last writes one state behind the other: each voter
// and, for who has the key, the urn before and after. What it holds is moved into the database, over the pages as they were. Nobody is
// kept waiting: where somebody reads at that moment, the next vote or the next minute tries again.
func (d *desk) wipe() {
	if !d.stale.Load() {
		return
	}
	pool, ok := d.app.ConcurrentDB().(*dbx.DB)
	if !ok {
		return
	}
	ctx := context.Background()
	conn, err := pool.DB().Conn(ctx)
	if err != nil {
		d.app.Logger().Warn("the log of the last votes was not emptied", "error", err)
		return
	}
	defer conn.Close()
	const waits = "PRAGMA busy_timeout = 10000" // as hooks/connect.go opens every connection
	if _, err = conn.ExecContext(ctx, "PRAGMA busy_timeout = 0"); err == nil {
		var busy, pages, moved int
		d.stale.Store(false) // a vote that comes meanwhile sets it again
		err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved)
		if err != nil || busy != 0 {
			d.stale.Store(true)
		}
		if _, again := conn.ExecContext(ctx, waits); again != nil { // nobody else shall have a connection that does not wait
			err = conn.Raw(func(any) error { return driver.ErrBadConn })
		}
	}
	if err != nil {
		d.app.Logger().Warn("the log of the last votes was not emptied", "error", err)
	}
}
