// Package clinic holds the words that the whole house shares: collection names, roles, rights, states and faults.
//
// It promises to depend on nothing but the standard library, so that every rule that is written in its words can be
// tested without a server, a database or a clock.
package clinic

import (
	"slices"
	"time"
)

// The collections, by the one noun that their package, route and page folder share.
const (
	Users             = "users" // members; PocketBase's own name for its auth collection
	Practices         = "practices"
	Sessions          = "sessions"
	Communities       = "communities"
	Memberships       = "memberships"
	Invitations       = "invitations"
	InvitationTokens  = "invitation_tokens"
	InvitationEvents  = "invitation_events"
	Letters           = "letters"
	LetterAttempts    = "letter_attempts"
	Policies          = "policies"
	PolicyVersions    = "policy_versions"
	Acknowledgements  = "acknowledgements"
	Cases             = "cases"
	CaseVersions      = "case_versions"
	CaseAnswers       = "case_answers"
	CaseQuestions     = "case_questions"
	CaseDrafts        = "case_drafts"
	PolicyDrafts      = "policy_drafts"
	PolicyRefusals    = "policy_refusals"
	PolicyEvents      = "policy_events"        // its withdrawals, and when it was posted again
	PolicyMailings    = "policy_mailings"      // the letters that a version or a reminder asks for
	Authorizations    = "authorization_events" // what a member granted and revoked, of an authorization
	Posts             = "posts"
	Comments          = "comments"
	PostVersions      = "post_versions"
	Drafts            = "drafts"
	Holds             = "holds"
	HoldEvents        = "hold_events"
	Reports           = "reports"
	Reactions         = "reactions"
	Follows           = "follows"
	Saves             = "saves"
	Mutes             = "mutes"
	Blocks            = "blocks"
	Mentions          = "mentions"
	Renames           = "renames" // of members whose new name is being put where they are mentioned
	Visits            = "visits"
	Reviews           = "reviews"
	Files             = "files"
	IdempotencyKeys   = "idempotency_keys"
	AuditEntries      = "audit_entries"
	AccountTokens     = "account_tokens" // forgotten passwords and changes of address
	APIPrefix         = "/api/clinic"
	MaxPostBytes      = 20_000 // the renderer is quadratic on hostile input: 0.15 s at this size, 3.3 s at 100,000
	MaxTitleRunes     = 200
	MaxNameRunes      = 60
	InvitationLife    = 30 * 24 * time.Hour
	MinPasswordRunes  = 10 // OWASP ASVS 5.0 6.2.1 asks for 8 at least; length counts, composition is not asked for
	MaxPasswordBytes  = 71 // PocketBase hashes with bcrypt, which reads 72 bytes and no more
	DefaultLanguage   = "en"
	IdleStaff         = 15 * time.Minute
	IdlePatient       = 30 * time.Minute
	SessionLife       = 12 * time.Hour
	IdleWarningBefore = 2 * time.Minute
)

// Languages are the languages that every page, letter and fault is written in.
var Languages = []string{"en", "es"}

// Role says how a member came in and what they are to the practice.
type Role string

// The roles. A superuser is an operator and never a member.
const (
	Provider  Role = "provider"
	Staff     Role = "staff"
	Patient   Role = "patient"
	Caregiver Role = "caregiver"
	// Outside is a doctor of another practice: in the provider rooms that they were invited to, and nowhere else.
	Outside Role = "outside"
)

// Roles lists every role, for validation and for generated matrices.
var Roles = []Role{Provider, Staff, Patient, Caregiver, Outside}

// RuledRoles are the roles that checks and example cases are written for; see Role.HeldTo.
var RuledRoles = []Role{Provider, Staff, Patient, Caregiver}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { return slices.Contains(Roles, r) }

// Ruled reports whether checks and example cases can be written for r.
func (r Role) Ruled() bool { return slices.Contains(RuledRoles, r) }

// Works reports whether r belongs to the practice: a provider or staff. Whoever does not is let in nowhere by their role alone.
func (r Role) Works() bool { return r == Provider || r == Staff }

// Professional reports whether r is here by profession, as who works here and outside doctors are, and not for their own care or
// somebody's near them. It says what is expected of them, and never what they may see.
func (r Role) Professional() bool { return r.Works() || r == Outside }

// HeldTo is the role whose checks hold for what a member of role r writes.
func (r Role) HeldTo() Role {
	if r == Outside {
		return Provider
	}
	return r
}

// Right is something that a member may do beyond their role; rights are given one by one.
type Right string

// The rights. Admin implies the others.
const (
	Admin        Right = "admin"
	PolicyEditor Right = "policies"
	Moderate     Right = "moderate"
)

