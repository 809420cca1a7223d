package access

import (
	"context"
	"net/http"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/crypto/bcrypt"

	"kinward/hooks/clinic"
)

// hashing lets one password be hashed at a time, and after it none for as long as it took where there are few processors:
// sixteen at once cut the community's reads to a fifteenth, one after the other without a rest still takes one of two
// processors away from them. Whoever comes alone waits for nobody. Who would wait longer than the queue is told to try again.
var (
	hashing = make(chan struct{}, 1)
	waiting atomic.Int32
)

const (
	mostWaiting   = 128 // about ten seconds of hashing, twenty with the rests
	fewProcessors = 2
)

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

// Unchanged refuses if a member is no longer active, or has another password or address than when the record was read.
// Comparing and hashing take their time and wait for others: ask in the transaction that relies on what was compared.
func Unchanged(tx core.App, member *core.Record) error {
	now, err := tx.FindRecordById(clinic.Users, member.Id)
	if err != nil {
		return Missing(err)
	}
	if now.GetString("status") != clinic.Active || now.TokenKey() != member.Original().TokenKey() {
		return clinic.SignInRequired
	}
	return nil
}

func hashed(ctx context.Context, work func()) error {
	if waiting.Add(1) > mostWaiting {
		waiting.Add(-1)
		return busy
	}
	defer waiting.Add(-1)
	select {
	case hashing <- struct{}{}:
		begun := time.Now()
		defer func() { free(time.Since(begun)) }()
		work()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// free lets the next one hash, after a rest where hashing would take a large part of the machine.
func free(took time.Duration) {
	if runtime.GOMAXPROCS(0) > fewProcessors {
		<-hashing
		return
	}
	time.AfterFunc(took, func() { <-hashing })
}
