//go:build !race

package check

import "time"

const (
	slowed   = 1
	mostTime = 400 * time.Millisecond
)
