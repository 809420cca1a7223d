package cli

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// words are the tables of what members said of policies, and of what they said it of.
var words = []string{"acknowledgements", "policy_refusals", "authorization_events", "policy_versions", "policy_events"}

// database is a folder's database, as SQLite gives it.
func database(t *testing.T, dir string) *sql.DB {
	t.Helper()
	address := url.URL{Scheme: "file", OmitHost: true, Path: filepath.Join(dir, "data.db")}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// dumped is every row of a table in the order in which it was written, each value with its type, byte for byte.
func dumped(t *testing.T, dir, table string) string {
	t.Helper()
	db := database(t, dir)
	defer db.Close()
	var columns string
	err := db.QueryRow(`SELECT group_concat('quote("' || name || '") || '' '' || typeof("' || name || '")', ' || ''|'' || ') FROM pragma_table_info(?)`, table).Scan(&columns)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := db.Query("SELECT rowid || ': ' || " + columns + " FROM " + table + " ORDER BY rowid")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out strings.Builder
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		out.WriteString(line + "\n")
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func dumpedWords(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, table := range words {
		out[table] = dumped(t, dir, table)
	}
	return out
}

// visitor is one member at a server that runs.
type visitor struct {
	t    *testing.T
	url  string
	http http.Client
}

func (v *visitor) ask(method, path string, body, into any) int {
	v.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		v.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.url+"/api/clinic"+path, bytes.NewReader(text))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := v.http.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer response.Body.Close()
	if into != nil {
		if err := json.NewDecoder(response.Body).Decode(into); err != nil {
			v.t.Fatal(err)
		}
	}
	return response.StatusCode
}

type object = map[string]any

// says accepts or refuses the current text of a policy.
func (v *visitor) says(door, slug string) int {
	v.t.Helper()
	var text struct {
		Version int
		SHA256  string
	}
	if status := v.ask("GET", "/policies/"+slug, nil, &text); status != http.StatusOK {
		v.t.Fatalf("%s: %d", slug, status)
	}
	return v.ask("POST", "/policies/"+slug+"/"+door, object{"version": text.Version, "sha256": text.SHA256, "outcome": "read_only"}, nil)
}

// visiting serves a folder and signs its founder in.
func visiting(t *testing.T, dir string) (*running, *visitor) {
	t.Helper()
	server := serving(t, ours, "--dir", dir, "--http", "127.0.0.1:0")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, url: server.url, http: http.Client{Jar: jar}}
	if status := v.ask("POST", "/session", object{"email": "ana@practice.example", "password": "correct horse battery staple"}, nil); status != http.StatusOK {
		t.Fatalf("signing in: %d", status)
	}
	return server, v
}

