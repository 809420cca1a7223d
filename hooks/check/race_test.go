//go:build race

package check

import "time"

// Under the race detector a text takes some twenty times longer than else: hostile ones are shorter there, and may take longer.
const (
	slowed   = 20
	mostTime = 4 * time.Second
)
