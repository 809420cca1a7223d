package hooks_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// The names that people's programs hold on to: what the doors of the main story answer. More may stand beside them, and none of these may go.

// shape is a request and what its answer must hold: "items.0.slug string" is the field slug, a string, of the first item.
type shape struct {
	who    *hookstest.Client
	door   string
	body   any
	status int
	holds  []string
}

const piece = "id string, status string, html string, findings list"

func shapes(t *testing.T) []shape {
	t.Helper()
	r := hookstest.NewRoom(t)
	owing := r.Owing(clinic.Patient)
	make := func(m *hookstest.Client, path string, body any) string {
		t.Helper()
		answer := m.Post(path, body)
		if answer.Status != http.StatusCreated {
			t.Fatalf("POST %s: %d %s", path, answer.Status, answer.Body)
		}
		made := hookstest.Into[struct{ ID, Link string }](answer)
		return made.ID + made.Link
	}
	link := func(address string) string {
		_, token, _ := strings.Cut(make(r.Lead, "/invitations/"+make(r.Lead, "/invitations", fields{"email": address, "role": "patient"})+"/link", fields{}), "#")
		return token
	}
	post := make(r.Author, "/communities/"+r.ID+"/posts", fields{"kind": "question", "title": "Rivers", "body": "Who walks along the river?"})
	comment := make(r.Other, "/posts/"+post+"/comments", fields{"body": "I do."})
	invited := make(r.Lead, "/invitations", fields{"email": "invited@people.example", "role": "patient"})
	newcomer := r.NewToCases(clinic.Patient)
	due := hookstest.Into[struct {
		Items []struct {
			ID      string
			Choices []struct{ ID string }
		}
	}](newcomer.Get("/cases"))
	text := hookstest.Into[struct {
		Version int
		SHA256  string
	}](r.Guest().Get("/policies/privacy"))
	sharing := hookstest.Into[struct{ SHA256 string }](r.Guest().Get("/policies/sharing"))
	pages := "items list, next cursor"
	me := "id string, name string, role string, rights list, owes list, communities list, session.expires date"
	version := "slug string, title string, version number, language string, markdown string, html string, sha256 string, published date, audience string"
	return []shape{
		{r.Guest(), "GET /practice", nil, 200, []string{"name string, phone string, hours string, emergency string, accent string",
			"policies.0.slug string, policies.0.title string, policies.0.version number"}},
		{r.Guest(), "GET /policies", nil, 200, []string{pages, "items.0.slug string, items.0.title string, items.0.version number, items.0.sha256 string"}},
		{r.Guest(), "GET /policies/privacy?language=es", nil, 200, []string{version}},
		{r.Guest(), "GET /policies/privacy/versions", nil, 200, []string{"items list, items.0.number number, items.0.title string, items.0.summary string, items.0.language string",
			"items.0.published date, items.0.class string, items.0.reason string, items.0.sha256 string, items.0.withdrawals list"}},
		{r.Guest(), "GET /policies/privacy/versions/1", nil, 200, []string{version}},
		{r.Guest(), "GET /ready", nil, 200, []string{"ready bool, checks list"}},
		{r.Guest(), "GET /api/health", nil, 200, []string{"code number"}},
		{owing, "GET /me", nil, 200, []string{me, "owes.0.kind string, owes.0.slug string, owes.0.version number, owes.0.due date?, owes.0.blocks string"}},
		{r.NewToCases(clinic.Staff), "GET /me", nil, 200, []string{"owes.0.kind string, owes.0.id string, owes.0.blocks string"}},
		{owing, "POST /policies/privacy/acknowledge", fields{"version": text.Version, "sha256": strings.Repeat("0", 64)}, 409, []string{"data.error.code string"}},
		{owing, "POST /policies/privacy/acknowledge", fields{"version": text.Version, "sha256": text.SHA256}, 200, nil},
		{r.Other, "DELETE /authorizations/sharing", nil, 200, nil},
		{r.Other, "POST /authorizations/sharing", fields{"sha256": sharing.SHA256}, 200, nil},
		{newcomer, "GET /cases", nil, 200, []string{pages, "items.0.id string, items.0.choices.0.id string, items.0.choices.0.text string"}},
		{newcomer, "POST /cases/" + due.Items[0].ID + "/answers", fields{"choice": due.Items[0].Choices[0].ID}, 200,
			[]string{"explanation string, clause object, done bool"}},
		{r.Lead, "POST /invitations", fields{"email": "new@people.example", "role": "patient"}, 201, []string{"id string, status string"}},
		{r.Staff, "POST /invitations", fields{"email": "proposed@people.example", "role": "patient"}, 201, []string{"id string, status =proposed"}},
		{r.Lead, "GET /invitations", nil, 200, []string{pages, "items.0.status string, items.0.timeline list"}},
		{r.Lead, "GET /invitations/" + invited + "/letter", nil, 200, []string{"link string"}},
		{r.Lead, "POST /invitations/" + invited + "/resend", fields{}, 200, []string{"id string, status string, timeline list"}},
		{r.Lead, "POST /invitations/" + invited + "/revoke", fields{}, 200, []string{"id string, status =revoked, timeline list"}},
		{r.Guest(), "POST /invitations/open", fields{"token": link("opens@people.example")}, 200,
			[]string{"practice object, inviter object, role string, needs_code bool, policies.0.slug string, policies.0.version number, policies.0.sha256 string"}},
		{r.Guest(), "POST /invitations/accept", fields{"token": link("comes@people.example"), "name": "Quiet Heron", "password": hookstest.Password, "acknowledge": []any{}}, 201, []string{me}},
		{r.Guest(), "POST /invitations/decline", fields{"token": link("declines@people.example")}, 200, []string{"message string"}},
		{r.Guest(), "POST /invitations/ask-again", fields{"token": link("asks@people.example")}, 200, []string{"message string"}},
		{r.Lead, "POST /communities", fields{"name": "A new room", "kind": "condition", "about": "Of it."}, 201, []string{"id string"}},
		{r.Author, "GET /communities", nil, 200, []string{pages, "items.0.id string, items.0.name string"}},
		{r.Author, "GET /communities/" + r.ID + "/posts", nil, 200, []string{pages, "items.0.id string, items.0.html string, items.0.author object"}},
		{r.Author, "POST /preview", fields{"text": "A *walk*.", "community": r.ID}, 200, []string{"html string, findings list"}},
		{r.Author, "POST /communities/" + r.ID + "/posts", fields{"kind": "discussion", "title": "Walks", "body": "Every day."}, 201, []string{piece}},
		{r.Author, "GET /posts/" + post, nil, 200, []string{"id string, html string"}},
		{r.Author, "PATCH /posts/" + post, fields{"title": "Rivers", "body": "Who walks there?"}, 200, []string{piece}},
		{r.Other, "POST /posts/" + post + "/comments", fields{"body": "So do I."}, 201, []string{piece}},
		{r.Other, "PATCH /comments/" + comment, fields{"body": "I did."}, 200, []string{piece}},
		{r.Staff, "POST /checks/try", fields{"text": "Call me at 212-555-0147.", "as": "patient", "community": r.ID}, 200,
			[]string{"findings.0.check string, findings.0.detector string, findings.0.detector_version number, findings.0.clause string, findings.0.policy string, findings.0.action string, findings.0.start number, findings.0.end number, findings.0.say string"}},
		{r.Author, "POST /files", fields{"name": "a.jpg", "bytes": 1000, "community": r.ID}, 201, []string{"id string, url string"}},
		{r.Author, "POST /search", fields{"q": "river"}, 200, []string{pages}},
		{r.Guest(), "POST /session", fields{"email": r.Author.Email, "password": hookstest.Password}, 200, []string{me}},
		{r.Guest(), "GET /me", nil, 401, []string{"status number, message string, data.error.code =sign_in_required, data.error.message string"}},
		{owing, "GET /communities", nil, 403, []string{"data.error.code =policy_acknowledgement_required, data.error.params.owes.0.slug string"}},
		{r.Lead, "POST /invitations", fields{"email": "nonsense", "role": "patient"}, 400, []string{"status number, message string, data.email.code =address_invalid, data.email.message string"}},
		{r.Author, "DELETE /comments/" + comment, nil, 0, nil},
	}
}

