package policy_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

type document struct {
	Slug, Language, Title, Summary, Audience, Status, Class, Reason, SHA256, Markdown, HTML string
	Version                                                                                 int
	Languages                                                                               []string
	Current                                                                                 bool
	Published, Due                                                                          *time.Time
}

type list[T any] struct{ Items []T }

var slugs = []string{"community-guidelines", "urgent-questions", "privacy", "staff-social-media", "testimonials", "caregivers", "sharing"}

// What a patient and what someone who works here has to acknowledge of them.
var (
	forPatients = []string{"community-guidelines", "urgent-questions", "privacy", "testimonials", "caregivers"}
	forStaff    = []string{"community-guidelines", "urgent-questions", "privacy", "staff-social-media", "testimonials"}
)

func read(t *testing.T, c *hookstest.Clinic, path string) document {
	t.Helper()
	r := c.Guest().Get(path)
	if r.Status != http.StatusOK {
		t.Fatalf("GET %s: %d %s", path, r.Status, r.Body)
	}
	return hookstest.Into[document](r)
}

func accept(t *testing.T, m *hookstest.Client, d document) {
	t.Helper()
	r := m.Post("/policies/"+d.Slug+"/acknowledge", map[string]any{"version": d.Version, "sha256": d.SHA256})
	if r.Status != http.StatusOK {
		t.Fatalf("acknowledging %s: %d %s", d.Slug, r.Status, r.Body)
	}
}

func TestAnyoneReadsThePolicies(t *testing.T) {
	c := hookstest.New(t)
	r := c.Guest().Get("/policies")
	all := hookstest.Into[list[document]](r).Items
	var got []string
	for _, d := range all {
		got = append(got, d.Slug)
		if d.SHA256 != policy.Sum(d.Markdown) || d.Version != 1 || !d.Current || d.Status != "posted" || d.Published == nil || d.HTML == "" {
			t.Errorf("%+v", d)
		}
		if strings.Contains(d.Markdown+d.Summary, "{{") {
			t.Errorf("%s: a placeholder was not filled in", d.Slug)
		}
	}
	if !slices.Equal(got, slugs) {
		t.Errorf("policies %v", got)
	}
	if !strings.Contains(read(t, c, "/policies/urgent-questions").Markdown, "555-0100") {
		t.Error("the practice's phone is not in its policy")
	}
}

func TestEachLanguageHasItsOwnTextAndHash(t *testing.T) {
	c := hookstest.New(t)
	for _, slug := range slugs {
		en, es := read(t, c, "/policies/"+slug+"?language=en"), read(t, c, "/policies/"+slug+"?language=es")
		if en.Language != "en" || es.Language != "es" || en.Version != es.Version || en.SHA256 == es.SHA256 || en.Title == es.Title {
			t.Errorf("%s: %s %d %s, %s %d %s", slug, en.Language, en.Version, en.SHA256, es.Language, es.Version, es.SHA256)
		}
		if !slices.Equal(en.Languages, []string{"en", "es"}) {
			t.Errorf("%s is in %v", slug, en.Languages)
		}
		if other := read(t, c, "/policies/"+slug+"/versions/1?language=es"); other.Markdown != es.Markdown {
			t.Errorf("%s: version 1 is not the current text", slug)
		}
	}
	if r := c.Guest().Do("GET", "/policies/privacy", nil, http.Header{"Accept-Language": {"es-MX,es;q=0.9"}}); hookstest.Into[document](r).Language != "es" {
		t.Error("a browser that asks for Spanish got another language")
	}
}

func TestATextFallsBackToTheLanguageItIsIn(t *testing.T) {
	c := hookstest.New(t)
	if _, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Clarification, Texts: []policy.Words{
		{Language: "en", Title: "Privacy", Body: "1. Short now. {#short}", Reason: "Shorter."}}}); err != nil {
		t.Fatal(err)
	}
	if d := read(t, c, "/policies/privacy?language=es"); d.Language != "en" || d.Version != 2 {
		t.Errorf("got %s version %d", d.Language, d.Version)
	}
}

