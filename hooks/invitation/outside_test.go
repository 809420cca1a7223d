package invitation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// TestWhoMayInviteAnOutsideDoctorWhere: a provider, into provider rooms that they are in, and at least into one.
func TestWhoMayInviteAnOutsideDoctorWhere(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	room := c.Community(clinic.KindProviderRoom, []*hookstest.Client{provider})
	others := c.Community(clinic.KindProviderRoom, []*hookstest.Client{c.Founder()})
	inside := c.Outside()
	c.Join(room, inside, false)
	form := func(n int, rooms ...string) object {
		return object{"email": fmt.Sprintf("d%d@mail.example", n), "role": "outside", "communities": rooms}
	}
	for n, test := range []struct {
		what  string
		who   *hookstest.Client
		rooms []string
		code  string // of the fault, or the state
	}{
		{"into a room of theirs", provider, []string{room}, "queued"},
		{"into no room", provider, nil, "communities:required"},
		{"into a provider room that they are not in", provider, []string{room, others}, "invitation_community_not_yours"},
		{"by staff, who know of no provider room", staff, []string{room}, "communities:invalid"},
		{"by an outside doctor", inside, []string{room}, "not_allowed"},
		{"by a patient", c.Patient(), []string{room}, "not_allowed"},
	} {
		r := test.who.Post("/invitations", form(n, test.rooms...))
		got := r.Code()
		if r.Status == 201 {
			got = hookstest.Into[made](r).Status
		}
		if got != test.code {
			t.Errorf("%s: %d %q, want %q", test.what, r.Status, got, test.code)
		}
	}
	for n, kind := range clinic.CommunityKinds {
		if kind == clinic.KindProviderRoom {
			continue
		}
		id := c.Community(kind, []*hookstest.Client{provider})
		expect(t, "into a "+kind, provider.Post("/invitations", form(100+n, room, id)), 400, "communities:invitation_outside_room")
	}
	for _, word := range []string{"outside", "outside doctor", "externo"} {
		rows := hookstest.Into[imported](upload(provider, "email,role\nrow@mail.example,"+word+"\n", nil, "dry_run")).Rows
		if len(rows) != 1 || rows[0].Reason.Code != "import_role_unknown" {
			t.Errorf("by a file, as %q: %+v", word, rows)
		}
	}
}

// TestAnOutsideDoctorJoins from the link: under their own name, with the policies of who is here by profession, into the room and nothing
// else; nobody but a provider ever holds the link.
func TestAnOutsideDoctorJoins(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	room := c.Community(clinic.KindProviderRoom, []*hookstest.Client{provider})
	id := invite(t, provider, object{"email": newcomer, "role": "outside", "communities": []string{room}})
	expect(t, "printed by staff", staff.Get("/invitations/"+id+"/letter"), 403, "not_allowed")
	if seen := hookstest.Into[shown](staff.Get("/invitations/" + id)); seen.Can.Print || seen.Can.Link || seen.Can.Resend || len(seen.Communities) != 0 {
		t.Errorf("staff may hand it out, or read of its room: %+v", seen)
	}
	token := link(t, provider, id)
	type offered struct {
		Role           clinic.Role
		SuggestedNames []string `json:"suggested_names"`
		Policies       []struct{ Slug, SHA256 string }
	}
	offer := hookstest.Into[offered](c.Guest().Post("/invitations/open", object{"token": token}))
	var slugs []string
	for _, one := range offer.Policies {
		slugs = append(slugs, one.Slug)
	}
	if offer.Role != clinic.Outside || len(offer.SuggestedNames) != 0 || !slices.Contains(slugs, "staff-social-media") || slices.Contains(slugs, "sharing") {
		t.Errorf("what is offered: %+v", offer)
	}
	visitor := c.Guest()
	form := joining(token)
	form["title"] = "MD"
	accepted := visitor.Post("/invitations/accept", form)
	type joined struct {
		Role   clinic.Role
		Title  string
		Rights []string
		Owes   []clinic.Owed
	}
	me := hookstest.Into[joined](accepted)
	if me.Role != clinic.Outside || me.Title != "MD" || len(me.Rights) != 0 {
		t.Errorf("who came in: %d %s", accepted.Status, accepted.Body)
	}
	if len(me.Owes) != len(slugs) {
		t.Errorf("owes %+v, was shown %v", me.Owes, slugs)
	}
	if there := hookstest.Into[struct{ Outside []struct{ Name string } }](provider.Get("/communities/" + room)).Outside; len(there) != 1 || there[0].Name != "Quiet Maple" {
		t.Errorf("the providers see in the room %+v", there)
	}
	record, err := c.App.FindAuthRecordByEmail(clinic.Users, newcomer)
	if err != nil {
		t.Fatal(err)
	}
	// A second invitation opens no other room to them, whatever it is for, and nobody but an admin moves their account.
	expect(t, "invited again", provider.Post("/invitations", object{"email": newcomer, "role": "patient"}), 409, "already_a_member")
	expect(t, "their account moved by a provider", provider.Post("/members/"+record.Id+"/invite-again", object{"email": "moved@mail.example"}), 403, "not_allowed")
	expect(t, "their account moved by an admin", c.Founder().Post("/members/"+record.Id+"/invite-again", object{"email": "moved@mail.example"}), 201, "")
	record.Set("role", "provider")
	if err := c.House.Save(c.App, record); err == nil {
		t.Error("an outside doctor was made a provider of the practice")
	}
}

// TestAnOldInvitationMakesNoOutsideDoctorAPatient: an address was invited as a patient, too, before: of two open invitations there is one.
func TestAnOldInvitationMakesNoOutsideDoctorAPatient(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	room, open := c.Community(clinic.KindProviderRoom, []*hookstest.Client{provider}), c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	invite(t, provider, object{"email": newcomer, "role": "patient", "communities": []string{open}})
	expect(t, "as an outside doctor besides", provider.Post("/invitations", object{"email": newcomer, "role": "outside", "communities": []string{room}}), 409, "invitation_open_already")
	if text := string(provider.Get("/invitations?q=" + newcomer).Body); strings.Contains(text, `"outside"`) {
		t.Errorf("both stand there: %s", text)
	}
}