func TestTheNamesThatProgramsHoldOnTo(t *testing.T) {
	for _, s := range shapes(t) {
		method, path, _ := strings.Cut(s.door, " ")
		r := s.who.Do(method, path, s.body)
		if s.status != 0 && r.Status != s.status {
			t.Errorf("%s: %d %s, want %d", s.door, r.Status, r.Body, s.status)
			continue
		}
		var answer any
		if err := json.Unmarshal(r.Body, &answer); err != nil && len(s.holds) > 0 {
			t.Errorf("%s is no JSON: %s", s.door, r.Body)
			continue
		}
		for _, line := range s.holds {
			for promise := range strings.SplitSeq(line, ", ") {
				at, kind, _ := strings.Cut(promise, " ")
				if value, there := walkTo(answer, at); !there || !isOf(value, kind) {
					t.Errorf("%s: %s is %v (%v), not %s, in %.600s", s.door, at, value, there, kind, r.Body)
				}
			}
		}
	}
}

// walkTo finds the value at a path of names and numbers.
func walkTo(value any, path string) (any, bool) {
	for step := range strings.SplitSeq(path, ".") {
		there := false
		switch in := value.(type) {
		case map[string]any:
			value, there = in[step]
		case []any:
			if n, err := strconv.Atoi(step); err == nil && n < len(in) {
				value, there = in[n], true
			}
		}
		if !there {
			return nil, false
		}
	}
	return value, true
}

