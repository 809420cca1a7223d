// Package invitation brings people in: a provider invites, a person accepts, and nobody comes in another way.
//
// It promises: no member comes to be, and no member's role or address changes, without an invitation that an active provider
// approved and its holder accepted (the founder, and a member's own confirmed change of address, apart); an invitation is
// accepted once, however many try at the same moment; a member's role changes by their own click alone, after they were told
// what it changes; its tokens are random or derived from the practice's key, are kept as
// hashes only, travel in a link's fragment, and are all spent when one is used; a GET changes nothing, so a mail scanner
// uses nothing up; its state never says more than is known: queued is not sent, and only a relay's own answer makes it
// accepted_by_relay; and every refusal names the practice and a next step.
package invitation

import (
	"net/http"
	"slices"
	"time"

	"kinward/hooks/clinic"
)

// Status is where an invitation stands.
type Status string

// The states. A proposed invitation waits for a provider; those in living can be accepted; the others have come to an end,
// though an expired or declined one can be resent.
const (
	Proposed        Status = "proposed"
	Queued          Status = "queued"            // its letter waits for the relay
	AcceptedByRelay Status = "accepted_by_relay" // the relay took the letter: the most that can be known of a letter
	Deferred        Status = "deferred"          // the relay put the letter off; it is tried again
	Bounced         Status = "bounced"           // the letter cannot be delivered; print it, hand over a link, or mend the address
	NotMailed       Status = "not_mailed"        // no relay is set: print it or hand over a link
	Opened          Status = "opened"            // its holder looked at it
	Accepted        Status = "accepted"
	Declined        Status = "declined"
	Expired         Status = "expired"
	Revoked         Status = "revoked"
)

// Statuses lists every state, in the order in which they are counted.
var Statuses = []Status{
	Proposed, Queued, NotMailed, AcceptedByRelay, Deferred, Bounced, Opened, Accepted, Declined, Expired, Revoked,
}

// living are the states in which an invitation can be accepted until it expires.
var living = []Status{Queued, AcceptedByRelay, Deferred, Bounced, NotMailed, Opened}

// Living reports whether an invitation in this state can be accepted, its expiry apart.
func (s Status) Living() bool { return slices.Contains(living, s) }

// At is the state at a moment: a living invitation is expired once its time is over, whether or not that was written down.
func (s Status) At(now, expires time.Time) Status {
	if s.Living() && !now.Before(expires) {
		return Expired
	}
	return s
}

// The kinds of an invitation's events beyond the states, which are kinds too, and "given_up", a letter's end.
const (
	Approved   = "approved"
	Resent     = "resent"
	LinkMade   = "link_made"
	CodeLocked = "code_locked"
	AskedAgain = "asked_again"
)

// The ways in which a token reaches its holder.
const (
	ByMail   = "mail"
	ByLetter = "letter" // printed
	ByLink   = "link"   // handed over by a provider in their own way
)

// AfterLetter is the state after the relay's word on one of its letters. What came later than the letter, such as its
// opening, stays; a letter that could not be given to anyone within two days counts as bounced.
func (s Status) AfterLetter(outcome string) Status {
	if !s.Living() || s == Opened {
		return s
	}
	switch outcome {
	case "accepted":
		return AcceptedByRelay
	case "deferred":
		if s == AcceptedByRelay { // another letter of this invitation has arrived
			return s
		}
		return Deferred
	case "bounced", "given_up":
		if s == AcceptedByRelay {
			return s
		}
		return Bounced
	}
	return s
}

// AfterResend is the state after a provider sent it again, and whether they may.
func (s Status) AfterResend(askedAgain bool) (Status, bool) {
	switch {
	case s == Opened:
		return Opened, true
	case s.Living(), s == Expired, s == Declined && askedAgain:
		return Queued, true
	}
	return s, false
}

// Revocable reports whether an invitation in this state can be taken back.
func (s Status) Revocable() bool { return s == Proposed || s == Expired || s.Living() }

