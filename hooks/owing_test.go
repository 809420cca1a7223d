package hooks_test

import (
	"encoding/binary"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// The matrix of who owes a material version after its date: every door that changes something × every role. The doors are taken from
// the house itself, so that a new one fails this test until somebody has decided whether it waits.

// waits marks a door that puts words before other members: it is closed to who owes.
const waits = "waits"

// asLead marks a door that only a lead can go through, and that waits as well: TestALeadWhoOwesWaits tries it.
const asLead = "waits, for a lead"

// owingDoors says of each door that changes something what it is to a member who owes a material version after its date. What does not
// wait says why.
var owingDoors = map[string]string{
	"POST /communities/{id}/posts": waits, "POST /posts/{id}/comments": waits, "PATCH /posts/{id}": waits, "PATCH /comments/{id}": waits,
	"POST /holds/{id}/resubmit": waits,

	"DELETE /posts/{id}": "one's own can be taken back at any time", "DELETE /comments/{id}": "one's own can be taken back at any time",
	"PUT /drafts/{place}": "a draft is read by its writer alone", "DELETE /drafts/{place}": "a draft is read by its writer alone",
	"POST /preview": "stores nothing", "POST /search": "reads", "POST /checks/try": "stores nothing", "POST /me/news/{slug}": "marks as read",

	"PUT /posts/{id}/reactions/{kind}": "a number, and no words", "DELETE /posts/{id}/reactions/{kind}": "a number, and no words",
	"PUT /comments/{id}/reactions/{kind}": "a number, and no words", "DELETE /comments/{id}/reactions/{kind}": "a number, and no words",
	"PUT /posts/{id}/follow": "one's own mark, told to nobody", "DELETE /posts/{id}/follow": "one's own mark, told to nobody",
	"PUT /posts/{id}/seen": "one's own mark, told to nobody", "PUT /posts/{id}/save": "one's own mark, told to nobody",
	"DELETE /posts/{id}/save": "one's own mark, told to nobody", "PUT /comments/{id}/save": "one's own mark, told to nobody",
	"DELETE /comments/{id}/save": "one's own mark, told to nobody", "PUT /posts/{id}/mute": "one's own mark, told to nobody",
	"DELETE /posts/{id}/mute": "one's own mark, told to nobody", "PUT /communities/{id}/mute": "one's own mark, told to nobody",
	"DELETE /communities/{id}/mute": "one's own mark, told to nobody", "PUT /members/{id}/block": "one's own mark, told to nobody",
	"DELETE /members/{id}/block": "one's own mark, told to nobody", "PUT /home/visit": "one's own mark, told to nobody",

	"POST /policies/{slug}/acknowledge": "the way out", "POST /policies/{slug}/refuse": "the other way out",
	"POST /authorizations/{slug}": "the way out", "DELETE /authorizations/{slug}": "can be taken back at any time",
	"POST /cases/{id}/answers": "the way out", "POST /cases/skip": "the way out", "POST /cases/{id}/questions": "goes to the practice alone",
	"POST /holds/{id}/second-look": "an appeal goes to the practice alone",
	"POST /posts/{id}/report":      "what harms somebody can always be reported", "POST /comments/{id}/report": "what harms somebody can always be reported",

	"PUT /posts/{id}/top": asLead, "POST /posts/{id}/review": asLead, "POST /comments/{id}/review": asLead,
	"DELETE /posts/{id}/review": "can be taken back at any time", "DELETE /comments/{id}/review": "can be taken back at any time",
	"POST /files": waits, "PUT /files/{id}/content": "waits as POST /files does, which is tried", "PATCH /files/{id}": waits,
	"DELETE /files/{id}":     "one's own can be taken back at any time",
	"PUT /posts/{id}/helped": "thanks somebody, with no words",
	"POST /polls/{id}/vote":  "a number, and no words", "POST /polls/{id}/end": "one's own can be ended at any time",
	"POST /notifications/read": "marks as read", "PATCH /me/notifications": "one's own account", "PUT /me/push": "one's own account", "DELETE /me/push": "one's own account",

	"POST /session/keep": "one's own account", "POST /session/fresh": "one's own account", "DELETE /sessions": "one's own account",
	"DELETE /sessions/{id}": "one's own account", "PATCH /me": "one's own account", "POST /me/password": "one's own account", "POST /me/email": "one's own account",

	"POST /desk/{id}/publish": "what waits for a person, a crisis among it, does not wait for them to have read", "POST /desk/{id}/return": "as to publish",
	"POST /desk/{id}/remove": "as to publish",
	"POST /communities":      "running the practice", "PATCH /communities/{id}": "running the practice", "POST /communities/{id}/members": "running the practice",
	"DELETE /communities/{id}/members/{member}": "anyone may leave", "POST /communities/{id}/lead": "running the practice",
	"POST /invitations": "running the practice", "POST /invitations/import": "running the practice", "POST /invitations/approve": "running the practice",
	"POST /invitations/{id}/approve": "running the practice", "POST /invitations/{id}/resend": "running the practice",
	"POST /invitations/{id}/revoke": "running the practice", "POST /invitations/{id}/link": "running the practice",
	"POST /members/{id}/suspend": "running the practice", "POST /members/{id}/restore": "running the practice", "POST /members/{id}/remove": "running the practice",
	"PUT /members/{id}/rights": "running the practice", "POST /members/{id}/invite-again": "running the practice",
	"PATCH /practice/settings": "running the practice", "POST /practice/mail-test": "running the practice",
	"POST /cases/questions/{id}/answer": "goes to one member, who asked",
	"POST /manage/cases":                "editing", "POST /manage/cases/look": "editing", "PUT /manage/cases/{slug}": "editing",
	"PUT /manage/cases/{slug}/draft": "editing", "DELETE /manage/cases/{slug}/draft": "editing", "POST /manage/policies": "editing",
	"PUT /manage/policies/{slug}/draft": "editing", "DELETE /manage/policies/{slug}/draft": "editing", "POST /manage/policies/{slug}/look": "editing",
	"POST /manage/policies/{slug}/consequences": "editing", "POST /manage/policies/{slug}/publish": "editing", "POST /manage/policies/{slug}/withdraw": "editing",
	"POST /manage/policies/{slug}/post-again": "editing", "POST /manage/policies/{slug}/offer": "editing",
	"POST /manage/policies/{slug}/acknowledgements": "witnessing", "POST /manage/policies/{slug}/remind": "running the practice",
}

// owingScene is what one member has written before the version came.
type owingScene struct {
	member                         *hookstest.Client
	community, post, comment, hold string
	file                           string // beside a post
	told                           int    // makes each text another one
}

// valid is a request at a door that waits, as it would succeed for who owes nothing.
func (s *owingScene) valid(door string) (method, path string, body map[string]any) {
	s.told++
	words := "Walking in the morning, day " + strings.Repeat("I", s.told) + "."
	method, path, _ = strings.Cut(door, " ")
	id := map[string]string{"/communities": s.community, "/posts/{id": s.post, "/comments/": s.comment, "/holds/{id": s.hold, "/files/{id": s.file}
	for prefix, value := range id {
		if strings.HasPrefix(path, prefix) {
			path = strings.Replace(path, "{id}", value, 1)
		}
	}
	if strings.HasSuffix(path, "/resubmit") {
		words += " zzheld"
	}
	if path == "/files" {
		return method, path, map[string]any{"name": "a.png", "bytes": 10, "community": s.community}
	}
	if door == "PATCH /files/{id}" {
		return method, path, map[string]any{"transcript": words}
	}
	return method, path, map[string]any{"body": words}
}

// write puts something there to be changed: a post, a comment, and a post that is held.
func (s *owingScene) write(t *testing.T) {
	t.Helper()
	made := func(path, body string) string {
		r := s.member.Post(path, map[string]any{"body": body})
		if r.Status != http.StatusCreated && r.Status != http.StatusAccepted {
			t.Fatalf("POST %s: %d %s", path, r.Status, r.Body)
		}
		return hookstest.Into[struct{ ID string }](r).ID
	}
	s.post = made("/communities/"+s.community+"/posts", "Tea at night.")
	s.comment = made("/posts/"+s.post+"/comments", "And honey.")
	made("/communities/"+s.community+"/posts", "Tea, zzheld.")
	s.file = sounding(t, s.member, s.community)
	holds := hookstest.Into[struct{ Items []struct{ ID string } }](s.member.Get("/holds")).Items
	if len(holds) != 1 {
		t.Fatalf("%d holds", len(holds))
	}
	s.hold = holds[0].ID
}

// sounding posts a recording, and gives its id.
func sounding(t *testing.T, by *hookstest.Client, community string) string {
	t.Helper()
	le := binary.LittleEndian
	drawn := []byte("RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00") // whole numbers, one channel
	drawn = le.AppendUint32(le.AppendUint32(drawn, 8000), 16000)                    // samples and bytes a second
	drawn = le.AppendUint32(append(drawn, "\x02\x00\x10\x00data"...), 1600)
	drawn = append(drawn, make([]byte, 1600)...)
	le.PutUint32(drawn[4:], uint32(len(drawn)-8))
	id := hookstest.Into[struct{ ID string }](by.Post("/files", map[string]any{"name": "b.wav", "bytes": len(drawn), "community": community})).ID
	if r := by.Do("PUT", "/files/"+id+"/content?from=0", string(drawn)); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	r := by.Post("/communities/"+community+"/posts", map[string]any{"kind": "discussion", "title": "T", "body": "A recording.", "files": []string{id}})
	if r.Status != http.StatusCreated && r.Status != http.StatusAccepted {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return id
}

// changing lists the doors at which a member changes something.
func changing(c *hookstest.Clinic) (doors []string) {
	for _, door := range c.House.Doors() {
		if door.Method != http.MethodGet && door.Guard != "Anyone" {
			doors = append(doors, door.Method+" "+strings.TrimPrefix(door.Path, clinic.APIPrefix))
		}
	}
	return doors
}

func TestEveryDoorForWhoOwesAMaterialVersion(t *testing.T) {
	c := hookstest.New(t)
	c.HoldWord("zzheld")
	doors := changing(c)
	for _, name := range doors {
		if owingDoors[name] == "" {
			t.Errorf("%s changes something, and nobody decided whether it waits for who owes a material version", name)
		}
	}
	for name := range owingDoors {
		if !slices.Contains(doors, name) {
			t.Errorf("%s is decided on, and is not there", name)
		}
	}
	members := map[clinic.Role]*hookstest.Client{clinic.Provider: c.Provider("admin"), clinic.Staff: c.Staff("policies", "moderate"),
		clinic.Patient: c.Patient(), clinic.Caregiver: c.Caregiver(), clinic.Outside: c.Outside()}
	community := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, members[clinic.Provider], members[clinic.Staff], members[clinic.Patient], members[clinic.Caregiver])
	room := c.Community(clinic.KindProviderRoom, []*hookstest.Client{c.Provider()}, members[clinic.Outside])
	scenes := map[clinic.Role]*owingScene{}
	for _, role := range clinic.Roles {
		s := &owingScene{member: members[role], community: community}
		if s.member == nil {
			t.Fatalf("nobody of the role %s owes", role)
		}
		if role == clinic.Outside {
			s.community = room
		}
		s.write(t)
		scenes[role] = s
	}
	for _, late := range []bool{false, true} {
		for role, s := range scenes {
			for _, door := range doors {
				s.knock(t, role, door, late)
			}
		}
		if !late {
			words := []policy.Words{{Language: "en", Title: "Privacy", Body: "1. New. {#new}", Reason: "A test."}, {Language: "es", Title: "Privacidad", Body: "1. Nueva. {#new}", Reason: "Una prueba."}}
			_, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Due: c.House.Now().Add(5 * time.Minute), Texts: words})
			if err != nil {
				t.Fatal(err)
			}
			c.Pass(5*time.Minute + time.Second) // well within a session
		}
	}
	for role, s := range scenes { // what one wrote oneself can be taken back
		for _, path := range []string{"/comments/" + s.comment, "/posts/" + s.post} {
			if r := s.member.Delete(path); r.Status != http.StatusNoContent {
				t.Errorf("%s: DELETE %s: %d %s", role, path, r.Status, r.Body)
			}
		}
	}
}

