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

// byGuard are the codes that only a guard gives at these doors.
var byGuard = []string{"sign_in_required", "policy_acknowledgement_required", "door_closed"}

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

// knock asks at a door as a caller. Path values name nothing that is there, except for the community of a MemberOf door.
func knock(c *hookstest.Clinic, door access.Door, who caller, community string) *hookstest.Response {
	path := door.Path
	if door.Guard == "MemberOf" {
		path = strings.Replace(path, "{id}", community, 1)
	}
	path = pathValue.ReplaceAllString(path, "nothingthere000")
	var body any
	if door.Method != http.MethodGet {
		body = "{}"
	}
	r := who.Do(door.Method, path, body)
	if who.kind != "" && !slices.Contains(out, who.state) && mayEndSession(door) {
		c.Keep(who.Client)
	}
	return r
}

// mayEndSession reports whether a door is about one's own account, and so may take the session of who passes with it.
func mayEndSession(door access.Door) bool {
	return door.Method != http.MethodGet && (door.Guard == "Anyone" || door.Guard == "SignedIn")
}

func TestEveryDoorOfOursForEveryCaller(t *testing.T) {
	c := hookstest.New(t)
	all, community := callers(t, c)
	doors := c.House.Doors()
	if len(doors) < 40 {
		t.Fatalf("only %d doors were found", len(doors))
	}
	for _, door := range doors {
		if _, known := turnsAway[door.Guard]; !known {
			t.Errorf("%s %s has the guard %s, which this matrix does not know", door.Method, door.Path, door.Guard)
			continue
		}
		for _, who := range all {
			check(t, door, who, refusal(door.Guard, who), knock(c, door, who, community))
		}
	}
}

func check(t *testing.T, door access.Door, who caller, want string, r *hookstest.Response) {
	t.Helper()
	switch got := r.Code(); {
	case want != "" && (got != want || r.Status != statuses[want]):
		t.Errorf("%s %s (%s) for %s: %d %q, want %d %q", door.Method, door.Path, door.Guard, who, r.Status, got, statuses[want], want)
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
	for door, open := range theirDoors {
		method, pattern, _ := strings.Cut(door, " ")
		collections := []string{""}
		if strings.Contains(pattern, "{collection}") {
			collections = []string{"users", "posts", core.CollectionNameSuperusers}
		}
		for _, collection := range collections {
			path := strings.Replace(pattern, "{collection}", collection, 1)
			path = pathValue.ReplaceAllString(path, "nothingthere000")
			anyone := open == "anyone" || open == "signing in" && collection == core.CollectionNameSuperusers
			for _, who := range all {
				passes := anyone || open == "superuser" && who.state == operator
				r := who.Do(method, path, "{}")
				if closed := r.Code() == "door_closed"; closed == passes {
					t.Errorf("%s %s for %s: %d %s", method, path, who, r.Status, r.Body)
				}
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
