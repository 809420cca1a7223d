// Package readiness answers whether this server can do its work: that it can write, has room, sends its letters, and has a
// certificate. That the process lives is another question, which GET /api/health answers.
//
// Each check is a sentence when it fails, for whoever runs the server; none names a path, a member or a letter, since
// anybody may ask. Answers are kept for a few seconds, so that asking often costs nothing.
package readiness

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Check returns nil where all is well, or what is wrong in a sentence. It must honour its context.
type Check func(ctx context.Context) error

// Report is the answer of GET /api/clinic/ready.
type Report struct {
	Ready  bool     `json:"ready"`
	Checks []Result `json:"checks"`
}

// Result is what one check found.
type Result struct {
	Name   string `json:"name"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

// keeps is for how long an answer is given again; patience is how long a check may take.
const (
	keeps    = 3 * time.Second
	patience = 5 * time.Second
)

// Register declares the door and the checks that every server has. Serve adds others with Add.
func Register(app core.App, house *access.House) {
	b := &board{now: house.Now}
	app.Store().Set(inStore, b)
	Add(app, "writes", func(ctx context.Context) error { return writes(ctx, app) })
	Add(app, "disk", func(context.Context) error { return room(app.DataDir()) })
	house.Routes(app, func(r *access.Routes) {
		r.GET("/ready", access.Anyone, answer)
	})
}

// Add puts a check on the board of an app that was registered.
func Add(app core.App, name string, check Check) {
	b := boardOf(app)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.checks = append(b.checks, named{name, check})
	b.known = Report{}
	b.until = time.Time{}
}

// Look runs the checks, or gives what they found a moment ago.
func Look(ctx context.Context, app core.App) Report {
	b := boardOf(app)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now().Before(b.until) {
		return b.known
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	report := Report{Ready: true, Checks: make([]Result, 0, len(b.checks))}
	for _, c := range b.checks {
		result := Result{Name: c.name, OK: true}
		if err := c.check(ctx); err != nil {
			result = Result{Name: c.name, Detail: err.Error()}
			report.Ready = false
		}
		report.Checks = append(report.Checks, result)
	}
	b.known, b.until = report, b.now().Add(keeps)
	return report
}

func answer(e *access.Event) error {
	// Not the request's context: a caller who leaves must not spoil what the next one is told.
	report := Look(context.WithoutCancel(e.Request.Context()), e.App)
	if !report.Ready {
		return e.Write(http.StatusServiceUnavailable, report)
	}
	return e.Write(http.StatusOK, report)
}

// board is what is checked for one app.
type board struct {
	now    func() time.Time
	mu     sync.Mutex
	checks []named
	known  Report
	until  time.Time
}

type named struct {
	name  string
	check Check
}

const inStore = "kinward.readiness"

func boardOf(app core.App) *board {
	return app.Store().Get(inStore).(*board) // Register comes first, by the order in package hooks
}

// errWrites hides what the database said, which may name paths; the log has it.
var errWrites = errors.New("the database cannot be written to: look at the log, the disk and the folder's permissions")

// writes commits a transaction that changes nothing that anyone reads: a number in the header of the database file.
func writes(ctx context.Context, app core.App) error {
	_, err := app.NonconcurrentDB().NewQuery("PRAGMA user_version = 1").WithContext(ctx).Execute()
	if err != nil {
		app.Logger().Error("the readiness check could not write", "error", err)
		return errWrites
	}
	return nil
}
