package access

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// alone gives the test a hashing of its own, whose clock stands until everybody waits, on so many processors.
func alone(t *testing.T, processors int, test func(t *testing.T)) {
	t.Helper()
	hashing <- struct{}{} // whatever rests from another test is over
	before, had := hashing, runtime.GOMAXPROCS(processors)
	defer func() {
		runtime.GOMAXPROCS(had)
		hashing = before
		<-hashing
	}()
	synctest.Test(t, func(t *testing.T) {
		hashing = make(chan struct{}, cap(before))
		test(t)
		hashing <- struct{}{} // the last rest is over
	})
}

func TestOneIsHashedAtATime(t *testing.T) {
	alone(t, fewProcessors+1, func(t *testing.T) {
		var running, done int // of one goroutine at a time, or the race detector says so
		next := make(chan struct{})
		for range mostWaiting {
			go func() {
				err := hashed(t.Context(), func() {
					running++
					<-next
					running--
					done++
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		together := 0
		for range mostWaiting {
			synctest.Wait() // until nobody gets any further
			together = max(together, running)
			next <- struct{}{}
		}
		synctest.Wait()
		if together != 1 || done != mostWaiting || waiting.Load() != 0 {
			t.Errorf("%d were hashed together, %d in all, and %d wait at the end", together, done, waiting.Load())
		}
	})
}

func TestWhoWouldWaitTooLongIsTurnedAway(t *testing.T) {
	alone(t, fewProcessors+1, func(t *testing.T) {
		impatient, leave := context.WithCancel(t.Context())
		first, gone := make(chan struct{}), make(chan error, mostWaiting)
		go func() { gone <- hashed(t.Context(), func() { <-first }) }()
		synctest.Wait()
		for range mostWaiting - 1 {
			go func() {
				_, err := CheckPassword(impatient, nil, "a password")
				gone <- err
			}()
		}
		synctest.Wait()
		if waiting.Load() != mostWaiting || len(gone) > 0 {
			t.Fatalf("%d wait, %d are gone", waiting.Load(), len(gone))
		}
		for range 2 { // the second as well: who was turned away takes up no place
			if _, err := CheckPassword(t.Context(), nil, "a password"); !errors.Is(err, busy) {
				t.Errorf("one too many: %v", err)
			}
		}
		leave()
		synctest.Wait()
		for range mostWaiting - 1 {
			if err := <-gone; !errors.Is(err, context.Canceled) {
				t.Errorf("who went away: %v", err)
			}
		}
		close(first)
		if err := <-gone; err != nil {
			t.Errorf("the first: %v", err)
		}
		if right, err := CheckPassword(t.Context(), nil, "a password"); right || err != nil || waiting.Load() != 0 {
			t.Errorf("afterwards: %v, %v, %d wait", right, err, waiting.Load())
		}
	})
}

// Where there are few processors the others rest for as long as one was hashed.
func TestHashingLeavesHalfOfASmallMachine(t *testing.T) {
	const took = 3 * time.Second
	for processors, rest := range map[int]time.Duration{1: took, fewProcessors: took, fewProcessors + 1: 0} {
		alone(t, processors, func(t *testing.T) {
			begun := time.Now()
			for range 2 {
				if err := hashed(t.Context(), func() { <-time.After(took) }); err != nil {
					t.Fatal(err)
				}
			}
			if got, want := time.Since(begun), took+rest+took; got != want {
				t.Errorf("with %d processors two took %v, want %v", processors, got, want)
			}
		})
	}
}
