package invitation_test

import (
	"fmt"
	"html"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mails/mailstest"
	public "kinward/pb_public"
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
	c := hookstest.WithPage(t, public.Dist)
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

	before := keeps(t, c) + timeline(provider, invitation.ID)
	if strings.Contains(before, token) || !strings.Contains(before, clinic.Hash(token)) {
		t.Error("the token is kept as it stands in the letter, and not hashed")
	}
	for range 50 {
		scan(t, c, letter)
	}
	if after := keeps(t, c) + timeline(provider, invitation.ID); after != before {
		t.Errorf("a scanner changed something. Before:\n%s\nafter:\n%s", before, after)
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

type happened struct {
	Kind, At string
	By       struct{ ID string }
}

func events(who *hookstest.Client, id string) []happened {
	return hookstest.Into[struct{ Timeline []happened }](who.Get("/invitations/" + id)).Timeline
}

func timeline(who *hookstest.Client, id string) string {
	var kinds []string
	for _, event := range events(who, id) {
		kinds = append(kinds, event.Kind)
	}
	return strings.Join(kinds, " ")
}

func lastEvent(t testing.TB, who *hookstest.Client, id string) happened {
	t.Helper()
	all := events(who, id)
	if len(all) == 0 {
		t.Fatal("nothing happened")
	}
	return all[len(all)-1]
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

var addresses = regexp.MustCompile(`https?://[^\s<>"]+`)

// scan asks for whatever the letter links to, in its text and in its page, as what looks through mail does: most leave out what stands
// behind the #, some ask for it as if it were a part of the path or a query.
func scan(t testing.TB, c *hookstest.Clinic, letter *mailstest.Letter) {
	t.Helper()
	page := http.StatusOK
	if _, err := fs.Stat(public.Dist, "index.html"); err != nil {
		page = http.StatusServiceUnavailable // it was not built
	}
	found := addresses.FindAllString(letter.Text+"\n"+html.UnescapeString(letter.HTML), -1)
	if len(found) < 4 { // the invitation and the policies, twice
		t.Fatalf("the letter links to %v alone", found)
	}
	for _, link := range found {
		place, token, _ := strings.Cut(link, "#")
		for _, url := range []string{place, place + "%23" + token, place + "?token=" + token, place + "/" + token} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				request, err := http.NewRequest(method, url, nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := http.DefaultTransport.RoundTrip(request)
				if err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if !strings.HasPrefix(url, c.URL+"/") || url == place && response.StatusCode != page || response.StatusCode >= 500 && response.StatusCode != page {
					t.Fatalf("%s %s: %d", method, url, response.StatusCode)
				}
			}
		}
	}
}

// keeps is every row of what an invitation is kept in and of what comes of one.
func keeps(t testing.TB, c *hookstest.Clinic) string {
	t.Helper()
	var out strings.Builder
	for _, table := range []string{clinic.Invitations, clinic.InvitationTokens, clinic.InvitationEvents, clinic.Letters, clinic.LetterAttempts,
		clinic.Users, clinic.AuditEntries} {
		var rows []dbx.NullStringMap
		if err := c.App.DB().Select().From(table).OrderBy("id").All(&rows); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&out, table, rows) // fmt sorts a map by its keys
	}
	return out.String()
}
