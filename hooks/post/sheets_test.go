package post

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func read(bytes int) func() (*sheet, error) {
	return func() (*sheet, error) {
		return newSheet(nil, []line{{html: strings.Repeat("x", bytes)}}, postsPerPage), nil
	}
}

func TestSheetsStayWithinTheirMemory(t *testing.T) {
	s, c := newSheets(), newChanges()
	for i := range 1000 {
		if _, err := s.get(c, fmt.Sprint(i), time.Time{}, read(100_000)); err != nil {
			t.Fatal(err)
		}
		if s.bytes > mostBytes || len(s.byID) != s.recent.Len() {
			t.Fatalf("%d bytes in %d sheets", s.bytes, len(s.byID))
		}
	}
	if s.recent.Len() < 20 {
		t.Errorf("only %d sheets are kept", s.recent.Len())
	}
	again, err := s.get(c, "999", time.Time{}, func() (*sheet, error) { return nil, errors.New("read again") })
	if err != nil || again == nil {
		t.Errorf("the last one is not kept: %v", err)
	}
}

func TestAChangeIsReadAgainAndOnlyThen(t *testing.T) {
	s, c := newSheets(), newChanges()
	var reads int
	get := func() {
		if _, err := s.get(c, "a", time.Time{}, func() (*sheet, error) { reads++; return read(1)() }); err != nil {
			t.Fatal(err)
		}
	}
	for i, change := range []func(){func() {}, func() { c.raise("a") }, func() { c.people.Add(1) }} {
		change()
		get()
		get()
		if reads != i+1 {
			t.Errorf("after %d changes it was read %d times", i, reads)
		}
	}
	if _, err := s.get(c, "b", time.Time{}, func() (*sheet, error) { return nil, errors.New("no") }); err == nil || len(s.byID) != 1 {
		t.Error("a failure was kept")
	}
}

// A change that comes while a page is being read makes that page old: it was perhaps read before the change.
func TestAChangeWhileAPageIsRead(t *testing.T) {
	s, c := newSheets(), newChanges()
	if _, err := s.get(c, "a", time.Time{}, func() (*sheet, error) { c.raise("a"); return read(1)() }); err != nil {
		t.Fatal(err)
	}
	again := false
	if _, err := s.get(c, "a", time.Time{}, func() (*sheet, error) { again = true; return read(1)() }); err != nil || !again {
		t.Error("a page from before the change was kept for after it")
	}
}

func TestOneMakesAPageForAll(t *testing.T) {
	s, c := newSheets(), newChanges()
	var reads atomic.Int64
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, err := s.get(c, "a", time.Time{}, func() (*sheet, error) { reads.Add(1); return read(1)() }); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if reads.Load() != 1 {
		t.Errorf("it was read %d times", reads.Load())
	}
}

func TestLooksAreBounded(t *testing.T) {
	made, _ := read(1)()
	for i := range 100 {
		if _, err := made.written(look{mine: uint64(i)}, func() ([]byte, error) { return []byte("x"), nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(made.looks) > mostLooks {
		t.Errorf("%d looks", len(made.looks))
	}
}
