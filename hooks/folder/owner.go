package folder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Owner is who owns a data folder and must be able to read all in it. The server runs as that user; a command may be run by
// root, and would leave files behind that the server cannot open.
type Owner struct{ UID, GID int }

// OwnerOf tells who owns path, or the nearest folder above it that exists.
func OwnerOf(path string) (Owner, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Owner{}, err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && path != filepath.Dir(path) {
		return OwnerOf(filepath.Dir(path))
	}
	if err != nil {
		return Owner{}, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Owner{}, fmt.Errorf("this system does not tell who owns %s", path)
	}
	return Owner{int(stat.Uid), int(stat.Gid)}, nil
}

// Give makes path the owner's where this process is root; what others make is theirs anyway.
func (o Owner) Give(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return os.Lchown(path, o.UID, o.GID)
}

// GiveAll makes path and all in it the owner's where this process is root.
func (o Owner) GiveAll(path string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	return filepath.WalkDir(path, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return o.Give(path)
	})
}

// Become makes this process run as the owner from now on, for good, where it is root and the owner is not.
func (o Owner) Become() error {
	if os.Geteuid() != 0 || o.UID == 0 {
		return nil
	}
	err := syscall.Setgroups([]int{o.GID})
	if err == nil {
		err = syscall.Setgid(o.GID)
	}
	if err == nil {
		err = syscall.Setuid(o.UID)
	}
	if err != nil {
		return fmt.Errorf("this process cannot become the data folder's owner (user %d): %w", o.UID, err)
	}
	return nil
}
