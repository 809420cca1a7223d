// Package hookstest starts the real house for a test: the real database, the real hooks, a real server on loopback.
package hookstest

import (
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"golang.org/x/crypto/bcrypt"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
	"kinward/policies"
)

// Clinic is a practice that is set up and served, for one test.
type Clinic struct {
	App   core.App
	House *access.House
	// URL is where it is served, without a slash at the end.
	URL string
	// Handler is the same server without the network, to measure what a route costs.
	Handler http.Handler

	t       testing.TB
	clock   clock
	founder *core.Record
	relay   *mailstest.Catcher
}

// clock is the system's, moved on by what a test asks for.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
	still time.Time // where the clock stands; zero: it goes
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.still.IsZero() {
		return c.still.Add(c.ahead)
	}
	return time.Now().Add(c.ahead)
}

// Pass moves the clock of the house on.
func (c *Clinic) Pass(d time.Duration) {
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	c.clock.ahead += d
}

// Stop makes the clock of the house stand still, for what happens at one and the same moment. Pass still moves it.
func (c *Clinic) Stop() {
	now := c.clock.now()
	c.clock.mu.Lock()
	defer c.clock.mu.Unlock()
	c.clock.still, c.clock.ahead = now, 0
}

// migrated is a data folder with the schema, made once per test binary and kept in memory: cloning it costs a fifth of migrating afresh.
var migrated = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "kinward-migrated-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	app := core.NewBaseApp(hooks.Config(dir))
	hooks.Alone(app)
	if err := app.Bootstrap(); err != nil {
		return nil, err
	}
	if err := app.RunAllMigrations(); err != nil {
		return nil, err
	}
	app.Settings().Logs.MaxDays = 0
	if err := errors.Join(app.Save(app.Settings()), hashQuickly(app), app.ClearBootstrap()); err != nil {
		return nil, err
	}
	return InMemory(os.DirFS(dir))
})

// InMemory reads a folder whole, so that tests can copy it after it is gone.
func InMemory(folder fs.FS) (fs.FS, error) {
	files := fstest.MapFS{}
	return files, fs.WalkDir(folder, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		data, err := fs.ReadFile(folder, path)
		files[path] = &fstest.MapFile{Data: data, Mode: info.Mode()}
		return err
	})
}

// hashQuickly takes the cost out of passwords, the same bcrypt otherwise: under the race detector each would take a second,
// and a test makes many members.
func hashQuickly(app core.App) error {
	users, err := app.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		return err
	}
	users.Fields.GetByName(core.FieldNamePassword).(*core.PasswordField).Cost = bcrypt.MinCost
	return app.Save(users)
}

// Empty starts a practice that was never set up.
func Empty(t testing.TB) *Clinic {
	t.Helper()
	return start(t, nil, func(core.App) {})
}

func start(t testing.TB, page fs.FS, beside func(app core.App)) *Clinic {
	t.Helper()
	c := &Clinic{t: t}
	from, err := migrated()
	c.must(err)
	dir := t.TempDir()
	c.must(os.CopyFS(dir, from))
	c.App = core.NewBaseApp(hooks.Config(dir))
	c.House = hooks.Register(c.App, hooks.Options{
		Options: access.Options{Key: clinic.NewKey(), Now: c.clock.now}, Policies: policies.FS, Page: page,
	})
	beside(c.App)
	c.must(c.App.Bootstrap())
	t.Cleanup(func() {
		c.must(c.App.OnTerminate().Trigger(&core.TerminateEvent{App: c.App}, func(*core.TerminateEvent) error { return c.App.ClearBootstrap() }))
	})
	c.serve()
	return c
}

// New starts a practice that is set up, with its policies posted and its first provider, who is an admin.
func New(t testing.TB) *Clinic {
	t.Helper()
	return setUp(t, nil, func(core.App) {})
}

// WithPage is New, with the page served beside the routes.
func WithPage(t testing.TB, page fs.FS) *Clinic {
	t.Helper()
	return setUp(t, page, func(core.App) {})
}

// With is New where something else was bound to the app too, after the house and before it is served.
func With(t testing.TB, beside func(app core.App)) *Clinic {
	t.Helper()
	return setUp(t, nil, beside)
}

func setUp(t testing.TB, page fs.FS, beside func(app core.App)) *Clinic {
	t.Helper()
	c := start(t, page, beside)
	c.founder = c.member("founder@practice.example", clinic.Provider, []string{"admin"}, "")
	practices, err := c.App.FindCollectionByNameOrId(clinic.Practices)
	c.must(err)
	practice := core.NewRecord(practices)
	practice.Load(map[string]any{
		"name": "Riverside Family Practice", "phone": "555-0100", "hours": "Mon to Fri, 8 to 5", "emergency": "Call 911.",
		"language": "en", "founder": c.founder.Id, "set_up": c.House.Now(),
	})
	c.must(c.House.Save(c.App, practice))
	c.acknowledge(c.founder)
	c.practise(c.founder.Id)
	return c
}

func (c *Clinic) serve() {
	router, err := apis.NewRouter(c.App)
	c.must(err)
	event := &core.ServeEvent{App: c.App, Router: router}
	c.must(c.App.OnServe().Trigger(event, func(e *core.ServeEvent) error { return e.Next() }))
	mux, err := router.BuildMux()
	c.must(err)
	c.Handler = mux
	server := httptest.NewServer(mux)
	c.t.Cleanup(server.Close)
	c.URL = server.URL
	c.House.Reached(server.URL, nil, nil)
}

func (c *Clinic) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Dir is the data folder.
func (c *Clinic) Dir() string { return filepath.Clean(c.App.DataDir()) }

// Key returns a fresh Idempotency-Key.
func Key() http.Header { return http.Header{"Idempotency-Key": {security.RandomString(20)}} }
