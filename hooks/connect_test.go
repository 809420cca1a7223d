package hooks

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// TestEveryConnectionWaitsForTheDisk guards the promise that what a person was told is done survives a power cut.
func TestEveryConnectionWaitsForTheDisk(t *testing.T) {
	db := connect(t)
	for pragma, want := range map[string]string{"synchronous": "2", "journal_mode": "wal", "foreign_keys": "1"} {
		var got string
		if err := db.NewQuery("PRAGMA " + pragma).Row(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", pragma, got, want, err)
		}
	}
}

func connect(tb testing.TB) *dbx.DB {
	tb.Helper()
	db, err := Connect(filepath.Join(tb.TempDir(), "data.db"))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	db.DB().SetMaxOpenConns(1) // as PocketBase's writing connection
	return db
}

// BenchmarkCommit measures one small transaction on PocketBase's writing connection, with and without waiting for the disk. Run
// it on the disk that matters: TMPDIR=/var/tmp go test ./hooks -run '^$' -bench "Commit|Save".
func BenchmarkCommit(b *testing.B) {
	body := strings.Repeat("what a patient writes ", 25)
	for _, synchronous := range []string{"FULL", "NORMAL"} {
		b.Run(synchronous, func(b *testing.B) {
			db := connect(b)
			for _, query := range []string{"PRAGMA synchronous=" + synchronous, "CREATE TABLE posts (id INTEGER PRIMARY KEY, body TEXT, html TEXT)"} {
				if _, err := db.NewQuery(query).Execute(); err != nil {
					b.Fatal(err)
				}
			}
			insert := db.NewQuery("INSERT INTO posts (body, html) VALUES ({:body}, {:html})").Bind(dbx.Params{"body": body, "html": body})
			for b.Loop() {
				if _, err := insert.Execute(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSave measures the same as a person's writing does it: a record through PocketBase.
func BenchmarkSave(b *testing.B) {
	body := strings.Repeat("what a patient writes ", 25)
	for _, synchronous := range []string{"FULL", "NORMAL"} {
		b.Run(synchronous, func(b *testing.B) {
			app := core.NewBaseApp(Config(filepath.Join(b.TempDir(), "data")))
			if err := app.Bootstrap(); err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = app.ClearBootstrap() })
			notes := core.NewBaseCollection("notes")
			notes.Fields.Add(&core.TextField{Name: "body"}, &core.TextField{Name: "html"})
			if err := app.Save(notes); err != nil {
				b.Fatal(err)
			}
			if _, err := app.NonconcurrentDB().NewQuery("PRAGMA synchronous=" + synchronous).Execute(); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				note := core.NewRecord(notes)
				note.Set("body", body)
				note.Set("html", body)
				if err := app.Save(note); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
