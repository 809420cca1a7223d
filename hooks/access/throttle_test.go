package access

import (
	"fmt"
	"testing"
	"time"
)

// Who tries at ever other names must not make the table forget the one account that they try to get into, nor take all memory.
func TestAFloodOfNamesOpensNoAccount(t *testing.T) {
	now := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	h := &House{}
	h.tries.init(func() time.Time { return now })
	const most = 5
	try := func(key string) error { return h.Try(key, most, time.Hour) }
	for range most {
		if err := try("sign-in to maple"); err != nil {
			t.Fatal(err)
		}
	}
	for n := range 2*mostBuckets + 10 {
		if err := try(fmt.Sprint("sign-in to ", n)); err != nil {
			t.Fatal(n, err)
		}
	}
	if try("sign-in to maple") == nil {
		t.Error("the flood let one more try in")
	}
	if len(h.tries.buckets) > mostBuckets {
		t.Errorf("%d buckets", len(h.tries.buckets))
	}
	if now = now.Add(time.Hour/most + time.Second); try("sign-in to maple") != nil {
		t.Error("it never leaks")
	}
}
