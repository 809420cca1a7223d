package policy_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

type granting struct {
	Granted   bool
	Lapsed    string
	Concerns  bool
	SHA256    string
	Version   int
	GrantedOn *struct{ Version int } `json:"granted_on"`
	History   []struct {
		Action, SHA256, Method, Role string
		Version                      int
	}
	Owes []clinic.Owed
}

func kinds(owes []clinic.Owed) (out []string) {
	for _, o := range owes {
		out = append(out, o.Kind+" "+o.Slug+" "+o.Blocks)
	}
	return out
}

// Without the authorization a patient reads all and writes nothing; with it they write; taken back, they read again.
func TestTheAuthorizationIsGrantedAndTakenBack(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Ungranted(clinic.Patient)
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	post := object{"kind": "question", "title": "Salt", "body": "Which bread has little salt?"}
	write := func() *hookstest.Response { return patient.Post("/communities/"+community+"/posts", post) }
	reads := func() int { return patient.Get("/communities/" + community + "/posts").Status }

	if r := write(); r.Code() != "policy_acknowledgement_required" || reads() != 200 {
		t.Fatalf("before: %d %s, reading %d", r.Status, r.Body, reads())
	}
	g := hookstest.Into[granting](patient.Get("/authorizations/sharing"))
	if g.Granted || g.Version != 1 || len(g.SHA256) != 64 || !slices.Equal(kinds(g.Owes), []string{"authorization sharing write"}) {
		t.Fatalf("%+v", g)
	}
	if r := patient.Post("/policies/sharing/acknowledge", object{"version": 1, "sha256": g.SHA256}); r.Code() != "authorization_is_granted_apart" {
		t.Errorf("it was acknowledged like a policy: %d %s", r.Status, r.Body)
	}
	if r := patient.Post("/authorizations/sharing", object{"sha256": policy.Sum("another text")}); r.Code() != "policy_version_changed" {
		t.Errorf("another text was granted: %d %s", r.Status, r.Body)
	}
	for range 2 {
		if r := patient.Post("/authorizations/sharing", object{"sha256": g.SHA256}); r.Status != 200 || !hookstest.Into[granting](r).Granted {
			t.Fatalf("granting: %d %s", r.Status, r.Body)
		}
	}
	if r := write(); r.Status != http.StatusCreated {
		t.Errorf("after: %d %s", r.Status, r.Body)
	}
	for range 2 {
		g = hookstest.Into[granting](patient.Delete("/authorizations/sharing"))
	}
	if g.Granted || len(g.History) != 2 || g.History[0].Action != "revoked" || g.History[1].Action != "granted" || g.History[0].SHA256 != g.SHA256 {
		t.Errorf("%+v", g)
	}
	if r := write(); r.Status != http.StatusForbidden || reads() != 200 {
		t.Errorf("after taking it back: %d, reading %d", r.Status, reads())
	}
	for _, other := range []*hookstest.Client{lead, c.Staff()} {
		if r := other.Get("/authorizations/sharing"); r.Status != http.StatusForbidden {
			t.Errorf("who works here is asked for it: %d", r.Status)
		}
	}
}

func TestOnlyAPostedAuthorizationIsOwed(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Ungranted(clinic.Caregiver)
	if r := editor.Post("/manage/policies/sharing/withdraw", object{"reason": object{"en": "Counsel reads it first."}}); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("a withdrawn authorization is owed: %v", got)
	}
	if r := editor.Post("/manage/policies/sharing/withdraw", object{"reason": object{"en": "Again."}}); r.Code() != "policy_is_withdrawn" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := editor.Post("/manage/policies/sharing/post-again", object{"reason": object{"en": "Read."}}); r.Status != 200 {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); !slices.Equal(got, []string{"sharing"}) {
		t.Errorf("posted again, it is owed by %v", got)
	}
}