// endsSession are doors that would take the caller's session away, and with it the rest of the matrix.
var endsSession = regexp.MustCompile(`^(DELETE /sessions|POST /me/password)`)

// knock tries one door: with a request that is good, where the door waits, else with one about nothing that is there.
func (s *owingScene) knock(t *testing.T, role clinic.Role, door string, late bool) {
	t.Helper()
	const owing = "policy_acknowledgement_required"
	if owingDoors[door] == waits {
		r := s.member.Do(s.valid(door))
		switch {
		case late && (r.Status != http.StatusForbidden || r.Code() != owing):
			t.Errorf("%s who owes: %s: %d %s", role, door, r.Status, r.Body)
		case !late && r.Status >= 300:
			t.Errorf("%s before: %s: %d %s", role, door, r.Status, r.Body)
		}
		return
	}
	if endsSession.MatchString(door) {
		return
	}
	method, path, _ := strings.Cut(door, " ")
	r := s.member.Do(method, pathValue.ReplaceAllString(path, "nothingthere000"), "{}")
	if r.Code() == owing || r.Status >= 500 {
		t.Errorf("%s, late %v: %s: %d %s", role, late, door, r.Status, r.Body)
	}
}

func TestALeadWhoOwesWaits(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Patient()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	post := hookstest.Into[struct{ ID string }](patient.Post("/communities/"+community+"/posts", map[string]any{"body": "Tea at night."})).ID
	comment := hookstest.Into[struct{ ID string }](patient.Post("/posts/"+post+"/comments", map[string]any{"body": "And honey."})).ID
	bodies := map[string]map[string]any{"PUT /posts/{id}/top": {"on": true}, "POST /posts/{id}/review": {"verdict": "accurate"}, "POST /comments/{id}/review": {"verdict": "accurate"}}
	knock := func(door string) *hookstest.Response {
		method, path, _ := strings.Cut(door, " ")
		id := post
		if strings.HasPrefix(path, "/comments") {
			id = comment
		}
		return lead.Do(method, strings.Replace(path, "{id}", id, 1), bodies[door])
	}
	for door, is := range owingDoors {
		if is != asLead {
			continue
		}
		if r := knock(door); r.Status >= 300 {
			t.Errorf("before: %s: %d %s", door, r.Status, r.Body)
		}
	}
	words := []policy.Words{{Language: "en", Title: "Privacy", Body: "1. New. {#new}", Reason: "A test."}}
	if _, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Due: c.House.Now().Add(5 * time.Minute), Texts: words}); err != nil {
		t.Fatal(err)
	}
	c.Pass(5*time.Minute + time.Second)
	for door, is := range owingDoors {
		if is != asLead {
			continue
		}
		if r := knock(door); r.Code() != "policy_acknowledgement_required" {
			t.Errorf("who owes: %s: %d %s", door, r.Status, r.Body)
		}
	}
}

