package backup

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"
)

// exchange makes each of two folders stand in the other's place, in one step that a crash cannot divide.
func exchange(a, b string) error {
	err := unix.Renameat2(unix.AT_FDCWD, a, unix.AT_FDCWD, b, unix.RENAME_EXCHANGE)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.EBUSY):
		return fmt.Errorf("%s is where a disk is mounted and cannot be exchanged: use a folder on that disk as data folder", b)
	case errors.Is(err, unix.EINVAL), errors.Is(err, unix.ENOSYS):
		return fmt.Errorf("this file system cannot exchange two folders in one step: " +
			"restore with --into a new folder and start kinward with --dir on that")
	}
	return fmt.Errorf("the folders cannot be exchanged: %w", err)
}