func TestUnknownPoliciesAreNotFound(t *testing.T) {
	c := hookstest.New(t)
	for _, path := range []string{"/policies/none", "/policies/none/versions", "/policies/privacy/versions/2", "/policies/privacy/versions/0",
		"/policies/privacy/versions/-1", "/policies/privacy/versions/x", "/policies/privacy/versions/99999999999999999999", "/policies/%00", "/policies/' OR 1=1 --"} {
		path = strings.ReplaceAll(path, " ", "%20")
		if r := c.Guest().Get(path); r.Status != http.StatusNotFound || r.Code() != "not_found" {
			t.Errorf("GET %s: %d %s", path, r.Status, r.Body)
		}
	}
}

func TestAPageThatHasTheTextIsToldSo(t *testing.T) {
	c := hookstest.New(t)
	first := c.Guest().Get("/policies/privacy")
	tag := first.Header.Get("ETag")
	for header, want := range map[string]int{tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, "*": 304, `"other"`: 200} {
		r := c.Guest().Do("GET", "/policies/privacy", nil, http.Header{"If-None-Match": {header}})
		if r.Status != want || r.Status == 304 && len(r.Body) > 0 {
			t.Errorf("If-None-Match %s: %d with %d bytes", header, r.Status, len(r.Body))
		}
	}
	if r := c.Guest().Get("/policies/privacy?language=es"); r.Header.Get("ETag") == tag {
		t.Error("two languages share an ETag")
	}
}

func TestAMemberWhoOwesReadsPoliciesAndNothingElse(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Owing(clinic.Patient)
	if got := owed(t, c, patient); !slices.Equal(got, forPatients) {
		t.Fatalf("a patient owes %v", got)
	}
	for i, slug := range forPatients {
		accept(t, patient, read(t, c, "/policies/"+slug+"?language="+clinic.Languages[i%2]))
		if got := owed(t, c, patient); !slices.Equal(got, forPatients[i+1:]) {
			t.Errorf("after %s a patient owes %v", slug, got)
		}
	}
	staff := c.Owing(clinic.Staff)
	if got := owed(t, c, staff); !slices.Equal(got, forStaff) {
		t.Errorf("staff owe %v", got)
	}
}

// Every door of the community, also one that is declared tomorrow, stays closed to every role until the last policy is acknowledged.
func TestEveryDoorOfTheCommunityWaits(t *testing.T) {
	c := hookstest.New(t)
	for _, role := range clinic.Roles {
		member, theirs := c.Owing(role), forPatients
		if role.Professional() {
			theirs = forStaff
		}
		waiting := func(r *hookstest.Response) bool { return r.Code() == "policy_acknowledgement_required" }
		for door, r := range atEveryDoor(t, c, member) {
			owes := hookstest.Into[struct {
				Data struct {
					Error struct{ Params struct{ Owes []clinic.Owed } }
				}
			}](r).Data.Error.Params.Owes
			if !waiting(r) || r.Status != http.StatusForbidden || len(owes) != len(theirs) || owes[0].Slug != theirs[0] || owes[0].Version != 1 || owes[0].Blocks != clinic.BlocksAll {
				t.Errorf("%s, owing: %s: %d %s", role, door, r.Status, r.Body)
			}
		}
		for _, slug := range theirs {
			accept(t, member, read(t, c, "/policies/"+slug))
		}
		for door, r := range atEveryDoor(t, c, member) {
			if waiting(r) {
				t.Errorf("%s, after the last: %s: %d %s", role, door, r.Status, r.Body)
			}
		}
	}
}

