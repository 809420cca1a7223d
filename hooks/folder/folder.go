// Package folder keeps a data folder sound: one process works on it at a time, nobody but its owner reads it, and a
// binary that is older than the data refuses to touch them.
//
// A process holds the folder by an flock(2) on a file inside it, so the kernel lets go when the process dies, however it
// dies. The lock is inside because a restore exchanges whole folders: who waits for the old one never gets the new one by
// accident.
package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// The files of ours in a data folder that are no data: they belong to a running process and to no backup.
const (
	LockName   = "kinward.lock"
	SocketName = "kinward.sock"
)

// InUse says that another process holds the folder.
type InUse struct {
	Dir string
	PID int // 0 where it could not be read
}

// Error says who holds the folder.
func (e *InUse) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("%s is in use by another kinward process", e.Dir)
	}
	return fmt.Sprintf("%s is in use by another kinward process (%d)", e.Dir, e.PID)
}

var _ error = (*InUse)(nil)

// Held is a folder that this process holds. Keep it reachable: the lock goes with its file.
type Held struct{ file *os.File }

// Hold takes the folder for this process, making it if there is none, and closes it to other users of the machine.
// It returns *InUse at once where another process holds it.
func Hold(dir string) (*Held, error) {
	own, err := OwnerOf(dir)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	if err := own.Give(dir); err != nil {
		return nil, err
	}
	for {
		file, err := lock(dir, own)
		if err != nil {
			return nil, err
		}
		same, err := isAt(file, filepath.Join(dir, LockName))
		if err == nil && same {
			if err = Tighten(dir); err == nil {
				return &Held{file}, nil
			}
		}
		_ = file.Close()
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		// A restore put another folder in this place between opening and locking: take that one.
	}
}

// Release lets go of the folder.
func (h *Held) Release() error {
	if h == nil || h.file == nil {
		return nil
	}
	err := h.file.Close()
	h.file = nil
	return err
}

// lock opens the folder's lock file, locks it without waiting, and notes who did.
func lock(dir string, own Owner) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(dir, LockName), os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if err := own.Give(file.Name()); err != nil {
		_ = file.Close()
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		busy := &InUse{Dir: dir, PID: readPID(file)}
		_ = file.Close()
		return nil, busy
	}
	if err == nil {
		err = file.Truncate(0)
	}
	if err == nil {
		_, err = file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	}
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	return file, nil
}

func readPID(file *os.File) int {
	text := make([]byte, 16)
	n, _ := file.ReadAt(text, 0)
	pid, _ := strconv.Atoi(strings.TrimSpace(string(text[:n])))
	return pid
}

// isAt reports whether path still names the open file.
func isAt(file *os.File, path string) (bool, error) {
	opened, err := file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Lstat(path)
	if err != nil {
		return false, err
	}
	return os.SameFile(opened, named), nil
}

// Tighten makes the folder and all in it readable by its owner only: 0700 and 0600. PocketBase makes them 0755 and 0644,
// so call it at each start, and set the umask to 077 before anything is written.
//
// It changes permissions by name and opens nothing: closing a second descriptor of a database that SQLite has open in
// this process would drop SQLite's own locks (POSIX locks belong to the process).
func Tighten(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // gone since it was listed
		}
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		switch {
		case entry.IsDir():
			want = 0o700
		case entry.Type()&fs.ModeSymlink != 0:
			return nil // chmod would change what it points at
		}
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			err = os.Chmod(path, want)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
}
