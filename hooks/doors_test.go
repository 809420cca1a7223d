package hooks_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// The matrix of doors: every route × every kind of caller. Our own routes are taken from the house itself, PocketBase's from
// its source, so that a new door of either kind is tried, or fails this test until somebody has decided about it.

// publicDoors are open to anyone. A new one stands here or the test fails: it is a decision.
var publicDoors = []string{
	"GET /practice", "GET /manifest", "GET /setup", "POST /setup", "GET /ready",
	"POST /session", "DELETE /session", "GET /session",
	"POST /password/forgotten", "POST /password/reset", "POST /me/email/confirm",
	"GET /policies", "GET /policies/{slug}", "GET /policies/kit", "GET /policies/{slug}/versions", "GET /policies/{slug}/versions/{number}",
	"POST /invitations/open", "POST /invitations/accept", "POST /invitations/decline", "POST /invitations/ask-again",
	"GET /unsubscribe", "POST /unsubscribe", // from a letter, for who does not sign in
}

// ownDoors are open to a member who has acknowledged nothing yet: one's own account, and the way to acknowledge.
var ownDoors = []string{
	"POST /session/keep", "POST /session/fresh", "GET /sessions", "DELETE /sessions", "DELETE /sessions/{id}",
	"GET /me", "PATCH /me", "GET /me/record", "POST /me/password", "POST /me/email", "POST /policies/{slug}/acknowledge", "GET /setup/checklist",
	"POST /policies/{slug}/refuse", "GET /authorizations/{slug}", "POST /authorizations/{slug}", "DELETE /authorizations/{slug}",
	"GET /cases", "POST /cases/{id}/answers", "POST /cases/skip",
	"GET /me/notifications", "PATCH /me/notifications", "DELETE /me/push",
	"GET /drafts", "GET /drafts/{place}", "PUT /drafts/{place}", "DELETE /drafts/{place}",
}

// caller is a kind of person at a door.
type caller struct {
	name   string
	member *hookstest.Client // nil: a guest
}

// refusals is what each guard must answer to each kind of caller; "" means that the guard lets them pass.
var refusals = map[string]map[string]string{
	"Anyone": {},
	"SignedIn": {
		"guest": "sign_in_required", "suspended": "sign_in_required", "superuser": "sign_in_required",
	},
	"Member": with(map[string]string{}),
	"Works":  with(map[string]string{"patient": "not_allowed", "caregiver": "not_allowed"}),
	"WorksOrOperates": {"guest": "sign_in_required", "suspended": "sign_in_required", "owing": "policy_acknowledgement_required",
		"patient": "not_allowed", "caregiver": "not_allowed"},
	"ProviderOnly": with(map[string]string{"patient": "not_allowed", "caregiver": "not_allowed", "staff": "not_allowed", "editor": "not_allowed",
		"moderator": "not_allowed"}),
	"Admins": with(map[string]string{"patient": "not_allowed", "caregiver": "not_allowed", "staff": "not_allowed", "editor": "not_allowed",
		"provider": "not_allowed", "outsider": "not_allowed", "moderator": "not_allowed"}),
	"Editors": {"guest": "sign_in_required", "suspended": "sign_in_required", "owing": "policy_acknowledgement_required",
		"patient": "not_allowed", "caregiver": "not_allowed", "staff": "not_allowed", "provider": "not_allowed", "outsider": "not_allowed",
		"moderator": "not_allowed"},
	"MemberOf": with(map[string]string{"outsider": "not_found", "admin": "not_found", "editor": "not_found"}),
	"Desk": with(map[string]string{"patient": "not_allowed", "caregiver": "not_allowed", "staff": "not_allowed", "editor": "not_allowed",
		"provider": "not_allowed", "outsider": "not_allowed"}),
}

// with adds what every guard of the community refuses.
func with(own map[string]string) map[string]string {
	for name, code := range refusals0 {
		own[name] = code
	}
	return own
}

var refusals0 = map[string]string{
	"guest": "sign_in_required", "suspended": "sign_in_required", "superuser": "sign_in_required",
	"owing": "policy_acknowledgement_required",
}

