package backup_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/backup"
	"kinward/hooks/folder"
)

func TestRestoredPracticeIsTheSame(t *testing.T) {
	p := newPractice(t)
	for range 5 {
		_, err := p.upload()
		p.must(err)
		p.must(p.transfer())
	}
	p.must(os.WriteFile(filepath.Join(p.dir, "certificate.pem"), []byte("one more file"), 0o600))
	var out bytes.Buffer
	made, err := backup.Make(t.Context(), p.app, &out, backup.Source{Version: "1.2.3", KeyFile: p.keyFile})
	p.must(err)
	if made.Rows("papers") != 5 || made.Files() != 21 { // two files a record, an .attrs beside each, and the certificate
		t.Fatalf("the manifest says %d rows and %d files", made.Rows("papers"), made.Files())
	}

	dir := filepath.Join(t.TempDir(), "new")
	target := p.target(dir)
	target.KeyFile = p.keyFile
	done, err := backup.Restore(t.Context(), &out, target)
	p.must(err)
	if !done.Sealed || done.Kept != "" || done.Manifest.Version != "1.2.3" {
		t.Errorf("the restore tells %+v", done)
	}
	if n := compare(t, dir); n != 5 {
		t.Errorf("%d records came back", n)
	}
	content, err := os.ReadFile(filepath.Join(dir, "certificate.pem"))
	if err != nil || string(content) != "one more file" {
		t.Errorf("the certificate: %q %v", content, err)
	}
	for _, path := range []string{dir, filepath.Join(dir, "data.db"), filepath.Join(dir, "storage")} {
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others", path)
		}
	}
}

// TestEveryBackupOfABusyPracticeRestores repeats what PocketBase's own backup fails at: rows are written, and files come
// and go, far more often than five times a second.
func TestEveryBackupOfABusyPracticeRestores(t *testing.T) {
	p := newPractice(t)
	for range 50 {
		_, err := p.upload()
		p.must(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var work sync.WaitGroup
	deleted := 0
	work.Go(func() {
		for ctx.Err() == nil {
			deleted += p.churn()
		}
	})
	work.Go(func() {
		for ctx.Err() == nil {
			if err := p.transfer(); err != nil {
				t.Error(err)
			}
		}
	})
	var archives [][]byte
	for range 12 {
		archives = append(archives, p.archive())
	}
	stop()
	work.Wait()
	if deleted < 12 {
		t.Fatalf("only %d files were deleted: nothing was tried", deleted)
	}
	for _, archive := range archives {
		dir := filepath.Join(t.TempDir(), "new")
		if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), p.target(dir)); err != nil {
			t.Fatal(err)
		}
		if n := compare(t, dir); n < 40 {
			t.Errorf("only %d records came back", n)
		}
	}
	p.nothingLeft()
}

// churn uploads two records and deletes two of those that are there, and returns how many it deleted.
func (p *practice) churn() (deleted int) {
	for range 2 {
		if _, err := p.upload(); err != nil {
			p.t.Error(err)
		}
	}
	all, err := p.app.FindAllRecords("papers")
	if err != nil {
		p.t.Error(err)
		return 0
	}
	rand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for _, record := range all[:2] {
		if err := p.app.Delete(record); err != nil {
			p.t.Error(err)
		}
		deleted++
	}
	return deleted
}

func (p *practice) nothingLeft() {
	p.t.Helper()
	if _, err := os.Stat(filepath.Join(p.dir, ".kinward_backup")); !errors.Is(err, os.ErrNotExist) {
		p.t.Errorf("the work folder was left behind: %v", err)
	}
}

func TestOneBackupAtATime(t *testing.T) {
	p := newPractice(t)
	source := backup.Source{KeyFile: p.keyFile}
	reader, writer := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		_, err := backup.Make(t.Context(), p.app, writer, source)
		_ = writer.CloseWithError(err)
		ended <- err
	}()
	one := make([]byte, 1)
	_, err := io.ReadFull(reader, one) // the first one is at work now, and waits for its reader
	p.must(err)
	if _, err := backup.Make(t.Context(), p.app, io.Discard, source); !errors.Is(err, backup.ErrRunning) {
		t.Errorf("a second backup at once: %v", err)
	}
	if _, err := backup.Check(t.Context(), io.MultiReader(bytes.NewReader(one), reader)); err != nil {
		t.Errorf("the first backup was disturbed: %v", err)
	}
	p.must(<-ended)
	p.nothingLeft()
}

