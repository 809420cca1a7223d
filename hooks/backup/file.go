package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"

	"kinward/hooks/folder"
)

// Archives' names begin with namePrefix and tell the time in UTC, so that they sort by age; plain ones end with nameSuffix,
// encrypted ones with ageSuffix too.
const (
	namePrefix    = "kinward-"
	nameSuffix    = ".tar.gz"
	ageSuffix     = ".age"
	partialSuffix = ".kinward-partial"
)

// Name is what an archive is called that is made now.
func Name(now time.Time, encrypted bool) string {
	name := namePrefix + now.UTC().Format("20060102T150405Z") + nameSuffix
	if encrypted {
		name += ageSuffix
	}
	return name
}

// WriteFile makes the archive at path: write is given where to write the plain archive. What it wrote is checked as a restore
// would, encrypted for the recipients if there are any, and stands at path, complete and on the disk, or not at all. A
// file that is there already is not touched. What killed ones left in the same folder is removed.
func WriteFile(ctx context.Context, path string, to []age.Recipient, write func(io.Writer) error) (*Manifest, error) {
	if _, err := os.Lstat(path); !gone(err) {
		return nil, fmt.Errorf("%s exists already: choose another name", path)
	}
	sweep(filepath.Dir(path))
	partial, err := os.OpenFile(path+partialSuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	defer partial.Close()
	if own, err := folder.OwnerOf(filepath.Dir(path)); err == nil {
		_ = own.Give(partial.Name()) // in a folder of the service, root's archive is the service's to remove
	}
	manifest, err := fill(ctx, partial, to, write)
	if err == nil {
		err = errors.Join(partial.Sync(), os.Rename(partial.Name(), path), syncFolder(filepath.Dir(path)))
	}
	if err != nil {
		return nil, errors.Join(err, ignoreGone(os.Remove(partial.Name())))
	}
	return manifest, nil
}

func fill(ctx context.Context, partial *os.File, to []age.Recipient, write func(io.Writer) error) (*Manifest, error) {
	if err := syscall.Flock(int(partial.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, err
	}
	return Encrypt(ctx, partial, to, write)
}

// Encrypt writes to out what write writes, for the recipients if there are any, and checks on the way that it is a whole
// archive, whose manifest it returns.
func Encrypt(ctx context.Context, out io.Writer, to []age.Recipient, write func(io.Writer) error) (*Manifest, error) {
	plain := io.WriteCloser(nopCloser{out})
	if len(to) > 0 {
		var err error
		if plain, err = age.Encrypt(out, to...); err != nil {
			return nil, err
		}
	}
	reader, copied := io.Pipe()
	type result struct {
		manifest *Manifest
		err      error
	}
	checked := make(chan result, 1)
	go func() {
		manifest, err := Check(ctx, reader)
		_ = reader.CloseWithError(err)
		checked <- result{manifest, err}
	}()
	err := write(io.MultiWriter(plain, copied))
	_ = copied.CloseWithError(err)
	found := <-checked
	if err == nil {
		err = found.err
	}
	if err == nil {
		err = plain.Close()
	}
	return found.manifest, err
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

func ignoreGone(err error) error {
	if gone(err) {
		return nil
	}
	return err
}

// sweep removes what killed backups left in a folder of archives. One that is being written is locked, and stays.
func sweep(dir string) {
	left, _ := filepath.Glob(filepath.Join(globQuote(dir), "*"+partialSuffix))
	for _, path := range left {
		file, err := os.Open(path)
		if err != nil {
			continue
		}
		if syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			_ = os.Remove(path)
		}
		_ = file.Close()
	}
}

// Prune removes the oldest archives of a folder until no more than keep are left, and returns what it removed. It looks only
// at files that are named as Name names them.
func Prune(dir string, keep int) (removed []string, err error) {
	entries, err := archives(dir)
	for err == nil && len(entries) > keep {
		path := filepath.Join(dir, entries[0].Name())
		if err = os.Remove(path); err == nil {
			removed = append(removed, path)
		}
		entries = entries[1:]
	}
	return removed, err
}

// Newest tells when the newest archive of a folder was made; the zero time where there is none.
func Newest(dir string) (time.Time, error) {
	entries, err := archives(dir)
	if err != nil || len(entries) == 0 {
		return time.Time{}, err
	}
	made, _ := madeAt(entries[len(entries)-1].Name())
	return made, nil
}

// archives lists the archives of a folder, the oldest first: their names sort by age, and ReadDir sorts.
func archives(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	return slices.DeleteFunc(entries, func(entry fs.DirEntry) bool {
		_, is := madeAt(entry.Name())
		return entry.IsDir() || !is
	}), err
}

// madeAt reads an archive's name.
func madeAt(name string) (_ time.Time, is bool) {
	stamp, begins := strings.CutPrefix(strings.TrimSuffix(name, ageSuffix), namePrefix)
	stamp, ends := strings.CutSuffix(stamp, nameSuffix)
	at, err := time.Parse("20060102T150405Z", stamp)
	return at, begins && ends && err == nil
}
