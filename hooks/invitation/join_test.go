package invitation_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestEveryOtherWayHasANextStep(t *testing.T) {
	c := hookstest.New(t)
	provider, guest := c.Provider(), c.Guest()
	id := invite(t, provider, object{"email": newcomer, "role": "patient"})
	token := link(t, provider, id)
	for _, wrong := range []string{"", "x", strings.Repeat("a", 43), token + "a", strings.Repeat("b", 5000)} {
		for _, door := range []string{"open", "accept", "decline", "ask-again"} {
			r := guest.Post("/invitations/"+door, object{"token": wrong})
			expect(t, door+" with a token that is none", r, 404, "invitation_unknown")
			if practice, _ := params(r)["practice"].(map[string]any); practice["name"] == "" {
				t.Errorf("%s: no practice", door)
			}
		}
	}
	for door, want := range map[string]int{"open": 404, "accept": 404, "decline": 404} {
		if status := guest.Get("/invitations/" + door).Status; status != 401 && status != want && status != 405 {
			t.Errorf("GET %s: %d", door, status)
		}
	}
	if got := timeline(provider, id); got != "approved queued link_made" {
		t.Errorf("something was noted: %s", got)
	}
	ask := func(want string) {
		t.Helper()
		r := guest.Post("/invitations/ask-again", object{"token": token})
		if said := hookstest.Into[struct{ Message string }](r).Message; r.Status != 200 || !strings.Contains(said, want) {
			t.Errorf("asked again: %d %q, want %q", r.Status, said, want)
		}
	}
	ask("still works")

	expect(t, "declining", guest.Post("/invitations/decline", object{"token": token}), 200, "")
	expect(t, "declining twice", guest.Post("/invitations/decline", object{"token": token}), 200, "")
	if got := timeline(provider, id); got != "approved queued link_made declined" {
		t.Errorf("declined, and its timeline says: %s", got)
	}
	r := guest.Post("/invitations/open", object{"token": token})
	expect(t, "opening a declined one", r, 410, "invitation_declined")
	if params(r)["can_ask_again"] != true {
		t.Errorf("%v", params(r))
	}
	expect(t, "resending what was declined", provider.Post("/invitations/"+id+"/resend", object{}), 409, "invitation_not_now")
	ask("We have told")
	ask("We have told")
	if asked := hookstest.Into[page](provider.Get("/invitations?asked=1")).Items; len(asked) != 1 || asked[0].AskedAgain == "" || !asked[0].Can.Resend {
		t.Errorf("%+v", asked)
	}
	if told := letters(t, c, "invitation_request"); told != 1 {
		t.Errorf("the practice was told %d times", told)
	}
	expect(t, "resending on their word", provider.Post("/invitations/"+id+"/resend", object{}), 200, "")
	expect(t, "opening it then", guest.Post("/invitations/open", object{"token": token}), 200, "")

	c.Pass(clinic.InvitationLife)
	expect(t, "after thirty days", guest.Post("/invitations/open", object{"token": token}), 410, "invitation_expired")
	expect(t, "accepting then", guest.Post("/invitations/accept", joining(token)), 410, "invitation_expired")
	expect(t, "declining then", guest.Post("/invitations/decline", object{"token": token}), 410, "invitation_expired")
	provider = c.SignedIn(provider.ID)
	expect(t, "printing then", provider.Get("/invitations/"+id+"/letter"), 409, "invitation_not_now")
	expect(t, "resending then", provider.Post("/invitations/"+id+"/resend", object{}), 200, "")
	c.Pass(clinic.InvitationLife - time.Hour)
	expect(t, "nearly thirty days later", guest.Post("/invitations/accept", joining(token)), 201, "")
	ask("already used")
	expect(t, "declining what was accepted", guest.Post("/invitations/decline", object{"token": token}), 409, "invitation_used")
}

