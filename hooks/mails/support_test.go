package mails

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
	_ "kinward/pb_migrations"
)

// clock is a time that a test moves.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// house is a real app with this package registered, and a clock.
type house struct {
	*testing.T
	app   core.App
	clock *clock
	key   clinic.Key
}

func newHouse(t *testing.T, options ...Option) *house {
	t.Helper()
	h := &house{T: t, clock: &clock{at: time.Date(2026, 3, 8, 9, 0, 0, 0, time.UTC)}, key: clinic.NewKey()}
	h.app = openApp(t, t.TempDir(), h.key, h.clock.now, options...)
	return h
}

// migrated is a data folder with the schema, made once: copying it costs a fifth of migrating afresh.
var migrated = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kinward-mails-")
	if err != nil {
		return "", err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := errors.Join(app.Bootstrap(), app.RunAllMigrations()); err != nil {
		return "", err
	}
	return dir, app.ClearBootstrap()
})

// openApp opens the app in a data folder, which it makes when it is empty.
func openApp(t testing.TB, dir string, key clinic.Key, now func() time.Time, options ...Option) core.App {
	t.Helper()
	from, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "data.db")); err != nil {
		if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	Register(app, key, now, options...)
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { app.ClearBootstrap() })
	return app
}

// practice writes the practice's record, or changes it.
func (h *house) practice(values map[string]any) {
	h.Helper()
	record, err := practiceOf(h.app)
	if err != nil {
		h.Fatal(err)
	}
	if record == nil {
		collection, err := h.app.FindCollectionByNameOrId(clinic.Practices)
		if err != nil {
			h.Fatal(err)
		}
		record = core.NewRecord(collection)
	}
	record.Load(values)
	if err := h.app.Save(record); err != nil {
		h.Fatal(err)
	}
}

func (h *house) queue(l Letter) string {
	h.Helper()
	id, err := Queue(h.app, l)
	if err != nil {
		h.Fatal(err)
	}
	return id
}

func (h *house) letter(id string) *core.Record {
	h.Helper()
	record, err := h.app.FindRecordById(clinic.Letters, id)
	if err != nil {
		h.Fatal(err)
	}
	return record
}

func (h *house) attempts(id string) []*core.Record {
	h.Helper()
	all, err := h.app.FindRecordsByFilter(clinic.LetterAttempts, "letter = {:id}", "at,created", 0, 0, map[string]any{"id": id})
	if err != nil {
		h.Fatal(err)
	}
	return all
}

// outcomes hears of every attempt.
func (h *house) outcomes() <-chan *core.Record {
	heard := make(chan *core.Record, 10_000)
	h.app.OnRecordAfterCreateSuccess(clinic.LetterAttempts).BindFunc(func(e *core.RecordEvent) error {
		heard <- e.Record
		return e.Next()
	})
	return heard
}

// next waits for the next attempt.
func (h *house) next(heard <-chan *core.Record) *core.Record {
	h.Helper()
	ctx, cancel := context.WithTimeout(h.Context(), 20*time.Second)
	defer cancel()
	select {
	case r := <-heard:
		return r
	case <-ctx.Done():
		h.Fatal("no attempt was made")
		return nil
	}
}

// deliver runs the senders until the test ends or stop is called.
func (h *house) deliver(opts Options) (stop func()) {
	h.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- Deliver(ctx, h.app, opts) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			if err := <-done; err != nil {
				h.Error(err)
			}
		})
	}
	h.Cleanup(stop)
	return stop
}

// flow lets the clock run fast, and the senders look, until the test ends: one second of ours is about an hour and a half.
func (h *house) flow() {
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-tick.C:
				h.clock.move(10 * time.Second)
				Wake(h.app)
			}
		}
	}()
	h.Cleanup(func() { close(over); <-done })
}

// relayTo gives the setting for a catcher.
func relayTo(t testing.TB, c *mailstest.Catcher) Relay {
	t.Helper()
	r, err := ParseRelay(c.URL())
	if err != nil {
		t.Fatal(err)
	}
	return r.Trusting(c.Roots())
}

func always(r Relay) func() Relay { return func() Relay { return r } }

// sample is a letter as a capability would write it.
func sample(to string) Letter {
	return Letter{
		To: to, Language: "en", Kind: "invitation", About: "invitations/abc",
		Subject: "An invitation from Dr. Ada Byron", Heading: "Dr. Ada Byron invites you",
		Paragraphs: []string{"You can talk with others and with us.", "It takes about three minutes."},
		Action:     &Action{Label: "Look at the invitation", Link: "https://clinic.example.org/join#k3yK3yk3y"},
		Notes:      []string{"The link works until April 7."},
	}
}
