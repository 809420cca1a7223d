package file

import (
	"runtime"
	"strconv"
	"sync"
	"testing"
)

// waiting tells how many work on a file or wait for it.
func (a *alone) waiting(id string) int {
	a.mu.Lock()
	defer a.mu.Unlock()
	if l := a.files[id]; l != nil {
		return l.long
	}
	return 0
}

func TestOneWorksOnAFileAtATime(t *testing.T) {
	var a alone
	var order []string // guarded by what is tested: the race detector tells where it does not hold
	leave := a.with("one")
	a.with("other")() // of another file nobody waits
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			defer a.with("one")()
			order = append(order, strconv.Itoa(i))
		})
	}
	for a.waiting("one") < 21 {
		runtime.Gosched()
	}
	if len(order) != 0 {
		t.Errorf("%v worked beside the first", order)
	}
	leave()
	all.Wait()
	if len(order) != 20 {
		t.Errorf("they worked %v", order)
	}
	if len(a.files) != 0 {
		t.Errorf("nobody is there any more, and it remembers %v", a.files)
	}
}

func TestFilesThatNobodyWorksOnAreForgotten(t *testing.T) {
	var a alone
	for i := range 1000 {
		a.with(strconv.Itoa(i))()
	}
	if len(a.files) != 0 {
		t.Errorf("it remembers %d files", len(a.files))
	}
}