func letters(t testing.TB, c *hookstest.Clinic, kind string) (n int) {
	t.Helper()
	if err := c.App.DB().NewQuery("SELECT count(*) FROM letters WHERE kind = '" + kind + "'").Row(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFieldsOfAccepting(t *testing.T) {
	c := hookstest.New(t)
	provider, guest := c.Provider(), c.Guest()
	token := link(t, provider, invite(t, provider, object{"email": newcomer, "role": "patient"}))
	for _, test := range []struct {
		field string
		value any
		code  string
	}{
		{"name", "", "name:required"},
		{"name", "<b>Ann</b>", "name:name_invalid"},
		{"name", "Ann\r\nBcc: all@mail.example", "name:name_invalid"},
		{"name", "Ann\u202egro", "name:name_invalid"},
		{"name", strings.Repeat("a", clinic.MaxNameRunes+1), "name:too_long"},
		{"name", "12345", "name:name_invalid"},
		{"name", 7, "name:invalid"},
		{"password", "", "password:required"},
		{"password", "short", "password:password_too_short"},
		{"password", "1234567890", "password:password_common"},
		{"password", strings.Repeat("long enough ", 7), "password:password_too_long"},
		{"password", "marisol-7", "password:password_too_short"},
		{"password", "marisol-2027", "password:password_like_name"},
		{"language", "tlh", "language:invalid"},
		{"acknowledge", []object{{"slug": "nosuch", "version": 1, "sha256": "x"}}, "policy_version_changed"},
	} {
		form := joining(token)
		form[test.field] = test.value
		if got := guest.Post("/invitations/accept", form); got.Code() != test.code || got.Status >= 500 {
			t.Errorf("%s %v: %d %s, want %s", test.field, test.value, got.Status, got.Code(), test.code)
		}
	}
	seen := hookstest.Into[offer](guest.Post("/invitations/open", object{"token": token}))
	form := joining(token)
	form["acknowledge"] = []policy{seen.Policies[0], {Slug: seen.Policies[1].Slug, Version: seen.Policies[1].Version, SHA256: strings.Repeat("0", 64)}}
	expect(t, "one text of two is another", guest.Post("/invitations/accept", form), 409, "policy_version_changed")
	if member, _ := c.App.FindAuthRecordByEmail(clinic.Users, newcomer); member != nil {
		t.Error("a member came to be by a request that was refused")
	}
	form["acknowledge"], form["title"], form["role"], form["rights"], form["email"] = seen.Policies, "Dr.", "provider", []string{"admin"}, "boss@mail.example"
	r := guest.Post("/invitations/accept", form)
	me := hookstest.Into[access.Me](r)
	if r.Status != 201 || me.Role != clinic.Patient || me.Email != newcomer || me.Title != "" || len(me.Rights) != 0 || len(me.Owes) != 1 || me.Owes[0].Kind != clinic.OwedAuthorization || me.Session.Left <= 0 {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestTheCode(t *testing.T) {
	c := hookstest.New(t)
	provider, guest := c.Provider(), c.Guest()
	id := invite(t, provider, object{"email": newcomer, "role": "patient", "code": "402915"})
	token := link(t, provider, id)
	try := func(code string) *hookstest.Response {
		form := joining(token)
		form["code"] = code
		return guest.Post("/invitations/accept", form)
	}
	expect(t, "no code", try(""), 400, "invitation_needs_code")
	for left := 4; left > 0; left-- {
		r := try("402916")
		expect(t, "a wrong one", r, 403, "invitation_code_wrong")
		if params(r)["left"] != float64(left) {
			t.Errorf("%v left, want %d", params(r)["left"], left)
		}
	}
	expect(t, "the fifth", try("111111"), 429, "invitation_locked")
	r := try("402915")
	expect(t, "the right one, too late", r, 429, "invitation_locked")
	if params(r)["can_ask_again"] != true {
		t.Errorf("%v", params(r))
	}
	if got := timeline(provider, id); got != "approved queued link_made code_locked" {
		t.Error(got)
	}
	expect(t, "opening a locked one", guest.Post("/invitations/open", object{"token": token}), 429, "invitation_locked")
	expect(t, "a new code of letters", provider.Post("/invitations/"+id+"/resend", object{"code": "abcdef"}), 400, "code:invitation_code_shape")
	expect(t, "resending with a new code", provider.Post("/invitations/"+id+"/resend", object{"code": "777123"}), 200, "")
	expect(t, "the old code", try("402915"), 403, "invitation_code_wrong")
	expect(t, "the new code", try(" 777123 "), 201, "")
	var hash string
	if err := c.App.DB().NewQuery("SELECT code_hash FROM invitations WHERE id = '" + id + "'").Row(&hash); err != nil || len(hash) != 64 {
		t.Errorf("the code is kept as %q, %v", hash, err)
	}
}

func TestWhoIsSignedInAlready(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	token := link(t, provider, invite(t, provider, object{"email": newcomer, "role": "patient", "communities": []string{community}}))
	patient := c.Patient()
	for _, door := range []string{"open", "accept"} {
		expect(t, door+" as someone else", patient.Post("/invitations/"+door, joining(token)), 409, "signed_in_as_someone_else")
	}
	// The invited address becomes a member's by another way.
	member := c.SignedIn(rename(t, c, patient.ID, newcomer))
	for _, door := range []string{"open", "accept"} {
		expect(t, door+" with a member's address", c.Guest().Post("/invitations/"+door, joining(token)), 409, "already_a_member")
	}
	if seen := hookstest.Into[offer](member.Post("/invitations/open", object{"token": token})); !seen.Joining || seen.Name == "" {
		t.Errorf("%+v", seen)
	}
	r := member.Post("/invitations/accept", object{"token": token})
	expect(t, "accept as the very member", r, 201, "")
	v, err := c.House.Member(member.ID)
	if err != nil || !v.In(community) {
		t.Errorf("in %v, %v", v.Communities, err)
	}
	expect(t, "a second time", member.Post("/invitations/accept", object{"token": token}), 409, "invitation_used")
}

func rename(t testing.TB, c *hookstest.Clinic, id, address string) string {
	t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.AccountTokens)
	if err != nil {
		t.Fatal(err)
	}
	token := core.NewRecord(collection)
	token.Id = core.GenerateDefaultRandomId()
	token.Load(object{"member": id, "kind": "email", "hash": clinic.Hash(clinic.NewToken()), "spent": c.House.Now(), "expires": c.House.Now().Add(time.Hour)})
	c.House.SealAddress(token, address)
	member, err := c.App.FindRecordById(clinic.Users, id)
	if err != nil {
		t.Fatal(err)
	}
	member.SetEmail(address)
	if err := c.House.Save(c.App, token); err != nil {
		t.Fatal(err)
	}
	if err := c.House.Save(c.App, member); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestTheInviterIsGone(t *testing.T) {
	c := hookstest.New(t)
	leaving, provider := c.Provider(), c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{leaving, provider})
	id := invite(t, leaving, object{"email": newcomer, "role": "patient", "communities": []string{community}})
	token := link(t, leaving, id)
	suspend(t, c, leaving.ID)
	for _, door := range []string{"open", "accept"} {
		r := c.Guest().Post("/invitations/"+door, joining(token))
		expect(t, door, r, 409, "invitation_inviter_gone")
		if params(r)["can_ask_again"] != true {
			t.Errorf("%v", params(r))
		}
	}
	expect(t, "asking again", c.Guest().Post("/invitations/ask-again", object{"token": token}), 200, "")
	if told := letters(t, c, "invitation_request"); told != 1 { // the founder, an admin
		t.Errorf("%d were told", told)
	}
	expect(t, "a provider of another community", c.Provider().Post("/invitations/"+id+"/resend", object{}), 403, "invitation_community_not_yours")
	expect(t, "a colleague", provider.Post("/invitations/"+id+"/resend", object{}), 200, "")
	expect(t, "then", c.Guest().Post("/invitations/accept", joining(token)), 201, "")
}

func suspend(t testing.TB, c *hookstest.Clinic, id string) {
	t.Helper()
	member, err := c.App.FindRecordById(clinic.Users, id)
	if err != nil {
		t.Fatal(err)
	}
	member.Set("status", clinic.Suspended)
	if err := c.House.Save(c.App, member); err != nil {
		t.Fatal(err)
	}
}
