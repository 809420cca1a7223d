// Package community keeps the rooms of the practice: who is in them, who leads them, and what they are for.
//
// It promises: a community without an active lead provider is only read; its last lead cannot go without handing over; a
// room of providers or of staff admits nobody else, whoever writes the record; and to who is not in it, a community is not
// there, its name included, since a name tells what people have.
package community

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kinward/hooks/clinic"
)

// The states of a community. An archived one is read and no longer written in.
const (
	Open     = "open"
	Archived = "archived"
)

// The faults of this noun.
var (
	LastLead      = &clinic.Fault{Status: http.StatusConflict, Code: "last_lead"}
	LeadsProvider = &clinic.Fault{Status: http.StatusConflict, Code: "lead_is_no_provider"}
	NotAdmitted   = &clinic.Fault{Status: http.StatusConflict, Code: "not_admitted"} // params.kind
	AlreadyIn     = &clinic.Fault{Status: http.StatusConflict, Code: "already_in_community"}
	NotActive     = &clinic.Fault{Status: http.StatusConflict, Code: "member_not_active"}
	KindKeepsOut  = &clinic.Fault{Status: http.StatusConflict, Code: "kind_keeps_members_out"}
	NotPresent    = &clinic.Fault{Status: http.StatusConflict, Code: "presence_keeps_out"} // params.presence
	PresenceKeeps = &clinic.Fault{Status: http.StatusConflict, Code: "presence_keeps_members_out"}
	HandOverFirst = &clinic.Fault{Status: http.StatusConflict, Code: "role_hand_over_first"} // params.communities
	NeedsModerate = &clinic.Fault{Status: http.StatusConflict, Code: "presence_needs_right"}
)

// Why a community can be read and not written in, as read_only_because says.
const (
	BecauseArchived = "community_archived"
	BecauseNoLead   = "community_without_lead"
	BecauseOwing    = "policy_acknowledgement_required"
)

// Who of the practice is in a community, as its members are told. It is a promise: who does not fit is not let in.
const (
	PresentStaff      = "staff"      // whoever works here and was added
	PresentModerators = "moderators" // peers, and of the practice the leads and moderators only
	PresentProviders  = "providers"  // peers and providers: no staff
)

// Presences lists them.
var Presences = []string{PresentStaff, PresentModerators, PresentProviders}

// Presence gives who of the practice is present in a community of a kind that says so itself, or what was chosen for it.
func Presence(kind, chosen string) string {
	switch {
	case kind == clinic.KindProviderRoom:
		return PresentProviders
	case kind == clinic.KindStaffRoom, chosen == "":
		return PresentStaff
	}
	return chosen
}

// Fits reports whether somebody may be in a community with this presence.
func Fits(presence string, role clinic.Role, lead, moderates bool) bool {
	switch {
	case !role.Works():
		return true
	case presence == PresentModerators:
		return lead || moderates
	case presence == PresentProviders:
		return role == clinic.Provider
	}
	return true
}

// ReadOnly says why nobody may write in a community now, or "" where they may.
func ReadOnly(status string, led, owing bool) string {
	switch {
	case status != Open:
		return BecauseArchived
	case !led:
		return BecauseNoLead
	case owing:
		return BecauseOwing
	}
	return ""
}

// Name gives the name of a community as it is stored: one line, single spaces, at most clinic.MaxNameRunes characters, with
// something in it that can be read aloud. Otherwise it gives the fault of the field.
func Name(name string) (string, *clinic.Fault) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case name == "":
		return "", clinic.Required.At("name")
	case !utf8.ValidString(name), strings.ContainsFunc(name, invisible), !strings.ContainsFunc(name, readable):
		return "", clinic.Invalid.At("name")
	case utf8.RuneCountInString(name) > clinic.MaxNameRunes:
		return "", clinic.TooLong.At("name").With("max", clinic.MaxNameRunes).With("is", utf8.RuneCountInString(name))
	}
	return name, nil
}

// invisible are characters that would break a line, reorder the text after them, or let two names look alike.
func invisible(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError
}

func readable(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// Kind gives the fault of a kind that is none, or nil.
func Kind(kind string) *clinic.Fault {
	switch {
	case kind == "":
		return clinic.Required.At("kind")
	case !slices.Contains(clinic.CommunityKinds, kind):
		return clinic.Invalid.At("kind")
	}
	return nil
}
