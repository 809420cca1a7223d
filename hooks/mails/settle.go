package mails

import (
	"regexp"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// settle writes what a try came to: the letter's new state, the emptied seal once it has come to its end, and the attempt,
// in one transaction. It may be repeated: what has been settled stays as it is. next is when a deferred letter is due again.
func (o *office) settle(app core.App, id string, v verdict, next time.Time) error {
	done := false
	err := app.RunInTransaction(func(tx core.App) error {
		letter, err := tx.FindRecordById(clinic.Letters, id)
		if err != nil {
			return err
		}
		before := letter.GetString("status")
		if !slices.Contains([]string{Sending, Queued, Deferred, Cancelled}, before) {
			return nil
		}
		if before == Cancelled && v.outcome != Accepted {
			return nil // taken back while it was on the wire, and the relay did not take it
		}
		letter.Set("status", v.outcome)
		letter.Set("reason", string(v.reason))
		letter.Set("tries", letter.GetInt("tries")+1)
		letter.Set("next_at", next)
		if v.outcome != Deferred {
			letter.Set("sealed", "")
			letter.Set("ended", o.now())
		}
		if err := save(tx, letter); err != nil {
			return err
		}
		if err := o.attempt(tx, letter, v); err != nil {
			return err
		}
		done = true
		return nil
	})
	if err != nil && done && committed(app, id, v.outcome) {
		app.Logger().Error("A hook that listens to letters failed", "letter", id, "error", err)
		return nil
	}
	return err
}

func (o *office) attempt(tx core.App, letter *core.Record, v verdict) error {
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.LetterAttempts)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Set("letter", letter.Id)
	record.Set("at", o.now())
	record.Set("outcome", v.outcome)
	record.Set("reason", string(v.reason))
	record.Set("code", v.code)
	record.Set("enhanced", v.enhanced)
	record.Set("reply", v.reply)
	return save(tx, record)
}

// release gives a claimed letter back untried: we were told to stop before the relay had an answer.
func (o *office) release(app core.App, id string) error {
	return app.RunInTransaction(func(tx core.App) error {
		letter, err := tx.FindRecordById(clinic.Letters, id)
		if err != nil || letter.GetString("status") != Sending {
			return err
		}
		letter.Set("status", Queued)
		if letter.GetInt("tries") > 0 {
			letter.Set("status", Deferred)
		}
		letter.Set("next_at", o.now())
		return save(tx, letter)
	})
}

// How long we try, and how often.
const (
	tryFor     = 48 * time.Hour
	firstPause = time.Minute
	longest    = 3 * time.Hour
)

// backoff is the wait before the next try after n tries: a minute, doubled each time up to three hours, give or take a fifth
// by a random number between 0 and 1, so that what was put off together does not come back together.
func backoff(n int, random float64) time.Duration {
	wait := longest
	if n >= 1 && n <= 8 {
		wait = min(longest, firstPause<<(n-1))
	}
	return time.Duration(float64(wait) * (0.8 + 0.4*random))
}

// accepted is the verdict of a 250, with the relay's words, "250 2.0.0 queued as 4711".
func accepted(reply string) verdict {
	code, enhanced, _ := splitReply(reply)
	return verdict{outcome: Accepted, code: code, enhanced: enhanced, reply: oneLine(reply, maxReply)}
}

// judge decides what follows from a try that was not accepted. first is the letter's first try, tries counts this one.
func judge(t *trouble, first, now time.Time, tries int, random float64) (verdict, time.Time) {
	v := verdict{outcome: Deferred, reason: t.reason, code: t.code, enhanced: t.enhanced, reply: t.words()}
	switch {
	case t.reason == Refused || t.reason == AddressUTF8:
		v.outcome = Bounced
		return v, time.Time{}
	case now.Sub(first) >= tryFor:
		v.outcome = GivenUp
		return v, time.Time{}
	}
	next := now.Add(backoff(tries, random))
	if last := first.Add(tryFor); next.After(last) {
		next = last // one last try when the two days are over
	}
	return v, next
}

// conceal takes the recipient's address out of a relay's reply: it stands in most refusals, and the database keeps it sealed.
func conceal(reply, to string) string {
	for _, part := range []string{to, to[:max(0, lastAt(to))]} {
		if len(part) > 2 {
			reply = regexp.MustCompile(`(?i)`+regexp.QuoteMeta(part)).ReplaceAllString(reply, "…")
		}
	}
	return reply
}

func lastAt(to string) int {
	for i := len(to) - 1; i >= 0; i-- {
		if to[i] == '@' {
			return i
		}
	}
	return 0
}
