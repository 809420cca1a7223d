package backup_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"kinward/hooks"
	"kinward/hooks/backup"
	"kinward/hooks/clinic"
	"kinward/hooks/folder"
	"kinward/hooks/hookstest"
)

// practice is a data folder with uploaded files and two tables that change in one transaction.
type practice struct {
	t       testing.TB
	dir     string
	keyFile string
	app     core.App
}

func newPractice(t testing.TB) *practice {
	t.Helper()
	p := &practice{t: t, dir: filepath.Join(t.TempDir(), "data")}
	p.keyFile = p.dir + ".key"
	_, err := clinic.LoadKey(p.keyFile, true)
	p.must(err)
	from, err := made()
	p.must(err)
	p.must(os.Mkdir(p.dir, 0o700))
	p.must(os.CopyFS(p.dir, from))
	p.open()
	return p
}

// made is the folder of a practice, made once: to migrate it for each test took longer than the tests.
var made = sync.OnceValues(func() (fs.FS, error) {
	dir, err := os.MkdirTemp("", "kinward-backup-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	app, err := start(dir)
	if err != nil {
		return nil, err
	}
	files := core.NewBaseCollection("papers")
	files.Fields.Add(
		&core.FileField{Name: "file", MaxSize: 1 << 20},
		&core.FileField{Name: "more", MaxSize: 1 << 20, MaxSelect: 3},
		&core.TextField{Name: "sum"},
	)
	for _, step := range []func() error{
		app.RunAllMigrations, func() error { return app.Save(files) },
		func() error { return run(app, "CREATE TABLE giving (n INTEGER)") },
		func() error { return run(app, "CREATE TABLE taking (n INTEGER)") },
		app.ClearBootstrap,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return hookstest.InMemory(os.DirFS(dir))
})

func start(dir string) (core.App, error) {
	app := core.NewBaseApp(hooks.Config(dir))
	hooks.Alone(app)
	return app, app.Bootstrap()
}

func run(app core.App, query string) error {
	_, err := app.NonconcurrentDB().NewQuery(query).Execute()
	return err
}

func (p *practice) open() {
	p.t.Helper()
	app, err := start(p.dir)
	p.must(err)
	p.t.Cleanup(func() { _ = app.ClearBootstrap() })
	p.app = app
}

func (p *practice) close() {
	p.t.Helper()
	p.must(p.app.ClearBootstrap())
}

func (p *practice) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// upload saves a record whose sum tells what its two files must hold.
func (p *practice) upload() (*core.Record, error) {
	content := make([]byte, 2000)
	rand.Read(content)
	one, err := filesystem.NewFileFromBytes(content, "one.bin")
	if err != nil {
		return nil, err
	}
	two, err := filesystem.NewFileFromBytes(content, "two.bin")
	if err != nil {
		return nil, err
	}
	collection, err := p.app.FindCachedCollectionByNameOrId("papers")
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(collection)
	record.Set("file", one)
	record.Set("more", []*filesystem.File{two})
	record.Set("sum", sum(content))
	return record, p.app.Save(record)
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

// transfer writes to two tables in one transaction: a copy that is no snapshot holds one without the other.
func (p *practice) transfer() error {
	return p.app.RunInTransaction(func(tx core.App) error {
		for _, query := range []string{"INSERT INTO giving VALUES (1)", "INSERT INTO taking VALUES (1)"} {
			if _, err := tx.NonconcurrentDB().NewQuery(query).Execute(); err != nil {
				return err
			}
		}
		return nil
	})
}

// archive makes a plain backup with the key in it.
func (p *practice) archive() []byte {
	p.t.Helper()
	var out bytes.Buffer
	_, err := backup.Make(context.Background(), p.app, &out, backup.Source{Version: "test", KeyFile: p.keyFile, WithKey: true})
	p.must(err)
	return out.Bytes()
}

func (p *practice) target(dir string) backup.Target {
	return backup.Target{Dir: dir, KeyFile: dir + ".key", Known: folder.Known(), Now: time.Now()}
}

// compare fails unless dir is a whole practice: every row's files hold what the row says, and no transaction is cut.
func compare(t testing.TB, dir string) (records int) {
	t.Helper()
	p := &practice{t: t, dir: dir}
	p.open()
	defer p.close()
	all, err := p.app.FindAllRecords("papers")
	p.must(err)
	for _, record := range all {
		for _, name := range append(record.GetStringSlice("more"), record.GetString("file")) {
			content, err := os.ReadFile(filepath.Join(dir, "storage", record.BaseFilesPath(), name))
			if err != nil || sum(content) != record.GetString("sum") {
				t.Errorf("%s of record %s is not what its row says: %v", name, record.Id, err)
			}
		}
	}
	var giving, taking int
	p.must(p.app.DB().NewQuery("SELECT (SELECT count(*) FROM giving), (SELECT count(*) FROM taking)").Row(&giving, &taking))
	if giving != taking {
		t.Errorf("a transaction was cut: %d on one side, %d on the other", giving, taking)
	}
	return len(all)
}

// tree describes every file below dir that is data: its path and what it holds.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		name, _ := filepath.Rel(dir, path)
		if err != nil || entry.IsDir() || entry.Name() == folder.LockName {
			return err
		}
		content, err := os.ReadFile(path)
		found[name] = sum(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
