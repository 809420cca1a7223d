package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Source says what Make puts beside the data.
type Source struct {
	Version string // of kinward, for the manifest
	KeyFile string // the practice's key: seals the manifest
	WithKey bool   // put the key itself into the archive; only for one that will be encrypted
}

// tries is how often a copy is made because files came and went while the database was being copied. The last of them keeps who writes
// waiting: files that go as fast as they come would never let one through.
const tries = 4

// Make writes an archive of app's data folder to w while the practice goes on working: readers and writers are not kept
// waiting, but for the last of a few tries, if files came and went during each. It needs free space for one copy of the databases. It returns ErrRunning while another one is at work. After an
// error, or when ctx ends, what was written is no archive, and nothing is left in the data folder.
func Make(ctx context.Context, app core.App, w io.Writer, source Source) (*Manifest, error) {
	key, err := clinic.LoadKey(source.KeyFile, false)
	if err != nil {
		return nil, err
	}
	work, err := takeWork(app.DataDir())
	if err != nil {
		return nil, err
	}
	defer work.drop()

	manifest := &Manifest{
		Format: format, Version: source.Version, Made: time.Now().UTC().Truncate(time.Second),
		KeyID: keyID(key), HasKey: source.WithKey,
	}
	if err := copyAll(ctx, app, work, manifest); err != nil {
		return nil, err
	}
	compressed, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	archive := &writer{tar: tar.NewWriter(compressed), manifest: manifest}
	if err := archive.addAll(ctx, work, source); err != nil {
		return nil, err
	}
	if err := archive.close(key); err != nil {
		return nil, err
	}
	return manifest, compressed.Close()
}

// copyAll fills the work folder and the manifest's counts. Where a copied row names a file that is not among the copied
// ones, it copies again; if the same files are missing then, the practice itself has lost them, and the manifest says so.
func copyAll(ctx context.Context, app core.App, work *work, manifest *Manifest) error {
	for try := range tries {
		var named map[string]bool
		once := func(core.App) (err error) {
			named, err = copyOnce(ctx, app, work)
			return err
		}
		run := func(do func(core.App) error) error { return do(app) }
		if try == tries-1 {
			run = app.RunInTransaction // the one writer's place is taken
		}
		if err := run(once); err != nil {
			return err
		}
		before := manifest.Missing
		missing, err := work.keep(named)
		if err != nil {
			return err
		}
		manifest.Missing = missing
		if len(manifest.Missing) == 0 || slices.Equal(before, manifest.Missing) {
			break
		}
	}
	return describe(ctx, work.dir, manifest)
}

// copyOnce links the files, copies the databases, links the files that came meanwhile, and returns those that rows name.
func copyOnce(ctx context.Context, app core.App, work *work) (map[string]bool, error) {
	if err := work.prepare(); err != nil {
		return nil, err
	}
	if err := work.link(ctx); err != nil {
		return nil, err
	}
	for i, db := range []dbx.Builder{app.ConcurrentDB(), app.AuxConcurrentDB()} {
		// VACUUM INTO reads one snapshot, keeps nobody waiting, keeps row ids, and leaves behind what was deleted.
		copied := filepath.Join(work.dir, databases[i])
		_, err := db.NewQuery("VACUUM INTO {:file}").Bind(dbx.Params{"file": copied}).WithContext(ctx).Execute()
		if err != nil {
			return nil, fmt.Errorf("%s cannot be copied: %w", databases[i], err)
		}
	}
	if err := work.link(ctx); err != nil {
		return nil, err
	}
	return namedFiles(ctx, filepath.Join(work.dir, databases[0]))
}

// describe counts the rows of the copied databases and lists the migrations they went through.
func describe(ctx context.Context, dir string, manifest *Manifest) (err error) {
	manifest.Tables = make(map[string]map[string]int64, len(databases))
	for _, database := range databases {
		if manifest.Tables[database], err = countRows(ctx, filepath.Join(dir, database)); err != nil {
			return err
		}
	}
	manifest.Migrations, err = migrations(ctx, filepath.Join(dir, databases[0]))
	return err
}
