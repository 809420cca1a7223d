package invitation_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/square"
)

// shown is an invitation as the list gives it.

type shown struct {
	ID, Email, Role, Language, Status, Batch, Member string
	NeedsCode                                        bool `json:"needs_code"`
	Locked, Returning                                bool
	AskedAgain                                       string `json:"asked_again"`
	Communities                                      []struct{ ID, Name string }
	ProposedBy                                       *access.Person `json:"proposed_by"`
	ApprovedBy                                       *access.Person `json:"approved_by"`
	Created, Expires                                 string
	Timeline                                         []struct{ Kind, At, Detail, Reason string }
	Can                                              struct{ Approve, Resend, Revoke, Print, Link bool }
}

type page struct {
	Items  []shown
	Next   string
	Counts map[string]int
}

// invite makes an invitation as who and returns its id.

func invite(t testing.TB, who *hookstest.Client, form object) string {
	t.Helper()
	r := who.Post("/invitations", form)
	if r.Status != http.StatusCreated {
		t.Fatalf("inviting: %d %s", r.Status, r.Body)
	}
	return hookstest.Into[made](r).ID
}

// link makes a token to hand over.

func link(t testing.TB, who *hookstest.Client, id string) string {
	t.Helper()
	r := who.Post("/invitations/"+id+"/link", object{})
	if r.Status != http.StatusCreated {
		t.Fatalf("a link: %d %s", r.Status, r.Body)
	}
	return tokenOf(t, hookstest.Into[struct{ Link string }](r).Link)
}

func joining(token string) object {
	return object{"token": token, "name": "Quiet Maple", "password": hookstest.Password}
}

func params(r *hookstest.Response) map[string]any {
	return hookstest.Into[struct {
		Data struct {
			Error struct{ Params map[string]any }
		}
	}](r).Data.Error.Params
}

// expect compares an answer's status and code.

func expect(t testing.TB, what string, r *hookstest.Response, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code() != code {
		t.Errorf("%s: %d %q, want %d %q: %.300s", what, r.Status, r.Code(), status, code, r.Body)
	}
}

func TestWhoMayInviteWhom(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	mine := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	other := c.Community(clinic.KindCondition, []*hookstest.Client{c.Founder()})
	doctors := c.Community(clinic.KindProviderRoom, []*hookstest.Client{provider})
	n := 0
	form := func(role string, communities ...string) object {
		n++
		return object{"email": fmt.Sprintf("p%d@mail.example", n), "role": role, "communities": communities}
	}
	for _, test := range []struct {
		what   string
		who    *hookstest.Client
		form   object
		status int
		code   string // of the fault, or the state
	}{
		{"a guest", c.Guest(), form("patient"), 401, "sign_in_required"},
		{"a patient", c.Patient(), form("patient"), 403, "not_allowed"},
		{"a caregiver", c.Caregiver(), form("patient"), 403, "not_allowed"},
		{"a provider who owes", c.Owing(clinic.Provider), form("patient"), 403, "policy_acknowledgement_required"},
		{"a provider", provider, form("patient", mine), 201, "queued"},
		{"a provider, a colleague", provider, form("provider", mine, doctors), 201, "queued"},
		{"a provider, someone for the desk", provider, form("staff"), 201, "queued"},
		{"a provider, into another's community", provider, form("patient", mine, other), 403, "invitation_community_not_yours"},
		{"an admin, into another's community", c.Founder(), form("patient", mine), 201, "queued"},
		{"staff", staff, form("patient", mine, other), 201, "proposed"},
		{"staff, a provider", staff, form("provider"), 201, "proposed"},
		{"staff with every right", c.Staff("admin"), form("patient"), 201, "proposed"},
		{"a patient into the providers' room", provider, form("patient", doctors), 400, "communities:invitation_community_role"},
		{"into no community there is", provider, form("patient", "nosuchcommunity"), 400, "communities:invalid"},
		{"an unknown role", provider, form("boss"), 400, "role:invalid"},
		{"no role", provider, object{"email": "x@mail.example"}, 400, "role:invalid"},
		{"no address", provider, object{"role": "patient"}, 400, "email:required"},
		{"no good address", provider, object{"email": "x@mail", "role": "patient"}, 400, "email:address_invalid"},
		{"a formula for an address", provider, object{"email": "=cmd@mail.example", "role": "patient"}, 400, "email:address_invalid"},
		{"a line more in the address", provider, object{"email": "x@mail.example\r\nBcc: y@mail.example", "role": "patient"}, 400, "email:address_invalid"},
		{"a language nobody speaks here", provider, object{"email": "x@mail.example", "role": "patient", "language": "tlh"}, 400, "language:invalid"},
		{"a code of five", provider, object{"email": "x@mail.example", "role": "patient", "code": "12345"}, 400, "code:invitation_code_shape"},
		{"no JSON", provider, nil, 400, "email:required"},
		{"a member's address", provider, object{"email": strings.ToUpper(staff.Email), "role": "patient"}, 409, "already_a_member"},
	} {
		var body any
		if test.form != nil {
			body = test.form
		}
		r := test.who.Post("/invitations", body)
		got := r.Code()
		if r.Status == http.StatusCreated {
			got = hookstest.Into[made](r).Status
		}
		if test.what == "no JSON" {
			test.code, got = "", "" // both of its fields are told
		}
		if r.Status != test.status || got != test.code {
			t.Errorf("%s: %d %q, want %d %q", test.what, r.Status, got, test.status, test.code)
		}
	}
	answer := hookstest.Into[shown](provider.Post("/invitations", object{"email": "twice@mail.example", "role": "patient", "communities": []string{mine}}))
	if answer.ApprovedBy.ID != provider.ID || len(answer.Communities) != 1 || len(answer.Timeline) != 2 || !answer.Can.Print {
		t.Errorf("what is answered: %+v", answer)
	}
	first := answer.ID
	r := staff.Post("/invitations", object{"email": "Twice@mail.example", "role": "caregiver"})
	expect(t, "a second for the same address", r, 409, "invitation_open_already")
	if params(r)["id"] != first {
		t.Errorf("it names %v", params(r))
	}
}

