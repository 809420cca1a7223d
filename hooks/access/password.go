package access

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"kinward/hooks/clinic"
)

// hashing lets one password be hashed at a time: sixteen at once cut the community's reads to a fifteenth, one at a time
// keeps more than half. Who waits longer than the queue is told to try again.
var (
	hashing = make(chan struct{}, 1)
	waiting atomic.Int32
)

const mostWaiting = 128 // about ten seconds of hashing

var busy = &clinic.Fault{Status: http.StatusTooManyRequests, Code: "rate_limited", Params: map[string]any{"seconds": 10}}

// nobody is the hash that is compared when there is no such member, so that the answer takes as long.
var nobody, _ = bcrypt.GenerateFromPassword([]byte("nobody"), bcrypt.DefaultCost)

// CheckPassword reports whether a password is the member's. member may be nil: the work, and so the time, is the same.
// It fails with rate_limited while too many wait, or with the context.
func CheckPassword(ctx context.Context, member *core.Record, password string) (bool, error) {
	right := false
	err := hashed(ctx, func() {
		if member == nil {
			_ = bcrypt.CompareHashAndPassword(nobody, []byte(password)) // always fails; it is the work that counts
			return
		}
		right = member.ValidatePassword(password)
	})
	return right, err
}

// SetPassword hashes a new password into the record, which the caller saves. Rules about passwords are the caller's.
func SetPassword(ctx context.Context, member *core.Record, password string) error {
	return hashed(ctx, func() { member.SetPassword(password) })
}

func hashed(ctx context.Context, work func()) error {
	if waiting.Add(1) > mostWaiting {
		waiting.Add(-1)
		return busy
	}
	defer waiting.Add(-1)
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
		work()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