func TestAbandonedBackupLeavesNothing(t *testing.T) {
	p := newPractice(t)
	reader, writer := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := backup.Make(ctx, p.app, writer, backup.Source{KeyFile: p.keyFile})
		_ = writer.CloseWithError(err)
		ended <- err
	}()
	_, err := io.ReadFull(reader, make([]byte, 1))
	p.must(err)
	cancel()
	go io.Copy(io.Discard, reader)
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("after its reader went away: %v", err)
	}
	p.nothingLeft()
}

func TestWriterThatFailsLeavesNothing(t *testing.T) {
	p := newPractice(t)
	reader, writer := io.Pipe()
	_ = reader.CloseWithError(errors.New("no space left on device"))
	if _, err := backup.Make(t.Context(), p.app, writer, backup.Source{KeyFile: p.keyFile}); err == nil {
		t.Error("it said that all is well")
	}
	p.nothingLeft()
}

func TestFileThatThePracticeLostIsTold(t *testing.T) {
	p := newPractice(t)
	record, err := p.upload()
	p.must(err)
	lost := filepath.Join("storage", record.BaseFilesPath(), record.GetString("file"))
	p.must(os.Remove(filepath.Join(p.dir, lost)))
	archive := p.archive()
	made, err := backup.Check(t.Context(), bytes.NewReader(archive))
	if err != nil || len(made.Missing) != 1 || made.Missing[0] != lost {
		t.Fatalf("the manifest lists %v as missing: %v", made.Missing, err)
	}
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), p.target(filepath.Join(t.TempDir(), "new"))); err != nil {
		t.Errorf("what is left could not be restored: %v", err)
	}
}

func TestSymbolicLinkIsRefused(t *testing.T) {
	p := newPractice(t)
	p.must(os.Symlink(t.TempDir(), filepath.Join(p.dir, "elsewhere")))
	if _, err := backup.Make(t.Context(), p.app, io.Discard, backup.Source{KeyFile: p.keyFile}); err == nil {
		t.Error("a backup that leaves out what a link points at says that all is well")
	}
	p.nothingLeft()
}

// TestRowIDsStay guards search indexes, which point at rows by their id.
func TestRowIDsStay(t *testing.T) {
	p := newPractice(t)
	var records []*core.Record
	for range 6 {
		record, err := p.upload()
		p.must(err)
		records = append(records, record)
	}
	p.must(p.app.Delete(records[0]))
	p.must(p.app.Delete(records[3]))
	dir := filepath.Join(t.TempDir(), "new")
	_, err := backup.Restore(t.Context(), bytes.NewReader(p.archive()), p.target(dir))
	p.must(err)
	ids := func(app core.App) (ids []int) {
		p.must(app.DB().NewQuery("SELECT rowid FROM papers ORDER BY id").Column(&ids))
		return ids
	}
	before := ids(p.app)
	restored := &practice{t: t, dir: dir}
	restored.open()
	after := ids(restored.app)
	if len(before) != 4 || len(after) != 4 {
		t.Fatal(before, after)
	}
	for i := range before {
		if before[i] != after[i] {
			t.Fatalf("row ids changed from %v to %v", before, after)
		}
	}
}

func TestRestoreWaitsForNoServer(t *testing.T) {
	p := newPractice(t)
	archive := p.archive()
	held, err := folder.Hold(p.dir)
	p.must(err)
	defer held.Release()
	var busy *folder.InUse
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), p.target(p.dir)); !errors.As(err, &busy) {
		t.Errorf("a restore into a folder that is in use: %v", err)
	}
}

func TestRestoreKeepsTheOldFolder(t *testing.T) {
	p := newPractice(t)
	archive := p.archive()
	_, err := p.upload() // after the backup
	p.must(err)
	p.close()
	before := tree(t, p.dir)
	target := p.target(p.dir)
	target.Known = nil
	if _, err := backup.Restore(t.Context(), bytes.NewReader(archive), target); err == nil {
		t.Fatal("an archive with migrations that this binary does not know was restored")
	}
	target.Known = folder.Known()
	done, err := backup.Restore(t.Context(), bytes.NewReader(archive), target)
	p.must(err)
	after := tree(t, done.Kept)
	if len(after) != len(before) {
		t.Errorf("the old folder has %d files, it had %d", len(after), len(before))
	}
	if n := compare(t, p.dir); n != 0 {
		t.Errorf("%d records: this is not the archive's practice", n)
	}
	if n := compare(t, done.Kept); n != 1 {
		t.Errorf("%d records: this is not the old practice", n)
	}
}
