package hooks_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// Who knocks at the doors: every kind of member in every state, a guest, and who runs the server.

// kind is a kind of member: a role, rights, and a place in the community that is knocked at.
type kind struct {
	name     string
	role     clinic.Role
	rights   []string
	in, lead bool
}

var kinds = []kind{
	{name: "patient", role: clinic.Patient, in: true},
	{name: "caregiver", role: clinic.Caregiver, in: true},
	{name: "staff", role: clinic.Staff, in: true},
	{name: "provider", role: clinic.Provider, in: true},
	{name: "lead", role: clinic.Provider, in: true, lead: true},
	{name: "outsider", role: clinic.Provider},
	{name: "editor", role: clinic.Staff, rights: []string{string(clinic.PolicyEditor)}},
	{name: "moderator", role: clinic.Staff, rights: []string{string(clinic.Moderate)}, in: true},
	{name: "admin", role: clinic.Provider, rights: []string{string(clinic.Admin)}},
	{name: "outside doctor", role: clinic.Outside}, // who is in none but provider rooms
}

// state is how a caller stands.
type state string

const (
	guest     state = "a guest"
	operator  state = "an operator" // a superuser of PocketBase's, and no member
	sound     state = "in good standing"
	owing     state = "owing every policy"
	suspended state = "suspended"
	removed   state = "removed"
	idle      state = "idle for too long"
)

// out are the states of members whose session opens nothing any more.
var out = []state{suspended, removed, idle}

// caller is a kind of person at a door, with a session: of who is out, the one from before.
type caller struct {
	kind  string // a member's
	state state
	*hookstest.Client
}

func (who caller) String() string {
	if who.kind == "" {
		return string(who.state)
	}
	return who.kind + ", " + string(who.state)
}

// turnsAway says whom of the members in good standing each guard turns away, and with what. Nothing else about callers is listed: the
// rest follows from their state, in refusal.
var turnsAway = map[string]map[string]string{
	"Anyone": {}, "SignedIn": {}, "Member": {},
	"Works":           not("not_allowed", "outside doctor", "patient", "caregiver"),
	"WorksOrOperates": not("not_allowed", "outside doctor", "patient", "caregiver"),
	"ProviderOnly":    not("not_allowed", "outside doctor", "patient", "caregiver", "staff", "editor", "moderator"),
	"Admins":          not("not_allowed", "outside doctor", "patient", "caregiver", "staff", "editor", "moderator", "provider", "lead", "outsider"),
	"Editors":         not("not_allowed", "outside doctor", "patient", "caregiver", "staff", "moderator", "provider", "lead", "outsider"),
	"Desk":            not("not_allowed", "outside doctor", "patient", "caregiver", "staff", "editor", "provider", "outsider"),
	"MemberOf":        not("not_found", "outside doctor", "outsider", "editor", "admin"),
}

// operates are the guards that let operators pass beside members.
var operates = []string{"Anyone", "Editors", "WorksOrOperates"}

func not(code string, kinds ...string) map[string]string {
	turned := map[string]string{}
	for _, kind := range kinds {
		turned[kind] = code
	}
	return turned
}

// refusal is what a guard must answer to a caller; "" means that it lets them pass.
func refusal(guard string, who caller) string {
	switch {
	case guard == "Anyone", who.state == operator && slices.Contains(operates, guard):
		return ""
	case who.state == guest, who.state == operator, slices.Contains(out, who.state):
		return "sign_in_required"
	case guard == "SignedIn":
		return ""
	case who.state == owing:
		return "policy_acknowledgement_required"
	}
	return turnsAway[guard][who.kind]
}

// statuses are those of the guards' codes.
var statuses = map[string]int{
	"sign_in_required": http.StatusUnauthorized, "policy_acknowledgement_required": http.StatusForbidden, "not_allowed": http.StatusForbidden,
	"not_found": http.StatusNotFound,
}

// callers makes everybody. Who is out could come in before, and was put out by the door for that, or by time alone.
func callers(t *testing.T, c *hookstest.Clinic) (all []caller, community string) {
	t.Helper()
	community = c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()})
	enter := func(s state) {
		for _, k := range kinds {
			who := caller{k.name, s, nil}
			if s == owing {
				who.Client = c.Owing(k.role, k.rights...)
			} else {
				who.Client = c.Member(k.role, k.rights...)
			}
			if k.in {
				c.Join(community, who.Client, k.lead)
			}
			if r := who.Get("/me"); r.Status != http.StatusOK {
				t.Fatalf("%s, before: %d %s", who, r.Status, r.Body)
			}
			all = append(all, who)
		}
	}
	enter(idle)
	c.Pass(clinic.IdlePatient + time.Second)
	for _, s := range []state{sound, owing, suspended, removed} {
		enter(s)
	}
	for _, who := range all {
		if slices.Contains(out, who.state) {
			putOut(t, c, who)
		}
	}
	return append(all, caller{"", guest, c.Guest()}, caller{"", operator, c.Operator()}), community
}

// putOut suspends or removes, and holds that no session is left, and that one which was made all the same would open nothing.
func putOut(t *testing.T, c *hookstest.Clinic, who caller) {
	t.Helper()
	if way := map[state]string{suspended: "/suspend", removed: "/remove"}[who.state]; way != "" {
		if r := c.Founder().Post("/members/"+who.ID+way, map[string]string{"reason": "a test"}); r.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", who, r.Status, r.Body)
		}
	}
	if left, err := c.House.Sessions(c.App, who.ID); len(left) > 0 || err != nil {
		t.Errorf("%s: %d sessions are left, %v", who, len(left), err)
	}
	if who.state == idle {
		return // they may sign in again
	}
	if r := c.SignedIn(who.ID).Get("/me"); r.Status != http.StatusUnauthorized {
		t.Errorf("%s, in a session made afterwards: %d %s", who, r.Status, r.Body)
	}
}

func TestEveryRoleAndRightKnocks(t *testing.T) {
	for _, role := range clinic.Roles {
		if !slices.ContainsFunc(kinds, func(k kind) bool { return k.role == role }) {
			t.Errorf("nobody of the role %s knocks", role)
		}
	}
	for _, right := range clinic.AllRights {
		if !slices.ContainsFunc(kinds, func(k kind) bool { return slices.Contains(k.rights, string(right)) }) {
			t.Errorf("nobody with the right %s knocks", right)
		}
	}
	for guard, turned := range turnsAway {
		for name := range turned {
			if !slices.ContainsFunc(kinds, func(k kind) bool { return k.name == name }) {
				t.Errorf("%s turns away %q, who is nobody", guard, name)
			}
		}
	}
}
