// Package moderation is the desk: what waits for a person's decision before others see it, what members reported, and what a
// person decided, with the reason.
//
// It promises: whatever is stored with the state "held" waits on the desk from that very moment, in the same transaction; a
// person decides, never on their own writing, and always with a reason; the author is told the reason and the clause, can
// mend what they wrote and send it again, and can ask for one second look by somebody else; several reports of one thing are
// one thing on the desk; who reported is never told to the author, nor what came of it to who reported; and every step stays
// on a record that nobody changes.
package moderation

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The states of a hold. Open, Resubmitted and SecondLook wait for the desk, Returned waits for the author; the others are ends.
const (
	Open        = "open"
	Resubmitted = "resubmitted"
	SecondLook  = "second_look"
	Returned    = "returned"
	Published   = "published"
	Removed     = "removed"
	Withdrawn   = "withdrawn" // the author took it back, or it is there no more
)

// States lists every state of a hold.
var States = []string{Open, Resubmitted, SecondLook, Returned, Published, Removed, Withdrawn}

// Waiting lists the states in which the desk is asked.
var Waiting = []string{Open, Resubmitted, SecondLook}

// What can happen to a hold beside reaching one of its states, as its record says it.
const (
	reported = "reported"
	edited   = "edited" // the author changed the words while they waited
)

// Where a hold comes from.
const (
	ByCheck  = "check"
	ByReport = "report"
	ByPerson = "person" // a lead or moderator removed it in the thread, without the desk
)

// Kinds lists the reasons that a member can give for a report.
var Kinds = []string{"privacy", "misinformation", "conduct", "testimonial", "crisis", "other"}

const (
	maxReasonRunes = 500
	maxNoteRunes   = 300
	maxWordsRunes  = 500
	perPage        = 30
)

// The faults of this noun.
var (
	HoldDecided      = &clinic.Fault{Status: http.StatusConflict, Code: "hold_decided"}       // params: state
	HoldChanged      = &clinic.Fault{Status: http.StatusConflict, Code: "hold_changed"}       // the words are others than the ones looked at
	OwnWriting       = &clinic.Fault{Status: http.StatusForbidden, Code: "hold_own_writing"}  // nobody decides on their own
	SomebodyElse     = &clinic.Fault{Status: http.StatusForbidden, Code: "hold_second_look"}  // a second look is another person's
	DecidedByDesk    = &clinic.Fault{Status: http.StatusForbidden, Code: "hold_by_desk_only"} // an admin, while the desk has somebody
	PieceGone        = &clinic.Fault{Status: http.StatusConflict, Code: "hold_piece_gone"}    // its author deleted it
	NothingMended    = &clinic.Fault{Status: http.StatusConflict, Code: "hold_nothing_mended"}
	CannotMend       = &clinic.Fault{Status: http.StatusConflict, Code: "hold_cannot_mend"}
	NoSecondLook     = &clinic.Fault{Status: http.StatusConflict, Code: "hold_no_second_look"}   // it was had, or nothing was decided
	NobodyElse       = &clinic.Fault{Status: http.StatusConflict, Code: "hold_nobody_else"}      // params: phone
	ReportsOwn       = &clinic.Fault{Status: http.StatusConflict, Code: "report_of_own_writing"} // one's own can be edited or deleted
	RecordOfHoldKept = &clinic.Fault{Status: http.StatusForbidden, Code: "hold_record_kept"}
)

// waits reports whether a hold in this state is for the desk to decide.
func waits(state string) bool { return slices.Contains(Waiting, state) }

// live reports whether a hold in this state has not come to an end.
func live(state string) bool { return waits(state) || state == Returned }

// lanes says which stream of decisions a reason for a report, or the family of a finding, belongs to.
var lanes = map[string]string{
	"crisis": "crisis", "urgent": "crisis",
	"privacy": "privacy", "identifier": "privacy", "member_name": "privacy",
	"misinformation": "misinformation", "dose_advice": "misinformation", "interest": "misinformation",
	"testimonial": "testimonial",
	"conduct":     "conduct", "complaint": "conduct", "direct_address": "conduct", "word": "conduct",
}

// lane is the stream that the reasons belong to: the first that has one, but crisis before all.
func lane(reasons ...string) string {
	found := ""
	for _, reason := range reasons {
		switch is := lanes[reason]; {
		case is == "crisis":
			return is
		case found == "":
			found = is
		}
	}
	return found
}

// sentence trims a text and gives the fault of its field if it is too long, unreadable, or missing though needed.
func sentence(field string, text *string, most int, needed bool) *clinic.Fault {
	*text = strings.TrimSpace(*text)
	switch n := utf8.RuneCountInString(*text); {
	case *text == "" && needed:
		return clinic.Required.At(field)
	case n > most:
		return clinic.TooLong.At(field).With("max", most).With("is", n)
	case !utf8.ValidString(*text) || strings.ContainsRune(*text, 0):
		return clinic.Invalid.At(field)
	}
	return nil
}