// Reading goes on as before, at every door that only reads.
func TestWhoOwesAMaterialVersionReadsOn(t *testing.T) {
	c := hookstest.New(t)
	patient, provider := c.Patient(), c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider}, patient)
	post := hookstest.Into[struct{ ID string }](patient.Post("/communities/"+community+"/posts", map[string]any{"body": "Tea at night."})).ID
	comment := hookstest.Into[struct{ ID string }](patient.Post("/posts/"+post+"/comments", map[string]any{"body": "And honey."})).ID
	read := func(m *hookstest.Client) map[string]int {
		out := map[string]int{}
		for _, door := range c.House.Doors() {
			if door.Method != http.MethodGet {
				continue
			}
			path := strings.TrimPrefix(door.Path, clinic.APIPrefix)
			for prefix, id := range map[string]string{"/communities/{id}": community, "/posts/{id}": post, "/comments/{id}": comment, "/members/{id}": patient.ID, "/policies/{slug}": "privacy"} {
				if strings.HasPrefix(path, prefix) {
					name := pathValue.FindString(prefix)
					path = strings.Replace(path, name, id, 1)
				}
			}
			path = strings.Replace(path, "{number}", "1", 1)
			out[path] = m.Get(pathValue.ReplaceAllString(path, "nothingthere000")).Status
		}
		return out
	}
	members := map[string]*hookstest.Client{"a patient": patient, "a provider": provider}
	before := map[string]map[string]int{}
	for name, m := range members {
		before[name] = read(m)
		if before[name]["/posts/"+post] != http.StatusOK || before[name]["/communities/"+community+"/posts"] != http.StatusOK {
			t.Fatalf("%s reads nothing: %v", name, before[name])
		}
	}
	words := []policy.Words{{Language: "en", Title: "Privacy", Body: "1. New. {#new}", Reason: "A test."}}
	if _, err := policy.Publish(c.App, c.House, "privacy", policy.Edition{Class: policy.Material, Due: c.House.Now().Add(5 * time.Minute), Texts: words}); err != nil {
		t.Fatal(err)
	}
	c.Pass(5*time.Minute + time.Second)
	for name, m := range members {
		for path, status := range read(m) {
			if status != before[name][path] {
				t.Errorf("%s who owes: GET %s %d, before %d", name, path, status, before[name][path])
			}
		}
	}
}
