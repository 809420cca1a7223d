package invitation_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// Whoever holds a token can accept in its holder's place: what makes somebody a provider, or opens an account that is there,
// is not for the front desk to print, and an admin's account not for another provider to take.
func TestWhoGetsHoldOfTokens(t *testing.T) {
	c := hookstest.New(t)
	admin, provider, staff := c.Founder(), c.Provider(), c.Staff()
	colleague := c.Provider("admin")
	patient := c.Patient()
	asProvider := invite(t, staff, object{"email": "chosen-by@desk.example", "role": "provider"})
	expect(t, "approving", provider.Post("/invitations/"+asProvider+"/approve", object{}), 200, "")
	back := hookstest.Into[made](provider.Post("/members/"+patient.ID+"/invite-again", object{"email": "new@mail.example"})).ID
	trusted := hookstest.Into[made](admin.Post("/members/"+colleague.ID+"/invite-again", object{"email": "moved@mail.example"})).ID

	for _, each := range []struct {
		what, id         string
		who              *hookstest.Client
		print, link, can bool
	}{
		{"a provider's, staff", asProvider, staff, false, false, false},
		{"a provider's, a provider", asProvider, provider, true, true, true},
		{"back into an account, staff", back, staff, false, false, false},
		{"back into an account, a provider", back, provider, true, true, true},
		{"back into an admin's, staff", trusted, staff, false, false, false},
		{"back into an admin's, a provider", trusted, provider, false, false, false},
		{"back into an admin's, an admin", trusted, admin, true, true, true},
	} {
		want := func(may bool) (int, string) {
			if may {
				return 200, ""
			}
			return 403, "not_allowed"
		}
		status, code := want(each.print)
		letter := each.who.Get("/invitations/" + each.id + "/letter")
		expect(t, each.what+", the letter", letter, status, code)
		if !each.print && strings.Contains(string(letter.Body), "join#") {
			t.Errorf("%s: the refusal holds the link", each.what)
		}
		status, code = want(each.link)
		if status == 200 {
			status = 201
		}
		expect(t, each.what+", a link", each.who.Post("/invitations/"+each.id+"/link", object{}), status, code)
		status, code = want(each.link)
		expect(t, each.what+", sending again", each.who.Post("/invitations/"+each.id+"/resend", object{"code": ""}), status, code)
		can := hookstest.Into[shown](each.who.Get("/invitations/" + each.id)).Can
		if can.Print != each.can || can.Link != each.can || can.Resend != each.can {
			t.Errorf("%s: %+v", each.what, can)
		}
	}
}

// A community's name tells what its patients have: the list of invitations names it to those who may know, as the list of
// people does, and a file cannot be used to find out which there are.
func TestInvitationsKeepCommunitiesToThemselves(t *testing.T) {
	c := hookstest.New(t)
	lead, other, staff := c.Provider(), c.Provider(), c.Staff()
	programme := c.Community(clinic.KindProgramme, []*hookstest.Client{lead})
	open := c.Community(clinic.KindCondition, []*hookstest.Client{lead})
	secret := hookstest.Into[struct{ Name string }](lead.Get("/communities/" + programme)).Name
	id := invite(t, lead, object{"email": newcomer, "role": "patient", "communities": []string{programme, open}})
	for what, who := range map[string]*hookstest.Client{"staff": staff, "another provider": other} {
		for _, path := range []string{"/invitations", "/invitations/" + id} {
			if body := string(who.Get(path).Body); strings.Contains(body, secret) || strings.Contains(body, programme) || strings.Contains(body, open) {
				t.Errorf("%s is told the communities of a patient at %s: %.300s", what, path, body)
			}
		}
	}
	for what, who := range map[string]*hookstest.Client{"the lead": lead, "an admin": c.Founder()} {
		if got := hookstest.Into[shown](who.Get("/invitations/" + id)); len(got.Communities) != 2 {
			t.Errorf("%s: %+v", what, got.Communities)
		}
	}
	// Who proposed it knows what they wrote; what is hidden from them answers as what is not there.
	own := invite(t, staff, object{"email": "b@mail.example", "role": "patient", "communities": []string{open}})
	if got := hookstest.Into[shown](staff.Get("/invitations/" + own)); len(got.Communities) != 1 {
		t.Errorf("their own proposal: %+v", got.Communities)
	}
	hidden := staff.Post("/invitations", object{"email": "c@mail.example", "role": "patient", "communities": []string{programme}})
	none := staff.Post("/invitations", object{"email": "c@mail.example", "role": "patient", "communities": []string{"nosuchcommunity"}})
	if hidden.Status != none.Status || string(hidden.Body) != string(none.Body) {
		t.Errorf("a hidden community and none differ:\n%s\n%s", hidden.Body, none.Body)
	}
	file := func(name string) string {
		rows := hookstest.Into[imported](upload(staff, "email,communities\nd@mail.example,"+name+"\n", nil, "dry_run")).Rows
		return strings.ReplaceAll(fmt.Sprintf("%+v", rows), name, "NAME")
	}
	if there, gone := file(secret), file("No Such Room"); there != gone {
		t.Errorf("a file tells which communities there are:\n%s\n%s", there, gone)
	}
	// A provider who is not in it cannot approve it, and is not told its name either.
	proposal := invite(t, lead, object{"email": "e@mail.example", "role": "patient", "communities": []string{programme}})
	_, err := c.App.DB().NewQuery("UPDATE invitations SET status = 'proposed' WHERE id = '" + proposal + "'").Execute()
	if err != nil {
		t.Fatal(err)
	}
	refused := other.Post("/invitations/"+proposal+"/approve", object{})
	expect(t, "approving from outside", refused, 403, "invitation_community_not_yours")
	if strings.Contains(string(refused.Body), secret) {
		t.Errorf("the refusal names it: %s", refused.Body)
	}
}

