package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// work is the folder in which a copy is made: "files" holds the files' second names, the databases' copies stand beside it.
type work struct {
	data string // the data folder
	dir  string
	lock *os.File
}

// linkedName is where the second names stand.
const linkedName = "files"

// takeWork takes the work folder for this backup, or returns ErrRunning where another one has it.
func takeWork(data string) (*work, error) {
	w := &work{data: data, dir: filepath.Join(data, workName)}
	if err := os.Mkdir(w.dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	lock, err := os.Open(w.dir)
	if err != nil {
		return nil, err
	}
	w.lock = lock
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrRunning
		}
		return nil, err
	}
	return w, nil
}

// drop removes the work folder and all in it.
func (w *work) drop() {
	_ = os.RemoveAll(w.dir)
	_ = w.lock.Close()
}

// prepare empties the work folder of what a killed backup or an earlier try left, and looks whether the copies will fit.
func (w *work) prepare() error {
	var need uint64
	for _, database := range databases {
		if err := os.RemoveAll(filepath.Join(w.dir, database)); err != nil {
			return err
		}
		for _, name := range []string{database, database + "-wal"} {
			if info, err := os.Stat(filepath.Join(w.data, name)); err == nil {
				need += uint64(info.Size())
			}
		}
	}
	linked := filepath.Join(w.dir, linkedName)
	if err := errors.Join(os.RemoveAll(linked), os.Mkdir(linked, 0o700)); err != nil {
		return err
	}
	return roomFor(w.dir, need)
}

// roomFor returns an error that says how much is missing where the disk of dir cannot take so many bytes more.
func roomFor(dir string, need uint64) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return nil // the write itself will tell
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < need {
		return fmt.Errorf("the disk has %d MB free and %d MB are needed: free some space", free>>20, need>>20)
	}
	return nil
}

// link gives every file of the data folder that has none yet a second name in the work folder.
func (w *work) link(ctx context.Context) error {
	return filepath.WalkDir(w.data, func(path string, entry fs.DirEntry, err error) error {
		if gone(err) {
			return nil
		}
		if err := errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		name, err := filepath.Rel(w.data, path)
		if err != nil || name == "." {
			return err
		}
		slashed := filepath.ToSlash(name)
		if skipped(slashed) {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		linked := filepath.Join(w.dir, linkedName, name)
		switch {
		case entry.IsDir():
			return os.MkdirAll(linked, 0o700)
		case entry.Type()&fs.ModeSymlink != 0:
			return fmt.Errorf("%s is a symbolic link: a backup would not hold what it points at, so move the files into the data folder", path)
		case !entry.Type().IsRegular():
			return nil // a socket or a pipe of a running process
		}
		if err := os.Link(path, linked); err != nil && !errors.Is(err, fs.ErrExist) && !gone(err) {
			return fmt.Errorf("a file cannot be kept for the backup: %w", err)
		}
		return nil
	})
}

func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// keep takes out of the copy what was deleted meanwhile and no copied row names, and returns the files that a row names
// and that are not in the copy.
func (w *work) keep(named map[string]bool) (missing []string, err error) {
	have := map[string]bool{}
	err = w.walk(func(name, path string) error {
		have[name] = true
		if named[name] || named[strings.TrimSuffix(name, ".attrs")] {
			return nil
		}
		if _, err := os.Lstat(filepath.Join(w.data, name)); gone(err) {
			return os.Remove(path)
		}
		return nil
	})
	for name := range named {
		if !have[name] {
			missing = append(missing, name)
		}
	}
	slices.Sort(missing)
	return missing, err
}

// walk calls visit with every linked file: its name in the data folder, with forward slashes, and the path of its link.
func (w *work) walk(visit func(name, path string) error) error {
	root := filepath.Join(w.dir, linkedName)
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(name), path)
	})
}
