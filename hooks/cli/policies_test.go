package cli

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/policy"
	shipped "kinward/policies"
)

// ours makes the app with the shipped policies, as main does.
func ours(at Place) (core.App, *access.House) {
	config := hooks.Config(at.Dir)
	config.EncryptionEnv = SettingsKeyVariable
	app := core.NewBaseApp(config)
	return app, hooks.Register(app, hooks.Options{Options: access.Options{Key: at.Key}, Policies: shipped.FS})
}

func typedOurs(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := Root(ours)
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func wellOurs(t *testing.T, args ...string) string {
	t.Helper()
	out, err := typedOurs(t, args...)
	if err != nil {
		t.Fatalf("kinward %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// A backup that is restored elsewhere still proves its texts, without a server; one changed letter does not.
func TestRestoredPoliciesAreVerifiedOffline(t *testing.T) {
	dir := dataFolder(t)
	t.Setenv("KINWARD_PASSWORD", "correct horse battery staple")
	wellOurs(t, "setup", "--dir", dir, "--practice", "Riverside", "--phone", "555-0100", "--hours", "Mon to Fri", "--name", "Ana Bell",
		"--title", "Dr.", "--email", "ana@practice.example")
	if said := wellOurs(t, "policies", "verify", "--dir", dir); !strings.Contains(said, "14 published texts of 7 policies") {
		t.Errorf("after the set-up: %s", said)
	}
	execute(t, dir, `INSERT INTO policy_events (id, policy, seq, number, action, at, author, operator, reason, created, updated)
		SELECT 'withdrawal00001', id, 1, 1, 'withdrawn', '2999-01-01 00:00:00.000Z', '', FALSE, '{"en":"Counsel reads it first."}', '', '' FROM policies WHERE slug = 'privacy'`,
		"UPDATE policies SET status = 'withdrawn' WHERE slug = 'privacy'")
	archive := filepath.Join(t.TempDir(), "archive")
	wellOurs(t, "backup", "--dir", dir, "--out", archive)
	wellOurs(t, "restore", "--dir", dir, archive)
	var found policy.Verified
	if said := wellOurs(t, "policies", "verify", "--json", "--dir", dir); json.Unmarshal([]byte(said), &found) != nil || found.Versions != 14 || found.Events != 1 || len(found.Mismatches) != 0 {
		t.Errorf("after the restore: %s", said)
	}
	execute(t, dir, "DROP TRIGGER policy_versions_never_change",
		"UPDATE policy_versions SET markdown = markdown || '.' WHERE language = 'es' AND policy = (SELECT id FROM policies WHERE slug = 'privacy')")
	said, err := typedOurs(t, "policies", "verify", "--dir", dir)
	if err == nil || !strings.Contains(said, "privacy version 1 (es)") || !strings.Contains(said, "policy_versions_never_change") {
		t.Errorf("a changed letter: %v %s", err, said)
	}
	said, err = typedOurs(t, "policies", "verify", "--json", "--dir", dir)
	if err == nil || json.Unmarshal([]byte(strings.SplitN(said, "\n", 2)[0]), &found) != nil || len(found.Mismatches) != 2 {
		t.Errorf("a changed letter, as JSON: %v %s", err, said)
	}
}

// execute runs statements on a folder that no server holds.
func execute(t *testing.T, dir string, statements ...string) {
	t.Helper()
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.Join(dir, "data.db")}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
}

func TestVerifyNeedsAPractice(t *testing.T) {
	if _, err := typed(t, "policies", "verify", "--dir", newFolder(t)); err == nil || !strings.Contains(err.Error(), "kinward setup") {
		t.Errorf("on no folder: %v", err)
	}
}
