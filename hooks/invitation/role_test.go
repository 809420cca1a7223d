package invitation_test

import (
	"slices"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// changing is what the join page says before the click.
type changing struct {
	Joining   bool
	NeedsCode bool `json:"needs_code"`
	Change    *struct {
		From, To string
		Rights   []string
		Leaves   []struct{ ID, Name string }
	}
}

func roleOf(t testing.TB, c *hookstest.Clinic, id string) string {
	t.Helper()
	member, err := c.App.FindRecordById(clinic.Users, id)
	if err != nil {
		t.Fatal(err)
	}
	return member.GetString("role")
}

// role makes an invitation for another role to a member's address, and gives its token.
func role(t testing.TB, by, of *hookstest.Client, role string) string {
	t.Helper()
	return link(t, by, invite(t, by, object{"email": of.Email, "role": role}))
}

func audited(t testing.TB, c *hookstest.Clinic, action, subject string) (n int) {
	t.Helper()
	err := c.App.DB().NewQuery("SELECT COUNT(*) FROM audit_entries WHERE action = '" + action + "' AND subject = '" + subject + "'").Row(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A patient begins to work here: told before, by their own click, once, and nothing of the community is theirs until they have
// acknowledged what applies to the new role.
func TestAnotherRoleByTheirOwnClick(t *testing.T) {
	c := hookstest.New(t)
	provider, patient := c.Provider(), c.Patient()
	kept := c.Community(clinic.KindCondition, []*hookstest.Client{provider}, patient)
	ended := c.Community(clinic.KindCondition, []*hookstest.Client{provider}, patient)
	expect(t, "a room without staff", provider.Patch("/communities/"+ended, object{"presence": "providers"}), 200, "")
	staffRoom := c.Community(clinic.KindStaffRoom, []*hookstest.Client{provider})

	id := invite(t, provider, object{"email": patient.Email, "role": "staff", "communities": []string{staffRoom}, "code": "402915"})
	token := link(t, provider, id)
	expect(t, "somebody who is not signed in", c.Guest().Post("/invitations/open", object{"token": token}), 409, "already_a_member")
	expect(t, "they, not signed in", c.Guest().Post("/invitations/accept", joining(token)), 409, "already_a_member")
	for range 3 {
		seen := hookstest.Into[changing](patient.Post("/invitations/open", object{"token": token}))
		if !seen.Joining || !seen.NeedsCode || seen.Change == nil || seen.Change.From != "patient" || seen.Change.To != "staff" || len(seen.Change.Rights) != 0 ||
			len(seen.Change.Leaves) != 1 || seen.Change.Leaves[0].ID != ended {
			t.Fatalf("%+v", seen)
		}
	}
	if v, err := c.House.Member(patient.ID); err != nil || v.Role != clinic.Patient || !v.In(ended) || v.In(staffRoom) || roleOf(t, c, patient.ID) != "patient" {
		t.Errorf("to look changed something: %+v, %v", v, err)
	}
	if got := audited(t, c, "member.role", "users/"+patient.ID); got != 0 {
		t.Errorf("%d lines of what was only looked at", got)
	}
	c.Pass(access.FreshFor + time.Second)
	form := object{"token": token, "code": "402915"}
	expect(t, "with a password of some time ago", patient.Post("/invitations/accept", form), 403, "fresh_sign_in_required")
	expect(t, "the password", patient.Post("/session/fresh", object{"password": hookstest.Password}), 200, "")
	expect(t, "without the code", patient.Post("/invitations/accept", object{"token": token}), 400, "invitation_needs_code")
	expect(t, "a wrong code", patient.Post("/invitations/accept", object{"token": token, "code": "111111"}), 403, "invitation_code_wrong")

	r := patient.Post("/invitations/accept", form)
	me := hookstest.Into[access.Me](r)
	if r.Status != 201 || me.ID != patient.ID || me.Role != clinic.Staff || !slices.ContainsFunc(me.Owes, func(o clinic.Owed) bool { return o.Slug == "staff-social-media" && o.Blocks == clinic.BlocksAll }) {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	expect(t, "the session there was", patient.Get("/me"), 401, "sign_in_required")
	patient.Token = sessionOf(t, r)
	expect(t, "the room they were in", patient.Get("/communities/"+kept+"/posts"), 403, "policy_acknowledgement_required")
	expect(t, "the list of members", patient.Get("/members"), 403, "policy_acknowledgement_required")
	for _, owed := range me.Owes {
		if owed.Kind == clinic.OwedPolicy {
			text := hookstest.Into[policy](patient.Get("/policies/" + owed.Slug))
			expect(t, owed.Slug, patient.Post("/policies/"+owed.Slug+"/acknowledge", object{"version": text.Version, "sha256": text.SHA256}), 200, "")
		}
	}
	for room, want := range map[string]int{kept: 200, staffRoom: 200, ended: 404} {
		if got := patient.Get("/communities/" + room + "/posts").Status; got != want {
			t.Errorf("a room: %d, want %d", got, want)
		}
	}
	expect(t, "what staff may", patient.Get("/members"), 200, "")
	expect(t, "what providers may", patient.Post("/communities", object{"name": "Mine", "kind": "condition"}), 403, "not_allowed")
	expect(t, "a second time", patient.Post("/invitations/accept", form), 409, "invitation_used")
	if got := audited(t, c, "member.role", "users/"+patient.ID); got != 1 {
		t.Errorf("%d lines", got)
	}
	if got := audited(t, c, "community.remove_member", "users/"+patient.ID); got != 1 {
		t.Errorf("%d lines of the room that ended", got)
	}
}

// Who leads hands over first; then what is not for the new role ends: rooms, rights, title, and the invitations they made out.
func TestAProviderWhoIsNoneAnyMore(t *testing.T) {
	c := hookstest.New(t)
	founder, leaving, colleague := c.Founder(), c.Provider("moderate"), c.Provider()
	condition := c.Community(clinic.KindCondition, []*hookstest.Client{leaving, colleague})
	room := c.Community(clinic.KindProviderRoom, []*hookstest.Client{colleague}, leaving)
	theirs := link(t, leaving, invite(t, leaving, object{"email": newcomer, "role": "patient"}))
	back := invite(t, founder, object{"email": "unused@mail.example", "role": "patient"})
	expect(t, "inviting them again", founder.Post("/members/"+leaving.ID+"/invite-again", object{"email": "moving@mail.example"}), 201, "")

	token := role(t, founder, leaving, "patient")
	for _, door := range []string{"open", "accept"} {
		r := leaving.Post("/invitations/"+door, object{"token": token})
		expect(t, door+" while they lead", r, 409, "role_hand_over_first")
	}
	if got := roleOf(t, c, leaving.ID); got != "provider" {
		t.Fatalf("refused, and yet a %s", got)
	}
	expect(t, "handing over", leaving.Post("/communities/"+condition+"/lead", object{"to": colleague.ID, "step_down": true}), 200, "")
	seen := hookstest.Into[changing](leaving.Post("/invitations/open", object{"token": token})).Change
	if seen == nil || !slices.Equal(seen.Rights, []string{"moderate"}) || len(seen.Leaves) != 1 || seen.Leaves[0].ID != room {
		t.Errorf("%+v", seen)
	}
	expect(t, "then", leaving.Post("/invitations/accept", object{"token": token}), 201, "")
	v, err := c.House.Member(leaving.ID)
	if err != nil || v.Role != clinic.Patient || len(v.Rights) != 0 || v.Title != "" || v.In(room) || !v.In(condition) || v.Leads(condition) {
		t.Errorf("%+v %v", v, err)
	}
	expect(t, "whom they invited", c.Guest().Post("/invitations/accept", joining(theirs)), 409, "invitation_inviter_gone")
	if got := hookstest.Into[page](founder.Get("/invitations?q=moving@")).Items; len(got) != 1 || got[0].Status != "revoked" {
		t.Errorf("the way back into the account as a provider: %+v", got)
	}
	expect(t, "another's invitation", founder.Post("/invitations/"+back+"/revoke", object{}), 200, "")
}

// There is always an admin, and of who is trusted with more than their own account an admin decides, at each step.
func TestWhoMayOfferAnotherRole(t *testing.T) {
	c := hookstest.New(t)
	founder, provider, staff, patient := c.Founder(), c.Provider(), c.Staff(), c.Patient()
	ask := func(email, role string) object { return object{"email": email, "role": role} }
	expect(t, "the role they have", provider.Post("/invitations", ask(patient.Email, "patient")), 409, "already_a_member")
	expect(t, "of staff, by no admin", provider.Post("/invitations", ask(staff.Email, "patient")), 409, "already_a_member")
	expect(t, "of an admin, by no admin", provider.Post("/invitations", ask(founder.Email, "staff")), 409, "already_a_member")
	expect(t, "a patient", patient.Post("/invitations", ask(patient.Email, "provider")), 403, "not_allowed")

	// Staff propose, and nothing comes of it before a provider approves, who is asked as if it were theirs.
	other := c.Staff()
	proposal := invite(t, staff, ask(other.Email, "provider"))
	expect(t, "its link", staff.Post("/invitations/"+proposal+"/link", object{}), 403, "not_allowed")
	expect(t, "approving of staff, by no admin", provider.Post("/invitations/"+proposal+"/approve", object{}), 409, "already_a_member")
	expect(t, "approving by an admin", founder.Post("/invitations/"+proposal+"/approve", object{}), 200, "")
	if got := roleOf(t, c, other.ID); got != "staff" {
		t.Fatalf("approved, and already a %s", got)
	}
	token := link(t, founder, proposal)
	expect(t, "somebody else's click", patient.Post("/invitations/accept", object{"token": token}), 409, "signed_in_as_someone_else")
	expect(t, "their own click", other.Post("/invitations/accept", object{"token": token}), 201, "")

	// What an admin offered is not good any more once they are none.
	admin := c.Provider("admin")
	offered := role(t, admin, staff, "patient")
	expect(t, "taking the right", founder.Put("/members/"+admin.ID+"/rights", object{"rights": []string{}}), 200, "")
	for _, door := range []string{"open", "accept"} {
		expect(t, door+" what an admin offered before", staff.Post("/invitations/"+door, object{"token": offered}), 409, "role_change_needs_admin")
	}
	token = role(t, founder, founder, "patient")
	for _, door := range []string{"open", "accept"} {
		expect(t, door+" as the last admin", founder.Post("/invitations/"+door, object{"token": token}), 409, "last_admin")
	}
	if roleOf(t, c, founder.ID) != "provider" || roleOf(t, c, staff.ID) != "staff" {
		t.Error("what was refused was done")
	}
}

// Only providers invite: there is always one.
func TestTheLastProviderStays(t *testing.T) {
	c := hookstest.New(t)
	founder, colleague := c.Founder(), c.Provider()
	suspend(t, c, colleague.ID)
	token := role(t, founder, founder, "staff")
	for _, door := range []string{"open", "accept"} {
		expect(t, door+" as the last provider", founder.Post("/invitations/"+door, object{"token": token}), 409, "last_provider")
	}
	c.Provider()
	expect(t, "as one of two", founder.Post("/invitations/accept", object{"token": token}), 201, "")
}

// Even our own code changes a role only by an invitation that its owner accepted a moment ago.
func TestNoNewRoleByAnInvitationOfBefore(t *testing.T) {
	c := hookstest.New(t)
	provider, patient, other := c.Provider(), c.Patient(), c.Patient()
	now := c.House.Now()
	change := func(fields object) error {
		record, err := c.App.FindRecordById(clinic.Users, patient.ID)
		if err != nil {
			t.Fatal(err)
		}
		record.Load(fields)
		return c.House.Save(c.App, record)
	}
	for what, fields := range map[string]object{
		"accepted by nobody yet":    {"member": ""},
		"accepted by another":       {"member": other.ID},
		"accepted some time ago":    {"accepted_at": now.Add(-2 * time.Minute)},
		"for another address":       {"email": newcomer},
		"for another role":          {"role": "provider"},
		"opened, and not accepted":  {"status": "opened"},
		"approved by a patient":     {"approved_by": other.ID},
		"for the return of another": {"returning": other.ID},
	} {
		basis := object{"email": patient.Email, "role": "staff", "member": patient.ID, "accepted_at": now}
		for field, value := range fields {
			basis[field] = value
		}
		if change(object{"role": "staff", "invitation": accepted(t, c, provider.ID, basis).Id}) == nil {
			t.Errorf("%s: it was saved", what)
		}
	}
	fits := accepted(t, c, provider.ID, object{"email": patient.Email, "role": "staff", "member": patient.ID, "accepted_at": now})
	if change(object{"role": "staff", "email": newcomer, "invitation": fits.Id}) == nil {
		t.Error("an address came with it")
	}
	if err := change(object{"role": "staff", "invitation": fits.Id}); err != nil {
		t.Error(err)
	}
}

// A list brings people in: a row of it changes nobody's role.
func TestAListChangesNobodysRole(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	r := upload(c.Founder(), "email,role\n"+patient.Email+",staff\n", nil, "dry_run")
	rows := hookstest.Into[imported](r).Rows
	if len(rows) != 1 || rows[0].Status != "problem" || rows[0].Reason.Code != "already_a_member" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