func TestTheSameCreateTwice(t *testing.T) {
	c := hookstest.New(t)
	provider, key := c.Provider(), hookstest.Key()
	form := object{"email": newcomer, "role": "patient"}
	first := provider.Do("POST", "/invitations", form, key)
	again := provider.Do("POST", "/invitations", form, key)
	if first.Status != 201 || again.Status != 201 || string(first.Body) != string(again.Body) {
		t.Errorf("%d %s, then %d %s", first.Status, first.Body, again.Status, again.Body)
	}
}

func TestApproving(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	mine := c.Community(clinic.KindCondition, []*hookstest.Client{provider})
	other := c.Community(clinic.KindCondition, []*hookstest.Client{c.Founder()})
	good := invite(t, staff, object{"email": "good@mail.example", "role": "patient", "communities": []string{mine}})
	foreign := invite(t, staff, object{"email": "foreign@mail.example", "role": "patient", "communities": []string{other}})
	late := invite(t, staff, object{"email": "late@mail.example", "role": "staff"})

	expect(t, "staff", staff.Post("/invitations/"+good+"/approve", object{}), 403, "not_allowed")
	expect(t, "a link before", provider.Post("/invitations/"+good+"/link", object{}), 409, "invitation_not_now")
	expect(t, "a letter before", provider.Get("/invitations/"+good+"/letter"), 409, "invitation_not_now")
	expect(t, "resending before", provider.Post("/invitations/"+good+"/resend", object{}), 409, "invitation_not_now")
	expect(t, "nothing", provider.Post("/invitations/approve", object{"ids": []string{}}), 400, "ids:required")

	r := provider.Post("/invitations/approve", object{"ids": []string{good, foreign, "nosuchinvitatn", late, good}})
	results := hookstest.Into[struct {
		Items []struct {
			ID, Status string
			Error      struct{ Code, Message string }
		}
	}](r).Items
	want := []string{"queued", "invitation_community_not_yours", "not_found", "queued", "invitation_not_now"}
	if r.Status != 200 || len(results) != len(want) {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for i, result := range results {
		if got := result.Status + result.Error.Code; got != want[i] {
			t.Errorf("the %d. of several: %s, want %s", i+1, got, want[i])
		}
	}
	expect(t, "an admin", c.Founder().Post("/invitations/"+foreign+"/approve", object{}), 200, "")
	if got := timeline(staff, good); got != "proposed approved queued" {
		t.Error(got)
	}
	if waiting, err := c.App.CountRecords(clinic.Letters); err != nil || waiting != 3 {
		t.Errorf("%d letters, %v", waiting, err)
	}
}

func TestList(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	for i := range 53 {
		invite(t, provider, object{"email": fmt.Sprintf("p%02d@mail.example", i), "role": "patient", "code": "402915"})
	}
	invite(t, staff, object{"email": "100%_sure@mail.example", "role": "caregiver", "language": "es"})
	for _, who := range []*hookstest.Client{c.Guest(), c.Patient(), c.Caregiver()} {
		if status := who.Get("/invitations").Status; status != 401 && status != 403 {
			t.Errorf("the list for who must not see it: %d", status)
		}
	}
	seen, next, pages := []string{}, "", 0
	for {
		got := hookstest.Into[page](staff.Get("/invitations?before=" + next))
		for _, item := range got.Items {
			if item.Status != "accepted" { // those that the test's own members came by
				seen = append(seen, item.Email)
			}
		}
		pages++
		if got.Counts["queued"] != 53 || got.Counts["proposed"] != 1 || got.Counts["revoked"] != 0 {
			t.Errorf("counts: %v", got.Counts)
		}
		if next = got.Next; next == "" {
			break
		}
	}
	slices.Sort(seen)
	if pages != 2 || len(seen) != 54 || len(slices.Compact(seen)) != 54 {
		t.Errorf("%d pages, %d invitations", pages, len(seen))
	}
	for path, want := range map[string]int{
		"?status=proposed": 1, "?status=queued": 50, "?status=expired": 0, "?q=P07": 1, "?q=%25_": 1, "?q=%25": 1, "?q=p1&status=queued": 10, "?batch=none": 0, "?asked=1": 0,
	} {
		if got := hookstest.Into[page](staff.Get("/invitations" + path)); len(got.Items) != want {
			t.Errorf("%s: %d, want %d", path, len(got.Items), want)
		}
	}
	expect(t, "an unknown state", staff.Get("/invitations?status=lost"), 400, "status:invalid")
	expect(t, "a made-up cursor", staff.Get("/invitations?before=%27%20OR%201"), 400, "before:invalid")
	expect(t, "no invitation", staff.Get("/invitations/nosuchinvitatn"), 404, "not_found")

	proposal := hookstest.Into[page](staff.Get("/invitations?status=proposed")).Items[0]
	if proposal.ProposedBy.ID != staff.ID || proposal.ApprovedBy != nil || !proposal.Can.Revoke || proposal.Can.Approve || proposal.Can.Print {
		t.Errorf("%+v", proposal)
	}
	mine := hookstest.Into[page](provider.Get("/invitations?q=p07")).Items[0]
	if !mine.NeedsCode || mine.ApprovedBy.ID != provider.ID || !mine.Can.Resend || !mine.Can.Print || !mine.Can.Link || mine.Can.Approve {
		t.Errorf("%+v", mine)
	}
	body := string(provider.Get("/invitations").Body)
	for _, secret := range []string{"hash", "402915", "token"} {
		if strings.Contains(body, secret) {
			t.Errorf("the list tells %q", secret)
		}
	}
	c.Pass(clinic.InvitationLife)
	staff = c.SignedIn(staff.ID)
	if got := hookstest.Into[page](staff.Get("/invitations?status=expired")); len(got.Items) != 50 || got.Counts["expired"] != 53 || got.Counts["proposed"] != 1 ||
		got.Items[0].Timeline[len(got.Items[0].Timeline)-1].Kind != "expired" {
		t.Errorf("after thirty days: %+v", got.Counts)
	}
}

func TestPrintedLetterAndLinks(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	id := invite(t, provider, object{"email": newcomer, "role": "patient", "language": "es", "code": "402915"})
	type sheet struct {
		Link, Heading, Language string
		QR                      string `json:"qr_svg"`
		CodeNote                string `json:"code_note"`
		PoliciesLink            string `json:"policies_link"`
		Greeting, Notes         []string
		Practice                struct{ Name, Phone string }
	}
	before, err := c.App.CountRecords(clinic.InvitationTokens)
	if err != nil {
		t.Fatal(err)
	}
	first := hookstest.Into[sheet](provider.Get("/invitations/" + id + "/letter"))
	second := hookstest.Into[sheet](staff.Get("/invitations/" + id + "/letter"))
	after, err := c.App.CountRecords(clinic.InvitationTokens)
	if err != nil || after != before {
		t.Errorf("reading the letter made something: %d tokens, then %d", before, after)
	}
	if first.Link != second.Link || first.QR == "" || first.Language != "es" || !strings.Contains(first.CodeNote, "seis cifras") || first.Practice.Phone != "555-0100" || len(first.Greeting) == 0 {
		t.Errorf("%+v", first)
	}
	if leads, err := square.SVG(first.Link); err != nil || first.QR != leads {
		t.Errorf("the square on the letter leads elsewhere than its link: %v", err)
	}
	for _, who := range []*hookstest.Client{c.Guest(), c.Patient()} {
		if status := who.Get("/invitations/" + id + "/letter").Status; status != 401 && status != 403 {
			t.Errorf("the letter for who must not see it: %d", status)
		}
	}
	expect(t, "staff, a link", staff.Post("/invitations/"+id+"/link", object{}), 403, "not_allowed")
	printed, handed := tokenOf(t, first.Link), link(t, provider, id)
	if printed == handed || handed == link(t, provider, id) {
		t.Error("two tokens are one")
	}
	guest := c.Guest()
	form := joining(handed)
	form["code"] = "402915"
	expect(t, "by the link", guest.Post("/invitations/accept", form), 201, "")
	expect(t, "then by the printed letter", guest.Post("/invitations/open", object{"token": printed}), 409, "invitation_used")
	var unspent int
	if err := c.App.DB().NewQuery("SELECT count(*) FROM invitation_tokens WHERE spent = ''").Row(&unspent); err != nil || unspent != 0 {
		t.Errorf("%d tokens are not spent, %v", unspent, err)
	}
	var waiting int
	if err := c.App.DB().NewQuery("SELECT count(*) FROM letters WHERE status != 'cancelled' AND about LIKE 'invitations/%'").Row(&waiting); err != nil || waiting != 0 {
		t.Errorf("%d letters still wait, %v", waiting, err)
	}
}

func TestRevoking(t *testing.T) {
	c := hookstest.New(t)
	provider, staff := c.Provider(), c.Staff()
	approved := invite(t, provider, object{"email": newcomer, "role": "patient"})
	proposed := invite(t, staff, object{"email": "other@mail.example", "role": "patient"})
	token := link(t, provider, approved)
	expect(t, "staff, an approved one", staff.Post("/invitations/"+approved+"/revoke", object{}), 403, "invitation_needs_provider")
	expect(t, "staff, a proposal", staff.Post("/invitations/"+proposed+"/revoke", object{}), 200, "")
	expect(t, "a patient", c.Patient().Post("/invitations/"+approved+"/revoke", object{}), 403, "not_allowed")
	expect(t, "a provider", provider.Post("/invitations/"+approved+"/revoke", object{}), 200, "")
	expect(t, "twice", provider.Post("/invitations/"+approved+"/revoke", object{}), 409, "invitation_not_now")
	expect(t, "sent again", provider.Post("/invitations/"+approved+"/resend", object{}), 409, "invitation_not_now")
	for id, want := range map[string]string{approved: "approved queued link_made revoked", proposed: "proposed revoked"} {
		if got := timeline(provider, id); got != want {
			t.Errorf("revoked, and its timeline says %s, not %s", got, want)
		}
	}
	if last := lastEvent(t, provider, proposed); last.By.ID != staff.ID || last.At == "" {
		t.Errorf("who revoked it when: %+v", last)
	}
	r := c.Guest().Post("/invitations/open", object{"token": token})
	expect(t, "opened", r, 410, "invitation_revoked")
	if practice, _ := params(r)["practice"].(map[string]any); practice["phone"] != "555-0100" || params(r)["can_ask_again"] != false {
		t.Errorf("it says %v", params(r))
	}
	expect(t, "accepted", c.Guest().Post("/invitations/accept", joining(token)), 410, "invitation_revoked")
	invite(t, provider, object{"email": newcomer, "role": "patient"}) // a new one can be made
}

// rename changes a member's address as a confirmed change of address does.