// The matrix: whoever owes a material version after its date reads everything and writes nothing, at every door.
func TestOwingAMaterialVersionReadsAndDoesNotWrite(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	everyone := map[clinic.Role]*hookstest.Client{clinic.Provider: c.Provider(), clinic.Staff: c.Staff(), clinic.Patient: c.Patient(), clinic.Caregiver: c.Caregiver()}
	var members []*hookstest.Client
	for _, role := range clinic.RuledRoles {
		members = append(members, everyone[role])
	}
	lead := c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, members...)
	of := map[clinic.Role]string{}
	for role, m := range everyone {
		r := m.Post("/communities/"+community+"/posts", object{"kind": "discussion", "title": "Before", "body": "Walking in the morning."})
		if of[role] = hookstest.Into[struct{ ID string }](r).ID; of[role] == "" {
			t.Fatalf("%s before: %d %s", role, r.Status, r.Body)
		}
	}
	due := c.House.Now().Add(10 * time.Minute) // well within a session
	if r := draftAndPublish(t, editor, policy.Material, object{"due": due}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for _, late := range []bool{false, true} {
		for role, m := range everyone {
			id := of[role]
			for _, path := range []string{"/communities", "/communities/" + community, "/communities/" + community + "/posts", "/posts/" + id, "/posts/" + id + "/comments", "/me/news", "/policies/privacy"} {
				if r := m.Get(path); r.Status != 200 {
					t.Errorf("%s, late %v: GET %s %d %s", role, late, path, r.Status, r.Body)
				}
			}
			for _, write := range []struct {
				method, path string
				body         object
			}{
				{"POST", "/communities/" + community + "/posts", object{"kind": "discussion", "title": "After", "body": fmt.Sprint("Walking, ", late)}},
				{"POST", "/posts/" + id + "/comments", object{"body": fmt.Sprint("Yes, ", late)}},
				{"PATCH", "/posts/" + id, object{"title": "Edited", "body": fmt.Sprint("Edited, ", late)}},
			} {
				r := m.Do(write.method, write.path, write.body)
				if blocked := r.Code() == "policy_acknowledgement_required"; blocked != late || r.Status >= 500 {
					t.Errorf("%s, late %v: %s %s %d %s", role, late, write.method, write.path, r.Status, r.Body)
				}
			}
		}
		c.Pass(10*time.Minute + time.Second)
	}
	for role, m := range everyone {
		accept(t, m, read(t, c, "/policies/privacy"))
		if r := m.Post("/posts/"+of[role]+"/comments", object{"body": "Accepted."}); r.Status != http.StatusCreated {
			t.Errorf("%s after accepting: %d %s", role, r.Status, r.Body)
		}
	}
}

