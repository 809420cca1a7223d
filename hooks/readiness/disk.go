package readiness

import (
	"errors"
	"fmt"
	"syscall"
)

// leastFree is the room below which a server is not ready: the write-ahead log alone may grow to 200 MB.
const leastFree = 256 << 20

// room reports how much of the disk under dir is free to this user.
func room(dir string) error {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(dir, &disk); err != nil {
		return errors.New("the room on the disk cannot be read")
	}
	return enough(disk.Bavail * uint64(disk.Bsize))
}

func enough(free uint64) error {
	if free < leastFree {
		return fmt.Errorf("the disk is almost full: %d MB are free and %d are needed. Make room before anything is lost", free>>20, leastFree>>20)
	}
	return nil
}
