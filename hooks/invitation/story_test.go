package invitation_test

import (
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

const newcomer = "marisol@mail.example"

type made struct{ ID, Status string }

type policy struct {
	Slug    string `json:"slug"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
}

type offer struct {
	Practice       struct{ Name, Phone string }
	Inviter        struct{ Name, Role string }
	Role, Email    string
	NeedsCode      bool     `json:"needs_code"`
	SuggestedNames []string `json:"suggested_names"`
	Policies       []policy
	Joining        bool
	Returning      bool
	Name           string
}

type welcome struct {
	ID, Name, Role, Email string
	Owes                  []clinic.Owed
	Communities           []struct{ ID, Name string }
}

type object = map[string]any

func tokenOf(t testing.TB, link string) string {
	t.Helper()
	before, token, found := strings.Cut(link, "#")
	if !found || !strings.HasSuffix(before, "/join") || len(token) != 43 {
		t.Fatalf("not a link of an invitation: %q", link)
	}
	return token
}

// The whole way in, over real SMTP: invited, opened however often by a scanner, accepted, acknowledged.
func TestInvitedByMail(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	tried := watch(t, c)
	mail := c.Mail()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider})

	r := provider.Post("/invitations", object{"email": " Marisol@Mail.Example ", "role": "patient", "communities": []string{community}, "code": "402915"})
	if r.Status != http.StatusCreated {
		t.Fatalf("inviting: %d %s", r.Status, r.Body)
	}
	invitation := hookstest.Into[made](r)
	letter := mail.Wait(t, 1)[0]
	tried()
	if letter.To != newcomer {
		t.Errorf("the letter went to %q", letter.To)
	}
	for _, secret := range []string{"402915", "Community", "condition", "patient"} {
		if strings.Contains(letter.Subject+letter.Text+letter.HTML, secret) {
			t.Errorf("the letter tells %q", secret)
		}
	}
	token := tokenOf(t, letter.Link())

	for range 50 {
		for _, link := range letter.Links() {
			before, _, _ := strings.Cut(link, "#")
			path := strings.TrimPrefix(before, c.URL)
			for _, method := range []string{"GET", "HEAD"} {
				if status := scan(t, c.URL+path, method); status >= 500 && status != http.StatusServiceUnavailable {
					t.Fatalf("%s %s: %d", method, path, status)
				}
			}
		}
	}

	guest := c.Guest()
	r = guest.Post("/invitations/open", object{"token": token})
	seen := hookstest.Into[offer](r)
	if r.Status != http.StatusOK || seen.Email != newcomer || !seen.NeedsCode || len(seen.SuggestedNames) != 3 || len(seen.Policies) == 0 {
		t.Fatalf("opening: %d %s", r.Status, r.Body)
	}
	form := object{"token": token, "name": seen.SuggestedNames[0], "password": hookstest.Password, "acknowledge": seen.Policies[:1]}
	if r := guest.Post("/invitations/accept", form); r.Code() != "invitation_needs_code" {
		t.Fatalf("without the code: %d %s", r.Status, r.Body)
	}
	form["code"] = "402915"
	r = guest.Post("/invitations/accept", form)
	came := hookstest.Into[welcome](r)
	if r.Status != http.StatusCreated || came.Role != "patient" || came.Email != newcomer || len(came.Communities) != 0 {
		t.Fatalf("accepting: %d %s", r.Status, r.Body)
	}
	if len(came.Owes) != len(seen.Policies) { // the authorization is granted at a place of its own, later
		t.Errorf("%d policies shown, one accepted, owes %v", len(seen.Policies), came.Owes)
	}
	member := c.Guest()
	member.Token = sessionOf(t, r)
	for _, p := range seen.Policies[1:] {
		if r := member.Post("/policies/"+p.Slug+"/acknowledge", p); r.Status != http.StatusOK {
			t.Errorf("acknowledging %s: %d %s", p.Slug, r.Status, r.Body)
		}
	}
	v, err := c.House.Member(came.ID)
	if err != nil || len(v.Owes) != 1 || v.Owes[0].Kind != clinic.OwedAuthorization || !v.In(community) {
		t.Errorf("the member: %+v %v", v, err)
	}
	if r := guest.Post("/invitations/accept", form); r.Code() != "invitation_used" {
		t.Errorf("accepting twice: %d %s", r.Status, r.Body)
	}
	if got := timeline(provider, invitation.ID); got != "approved queued accepted_by_relay opened accepted" {
		t.Errorf("timeline: %s", got)
	}
	if lines, broken, err := c.House.VerifyAudit(c.App); err != nil || broken != 0 || lines < 2 {
		t.Errorf("audit: %d %d %v", lines, broken, err)
	}
}

func timeline(who *hookstest.Client, id string) string {
	item := hookstest.Into[struct{ Timeline []struct{ Kind string } }](who.Get("/invitations/" + id))
	kinds := make([]string, len(item.Timeline))
	for i, line := range item.Timeline {
		kinds[i] = line.Kind
	}
	return strings.Join(kinds, " ")
}

// sessionOf takes the session from the answer's cookie.
func sessionOf(t testing.TB, r *hookstest.Response) string {
	t.Helper()
	for _, cookie := range (&http.Response{Header: r.Header}).Cookies() {
		if strings.HasSuffix(cookie.Name, "kinward") {
			return cookie.Value
		}
	}
	t.Fatal("no session")
	return ""
}

func scan(t testing.TB, url, method string) int {
	t.Helper()
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}
