package check_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type answer struct {
	ID, Status, HTML string
	Findings         []check.Finding
}

type refused struct {
	Data struct {
		Error struct {
			Code   string
			Params struct {
				Findings                []check.Finding
				Phone, Hours, Emergency string
				EmergencyNumber         string `json:"emergency_number"`
			}
		}
	}
}

type rule map[string]any

// publish posts a policy whose one clause carries these checks. Members made after it have acknowledged it.
func publish(t *testing.T, c *hookstest.Clinic, slug string, rules []rule) (policy *core.Record) {
	t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.Policies)
	must(t, err)
	policy = core.NewRecord(collection)
	policy.Load(map[string]any{"slug": slug, "audience": clinic.Everyone, "position": 90, "status": "posted", "kind": "policy"})
	must(t, c.App.Save(policy))
	versions, err := c.App.FindCollectionByNameOrId(clinic.PolicyVersions)
	must(t, err)
	for _, language := range clinic.Languages {
		said := make([]rule, len(rules))
		for i, one := range rules {
			said[i] = rule{"clause": "tried", "say": language + " says"}
			for key, value := range one {
				said[i][key] = value
			}
		}
		record := core.NewRecord(versions)
		body := "1. A clause that is tried. {#tried}\n"
		record.Load(map[string]any{"policy": policy.Id, "number": 1, "language": language, "title": "Tried in " + language, "class": "material",
			"reason": "for a test", "published": c.House.Now(), "source": body, "markdown": body, "checks": said, "strip": map[string]string{}})
		must(t, c.House.Save(c.App, record))
	}
	return policy
}

