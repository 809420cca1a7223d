package notification_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

// The points at which a process that tells members halts, and is killed as it stands.
const (
	atStored    = "stored"    // the notifications of a batch are stored, and not committed
	atNoted     = "noted"     // how far the job came is stored, and not committed
	atCommitted = "committed" // a batch is committed
	atEnded     = "ended"     // the last batch is stored and the job taken away, and not committed
)

func TestMain(m *testing.M) {
	hookstest.Worker(tellUntilDone)
	m.Run()
}

// tellUntilDone is what serve does with jobs, in a process that can be killed, three members at a time.
func tellUntilDone(app core.App, passed func(point string)) error {
	notification.Batch(3)
	points := map[string]string{"INSERT OR IGNORE INTO notifications": atStored, "UPDATE notification_jobs SET reached": atNoted, "DELETE FROM notification_jobs": atEnded}
	app.NonconcurrentDB().(*dbx.DB).ExecLogFunc = func(_ context.Context, _ time.Duration, statement string, _ sql.Result, _ error) {
		for begins, point := range points {
			if strings.HasPrefix(statement, begins) {
				passed(point)
			}
		}
	}
	for {
		var jobs int
		if err := app.DB().NewQuery("SELECT count(*) FROM notification_jobs").Row(&jobs); err != nil || jobs == 0 {
			return err
		}
		if err := notification.Step(app); err != nil {
			return err
		}
		passed(atCommitted)
	}
}

// TestTellingSurvivesKillNine: wherever the process dies that tells members of something, the next one goes on, and in the end
// everybody whom it concerns is told, once.
func TestTellingSurvivesKillNine(t *testing.T) {
	r := newRoom(t)
	everybody := 3 // beside the lead, who writes
	for range 14 {
		r.Join(r.id, r.Patient(), false)
		everybody++
	}
	r.post(r.lead, "announcement", "Closed on Monday", "The house is closed on Monday.")
	folder := r.Folder()
	told := func() (rows, members, letters, jobs int) {
		folder.Query(`SELECT (SELECT count(*) FROM notifications), (SELECT count(DISTINCT member) FROM notifications),
			(SELECT count(*) FROM notification_letters WHERE due != ''), (SELECT count(*) FROM notification_jobs)`, &rows, &members, &letters, &jobs)
		return rows, members, letters, jobs
	}
	// Each of the first four dies one batch further, or at the same; the last in the last batch.
	for i, way := range []struct {
		halts string
		told  int
	}{{atStored + " 1", 0}, {atCommitted + " 1", 3}, {atNoted + " 1", 3}, {atStored + " 2", 6}, {atEnded + " 1", 15}} {
		if !folder.Run(way.halts) {
			t.Fatalf("nothing was killed at %d, %q", i, way.halts)
		}
		if rows, members, _, jobs := told(); rows != way.told || members != way.told || jobs != 1 {
			t.Errorf("killed at %q: %d told, %d of them once, want %d; %d jobs", way.halts, rows, members, way.told, jobs)
		}
	}
	if folder.Run("") {
		t.Fatal("the last one was killed")
	}
	if rows, members, letters, jobs := told(); rows != everybody || members != everybody || letters != everybody || jobs != 0 {
		t.Errorf("in the end %d told, %d of them once, %d letters due, want %d; %d jobs", rows, members, letters, everybody, jobs)
	}
}