// A backup of a running practice that is restored has what members said byte for byte and in its order, nothing of it can be changed, and
// it goes on from there.
func TestARestoreKeepsWhatMembersSaid(t *testing.T) {
	dir := newFolder(t)
	t.Setenv("KINWARD_PASSWORD", "correct horse battery staple")
	wellOurs(t, "setup", "--dir", dir, "--practice", "Riverside", "--phone", "555-0100", "--hours", "Mon to Fri", "--name", "Ana Bell",
		"--title", "Dr.", "--email", "ana@practice.example")
	server, ana := visiting(t, dir)
	for slug, door := range map[string]string{"privacy": "acknowledge", "testimonials": "refuse"} {
		if status := ana.says(door, slug); status != http.StatusOK {
			t.Fatalf("%s %s: %d", door, slug, status)
		}
	}
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	// What the page does not write in one test: a paper with every kind of letter, a grant, a withdrawal.
	const text = `v.number, v.sha256, v.language, 'provider', 0, '2026-01-02 03:04:05.678Z', '' FROM policy_versions v JOIN policies p ON p.id = v.policy JOIN users u WHERE v.language = 'es' AND p.slug = `
	execute(t, dir,
		"INSERT INTO acknowledgements (id, method, note, witness, member, policy, number, sha256, language, role, stint, created, updated) SELECT 'onpaper00000001', 'paper', char(39, 34, 13, 10, 9, 241, 128578) || ' ', u.id, u.id, p.id, "+text+"'caregivers'",
		"INSERT INTO authorization_events (id, seq, action, method, note, witness, member, policy, number, sha256, language, role, stint, created, updated) SELECT 'granted00000001', 1, 'granted', 'self', '', '', u.id, p.id, "+text+"'sharing'",
		`INSERT INTO policy_events (id, policy, seq, number, action, at, author, operator, reason, created, updated)
			SELECT 'withdrawal00001', id, 1, 1, 'withdrawn', '2999-01-01 00:00:00.000Z', '', FALSE, '{"en":"Counsel reads it first."}', '', '' FROM policies WHERE slug = 'caregivers'`,
		"UPDATE policies SET status = 'withdrawn' WHERE slug = 'caregivers'")
	server, ana = visiting(t, dir)
	if status := ana.says("acknowledge", "urgent-questions"); status != http.StatusOK {
		t.Fatalf("before the backup: %d", status)
	}
	before := dumpedWords(t, dir)
	for table, rows := range before {
		if rows == "" {
			t.Fatalf("nobody said anything in %s", table)
		}
	}
	archive := filepath.Join(t.TempDir(), "archive")
	wellOurs(t, "backup", "--dir", dir, "--out", archive)
	if status := ana.says("acknowledge", "community-guidelines"); status != http.StatusOK || dumped(t, dir, "acknowledgements") == before["acknowledgements"] {
		t.Fatalf("after the backup: %d", status)
	}
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	wellOurs(t, "restore", "--dir", dir, archive)
	same := func(when string) {
		t.Helper()
		for table, rows := range dumpedWords(t, dir) {
			if rows != before[table] {
				t.Errorf("%s, %s are\n%s\nand were\n%s", when, table, rows, before[table])
			}
		}
	}
	same("restored")
	frozen(t, dir)
	server, ana = visiting(t, dir)
	same("served again")
	if status := ana.says("acknowledge", "privacy"); status != http.StatusOK {
		t.Errorf("what was accepted before the backup: %d", status)
	}
	same("after accepting again what is accepted")
	if status := ana.says("acknowledge", "community-guidelines"); status != http.StatusOK {
		t.Errorf("what was accepted after the backup: %d", status)
	}
	if now := dumped(t, dir, "acknowledgements"); !strings.HasPrefix(now, before["acknowledgements"]) || strings.Count(now, "\n") != strings.Count(before["acknowledgements"], "\n")+1 {
		t.Errorf("one more was said, and there stands\n%s", now)
	}
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	frozen(t, dir)
	var found struct{ Mismatches []any }
	if said := wellOurs(t, "policies", "verify", "--json", "--dir", dir); json.Unmarshal([]byte(said), &found) != nil || len(found.Mismatches) != 0 {
		t.Errorf("verify says %s", said)
	}
}

// frozen tries to change and to take away every row of what members said, below everything that Kinward binds.
func frozen(t *testing.T, dir string) {
	t.Helper()
	before := dumpedWords(t, dir)
	db := database(t, dir)
	defer db.Close()
	for _, table := range words {
		for _, statement := range []string{"UPDATE " + table + " SET number = number + 1", "UPDATE " + table + " SET created = created",
			"DELETE FROM " + table, "DELETE FROM " + table + " WHERE number = 1", "INSERT OR REPLACE INTO " + table + " SELECT * FROM " + table} {
			_, err := db.Exec("PRAGMA recursive_triggers = ON; " + statement)
			if err == nil || !strings.Contains(err.Error(), table) {
				t.Errorf("%s: %v", statement, err)
			}
		}
	}
	_ = db.Close()
	after := dumpedWords(t, dir)
	if !slices.EqualFunc(words, words, func(a, b string) bool { return after[a] == before[b] }) {
		t.Error("something was changed")
	}
}
