package cli

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// verify runs `kinward audit verify` on a folder and returns what it printed.
func verify(t *testing.T, dir string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := Root(maker(nil))
	root.SetArgs([]string{"audit", "verify", "--dir", dir})
	root.SetOut(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func TestAuditVerify(t *testing.T) {
	dir := dataFolder(t)
	var running core.App
	server := begin(t, func(app core.App) { running = app }, "--dir", dir, "--http", "127.0.0.1:0")
	for range 3 { // tries to enter are on the record
		answer, err := http.Post(server.url+"/api/clinic/session", "application/json", strings.NewReader(`{"email":"a@x.example","password":"wrong"}`))
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
	}
	if said, err := verify(t, dir); err != nil || !strings.Contains(said, "as it was written: 3 lines") {
		t.Fatalf("beside the server: %q, %v", said, err)
	}
	for _, statement := range []string{"DROP TRIGGER audit_entries_never_change", "UPDATE audit_entries SET actor = 'somebody' WHERE seq = 2"} {
		if _, err := running.DB().NewQuery(statement).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := verify(t, dir); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a changed line beside the server: %v", err)
	}
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	if _, err := verify(t, dir); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a changed line without a server: %v", err)
	}
}