func TestARefusalIsKeptAndReadsOn(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	d := read(t, c, "/policies/privacy")
	form := object{"version": 1, "sha256": d.SHA256, "outcome": "read_only"}
	if r := patient.Post("/policies/privacy/refuse", form); r.Code() != "policy_already_accepted" {
		t.Errorf("refused what was accepted: %d %s", r.Status, r.Body)
	}
	draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(48 * time.Hour)})
	d = read(t, c, "/policies/privacy")
	form["version"], form["sha256"] = d.Version, d.SHA256
	if r := patient.Post("/policies/privacy/refuse", object{"version": 2, "sha256": d.SHA256, "outcome": "perhaps"}); r.Code() != "outcome:invalid" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := patient.Post("/policies/privacy/refuse", form); r.Status != 200 || !strings.Contains(string(r.Body), `"refused":true`) {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := blocking(t, c, patient, clinic.BlocksWrite); !slices.Equal(got, []string{"privacy"}) {
		t.Errorf("who refused writes until the date: %v", got)
	}
	if r := patient.Get("/communities"); r.Status != 200 {
		t.Errorf("who refused cannot read: %d", r.Status)
	}
	sum := hookstest.Into[struct{ Concerned, Done, Refused int }](editor.Get("/manage/policies/privacy/acknowledgements?state=refused"))
	if sum.Refused != 1 || sum.Done != 0 || sum.Concerned != 3 {
		t.Errorf("the report: %+v", sum)
	}
	accept(t, patient, d)
	if got := blocking(t, c, patient, clinic.BlocksWrite); got != nil {
		t.Errorf("accepting after all: %v", got)
	}
	for _, statement := range []string{"UPDATE policy_refusals SET outcome = 'leaving'", "DELETE FROM policy_refusals"} {
		if run(c, statement) == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

func TestWhoRefusesMayLeave(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Patient()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	d := read(t, c, "/policies/privacy")
	form := object{"version": 1, "sha256": d.SHA256, "outcome": "leaving"}
	if r := lead.Post("/policies/privacy/refuse", form); r.Status != http.StatusConflict || count(t, c, "policy_refusals") != 0 {
		t.Errorf("the only lead left: %d %s", r.Status, r.Body)
	}
	c.Pass(11 * time.Minute)
	if r := patient.Post("/policies/privacy/refuse", form); r.Code() != "fresh_sign_in_required" {
		t.Errorf("left without a fresh sign-in: %d %s", r.Status, r.Body)
	}
	patient = c.SignedIn(patient.ID)
	if r := patient.Post("/policies/privacy/refuse", form); r.Status != 200 || !strings.Contains(string(r.Body), "555-0100") {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := patient.Get("/me"); r.Status != http.StatusUnauthorized {
		t.Errorf("who left is still in: %d", r.Status)
	}
	gone := find(t, c, clinic.Users, "id = '"+patient.ID+"'")
	if gone.GetString("status") != clinic.Removed || strings.Contains(gone.Email(), "people.example") || count(t, c, "memberships WHERE community = '"+community+"' AND member = '"+patient.ID+"'") != 0 {
		t.Errorf("what is left: %v", gone)
	}
	if count(t, c, "policy_refusals WHERE outcome = 'leaving'") != 1 || count(t, c, "acknowledgements WHERE member = '"+patient.ID+"'") == 0 || count(t, c, "letters WHERE kind = 'member_left'") != 1 {
		t.Error("the refusal, the acknowledgements or the letter are not kept")
	}
	if gone.ValidatePassword(hookstest.Password) {
		t.Error("the old password still opens the account")
	}
}

func TestPapersAreWitnessed(t *testing.T) {
	c := hookstest.New(t)
	staff, patient := c.Staff(), c.Owing(clinic.Patient)
	d := read(t, c, "/policies/privacy?language=es")
	form := func(change object) object {
		out := object{"member": patient.ID, "number": 1, "sha256": d.SHA256, "language": "es", "method": "paper"}
		for name, value := range change {
			out[name] = value
		}
		return out
	}
	for name, try := range map[string]struct {
		change object
		code   string
	}{
		"oneself":                  {object{"member": staff.ID}, "member:invalid"},
		"nobody":                   {object{"member": "nobody000000000"}, "member:invalid"},
		"another text":             {object{"sha256": policy.Sum("x")}, "sha256:invalid"},
		"on behalf without a note": {object{"method": "on_behalf"}, "note:required"},
		"by the member":            {object{"method": "self"}, "method:invalid"},
		"no such version":          {object{"number": 9, "sha256": ""}, "number:invalid"},
	} {
		if r := staff.Post("/manage/policies/privacy/acknowledgements", form(try.change)); r.Code() != try.code {
			t.Errorf("%s: %d %s", name, r.Status, r.Body)
		}
	}
	if r := patient.Post("/manage/policies/privacy/acknowledgements", form(nil)); r.Status != http.StatusForbidden {
		t.Errorf("a patient witnesses: %d", r.Status)
	}
	if r := staff.Post("/manage/policies/privacy/acknowledgements", form(nil)); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	kept := find(t, c, clinic.Acknowledgements, "member = '"+patient.ID+"'")
	if kept.GetString("witness") != staff.ID || kept.GetString("method") != "paper" || kept.GetString("role") != "patient" || kept.GetString("language") != "es" {
		t.Errorf("%v", kept)
	}
	if slices.Contains(owed(t, c, patient), "privacy") {
		t.Error("what was accepted on paper is still asked for")
	}
	if r := staff.Post("/manage/policies/sharing/acknowledgements", form(object{"sha256": "", "language": "en", "method": "on_behalf", "note": "By phone, 3 pm."})); r.Status != http.StatusCreated {
		t.Errorf("an authorization on behalf: %d %s", r.Status, r.Body)
	}
	if g := hookstest.Into[granting](patient.Get("/authorizations/sharing")); !g.Granted || g.History[0].Method != "on_behalf" {
		t.Errorf("%+v", g)
	}
}

func TestTheReportAsCSV(t *testing.T) {
	c := hookstest.New(t)
	editor, patient := c.Staff("policies"), c.Patient()
	record := find(t, c, clinic.Users, "id = '"+patient.ID+"'")
	record.Set("name", `=HYPERLINK("http://x.example","a, b")`)
	must(t, c.House.Save(c.App, record))
	r := editor.Get("/manage/policies/privacy/acknowledgements.csv")
	if r.Status != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/csv") || !strings.Contains(r.Header.Get("Content-Disposition"), `"privacy-version-1.csv"`) {
		t.Fatalf("%d %v", r.Status, r.Header)
	}
	if n := strings.Count(string(r.Body), "\r\n"); n != strings.Count(string(r.Body), "\n") || n != 4 {
		t.Errorf("%d lines end as RFC 4180 asks", n)
	}
	lines, err := csv.NewReader(strings.NewReader(string(r.Body))).ReadAll()
	if err != nil || len(lines) != 4 || len(lines[0]) != 11 {
		t.Fatalf("%v %v", lines, err)
	}
	i := slices.IndexFunc(lines, func(line []string) bool { return line[0] == patient.ID })
	if i < 0 || lines[i][1] != `'=HYPERLINK("http://x.example","a, b")` || lines[i][3] != "done" || lines[i][6] != "self" {
		t.Errorf("%q", lines)
	}
}

func TestTheReportGoesOnPageByPage(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	for range 55 {
		c.Owing(clinic.Patient)
	}
	seen, next, pages := map[string]bool{}, "", 0
	for {
		p := hookstest.Into[struct {
			Concerned, Done int
			Next            string
			Items           []struct{ Member struct{ ID string } }
		}](editor.Get("/manage/policies/privacy/acknowledgements?state=missing&before=" + next))
		if p.Concerned != 57 || p.Done != 2 {
			t.Fatalf("%+v", p)
		}
		for _, item := range p.Items {
			seen[item.Member.ID] = true
		}
		pages++
		if next = p.Next; next == "" {
			break
		}
	}
	if len(seen) != 55 || pages != 2 {
		t.Errorf("%d members on %d pages", len(seen), pages)
	}
	if r := editor.Get("/manage/policies/privacy/acknowledgements?before=nonsense"); r.Status != http.StatusBadRequest {
		t.Errorf("a broken cursor: %d", r.Status)
	}
}

func TestRemindersAreContentFreeAndSeldom(t *testing.T) {
	c := hookstest.New(t)
	editor, owing := c.Staff("policies"), c.Owing(clinic.Patient)
	catcher := c.Mail()
	remind := func() int {
		return hookstest.Into[struct{ Queued int }](editor.Post("/manage/policies/privacy/remind", object{})).Queued
	}
	if n := remind(); n != 1 {
		t.Fatalf("%d letters", n)
	}
	if n := remind(); n != 0 {
		t.Errorf("%d letters at once again", n)
	}
	letter := catcher.To(t, owing.Email)
	for _, words := range []string{"privacy in the community", "health", "condition", "patient"} {
		if strings.Contains(strings.ToLower(letter.Subject+letter.Text), words) {
			t.Errorf("the letter says %q:\n%s", words, letter.Text)
		}
	}
	c.Pass(25 * time.Hour)
	editor = c.SignedIn(editor.ID)
	if n := remind(); n != 1 {
		t.Errorf("a day later %d letters", n)
	}
}
