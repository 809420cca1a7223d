//go:build !linux

package markdown_test

import "time"

var began = time.Now()

// threadTime is the time on the clock, where the system does not tell a thread's own.
func threadTime() time.Duration { return time.Since(began) }