// alone withdraws every shipped policy, so that only a test's own rules are in force.
func alone(t *testing.T, c *hookstest.Clinic) {
	t.Helper()
	all, err := c.App.FindAllRecords(clinic.Policies)
	must(t, err)
	for _, one := range all {
		c.Withdraw(one.GetString("slug"))
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var everyAction = []string{"say", "ask", "hold", "stop", "call"}

// TestEveryRoleInEveryKindOfCommunityWithEveryAction is the matrix: a rule for each, with a word of its own.
func TestEveryRoleInEveryKindOfCommunityWithEveryAction(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	var rules []rule
	word := func(role clinic.Role, kind, action string) string {
		return fmt.Sprintf("zz%s%s%s", role, strings.ReplaceAll(kind, "_", ""), action)
	}
	for _, role := range clinic.RuledRoles {
		for _, kind := range clinic.CommunityKinds {
			for _, action := range everyAction {
				rules = append(rules, rule{"detector": "word", "whose": []clinic.Role{role}, "where": []string{kind}, "action": action, "words": []string{word(role, kind, action)}})
			}
		}
	}
	// A policy holds a hundred at most.
	publish(t, c, "tried", rules[:len(rules)/2])
	publish(t, c, "tried-too", rules[len(rules)/2:])
	members := map[clinic.Role]*hookstest.Client{clinic.Provider: c.Provider(), clinic.Staff: c.Staff(), clinic.Patient: c.Patient(), clinic.Caregiver: c.Caregiver()}
	for _, kind := range clinic.CommunityKinds {
		in := []clinic.Role{clinic.Provider, clinic.Staff, clinic.Patient, clinic.Caregiver}
		switch kind {
		case clinic.KindProviderRoom:
			in = in[:1]
		case clinic.KindStaffRoom:
			in = in[:2]
		}
		var joined []*hookstest.Client
		for _, role := range in[1:] {
			joined = append(joined, members[role])
		}
		room := c.Community(kind, []*hookstest.Client{members[clinic.Provider]}, joined...)
		for _, writer := range in {
			for _, of := range clinic.RuledRoles {
				for _, action := range everyAction {
					want := map[string]int{"say": 201, "ask": 409, "hold": 202, "stop": 422, "call": 409}[action]
					if of != writer {
						want = 201
					}
					said := "A text with " + word(of, kind, action) + " in it"
					got := members[writer].Post("/communities/"+room+"/posts", map[string]any{"body": said})
					if got.Status != want {
						t.Errorf("%s in %s with %s: %d, not %d: %s", writer, kind, word(of, kind, action), got.Status, want, got.Body)
					}
					tried := hookstest.Into[answer](members[clinic.Provider].Post("/checks/try", map[string]any{"text": said, "as": writer}))
					if found := len(tried.Findings) == 1; found != (of == writer) {
						t.Errorf("tried as %s: %v", writer, tried.Findings)
					}
				}
			}
		}
	}
}

func TestAskIsConfirmedAndCallOffersThePhone(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{
		{"detector": "phone", "whose": []string{"patient"}, "action": "ask"},
		{"detector": "urgent", "whose": []string{"patient"}, "action": "call"},
		{"detector": "complaint", "whose": []string{"patient"}, "action": "hold"},
	})
	lead, patient, other := c.Provider(), c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient, other)
	posts := "/communities/" + room + "/posts"

	body := "Ça va 🙂 call me: 617-555-0182"
	got := patient.Post(posts, map[string]any{"body": body})
	fault := hookstest.Into[refused](got).Data.Error
	if got.Status != http.StatusConflict || fault.Code != "confirm_findings" || len(fault.Params.Findings) != 1 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	found := fault.Params.Findings[0]
	if said := string([]rune(body)[found.Start:found.End]); said != "617-555-0182" || found.Say != "en says" || found.PolicyTitle != "Tried in en" ||
		found.Clause != "tried" || found.Policy != "tried" || found.Check != "identifier" || found.Detector != "phone" || found.Field != "body" {
		t.Errorf("%q %+v", said, found)
	}
	if again := patient.Post(posts, map[string]any{"body": body, "confirm": []string{"another"}}); again.Code() != "confirm_findings" {
		t.Errorf("another id: %s", again.Body)
	}
	made := hookstest.Into[answer](patient.Post(posts, map[string]any{"body": body, "confirm": []string{found.ID}}))
	if made.Status != clinic.Shown || len(made.Findings) != 1 {
		t.Errorf("confirmed: %+v", made)
	}
	var lines int
	must(t, c.App.DB().NewQuery("SELECT COUNT(*) FROM audit_entries WHERE action = 'check.confirm' AND detail LIKE 'tried#tried %' AND detail NOT LIKE '%617%'").Row(&lines))
	if lines != 1 {
		t.Errorf("%d lines on the audit record", lines)
	}

	call := patient.Post("/posts/"+made.ID+"/comments", map[string]any{"body": "I have pressure in my chest and my arm is numb"})
	fault = hookstest.Into[refused](call).Data.Error
	if call.Status != http.StatusConflict || fault.Code != "offer_callback" || fault.Params.Phone == "" || fault.Params.EmergencyNumber != "911" {
		t.Fatalf("%d %s", call.Status, call.Body)
	}
	var ids []string
	for _, f := range fault.Params.Findings {
		ids = append(ids, f.ID)
	}
	if got := patient.Post("/posts/"+made.ID+"/comments", map[string]any{"body": "I have pressure in my chest and my arm is numb", "confirm": ids}); got.Status != http.StatusCreated {
		t.Errorf("posted anyway: %d %s", got.Status, got.Body)
	}

	held := patient.Do("PATCH", "/posts/"+made.ID, map[string]any{"body": "The receptionist was so rude to me"})
	if now := hookstest.Into[answer](held); held.Status != http.StatusAccepted || now.Status != clinic.Held || len(now.Findings) != 1 {
		t.Errorf("edited into what is held: %d %s", held.Status, held.Body)
	}
	if got := other.Do("GET", "/posts/"+made.ID, nil); got.Status != http.StatusNotFound {
		t.Errorf("a held post is seen by another: %d", got.Status)
	}
	var holds int
	must(t, c.App.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE post = {:post} AND clause = 'tried'").Bind(map[string]any{"post": made.ID}).Row(&holds))
	if holds != 1 {
		t.Errorf("%d holds on the desk", holds)
	}
}

func TestTheDashboardIsHeldAndStoppedAndNotAsked(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	everyone := []clinic.Role{clinic.Patient}
	publish(t, c, "tried", []rule{
		{"detector": "word", "words": []string{"zzask"}, "whose": everyone, "action": "ask"}, {"detector": "word", "words": []string{"zzcall"}, "whose": everyone, "action": "call"},
		{"detector": "word", "words": []string{"zzhold"}, "whose": everyone, "action": "hold"}, {"detector": "word", "words": []string{"zzstop"}, "whose": everyone, "action": "stop"},
	})
	lead, patient := c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	collection, err := c.App.FindCollectionByNameOrId(clinic.Posts)
	must(t, err)
	for word, want := range map[string]string{"zzask": clinic.Shown, "zzcall": clinic.Shown, "zzhold": clinic.Held, "zzstop": ""} {
		record := core.NewRecord(collection)
		record.Load(map[string]any{"community": room, "author": patient.ID, "body": "with " + word, "confirm": []string{"x"}})
		err := c.App.Save(record)
		if (err != nil) != (want == "") || err == nil && record.GetString("status") != want {
			t.Errorf("%s: %v %s", word, err, record.GetString("status"))
		}
	}
}

func TestAWithdrawnPolicyChecksNoMore(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	policy := publish(t, c, "tried", []rule{{"detector": "identifier", "whose": []string{"patient"}, "action": "stop"}})
	lead, patient := c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	post := func() int {
		return patient.Post("/communities/"+room+"/posts", map[string]any{"title": "My SSN is 078-05-1120", "body": "hello"}).Status
	}
	if got := post(); got != http.StatusUnprocessableEntity {
		t.Errorf("in force: %d", got)
	}
	c.Withdraw(policy.GetString("slug"))
	if got := post(); got != http.StatusCreated {
		t.Errorf("withdrawn: %d", got)
	}
}

func TestNoPatientLearnsANameTheyCannotSee(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{{"detector": "member_name", "whose": []string{"patient", "provider"}, "action": "ask"}})
	lead, patient, silent, far := c.Provider(), c.Patient(), c.Patient(), c.Patient()
	names := map[*hookstest.Client]string{lead: "Thandeka Mokoena", silent: "Marisol Vega", far: "Bartholomew Quist", patient: "Ottoline Self"}
	for who, name := range names {
		record, err := c.App.FindRecordById(clinic.Users, who.ID)
		must(t, err)
		record.Set("name", name)
		must(t, c.House.Save(c.App, record))
	}
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient, silent)
	c.Community(clinic.KindCondition, []*hookstest.Client{lead}, far)
	names2 := func(who *hookstest.Client) []string {
		var out []string
		text := "Thandeka, Marisol, Bartholomew and Ottoline"
		got := hookstest.Into[answer](who.Post("/preview", map[string]any{"text": text, "community": room}))
		for _, f := range got.Findings {
			out = append(out, string([]rune(text)[f.Start:f.End]))
		}
		return out
	}
	if got := names2(patient); !slices.Equal(got, []string{"Thandeka"}) {
		t.Errorf("a patient is told %v", got)
	}
	if got := names2(lead); len(got) != 3 {
		t.Errorf("a provider is told %v", got)
	}
	colleague := c.Provider()
	c.Join(room, colleague, false)
	if got := names2(colleague); !slices.Equal(got, []string{"Marisol", "Bartholomew", "Ottoline"}) {
		t.Errorf("another provider, who may name a colleague, is told %v", got)
	}
	wrote := silent.Post("/communities/"+room+"/posts", map[string]any{"body": "Good morning"})
	if wrote.Status != http.StatusCreated {
		t.Fatalf("%d %s", wrote.Status, wrote.Body)
	}
	if got := names2(patient); !slices.Equal(got, []string{"Thandeka", "Marisol"}) {
		t.Errorf("once Marisol has written, a patient is told %v", got)
	}
	if got := silent.Delete("/posts/" + hookstest.Into[struct{ ID string }](wrote).ID); got.Status != http.StatusNoContent {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := names2(patient); !slices.Equal(got, []string{"Thandeka"}) {
		t.Errorf("once nothing of Marisol's is shown, a patient is told %v", got)
	}
	leader, err := c.App.FindRecordById(clinic.Users, c.Provider().ID)
	must(t, err)
	leader.Set("name", "Bartholomew Lead")
	must(t, c.House.Save(c.App, leader))
	c.Join(room, &hookstest.Client{ID: leader.Id}, true)
	if got := names2(patient); !slices.Equal(got, []string{"Thandeka", "Bartholomew"}) {
		t.Errorf("of a new lead, a patient is told %v", got)
	}
	if got := names2(lead); !slices.Contains(got, "Bartholomew") {
		t.Errorf("a patient who has the name of a colleague is not seen: a provider is told %v", got)
	}
}

