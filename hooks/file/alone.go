package file

import "sync"

// alone keeps two requests from working on the same file at once. It remembers a file only while somebody works on it or waits for
// that: whoever asks about files that are not there leaves nothing behind.
type alone struct {
	mu    sync.Mutex
	files map[string]*line // by id
}

// line is who works on one file, and who waits.
type line struct {
	mu   sync.Mutex
	long int // how many there are in all
}

// with waits until nobody else works on a file. Call the returned function in the end.
func (a *alone) with(id string) (leave func()) {
	a.mu.Lock()
	if a.files == nil {
		a.files = map[string]*line{}
	}
	l := a.files[id]
	if l == nil {
		l = &line{}
		a.files[id] = l
	}
	l.long++
	a.mu.Unlock()
	l.mu.Lock()
	return func() {
		l.mu.Unlock()
		a.mu.Lock()
		defer a.mu.Unlock()
		if l.long--; l.long == 0 {
			delete(a.files, id)
		}
	}
}
