// Package reaction lets members answer without words: helpful, thank you, with you.
//
// It promises: a reaction is one member's, of one kind, on something of somebody else that they can see, and counts once however
// often it is sent; the numbers stand on the post or comment and are right in the transaction that changes them. Only numbers are
// shown, to the author as to everyone: who agrees with a line about an illness says something of their own, and a clinic's mark on
// one patient's words would be read as advice. Who leaves stays counted, and the row no longer says who it was.
package reaction

import (
	"encoding/json"
	"net/http"
	"slices"

	"kinward/hooks/clinic"
)

// The kinds of a reaction.
const (
	Helpful  = "helpful"
	ThankYou = "thank_you"
	WithYou  = "with_you"
)

// Kinds lists every kind of a reaction, in the order in which a page shows them.
var Kinds = []string{Helpful, ThankYou, WithYou}

// The faults of this noun.
var (
	Own      = &clinic.Fault{Status: http.StatusConflict, Code: "reaction_to_own"}
	NotShown = &clinic.Fault{Status: http.StatusConflict, Code: "reaction_not_shown"}
)

// Kind gives the fault of a kind that is none, or nil.
func Kind(kind string) *clinic.Fault {
	if slices.Contains(Kinds, kind) {
		return nil
	}
	return clinic.Invalid.At("kind")
}

// Counts reads the numbers as a post or comment keeps them: how often each kind was given. None is an empty map.
func Counts(kept string) map[string]int {
	out := map[string]int{}
	_ = json.Unmarshal([]byte(kept), &out) // written by SQLite's json_group_object; empty before the first
	return out
}