func TestTheListHasEveryDetectorWithItsFigures(t *testing.T) {
	c := hookstest.New(t)
	got := c.Staff("policies").Do("GET", "/checks?language=es", nil)
	list := hookstest.Into[struct {
		Items []struct {
			ID, Title, Explains string
			Figures             map[string]struct{ Right int }
		}
	}](got)
	if len(list.Items) != len(check.Detectors) {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	for _, one := range list.Items {
		if one.Title == "" || strings.HasPrefix(one.Title, "check.") || strings.HasPrefix(one.Explains, "check.") || one.Figures["kept"].Right+one.Figures["tuning"].Right == 0 {
			t.Errorf("%+v", one)
		}
	}
}

// TestTheShippedPoliciesCheckWhatTheyShould tries one example of each detector that the shipped set carries a check for.
func TestTheShippedPoliciesCheckWhatTheyShould(t *testing.T) {
	c := hookstest.New(t)
	provider := c.Provider()
	for _, d := range check.Detectors {
		if d.ID == "word" || d.ID == "member_name" {
			continue
		}
		for _, example := range d.Finds {
			got := hookstest.Into[answer](provider.Post("/checks/try", map[string]any{"text": example.Text, "as": example.Role}))
			if !slices.ContainsFunc(got.Findings, func(f check.Finding) bool { return f.Family == d.Family && f.Say != "" && f.PolicyTitle != "" }) {
				t.Errorf("%s as %s: %q: %v", d.ID, example.Role, example.Text, got.Findings)
			}
		}
	}
}

// The practice's own numbers are nobody's secret, in whichever language it says them.
func TestANumberThatThePracticeSaysIsNoFinding(t *testing.T) {
	c := hookstest.New(t)
	set := map[string]any{"emergency": "Call 911, or the desk: 617-555-0181.", "emergency_other": "Llame al 911, o a la recepción: 617-555-0182."}
	if r := c.Founder().Patch("/practice/settings", set); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	alone(t, c)
	publish(t, c, "tried", []rule{{"detector": "phone", "whose": []string{"patient"}, "action": "ask"}})
	patient := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, patient)
	for number, want := range map[string]int{"617-555-0181": 0, "617-555-0182": 0, "617-555-0183": 1} {
		got := hookstest.Into[answer](patient.Post("/preview", map[string]any{"text": "They told me to call " + number, "community": room}))
		if len(got.Findings) != want {
			t.Errorf("%s: %+v", number, got.Findings)
		}
	}
}