// atEveryDoor asks at each door of the community, about nothing that is there.
func atEveryDoor(t *testing.T, c *hookstest.Clinic, m *hookstest.Client) map[string]*hookstest.Response {
	t.Helper()
	answers := map[string]*hookstest.Response{}
	for _, door := range c.House.Doors() {
		if door.Guard != access.Anyone.Name && door.Guard != access.SignedIn.Name {
			answers[door.Method+" "+door.Path] = m.Do(door.Method, path.ReplaceAllString(door.Path, "x"), map[string]any{})
		}
	}
	if len(answers) == 0 {
		t.Fatal("no door of the community was tried")
	}
	return answers
}

var path = regexp.MustCompile(`\{[^}]*\}`)

// owed lists the policies that stand between a member and the whole community now.
func owed(t *testing.T, c *hookstest.Clinic, m *hookstest.Client) []string {
	t.Helper()
	return blocking(t, c, m, clinic.BlocksAll)
}

func blocking(t *testing.T, c *hookstest.Clinic, m *hookstest.Client, what string) []string {
	t.Helper()
	viewer, err := c.House.Member(m.ID)
	if err != nil || viewer == nil {
		t.Fatalf("no such member: %v", err)
	}
	var out []string
	for _, owed := range viewer.Blocking(what, c.House.Now()) {
		out = append(out, owed.Slug)
	}
	return out
}

func TestAcknowledging(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Owing(clinic.Patient)
	d, spanish := read(t, c, "/policies/privacy"), read(t, c, "/policies/privacy?language=es")
	for name, ask := range map[string]struct {
		who    *hookstest.Client
		slug   string
		body   any
		status int
		code   string
	}{
		"a guest":               {c.Guest(), d.Slug, map[string]any{"version": 1, "sha256": d.SHA256}, 401, "sign_in_required"},
		"no such policy":        {patient, "none", map[string]any{"version": 1, "sha256": d.SHA256}, 404, "not_found"},
		"no hash":               {patient, d.Slug, map[string]any{"version": 1}, 409, "policy_version_changed"},
		"another hash":          {patient, d.Slug, map[string]any{"version": 1, "sha256": strings.Repeat("0", 64)}, 409, "policy_version_changed"},
		"another policy's hash": {patient, "community-guidelines", map[string]any{"version": 1, "sha256": d.SHA256}, 409, "policy_version_changed"},
		"the hash in capitals":  {patient, d.Slug, map[string]any{"version": 1, "sha256": strings.ToUpper(d.SHA256)}, 409, "policy_version_changed"},
		"another version":       {patient, d.Slug, map[string]any{"version": 2, "sha256": d.SHA256}, 409, "policy_version_changed"},
		"no version":            {patient, d.Slug, map[string]any{"sha256": d.SHA256}, 400, "version:required"},
		"a version in words":    {patient, d.Slug, map[string]any{"version": "one", "sha256": d.SHA256}, 400, "version:invalid"},
		"no JSON":               {patient, d.Slug, "{", 400, "bad_request"},
	} {
		t.Run(name, func(t *testing.T) {
			r := ask.who.Post("/policies/"+ask.slug+"/acknowledge", ask.body)
			if r.Status != ask.status || r.Code() != ask.code {
				t.Errorf("%d %s, want %d %s: %s", r.Status, r.Code(), ask.status, ask.code, r.Body)
			}
		})
	}
	accept(t, patient, spanish)
	accept(t, patient, spanish)
	accept(t, patient, d)
	records, err := c.App.FindAllRecords(clinic.Acknowledgements)
	if err != nil {
		t.Fatal(err)
	}
	records = slices.DeleteFunc(records, func(r *core.Record) bool { return r.GetString("member") != patient.ID })
	if len(records) != 1 {
		t.Fatalf("%d acknowledgements of one text", len(records))
	}
	r := records[0]
	if r.GetString("sha256") != spanish.SHA256 || r.GetString("language") != "es" || r.GetString("role") != "patient" || r.GetString("method") != policy.BySelf || r.GetInt("number") != 1 {
		t.Errorf("recorded %v", r.PublicExport())
	}
}