func isOf(value any, kind string) bool {
	if kind == "cursor" || kind == "date?" {
		if value == nil {
			return true
		}
		kind = map[string]string{"cursor": "string", "date?": "date"}[kind]
	}
	switch v := value.(type) {
	case string:
		_, err := time.Parse(time.RFC3339, v)
		return kind == "string" || kind == "date" && err == nil || kind == "="+v
	case float64:
		return kind == "number"
	case bool:
		return kind == "bool"
	case []any:
		return kind == "list"
	case map[string]any:
		return kind == "object"
	}
	return false
}

// The hash that a member acknowledges is that of the very Markdown that the door gives, in each language.
func TestAPolicysHashIsOfItsMarkdown(t *testing.T) {
	c := hookstest.New(t)
	for _, language := range clinic.Languages {
		text := hookstest.Into[struct{ Language, Markdown, SHA256 string }](c.Guest().Get("/policies/privacy?language=" + language))
		sum := sha256.Sum256([]byte(text.Markdown))
		if text.Language != language || text.SHA256 != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: %s, and its Markdown gives %x", text.Language, text.SHA256, sum)
		}
	}
}

// Every list is {items, next}; a cursor that nobody gave is refused by a sentence, not by a fault of ours.
func TestEveryListSaysHowItGoesOn(t *testing.T) {
	c := hookstest.New(t)
	admin, lists := c.Provider("admin"), 0
	room := c.Community(clinic.KindCondition, []*hookstest.Client{admin})
	for _, door := range c.House.Doors() {
		if door.Method != http.MethodGet || strings.HasSuffix(door.Path, "/events") {
			continue
		}
		path := strings.Replace(door.Path, "{slug}", "privacy", 1)
		path = pathValue.ReplaceAllString(strings.Replace(path, "{id}", room, 1), "nothingthere000")
		r := admin.Get(path)
		var answer map[string]any
		if r.Status != http.StatusOK || json.Unmarshal(r.Body, &answer) != nil || answer["items"] == nil {
			continue
		}
		lists++
		next, there := answer["next"]
		if _, list := answer["items"].([]any); !list || !there || !isOf(next, "cursor") {
			t.Errorf("GET %s: items %T, next %v (%v)", path, answer["items"], next, there)
		}
		for _, cursor := range []string{"nonsense", "eyJhIjoxfQ", "W10", "%00", strings.Repeat("A", 3000)} {
			r := admin.Get(path + "?before=" + cursor)
			if r.Status != http.StatusOK && r.Status != http.StatusBadRequest {
				t.Errorf("GET %s?before=%.20s: %d %s", path, cursor, r.Status, r.Body)
			}
		}
	}
	if lists < 20 {
		t.Errorf("only %d lists were found", lists)
	}
}

// The codes that were promised from the beginning, with their status.
func TestTheCodesThatProgramsHoldOnTo(t *testing.T) {
	listed := map[string]string{}
	for _, row := range codeRow.FindAllStringSubmatch(read(t, "docs/api.md"), -1) {
		listed[row[1]] = row[2]
	}
	for code, status := range map[string]string{
		"sign_in_required": "401", "policy_acknowledgement_required": "403", "not_a_member": "403", "community_without_lead": "409",
		"invitation_expired": "410", "invitation_used": "409", "invitation_revoked": "410", "invitation_needs_code": "400", "invitation_code_wrong": "403",
		"invited_by_provider_only": "403", "already_a_member": "409", "rate_limited": "429", "policy_version_changed": "409",
		"confirm_findings": "409", "stopped_by_policy": "422", "offer_callback": "409",
	} {
		if listed[code] != status {
			t.Errorf("%s is promised with %s, and docs/api.md says %q", code, status, listed[code])
		}
	}
}
