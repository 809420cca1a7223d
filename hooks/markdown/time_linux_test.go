package markdown_test

import (
	"syscall"
	"time"
)

// threadTime is the processor time that this thread has used: what other programs do at the same time does not count.
func threadTime() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_THREAD, &used); err != nil {
		panic(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
