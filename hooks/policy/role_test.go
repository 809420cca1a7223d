package policy_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

func forRole(role clinic.Role) []string {
	if role.Works() {
		return forStaff
	}
	return forPatients
}

// What a member accepted counts for the role in which they accepted it: with each other role they are asked for every policy that applies
// to it, and with one that they had before as well.
func TestANewRoleIsAskedAnew(t *testing.T) {
	c := hookstest.New(t)
	for _, from := range clinic.RuledRoles {
		for _, to := range clinic.RuledRoles {
			if from == to {
				continue
			}
			member := c.Member(from)
			room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Founder()}, member)
			if got := owed(t, c, member); got != nil {
				t.Fatalf("as a %s they owe %v", from, got)
			}
			for _, role := range []clinic.Role{to, from} {
				c.Become(member, role)
				if got := owed(t, c, member); !slices.Equal(got, forRole(role)) {
					t.Errorf("%s, %s: as a %s they owe %v", from, to, role, got)
				}
				for i, slug := range forRole(role) {
					if r := member.Get("/communities/" + room + "/posts"); r.Code() != "policy_acknowledgement_required" {
						t.Errorf("%s, %s: the room, with %d accepted: %d", from, to, i, r.Status)
					}
					accept(t, member, read(t, c, "/policies/"+slug))
				}
				if r := member.Get("/communities/" + room + "/posts"); r.Status != http.StatusOK || owed(t, c, member) != nil {
					t.Errorf("%s, %s: after accepting: %d, owing %v", from, to, r.Status, owed(t, c, member))
				}
			}
		}
	}
	if found := verified(t, c); len(found.Mismatches) != 0 {
		t.Errorf("%+v", found.Mismatches)
	}
}

type reported struct {
	Concerned, Done, Refused int
	Items                    []struct {
		Member struct{ ID string }
		State  string
	}
}

// standsAs is how the report of a policy's newest version shows a member.
func standsAs(t *testing.T, editor *hookstest.Client, slug, member string) string {
	t.Helper()
	r := editor.Get("/manage/policies/" + slug + "/acknowledgements")
	for _, item := range hookstest.Into[reported](r).Items {
		if item.Member.ID == member {
			return item.State
		}
	}
	t.Fatalf("%s of %s: %d %s", slug, member, r.Status, r.Body)
	return ""
}

// A refusal is of a role as well: who has another one is asked, and not held to what they refused before.
func TestARefusalEndsWithTheRole(t *testing.T) {
	c := hookstest.New(t)
	editor, member := c.Staff("policies"), c.Patient()
	if r := draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(48 * time.Hour)}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	d := read(t, c, "/policies/privacy")
	refuse := func() *hookstest.Response {
		return member.Post("/policies/privacy/refuse", object{"version": d.Version, "sha256": d.SHA256, "outcome": policy.ReadOnly})
	}
	refused := func() bool { return strings.Contains(string(member.Get("/me").Body), `"refused":true`) }
	if r := refuse(); r.Status != http.StatusOK || !refused() || standsAs(t, editor, "privacy", member.ID) != "refused" {
		t.Fatalf("as a patient: %d %s", r.Status, r.Body)
	}
	c.Become(member, clinic.Caregiver)
	if refused() || standsAs(t, editor, "privacy", member.ID) != "missing" || !slices.Contains(owed(t, c, member), "privacy") {
		t.Errorf("as a caregiver: %s, the report says %s", member.Get("/me").Body, standsAs(t, editor, "privacy", member.ID))
	}
	if r := refuse(); r.Status != http.StatusOK || !refused() || standsAs(t, editor, "privacy", member.ID) != "refused" {
		t.Errorf("refused as a caregiver too: %d %s", r.Status, r.Body)
	}
	c.Become(member, clinic.Patient)
	if refused() || standsAs(t, editor, "privacy", member.ID) != "missing" {
		t.Error("a refusal of the time before the other role counts again")
	}
	accept(t, member, d)
	if got := standsAs(t, editor, "privacy", member.ID); got != "done" || slices.Contains(owed(t, c, member), "privacy") {
		t.Errorf("accepted after all: %s", got)
	}
}