// MaxTries is how often a wrong code may be given before a provider has to send the invitation again.
const MaxTries = 5

// The faults of invitations. Those of the join doors carry params.practice and params.can_ask_again.
var (
	Unknown         = &clinic.Fault{Status: http.StatusNotFound, Code: "invitation_unknown"}
	HasExpired      = &clinic.Fault{Status: http.StatusGone, Code: "invitation_expired"}
	Used            = &clinic.Fault{Status: http.StatusConflict, Code: "invitation_used"}
	WasRevoked      = &clinic.Fault{Status: http.StatusGone, Code: "invitation_revoked"}
	WasDeclined     = &clinic.Fault{Status: http.StatusGone, Code: "invitation_declined"}
	NeedsCode       = &clinic.Fault{Status: http.StatusBadRequest, Code: "invitation_needs_code"}
	CodeWrong       = &clinic.Fault{Status: http.StatusForbidden, Code: "invitation_code_wrong"} // params.left
	Locked          = &clinic.Fault{Status: http.StatusTooManyRequests, Code: "invitation_locked"}
	InviterGone     = &clinic.Fault{Status: http.StatusConflict, Code: "invitation_inviter_gone"}
	SomeoneElse     = &clinic.Fault{Status: http.StatusConflict, Code: "signed_in_as_someone_else"} // params.signed_in_as
	VersionChanged  = &clinic.Fault{Status: http.StatusConflict, Code: "policy_version_changed"}    // params.slug, params.version
	OpenAlready     = &clinic.Fault{Status: http.StatusConflict, Code: "invitation_open_already"}   // params.id
	NotNow          = &clinic.Fault{Status: http.StatusConflict, Code: "invitation_not_now"}        // params.status
	OtherKey        = &clinic.Fault{Status: http.StatusConflict, Code: "invitation_other_key"}      // its letter was made with a key that is gone
	ByApproverOnly  = &clinic.Fault{Status: http.StatusForbidden, Code: "invitation_needs_provider"}
	CommunityOthers = &clinic.Fault{Status: http.StatusForbidden, Code: "invitation_community_not_yours"} // params.communities
	CommunityKind   = &clinic.Fault{Status: http.StatusBadRequest, Code: "invitation_community_role"}     // params.community
	OutsideRoom     = &clinic.Fault{Status: http.StatusBadRequest, Code: "invitation_outside_room"}       // params.community
	CodeShape       = &clinic.Fault{Status: http.StatusBadRequest, Code: "invitation_code_shape"}
	SameAddress     = &clinic.Fault{Status: http.StatusConflict, Code: "member_address_same"}
	AddressTaken    = &clinic.Fault{Status: http.StatusConflict, Code: "member_address_taken"}
	RoleByAdmin     = &clinic.Fault{Status: http.StatusConflict, Code: "role_change_needs_admin"}
	NotActive       = &clinic.Fault{Status: http.StatusConflict, Code: "member_not_active"}
)

// refusal says why an invitation cannot be accepted now, or nil. Whoever holds a token of it may know.
func refusal(s Status, tries int, inviterActive bool) *clinic.Fault {
	switch {
	case s == Accepted:
		return Used
	case s == Revoked:
		return WasRevoked
	case s == Declined:
		return WasDeclined
	case s == Expired:
		return HasExpired
	case !s.Living():
		return Unknown
	case tries >= MaxTries:
		return Locked
	case !inviterActive:
		return InviterGone
	}
	return nil
}

// mayAskAgain are the refusals after which asking the practice for a new invitation is a next step.
var mayAskAgain = []*clinic.Fault{HasExpired, WasDeclined, Locked, InviterGone}

// codeShape returns a fault unless a code is six digits.
func codeShape(code string) *clinic.Fault {
	if len(code) != 6 {
		return CodeShape
	}
	for _, c := range code {
		if c < '0' || c > '9' {
			return CodeShape
		}
	}
	return nil
}
