package backup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kinward/hooks/folder"
)

// Unfinished says that the archive is in the practice's place, but what comes after that failed. Settle, at the next start or
// by `kinward restore --finish`, does the rest.
type Unfinished struct{ Err error }

// Error says what failed.
func (e *Unfinished) Error() string {
	return "the backup is in place, but its key or the old folder's name is not yet as it should be: " + e.Err.Error()
}

// Unwrap gives what failed.
func (e *Unfinished) Unwrap() error { return e.Err }

var _ error = (*Unfinished)(nil)

// install puts the built folder in the data folder's place. Nothing of the practice changes before the exchange; after it,
// every error is an *Unfinished, and the built folder's name is the old practice's.
func (s *staging) install(target Target, own folder.Owner, exists bool) error {
	held, err := folder.Hold(s.dir) // whoever starts after the exchange waits until the key is in place
	if err != nil {
		return err
	}
	defer held.Release()
	if s.newKey {
		if err := writeSynced(target.KeyFile+stagedKey, s.key); err != nil {
			return err
		}
		keyOwner := own
		if s.oldKey {
			if keyOwner, err = folder.OwnerOf(target.KeyFile); err != nil {
				return err
			}
		}
		if err := keyOwner.Give(target.KeyFile + stagedKey); err != nil {
			return err
		}
		m, err := readMarker(s.dir)
		if err != nil {
			return err
		}
		m.Key = true
		if err := writeMarker(s.dir, m); err != nil {
			return err
		}
	}
	if err := own.GiveAll(s.dir); err != nil {
		return err
	}
	if err := syncFolders(s.dir); err != nil {
		return err
	}
	if err := place(s.dir, target.Dir, exists); err != nil {
		return err
	}
	err = errors.Join(syncFolder(filepath.Dir(target.Dir)), finish(target.Dir, target.KeyFile))
	if err != nil {
		return &Unfinished{err}
	}
	return nil
}

// place is the one step: it exchanges the two folders, or names the built one where there was none.
func place(built, dir string, exists bool) error {
	if exists {
		return exchange(built, dir)
	}
	return os.Rename(built, dir) // fails where a folder with files has come there meanwhile
}

// Settle makes good what a restore or a backup that was killed left beside or in the data folder: it finishes an exchange
// that took place, and removes a folder that was still being built. Call it with the folder held and before the key is read.
func Settle(dir, keyFile string) error {
	dir = filepath.Clean(dir)
	if err := finish(dir, keyFile); err != nil {
		return fmt.Errorf("a restore was interrupted and this process cannot finish it (as root, `kinward restore --finish` can): %w", err)
	}
	if err := dropStaged(keyFile); err != nil {
		return err
	}
	beside, err := filepath.Glob(globQuote(dir) + restoringInfix + "*")
	if err != nil {
		return err
	}
	for _, path := range beside {
		if !halfBuilt(path) {
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return err
		}
	}
	return os.RemoveAll(filepath.Join(dir, workName))
}

// halfBuilt reports whether a folder beside the data folder is one that a restore had begun to build. One without a marker
// and with files in it was the practice's: it is never removed.
func halfBuilt(path string) bool {
	entries, err := os.ReadDir(path)
	if err != nil {
		return false
	}
	return len(entries) == 0 || slices.ContainsFunc(entries, func(entry fs.DirEntry) bool {
		return entry.Name() == markerName || entry.Name() == markerName+newSuffix
	})
}

// finish does what comes after the exchange: the key, the old folder's name, and last the marker.
func finish(dir, keyFile string) error {
	m, err := readMarker(dir)
	if gone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.Key {
		if err := installKey(keyFile, m.Stamp); err != nil {
			return err
		}
	}
	old := dir + restoringInfix + m.Stamp
	if err := os.Rename(old, asideName(dir, m.Stamp)); err != nil && !gone(err) {
		return err
	}
	if err := os.Remove(filepath.Join(dir, markerName)); err != nil {
		return err
	}
	return errors.Join(syncFolder(dir), syncFolder(filepath.Dir(dir)))
}

// installKey puts the staged key in the key's place and keeps the old one aside. It may be called again after a crash.
func installKey(keyFile, stamp string) error {
	staged := keyFile + stagedKey
	if _, err := os.Lstat(staged); gone(err) {
		return nil // done before the crash
	}
	err := os.Link(keyFile, asideName(keyFile, stamp))
	if err != nil && !gone(err) && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(staged, keyFile); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(keyFile))
}

// dropStaged removes a key that a restore staged and did not get to install.
func dropStaged(keyFile string) error {
	for _, path := range []string{keyFile + stagedKey, keyFile + stagedKey + newSuffix} {
		if _, err := os.Lstat(path); gone(err) {
			continue // asked first: where the service may not write, removing what is not there fails too
		}
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	return nil
}

// globQuote makes a path safe to stand in a pattern.
func globQuote(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// newSuffix names a small file until it is whole.
const newSuffix = ".new"

// writeSynced writes a small file in one piece and waits until it is on the disk.
func writeSynced(path string, text []byte) error {
	file, err := os.OpenFile(path+newSuffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+newSuffix, path); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolders waits until the names of all folders below dir are on the disk; their files were synced when written.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncFolder(path)
	})
}

func syncFolder(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