// AllRights lists every right, for validation and for generated matrices.
var AllRights = []Right{Admin, PolicyEditor, Moderate}

// The states of a member.
const (
	Active    = "active"
	Suspended = "suspended"
	Removed   = "removed"
)

// The kinds of a community. Who is let into which: Admits.
const (
	KindCondition    = "condition"
	KindPractice     = "practice"
	KindProgramme    = "programme"
	KindSubstanceUse = "substance_use" // a programme under 42 CFR Part 2: outside of it nothing names it
	KindProviderRoom = "provider_room"
	KindStaffRoom    = "staff_room"
)

// CommunityKinds lists every kind of community.
var CommunityKinds = []string{KindCondition, KindPractice, KindProgramme, KindSubstanceUse, KindProviderRoom, KindStaffRoom}

// Admits reports whether a community of this kind takes members of this role. An outside doctor is let into provider rooms and
// nowhere else: a kind that is added later keeps them out until somebody has decided otherwise here.
func Admits(kind string, role Role) bool {
	switch kind {
	case KindProviderRoom:
		return role == Provider || role == Outside
	case KindStaffRoom:
		return role.Works()
	}
	return role.Valid() && role != Outside
}

// The states of a post or comment. A held one waits for a person's decision; a deleted one is a tombstone.
const (
	Shown   = "shown"
	Held    = "held"
	Deleted = "deleted"
)

// What a record of a post or comment carries beside its fields from one record event to the next. None of it is stored, and
// none can come in by a request: each is a value of a Go type, which no JSON makes.
const (
	// FoundIn holds what the checks found, as a list that marshals to findings; whoever sets the state Held sets it.
	FoundIn = "findings"
	// DecidedBy holds a Decision: a person at the desk, or the author's own taking back, and no check, sets the state.
	DecidedBy = "decided"
	// ConfirmedBy holds Confirmed: the writer came by a door that can ask them, and this is what they have confirmed.
	ConfirmedBy = "confirm"
	// MentionedIn holds Mentioned, which whoever renders the words sets.
	MentionedIn = "mentioned"
	// PollAsked holds a Poll that a new post asks; a post of the kind poll comes into being with one and not otherwise.
	PollAsked = "asked"
	// AttachedBy holds Attached: the writer came by a door that says which files the piece carries beside its words.
	AttachedBy = "attached"
	// DescribedBy holds a Describer: a member puts words to a file.
	DescribedBy = "described"
	// KeptBack holds Waits: the new words of a file wait for a person, and others read those that are there.
	KeptBack = "kept_back"
	// BesideIt holds Beside: the files that it carries, for the checks.
	BesideIt = "beside"
)

// Mentioned are the members who are called by name in a post or comment, as it was rendered.
type Mentioned []string

// Describer is who puts words to a file, and to which of its fields.
type Describer struct {
	Member string
	Given  []string
}

// Waits says that something waits for a person's decision.
type Waits struct{}

// Attached are the ids of the files that a writer puts to a post or comment.
type Attached []string

// Confirmed are the ids of the findings that a writer has read and posts in spite of.
type Confirmed []string

// Decision says that a person has decided on a post or comment: its state is theirs, and no check looks at it again.
type Decision struct{ Member string }

// Audience says whom a policy concerns: everyone, or one role, or those who work here.
const (
	Everyone       = "everyone"
	AudiencePeople = "patients" // patients and caregivers
	AudienceStaff  = "staff"    // providers and staff, and outside doctors
)

// Concerns reports whether a policy with this audience applies to a member of this role.
func Concerns(audience string, role Role) bool {
	switch audience {
	case Everyone:
		return true
	case AudiencePeople:
		return role == Patient || role == Caregiver
	case AudienceStaff:
		return role.Professional()
	}
	return false
}

// Owed is one thing that stands between a member and the community, as GET /api/clinic/me lists it.
type Owed struct {
	Kind    string     `json:"kind"`         // OwedPolicy, OwedAuthorization, OwedCase
	ID      string     `json:"id,omitempty"` // a case's
	Slug    string     `json:"slug"`
	Version int        `json:"version"`
	Due     *time.Time `json:"due"`              // nil: at once
	Blocks  string     `json:"blocks"`           // "all" or "write"
	Refused bool       `json:"refused,omitzero"` // the member said that they do not accept it
	From    *time.Time `json:"-"`                // not owed before; nil: owed
}

// The kinds of what is owed: a policy to acknowledge, an authorization to grant, an example case to go through.
const (
	OwedPolicy        = "policy"
	OwedAuthorization = "authorization"
	OwedCase          = "case"
)

// What an Owed blocks.
const (
	BlocksAll   = "all"
	BlocksWrite = "write"
)
