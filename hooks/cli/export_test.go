package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kinward/hooks/export"
)

// founded is a data folder with a practice and its founder, ana@example.org.
func founded(t *testing.T) string {
	t.Helper()
	t.Setenv("KINWARD_PASSWORD", "a long walk by the sea")
	dir := newFolder(t)
	well(t, "setup", "--dir", dir, "--practice", "Riverside", "--phone", "555-0100", "--name", "Ana Ruiz", "--email", "ana@example.org")
	return dir
}

func TestExport(t *testing.T) {
	dir, copies := founded(t), t.TempDir()
	first, second := filepath.Join(copies, "first.zip"), filepath.Join(copies, "second.zip")
	if said := well(t, "export", "--dir", dir, "--out", first, "Ana@Example.org"); !strings.Contains(said, "NOT encrypted") || !strings.Contains(said, "holds what Riverside has") {
		t.Errorf("without a server it says %s", said)
	}
	server := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	var done exportDone
	if err := json.Unmarshal([]byte(strings.SplitAfter(well(t, "export", "--dir", dir, "--out", second, "--json", "ana@example.org"), "\n")[0]), &done); err != nil {
		t.Fatal(err)
	}
	if done.File != second || done.Rows["users"] != 1 || done.Rows["audit_entries"] == 0 {
		t.Errorf("beside the server: %+v", done)
	}
	for _, path := range []string{first, second} {
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := file.Stat()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
		if about, err := export.Read(file, info.Size()); err != nil || about.Member != done.Member {
			t.Errorf("%s: %+v, %v", path, about, err)
		}
		_ = file.Close()
	}
	if _, err := typed(t, "export", "--dir", dir, "--out", second, "ana@example.org"); err == nil {
		t.Error("a file that is there was written over")
	}
	third := filepath.Join(copies, "third.zip")
	nobody := func(where string) {
		_, err := typed(t, "export", "--dir", dir, "--out", third, "nobody@example.org")
		if err == nil || !strings.Contains(err.Error(), "nobody has this id or e-mail address") {
			t.Errorf("a member who is not there, %s: %v", where, err)
		}
		if _, err := os.Stat(third); err == nil {
			t.Errorf("%s a file was left", where)
		}
	}
	nobody("beside the server")
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	nobody("without a server")
}
