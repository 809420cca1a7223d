package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kinward/hooks/backup"
)

// typed runs a command line and returns what it printed, on both outputs.
func typed(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	root := Root(maker(nil))
	root.SetArgs(args)
	root.SetOut(&out)
	root.SetErr(&out)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// well is typed for a command that must succeed.
func well(t *testing.T, args ...string) string {
	t.Helper()
	out, err := typed(t, args...)
	if err != nil {
		t.Fatalf("kinward %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

func TestBackupOfARunningServerIsRestored(t *testing.T) {
	dir, copies := dataFolder(t), t.TempDir()
	server := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	identity, archive := filepath.Join(copies, "identity"), filepath.Join(copies, "archive.age")
	made := well(t, "backup", "--new-identity", identity)
	recipient := made[strings.LastIndex(made, "age1"):]
	t.Setenv("KINWARD_BACKUP_RECIPIENT", strings.TrimSpace(recipient))

	said := well(t, "backup", "--dir", dir, "--out", archive)
	if !strings.Contains(said, "It is encrypted") || strings.Contains(said, "Take care") {
		t.Errorf("what it says of an encrypted backup: %s", said)
	}
	_, err := typed(t, "restore", "--dir", dir, "--identity", identity, archive)
	if err == nil || !strings.Contains(err.Error(), "systemctl stop kinward") {
		t.Errorf("a restore under a running server: %v", err)
	}
	if err := server.end(); err != nil {
		t.Fatal(err)
	}
	if _, err := typed(t, "restore", "--dir", dir, archive); err == nil || !strings.Contains(err.Error(), "--identity") {
		t.Errorf("a restore without what opens it: %v", err)
	}
	said = well(t, "restore", "--dir", dir, "--identity", identity, archive)
	if !strings.Contains(said, "Every sum and count is right") || !strings.Contains(said, dir+".before-") || strings.Contains(said, "Take care") {
		t.Errorf("what it says of a restore: %s", said)
	}
	again := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	if err := again.end(); err != nil {
		t.Errorf("the restored practice: %v", err)
	}
}

func TestBackupWithoutAServer(t *testing.T) {
	dir, copies := dataFolder(t), t.TempDir()
	if said := well(t, "backup", "--dir", dir, "--out", copies); !strings.Contains(said, "NOT encrypted") || !strings.Contains(said, dir+".key") {
		t.Errorf("what it says of a plain backup: %s", said)
	}
	archives, err := filepath.Glob(filepath.Join(copies, "kinward-*.tar.gz"))
	if err != nil || len(archives) != 1 {
		t.Fatalf("the folder holds %v, %v", archives, err)
	}
	beside := filepath.Join(t.TempDir(), "look")
	if said := well(t, "restore", "--dir", dir, archives[0], "--into", beside); !strings.Contains(said, "the backup's key is not here") {
		t.Errorf("what it says of a backup without its key: %s", said)
	}
	if _, err := typed(t, "restore", "--dir", dir, archives[0], "--into", beside); err == nil {
		t.Error("a restore into a folder that is there was not refused")
	}
}

func TestBackupTellsScripts(t *testing.T) {
	dir, copies := dataFolder(t), t.TempDir()
	for _, name := range []string{"kinward-20240101T000000Z.tar.gz", "kinward-20240102T000000Z.tar.gz"} {
		if err := os.WriteFile(filepath.Join(copies, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var done backupDone
	if err := json.Unmarshal([]byte(well(t, "backup", "--dir", dir, "--out", copies, "--keep", "2", "--json")), &done); err != nil {
		t.Fatal(err)
	}
	if len(done.Removed) != 1 || filepath.Base(done.Removed[0]) != "kinward-20240101T000000Z.tar.gz" || done.Bytes == 0 || done.Encrypted {
		t.Errorf("it tells %+v", done)
	}
	var back restoreDone
	if err := json.Unmarshal([]byte(well(t, "restore", "--dir", dir, done.File, "--json")), &back); err != nil {
		t.Fatal(err)
	}
	if back.Dir != dir || !back.Sealed || back.Kept == "" {
		t.Errorf("it tells %+v", back)
	}
}

func TestBackupToStandardOutput(t *testing.T) {
	archive := well(t, "backup", "--dir", dataFolder(t), "--out", "-")
	if _, err := backup.Check(t.Context(), strings.NewReader(archive)); err != nil {
		t.Error(err)
	}
}

func TestBackupNeedsAPractice(t *testing.T) {
	copies := t.TempDir()
	if _, err := typed(t, "backup", "--dir", newFolder(t), "--out", copies); err == nil {
		t.Error("a backup of nothing says that all is well")
	}
	if left, _ := os.ReadDir(copies); len(left) > 0 {
		t.Errorf("%s was left", left[0].Name())
	}
	if _, err := typed(t, "restore", "--dir", newFolder(t)); err == nil {
		t.Error("a restore of nothing says that all is well")
	}
}

// TestInterruptedRestoreIsFinishedByServe puts a folder in the state that a restore leaves when it is killed after its one
// step, and starts the server on it.
func TestInterruptedRestoreIsFinishedByServe(t *testing.T) {
	dir := dataFolder(t)
	if err := os.CopyFS(dir+".restoring-20260101T000000Z", os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".kinward_restoring"), []byte(`{"stamp":"20260101T000000Z"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0").end(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir+".before-20260101T000000Z", "data.db")); err != nil {
		t.Errorf("the old practice is not where it should be: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, ".kinward_restoring")); err == nil {
		t.Error("the restore is still unfinished")
	}
	if said := well(t, "restore", "--dir", dir, "--finish"); !strings.Contains(said, "Nothing is left half done") {
		t.Error(said)
	}
}

func TestDoctorKnowsTheAgeOfBackups(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	folder := func(made ...time.Time) string {
		dir := t.TempDir()
		for _, at := range made {
			if err := os.WriteFile(filepath.Join(dir, backup.Name(at, true)), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return dir
	}
	for name, c := range map[string]struct {
		dir  string
		well bool
	}{
		"no folder named":   {"", true},
		"one from tonight":  {folder(now.AddDate(0, 0, -9), now.Add(-7*time.Hour)), true},
		"none for two days": {folder(now.Add(-48 * time.Hour)), false},
		"none at all":       {folder(), false},
		"no such folder":    {filepath.Join(folder(), "gone"), false},
	} {
		if found := examineBackups(c.dir, now); found.OK != c.well || found.Detail == "" {
			t.Errorf("%s: %+v", name, found)
		}
	}
}
