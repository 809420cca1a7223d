// Package mediatest has files for tests of what cleans them.
package mediatest

import "bytes"

// Held is a file that waits, once it is opened up, until it is let go.
type Held struct {
	*bytes.Reader
	// Opened is closed once somebody reads it; close Let to let them go on.
	Opened, Let chan struct{}

	reads int
}

// Hold makes one of some content.
func Hold(content []byte) *Held {
	return &Held{Reader: bytes.NewReader(content), Opened: make(chan struct{}), Let: make(chan struct{})}
}

// ReadAt waits at the second look: the first tells what the file is.
func (h *Held) ReadAt(to []byte, at int64) (int, error) {
	if h.reads++; h.reads == 2 {
		close(h.Opened)
		<-h.Let
	}
	return h.Reader.ReadAt(to, at)
}
