package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kinward/hooks/clinic"
)

func found(t *testing.T, s *shell) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, result := range s.examine(t.Context()) {
		out[result.Name] = "ill: " + result.Detail
		if result.OK {
			out[result.Name] = "well"
		}
	}
	return out
}

func TestDoctor(t *testing.T) {
	parent := t.TempDir()
	dir := filepath.Join(parent, "data")
	t.Setenv("KINWARD_KEY_FILE", "")
	s := &shell{dir: dir}
	if got := found(t, s); !strings.Contains(got["data folder"], "kinward setup") || !strings.Contains(got["key"], "ill") {
		t.Errorf("nothing there: %v", got)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // whatever umask another test set
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.db"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := clinic.LoadKey(dir+".key", true); err != nil {
		t.Fatal(err)
	}
	if got := found(t, s); !strings.Contains(got["data folder"], "chmod 700") || got["key"] != "well" {
		t.Errorf("an open folder: %v", got)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir+".key", 0o644); err != nil {
		t.Fatal(err)
	}
	s.relay = "smtp://mail.example?tls=none"
	got := found(t, s)
	if got["data folder"] != "well" || !strings.Contains(got["key"], "chmod 600") || !strings.Contains(got["mail relay"], "ill") || got["server"] != "well" {
		t.Errorf("an open key and a bad relay: %v", got)
	}
}