// The desk brings in a list, and one row of it is a provider: approving the list makes nobody a provider unseen.
func TestApprovingAListTakesNoRowThatWorksHere(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	batch := hookstest.Into[imported](upload(staff, "email,role\na@mail.example,patient\nb@mail.example,provider\nc@mail.example,caregiver\nd@mail.example,staff\n", nil)).Batch
	expect(t, "approving the list", provider.Post("/invitations/approve", object{"batch": batch}), 200, "")
	for _, item := range hookstest.Into[page](provider.Get("/invitations?batch=" + batch)).Items {
		want := "queued"
		if clinic.Role(item.Role).Works() {
			want = "proposed"
		}
		if item.Status != want {
			t.Errorf("a %s is %s, want %s", item.Role, item.Status, want)
		}
		if want == "proposed" {
			expect(t, "approving them by name", provider.Post("/invitations/approve", object{"ids": []string{item.ID}}), 200, "")
		}
	}
	if got := hookstest.Into[page](provider.Get("/invitations?batch=" + batch)); got.Counts["queued"] != 4 {
		t.Errorf("in the end: %v", got.Counts)
	}
}

// A link that is asked for twice, since the first answer was lost, is the same link, and the answer is kept nowhere.
func TestTheSameLinkForOneKey(t *testing.T) {
	c := hookstest.New(t)
	provider, colleague := c.Provider(), c.Provider()
	id := invite(t, provider, object{"email": newcomer, "role": "patient"})
	other := invite(t, provider, object{"email": "other@mail.example", "role": "patient"})
	key := hookstest.Key()
	ask := func(who *hookstest.Client, id string, headers ...http.Header) string {
		t.Helper()
		r := who.Do("POST", "/invitations/"+id+"/link", object{}, headers...)
		expect(t, "a link", r, 201, "")
		return tokenOf(t, hookstest.Into[struct{ Link string }](r).Link)
	}
	first := ask(provider, id, key)
	if ask(provider, id, key) != first {
		t.Error("the same request gave another link")
	}
	seen := map[string]bool{first: true}
	for _, another := range []string{ask(provider, id), ask(provider, id, hookstest.Key()), ask(colleague, id, key), ask(provider, other, key)} {
		if seen[another] {
			t.Error("another request gave the same link")
		}
		seen[another] = true
	}
	if got := timeline(provider, id); strings.Count(got, "link_made") != 4 {
		t.Error(got)
	}
	var kept int
	err := c.App.DB().NewQuery("SELECT COUNT(*) FROM idempotency_keys WHERE body LIKE '%" + first + "%'").Row(&kept)
	if err != nil || kept != 0 {
		t.Errorf("the link is kept %d times, %v", kept, err)
	}
	expect(t, "the link", c.Guest().Post("/invitations/accept", joining(first)), 201, "")
	expect(t, "again, afterwards", provider.Do("POST", "/invitations/"+id+"/link", object{}, key), 409, "invitation_not_now")
}
