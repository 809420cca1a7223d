package invitation_test

import (
	"strings"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// A member lost their mailbox: a provider invites them again, and the same account opens at the new address.
func TestLostMailbox(t *testing.T) {
	c := hookstest.New(t)
	mail := c.Mail()
	provider, patient := c.Provider(), c.Patient()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider}, patient)
	old := patient.Email
	path := "/members/" + patient.ID + "/invite-again"

	expect(t, "staff", c.Staff().Post(path, object{"email": newcomer}), 403, "not_allowed")
	expect(t, "a patient", c.Patient().Post(path, object{"email": newcomer}), 403, "not_allowed")
	expect(t, "nobody", provider.Post("/members/nosuchmemberxx/invite-again", object{"email": newcomer}), 404, "not_found")
	expect(t, "no address", provider.Post(path, object{}), 400, "email:required")
	expect(t, "the same address", provider.Post(path, object{"email": old}), 409, "member_address_same")
	expect(t, "another member's", provider.Post(path, object{"email": provider.Email}), 409, "member_address_taken")
	expect(t, "a colleague, by no admin", provider.Post("/members/"+c.Provider().ID+"/invite-again", object{"email": newcomer}), 403, "not_allowed")
	expect(t, "a patient with rights", provider.Post("/members/"+c.Founder().ID+"/invite-again", object{"email": newcomer}), 403, "not_allowed")

	r := provider.Post(path, object{"email": newcomer})
	expect(t, "a provider", r, 201, "")
	id := hookstest.Into[made](r).ID
	expect(t, "twice", provider.Post(path, object{"email": newcomer}), 409, "invitation_open_already")
	warned := mail.To(t, old)
	if len(warned.Links()) > 1 || strings.Contains(warned.Text, newcomer) { // the policies' link alone
		t.Errorf("the old address reads: %s", warned.Text)
	}
	token := tokenOf(t, mail.To(t, newcomer).Link())
	guest := c.Guest()
	seen := hookstest.Into[offer](guest.Post("/invitations/open", object{"token": token}))
	if !seen.Returning || seen.Name == "" || len(seen.SuggestedNames) != 0 {
		t.Errorf("%+v", seen)
	}
	r = guest.Post("/invitations/accept", object{"token": token, "password": "another long one for me"})
	me := hookstest.Into[access.Me](r)
	if r.Status != 201 || me.ID != patient.ID || me.Email != newcomer || me.Name != seen.Name || len(me.Owes) != 0 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	expect(t, "the session there was", patient.Get("/me"), 401, "sign_in_required")
	back := c.Guest()
	back.Token = sessionOf(t, r)
	expect(t, "the new session", back.Get("/me"), 200, "")
	if v, err := c.House.Member(patient.ID); err != nil || !v.In(community) {
		t.Errorf("%+v %v", v, err)
	}
	expect(t, "the old address signs in", guest.Post("/session", object{"email": old, "password": hookstest.Password}), 401, "sign_in_wrong")
	expect(t, "the new one with the old password", guest.Post("/session", object{"email": newcomer, "password": hookstest.Password}), 401, "sign_in_wrong")
	expect(t, "the new one", guest.Post("/session", object{"email": newcomer, "password": "another long one for me"}), 200, "")
	if got := timeline(provider, id); !strings.HasSuffix(got, "accepted") {
		t.Error(got)
	}
	// A second time, and back: the account moves by the latest accepted invitation only.
	c.Pass(time.Hour)
	provider = c.SignedIn(provider.ID)
	expect(t, "back to the old address", provider.Post(path, object{"email": old}), 201, "")
	suspend(t, c, patient.ID)
	expect(t, "a suspended member", provider.Post(path, object{"email": "third@mail.example"}), 409, "member_not_active")
}

// Who is removed is forgotten here too, and no invitation opens the account again.
func TestRemovedMemberIsForgotten(t *testing.T) {
	c := hookstest.New(t)
	provider, patient := c.Provider(), c.Patient()
	id := hookstest.Into[made](provider.Post("/members/"+patient.ID+"/invite-again", object{"email": newcomer})).ID
	token := link(t, provider, id)
	expect(t, "removing", c.Founder().Post("/members/"+patient.ID+"/remove", object{"reason": "moved away"}), 200, "")
	var kept int
	err := c.App.DB().NewQuery("SELECT count(*) FROM invitations WHERE email IN ('" + patient.Email + "', '" + newcomer + "')").Row(&kept)
	if err != nil || kept != 0 {
		t.Errorf("%d invitations still name the address, %v", kept, err)
	}
	expect(t, "the way back", c.Guest().Post("/invitations/accept", joining(token)), 410, "invitation_revoked")
	invite(t, provider, object{"email": patient.Email, "role": "patient"}) // they can be invited anew
}
