// Package follow keeps what a member wants to hear of, find again, or not be shown: follows, saved pieces, mutes and blocks.
//
// It promises: each of them is one member's own, and told to nobody else; none can be made of what its member may not see, and who
// leaves a community loses those of it. A follow is made by itself where somebody writes, and knows since when there is something
// new. A block is between patients and caregivers: nobody can keep the practice from being heard, and the practice hears everybody.
// The blocked member is not told.
package follow

import (
	"net/http"

	"kinward/hooks/clinic"
)

// The faults of this noun.
var (
	BlocksPractice = &clinic.Fault{Status: http.StatusConflict, Code: "block_of_practice"}
	BlocksSelf     = &clinic.Fault{Status: http.StatusConflict, Code: "block_of_oneself"}
	PracticeHears  = &clinic.Fault{Status: http.StatusForbidden, Code: "block_by_practice"}
	tooManyPieces  = &clinic.Fault{Status: http.StatusBadRequest, Code: "too_long", Field: "pieces", Params: map[string]any{"max": mostPieces}}
)

const (
	perPage    = 20
	mostPieces = 100 // asked for at once: a long page of a thread
)

// Block gives the fault of a block by a member of one role of a member of another, or nil.
func Block(by, of clinic.Role) *clinic.Fault {
	switch {
	case by.Works():
		return PracticeHears
	case of.Works():
		return BlocksPractice
	}
	return nil
}