// The authorization was given as a patient: as a caregiver they are asked for it, and as one who works here it is in force no more.
func TestAnAuthorizationEndsWithTheRole(t *testing.T) {
	c := hookstest.New(t)
	editor, member := c.Staff("policies"), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, member)
	write := func() string {
		return member.Post("/communities/"+room+"/posts", object{"body": "Which bread has little salt?"}).Code()
	}
	look := func() granting { return hookstest.Into[granting](member.Get("/authorizations/sharing")) }
	become := func(role clinic.Role) {
		t.Helper()
		c.Become(member, role)
		for _, slug := range forRole(role) {
			accept(t, member, read(t, c, "/policies/"+slug))
		}
	}
	sum := look().SHA256
	if !look().Granted || look().Lapsed != "" || write() != "" {
		t.Fatalf("as a patient: %+v", look())
	}
	become(clinic.Caregiver)
	if g := look(); g.Granted || g.Lapsed != "patient" || !g.Concerns || len(g.History) != 1 || g.History[0].Role != "patient" ||
		!slices.Equal(kinds(g.Owes), []string{"authorization sharing write"}) || write() != "policy_acknowledgement_required" || standsAs(t, editor, "sharing", member.ID) != "missing" {
		t.Errorf("as a caregiver: %+v", g)
	}
	if g := hookstest.Into[granting](member.Delete("/authorizations/sharing")); g.Granted || len(g.History) != 1 {
		t.Errorf("what is not in force was taken back: %+v", g)
	}
	for range 2 {
		if r := member.Post("/authorizations/sharing", object{"sha256": sum}); r.Status != http.StatusOK {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	if g := look(); !g.Granted || g.Lapsed != "" || len(g.History) != 2 || write() != "" || standsAs(t, editor, "sharing", member.ID) != "done" {
		t.Errorf("given as a caregiver: %+v", g)
	}
	member.Delete("/authorizations/sharing")
	if got := standsAs(t, editor, "sharing", member.ID); got != "refused" {
		t.Errorf("taken back as a caregiver: %s", got)
	}
	become(clinic.Patient)
	if g := look(); g.Granted || g.Lapsed != "" || len(g.History) != 3 || write() != "policy_acknowledgement_required" || standsAs(t, editor, "sharing", member.ID) != "missing" {
		t.Errorf("a patient again: %+v, %s", g, standsAs(t, editor, "sharing", member.ID))
	}
	member.Post("/authorizations/sharing", object{"sha256": sum})
	become(clinic.Staff)
	for _, g := range []granting{look(), hookstest.Into[granting](member.Delete("/authorizations/sharing"))} {
		if g.Granted || g.GrantedOn != nil || g.Lapsed != "patient" || g.Concerns || len(g.History) != 4 {
			t.Errorf("as one who works here: %+v", g)
		}
	}
	if r := member.Post("/authorizations/sharing", object{"sha256": sum}); r.Status != http.StatusForbidden {
		t.Errorf("who works here gave it: %d %s", r.Status, r.Body)
	}
}

// What was signed on paper counts for the role of that day.
func TestAPaperIsOfItsRole(t *testing.T) {
	c := hookstest.New(t)
	witness, member := c.Staff(), c.Owing(clinic.Patient)
	sign := func() {
		t.Helper()
		r := witness.Post("/manage/policies/privacy/acknowledgements", object{"member": member.ID, "number": 1, "language": "en", "method": "paper"})
		if r.Status != http.StatusCreated {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
	}
	for i, role := range []clinic.Role{clinic.Patient, clinic.Caregiver, clinic.Patient} {
		if i > 0 {
			c.Become(member, role)
		}
		if !slices.Contains(owed(t, c, member), "privacy") {
			t.Errorf("as a %s a paper of before counts", role)
		}
		sign()
		if slices.Contains(owed(t, c, member), "privacy") {
			t.Errorf("as a %s the paper does not count", role)
		}
	}
}