// byGuard are the codes that only a guard gives at these doors.
var byGuard = []string{"sign_in_required", "policy_acknowledgement_required", "door_closed"}

func callers(t *testing.T, c *hookstest.Clinic) (all []caller, community string) {
	t.Helper()
	patient, caregiver, staff, provider := c.Patient(), c.Caregiver(), c.Staff(), c.Provider()
	suspended := c.Patient()
	lead, moderator := c.Provider(), c.Staff("moderate")
	community = c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient, caregiver, staff, provider, suspended, moderator)
	if r := lead.Post("/members/"+suspended.ID+"/suspend", map[string]string{"reason": "a test"}); r.Status != http.StatusOK {
		t.Fatalf("suspending: %d %s", r.Status, r.Body)
	}
	owing := c.Owing(clinic.Patient)
	c.Join(community, owing, false)
	return []caller{
		{"guest", nil}, {"owing", owing}, {"suspended", suspended}, {"patient", patient}, {"caregiver", caregiver}, {"staff", staff},
		{"editor", c.Staff("policies")}, {"provider", provider}, {"outsider", c.Provider()}, {"admin", c.Founder()}, {"moderator", moderator},
	}, community
}

func superuser(t *testing.T, c *hookstest.Clinic) http.Header {
	t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(collection)
	record.SetEmail("operator@practice.example")
	record.SetPassword(hookstest.Password)
	if err := c.App.Save(record); err != nil {
		t.Fatal(err)
	}
	token, err := record.NewAuthToken()
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Authorization": {token}}
}

var pathValue = regexp.MustCompile(`\{\w+\}`)

// knock asks at a door as a caller, with a session of their own, since some doors end it. Path values name nothing that is
// there, except for the community of a MemberOf door.
func knock(c *hookstest.Clinic, door access.Door, who caller, community string) *hookstest.Response {
	path := pathValue.ReplaceAllString(door.Path, "nothingthere000")
	if door.Guard == "MemberOf" {
		path = strings.Replace(door.Path, "{id}", community, 1)
		path = pathValue.ReplaceAllString(path, "nothingthere000")
	}
	client := c.Guest()
	switch {
	case who.name == "suspended": // the session from before
		client = who.member
	case who.member != nil:
		client = c.SignedIn(who.member.ID)
	}
	var body any
	if door.Method != http.MethodGet {
		body = "{}"
	}
	return client.Do(door.Method, path, body)
}

func TestEveryDoorOfOursForEveryCaller(t *testing.T) {
	c := hookstest.New(t)
	all, community := callers(t, c)
	operator := superuser(t, c)
	doors := c.House.Doors()
	if len(doors) < 40 {
		t.Fatalf("only %d doors were found", len(doors))
	}
	for _, door := range doors {
		expected, known := refusals[door.Guard]
		if !known {
			t.Errorf("%s %s has the guard %s, which this matrix does not know", door.Method, door.Path, door.Guard)
			continue
		}
		for _, who := range all {
			check(t, door, who.name, expected[who.name], knock(c, door, who, community))
		}
		r := c.Guest().Do(door.Method, pathValue.ReplaceAllString(door.Path, "nothingthere000"), nil, operator)
		check(t, door, "superuser", expected["superuser"], r)
	}
}

func check(t *testing.T, door access.Door, who, want string, r *hookstest.Response) {
	t.Helper()
	switch got := r.Code(); {
	case want != "" && got != want:
		t.Errorf("%s %s (%s) for %s: %d %q, want %q", door.Method, door.Path, door.Guard, who, r.Status, got, want)
	case want == "" && slices.Contains(byGuard, got):
		t.Errorf("%s %s (%s) turns %s away: %d %q", door.Method, door.Path, door.Guard, who, r.Status, got)
	case r.Status >= 500:
		t.Errorf("%s %s for %s: %d %s", door.Method, door.Path, who, r.Status, r.Body)
	}
}

