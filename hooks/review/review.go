// Package review lets providers say of a post or comment, by name and until a date, that the clinic has read it: accurate, accurate
// with a note, or corrected by a comment that is linked under it.
//
// It promises: only an active provider of the community reviews, and never their own writing; a review is of one text, and one that
// was edited since is not passed off as reviewed; a review ends by itself, and comes back to the providers of its community; what is
// wrong stays readable beside what is right; and what was said, by whom and when, stays on a record that nobody changes.
package review

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

const (
	// ValidFor is how long a review holds if its provider says nothing else: what is known of a treatment changes within years.
	ValidFor = 365 * 24 * time.Hour
	longest  = 2 * ValidFor
	// ComesBack is how long before its end a review is on the list of what is to be read again.
	ComesBack    = 30 * 24 * time.Hour
	maxNoteRunes = 300
	perPage      = 30
)

// The faults of this noun.
var (
	OwnWriting       = &clinic.Fault{Status: http.StatusForbidden, Code: "review_own_writing"}
	ChangedMeanwhile = &clinic.Fault{Status: http.StatusConflict, Code: "review_text_changed"}
	NoReview         = &clinic.Fault{Status: http.StatusConflict, Code: "review_not_there"}
	NotByProvider    = &clinic.Fault{Status: http.StatusBadRequest, Code: "correction_by_provider_only"}
	CorrectionWaits  = &clinic.Fault{Status: http.StatusConflict, Code: "correction_waits"}
	NotShown         = &clinic.Fault{Status: http.StatusConflict, Code: "review_of_shown_only"}
	RecordKept       = &clinic.Fault{Status: http.StatusForbidden, Code: "review_record_kept"}
)

// verdicts are what a provider can say.
var verdicts = []string{clinic.Accurate, clinic.AccurateNote, clinic.Corrected}

// form is what a provider says of a piece.
type form struct {
	Verdict    string `json:"verdict"`
	Note       string `json:"note"`
	Until      string `json:"until"` // RFC 3339; empty: ValidFor from now
	Correction string `json:"correction"`
	// Edited is the date of the last edit as the provider read it: the review is of that text.
	Edited string `json:"edited"`
}

// validate puts the form in order and gives the date until which the review holds.
func (f *form) validate(now time.Time) (time.Time, error) {
	f.Note = strings.TrimSpace(f.Note)
	var verdict, note, correction, date *clinic.Fault
	if !slices.Contains(verdicts, f.Verdict) {
		verdict = clinic.Invalid.At("verdict")
	}
	switch n := utf8.RuneCountInString(f.Note); {
	case n > maxNoteRunes:
		note = clinic.TooLong.At("note").With("max", maxNoteRunes)
	case n == 0 && f.Verdict == clinic.AccurateNote:
		note = clinic.Required.At("note")
	case !utf8.ValidString(f.Note):
		note = clinic.Invalid.At("note")
	}
	if f.Verdict != clinic.Corrected {
		f.Correction = ""
	} else if f.Correction == "" {
		correction = clinic.Required.At("correction")
	}
	until := now.Add(ValidFor)
	if f.Until != "" {
		var err error
		if until, err = time.Parse(time.RFC3339, f.Until); err != nil || !until.After(now) || until.After(now.Add(longest)) {
			date = clinic.Invalid.At("until")
		}
	}
	return until, clinic.Faults(verdict, note, correction, date)
}

// Fingerprint names the words that a review is of: the SHA-256 of the title of a post, a line feed, and the body. A comment has no
// title.
func Fingerprint(title, body string) string {
	sum := sha256.Sum256([]byte(title + "\n" + body))
	return hex.EncodeToString(sum[:])
}
