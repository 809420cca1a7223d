package folder

import (
	"bufio"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
)

// TestMain lets the test binary be the other process: with HOLD set it holds that folder until its input ends.
func TestMain(m *testing.M) {
	if dir := os.Getenv("HOLD"); dir != "" {
		if _, err := Hold(dir); err != nil {
			os.Exit(3)
		}
		os.Stdout.WriteString("held\n")
		_, _ = bufio.NewReader(os.Stdin).ReadByte()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// other starts a process that holds dir, and returns its id and a way to kill it.
func other(t *testing.T, dir string) (pid int, kill func()) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), "HOLD="+dir)
	if _, err := process.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	said, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	}
	t.Cleanup(kill)
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process said %q, %v", line, err)
	}
	return process.Process.Pid, kill
}

func TestOneProcessAtATime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	pid, kill := other(t, dir)

	var busy *InUse
	if _, err := Hold(dir); !errors.As(err, &busy) || busy.PID != pid {
		t.Fatalf("while process %d holds the folder: got %v", pid, err)
	}

	kill() // as kill -9 does: nothing is tidied up
	held, err := Hold(dir)
	if err != nil {
		t.Fatalf("after the other was killed: %v", err)
	}
	if err := held.Release(); err != nil {
		t.Fatal(err)
	}
	again, err := Hold(dir)
	if err != nil {
		t.Fatalf("after release: %v", err)
	}
	_ = again.Release()
}

func TestHoldTakesTheFolderThatStandsThere(t *testing.T) {
	parent := t.TempDir()
	dir, aside := filepath.Join(parent, "data"), filepath.Join(parent, "aside")
	held, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	if err := os.Rename(dir, aside); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	fresh, err := Hold(dir)
	if err != nil {
		t.Fatalf("the new folder is nobody's: %v", err)
	}
	_ = fresh.Release()
}

func TestNobodyElseReads(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, name := range []string{"data.db", "storage/c/r/file.png"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	held, err := Hold(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error {
		if info, err := entry.Info(); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v %v", path, info.Mode(), err)
		}
		return nil
	})
}

func TestOlderBinaryRefusesNewerSchema(t *testing.T) {
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer app.Cleanup()
	if err := CheckSchema(app); err != nil {
		t.Fatalf("with its own schema: %v", err)
	}
	_, err = app.DB().Insert(core.DefaultMigrationsTable, map[string]any{"file": "9000_from_the_future.go", "applied": 1}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	var newer *NewerSchema
	if err := CheckSchema(app); !errors.As(err, &newer) || len(newer.Unknown) != 1 || newer.Unknown[0] != "9000_from_the_future.go" {
		t.Fatalf("with a newer schema: %v", err)
	}
}