func TestOpenDoorsWereDecidedOn(t *testing.T) {
	c := hookstest.New(t)
	for _, kind := range []struct {
		guard string
		list  []string
	}{{"Anyone", publicDoors}, {"SignedIn", ownDoors}} {
		found := []string{}
		for _, door := range c.House.Doors() {
			if door.Guard == kind.guard {
				found = append(found, door.Method+" "+strings.TrimPrefix(door.Path, clinic.APIPrefix))
			}
		}
		for _, door := range found {
			if !slices.Contains(kind.list, door) {
				t.Errorf("%s is open to %s, and nobody decided so", door, kind.guard)
			}
		}
		for _, door := range kind.list {
			if !slices.Contains(found, door) {
				t.Errorf("%s is listed as open to %s, and is not there", door, kind.guard)
			}
		}
	}
}

// The doors that PocketBase brings, and who may pass: anyone, a superuser, a superuser who signs in, or nobody.
var theirDoors = map[string]string{
	"GET /api/health": "anyone",

	"GET /api/collections/{collection}/auth-methods":            "signing in",
	"POST /api/collections/{collection}/auth-with-password":     "signing in",
	"POST /api/collections/{collection}/auth-refresh":           "signing in",
	"POST /api/collections/{collection}/request-otp":            "signing in",
	"POST /api/collections/{collection}/auth-with-otp":          "signing in",
	"POST /api/collections/{collection}/request-password-reset": "signing in",
	"POST /api/collections/{collection}/confirm-password-reset": "signing in",

	"GET /api/collections": "superuser", "GET /api/collections/{collection}": "superuser", "GET /api/collections/meta/scaffolds": "superuser",
	"GET /api/collections/meta/oauth2-providers":        "superuser",
	"GET /api/collections/{collection}/records":         "superuser",
	"GET /api/collections/{collection}/records/{id}":    "superuser",
	"POST /api/collections/{collection}/records":        "superuser",
	"PATCH /api/collections/{collection}/records/{id}":  "superuser",
	"DELETE /api/collections/{collection}/records/{id}": "superuser",
	"POST /api/batch":               "superuser",
	"GET /api/settings":             "superuser",
	"PATCH /api/settings":           "superuser",
	"POST /api/settings/test/email": "superuser",
	"GET /api/logs":                 "superuser",
	"GET /api/logs/stats":           "superuser",
	"GET /api/logs/{id}":            "superuser",
	"GET /api/crons":                "superuser",
	"POST /api/crons/{id}":          "superuser",
	"GET /api/backups":              "superuser",
	"POST /api/files/token":         "superuser",
	"GET /api/files/{collection}/{recordId}/{filename}":       "superuser",
	"POST /api/collections":                                   "nobody",
	"PATCH /api/collections/{collection}":                     "nobody",
	"DELETE /api/collections/{collection}":                    "nobody",
	"DELETE /api/collections/{collection}/truncate":           "nobody",
	"PUT /api/collections/import":                             "nobody",
	"POST /api/collections/meta/dry-run-view":                 "nobody",
	"POST /api/backups":                                       "nobody",
	"POST /api/backups/upload":                                "nobody",
	"GET /api/backups/{key}":                                  "nobody",
	"DELETE /api/backups/{key}":                               "nobody",
	"POST /api/backups/{key}/restore":                         "nobody",
	"GET /api/realtime":                                       "nobody",
	"POST /api/realtime":                                      "nobody",
	"GET /api/oauth2-redirect":                                "nobody",
	"POST /api/oauth2-redirect":                               "nobody",
	"POST /api/collections/{collection}/auth-with-oauth2":     "nobody",
	"POST /api/collections/{collection}/request-verification": "nobody",
	"POST /api/collections/{collection}/confirm-verification": "nobody",
	"POST /api/collections/{collection}/request-email-change": "nobody",
	"POST /api/collections/{collection}/confirm-email-change": "nobody",
	"POST /api/collections/{collection}/impersonate/{id}":     "nobody",
	"DELETE /api/logs":                                        "nobody",
	"POST /api/settings/test/s3":                              "nobody",
	"POST /api/settings/apple/generate-client-secret":         "nobody",
	"POST /api/sql":                                           "nobody",
}

var (
	groupLine = regexp.MustCompile(`(\w+) := rg\.Group\("([^"]*)"\)`)
	routeLine = regexp.MustCompile(`(\w+)\.(GET|POST|PUT|PATCH|DELETE|SEARCH|HEAD|OPTIONS|Any)\("([^"]*)"`)
)

// doorsInSource reads PocketBase's own source for the routes it binds.
func doorsInSource(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pocketbase/pocketbase").Output()
	if err != nil {
		t.Fatalf("PocketBase's source is not to be found: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "apis", "*.go"))
	if err != nil || len(files) < 30 {
		t.Fatalf("PocketBase's source has only %d files, %v", len(files), err)
	}
	var doors []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		prefixes := map[string]string{"rg": ""}
		for _, m := range groupLine.FindAllStringSubmatch(string(source), -1) {
			prefixes[m[1]] = m[2]
		}
		for _, m := range routeLine.FindAllStringSubmatch(string(source), -1) {
			if prefix, ours := prefixes[m[1]]; ours {
				doors = append(doors, m[2]+" /api"+prefix+m[3])
			}
		}
	}
	return doors
}

func TestEveryDoorOfPocketBaseIsKnown(t *testing.T) {
	found := doorsInSource(t)
	for _, door := range found {
		if theirDoors[door] == "" {
			t.Errorf("PocketBase has the door %s, and nobody decided who may pass", door)
		}
	}
	for door := range theirDoors {
		if !slices.Contains(found, door) {
			t.Errorf("%s is decided on, and PocketBase does not have it", door)
		}
	}
}

func TestEveryDoorOfPocketBaseForEveryCaller(t *testing.T) {
	c := hookstest.New(t)
	all, _ := callers(t, c)
	operator := superuser(t, c)
	for door, open := range theirDoors {
		method, pattern, _ := strings.Cut(door, " ")
		for _, collection := range []string{"users", "posts", core.CollectionNameSuperusers} {
			path := strings.Replace(pattern, "{collection}", collection, 1)
			path = pathValue.ReplaceAllString(path, "nothingthere000")
			signingIn := open == "signing in" && collection == core.CollectionNameSuperusers
			for _, who := range all {
				client := c.Guest()
				if who.member != nil {
					client = who.member
				}
				r := client.Do(method, path, "{}")
				if closed := r.Code() == "door_closed"; closed == (open == "anyone" || signingIn) {
					t.Errorf("%s %s for %s: %d %s", method, path, who.name, r.Status, r.Body)
				}
			}
			r := c.Guest().Do(method, path, "{}", operator)
			passes := open == "anyone" || open == "superuser" || signingIn
			if closed := r.Code() == "door_closed"; closed == passes {
				t.Errorf("%s %s for a superuser: %d %s", method, path, r.Status, r.Body)
			}
		}
	}
}

func TestSuperusersComeFromThisMachineOnly(t *testing.T) {
	c := hookstest.New(t)
	operator := superuser(t, c)
	proxies, err := access.ParsePrefixes([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	c.House.Reached(c.URL, proxies, nil)
	operator.Set("X-Forwarded-For", "203.0.113.7")
	for _, path := range []string{"/api/collections", "/api/settings", "/api/collections/_superusers/auth-methods"} {
		if r := c.Guest().Do("GET", path, nil, operator); r.Code() != "door_closed" {
			t.Errorf("GET %s from another address: %d %s", path, r.Status, r.Body)
		}
	}
	listed, err := access.ParsePrefixes([]string{"203.0.113.0/24"})
	if err != nil {
		t.Fatal(err)
	}
	c.House.Reached(c.URL, proxies, listed)
	if r := c.Guest().Do("GET", "/api/collections", nil, operator); r.Status != http.StatusOK {
		t.Errorf("from a listed address: %d %s", r.Status, r.Body)
	}
}
