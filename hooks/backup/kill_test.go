package backup_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"kinward/hooks/backup"
	"kinward/hooks/clinic"
	"kinward/hooks/folder"
)

// TestMain lets the test binary be the process that is killed: with RESTORE set it restores that archive into DIR.
func TestMain(m *testing.M) {
	archive := os.Getenv("RESTORE")
	if archive == "" {
		os.Exit(m.Run())
	}
	runtime.LockOSThread() // strace counts the calls of each thread apart
	file, err := os.Open(archive)
	if err == nil {
		_, err = backup.Restore(context.Background(), file, targetOf(os.Getenv("DIR")))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func targetOf(dir string) backup.Target {
	return backup.Target{Dir: dir, KeyFile: dir + ".key", OtherKey: true, Known: folder.Known(), Now: time.Now()}
}

// steps are the system calls by which a restore changes what is on the disk. It is killed at each of them.
const steps = "mkdirat,unlinkat,renameat,renameat2,linkat,fsync,flock,openat"

// TestKilledRestoreLeavesOldOrNew kills a restore at each step, as a power cut would, and then does what the next start does.
// What is there then is the old practice with its key or the new one with its own, and nothing half-built beside it.
func TestKilledRestoreLeavesOldOrNew(t *testing.T) {
	k := newKilling(t)
	calls := k.count()
	old, fresh := 0, 0
	for call, times := range calls {
		stride := max(1, times/8) // each of the few that matter, some of the many
		for n := 1; n <= times; n += stride {
			dir := k.oldPractice()
			said, err := k.run(dir, fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)).CombinedOutput()
			if err == nil {
				continue // this run made fewer calls than the counted one: a lock was free at once, for instance
			}
			if k.settled(dir, fmt.Sprintf("killed at %s %d", call, n), said) {
				fresh++
			} else {
				old++
			}
		}
	}
	t.Logf("%d kills left the old practice, %d the new one", old, fresh)
	if old < 10 || fresh < 3 {
		t.Errorf("too few kills on one side of the exchange: %d before, %d after", old, fresh)
	}
}

type killing struct {
	t          *testing.T
	strace     string
	archive    string
	template   string // the old practice, to be copied
	old, fresh map[string]string
	freshKey   []byte
	oldKey     []byte
}

func newKilling(t *testing.T) *killing {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Fatal("strace is missing, which kills the restore at chosen steps: make tools")
	}
	p := newPractice(t)
	_, err = p.upload()
	p.must(err)
	k := &killing{t: t, strace: strace, archive: filepath.Join(t.TempDir(), "archive")}
	p.must(os.WriteFile(k.archive, p.archive(), 0o600))
	k.freshKey, err = os.ReadFile(p.keyFile)
	p.must(err)

	k.template = filepath.Join(t.TempDir(), "data")
	held, err := folder.Hold(k.template)
	p.must(err)
	p.must(held.Release())
	for _, name := range []string{"data.db", "auxiliary.db", "storage/a/b/file"} {
		path := filepath.Join(k.template, name)
		p.must(os.MkdirAll(filepath.Dir(path), 0o700))
		p.must(os.WriteFile(path, []byte("the old "+name), 0o600))
	}
	_, err = clinic.LoadKey(k.template+".key", true)
	p.must(err)
	k.oldKey, err = os.ReadFile(k.template + ".key")
	p.must(err)
	k.old = tree(t, k.template)

	whole := k.oldPractice()
	file, err := os.ReadFile(k.archive)
	p.must(err)
	_, err = backup.Restore(t.Context(), bytes.NewReader(file), targetOf(whole))
	p.must(err)
	k.fresh = tree(t, whole)
	return k
}

// oldPractice makes a copy of the old practice, with its key, in a folder of its own.
func (k *killing) oldPractice() string {
	k.t.Helper()
	dir := filepath.Join(k.t.TempDir(), "data")
	if err := os.CopyFS(dir, os.DirFS(k.template)); err != nil {
		k.t.Fatal(err)
	}
	if err := os.WriteFile(dir+".key", k.oldKey, 0o600); err != nil {
		k.t.Fatal(err)
	}
	return dir
}

// run is a restore of the archive into dir in another process, with something done to its system calls.
func (k *killing) run(dir string, options ...string) *exec.Cmd {
	args := []string{"-f", "-o", os.DevNull}
	for _, option := range options {
		args = append(args, "-e", option)
	}
	run := exec.Command(k.strace, append(args, os.Args[0])...)
	run.Env = append(os.Environ(), "RESTORE="+k.archive, "DIR="+dir)
	return run
}

// count runs a whole restore and counts its calls.
func (k *killing) count() map[string]int {
	k.t.Helper()
	list := filepath.Join(k.t.TempDir(), "calls")
	run := exec.Command(k.strace, "-f", "-c", "-U", "calls,name", "-o", list, "-e", "trace="+steps, os.Args[0])
	run.Env = append(os.Environ(), "RESTORE="+k.archive, "DIR="+k.oldPractice())
	if said, err := run.CombinedOutput(); err != nil {
		k.t.Fatalf("%v: %s", err, said)
	}
	text, err := os.ReadFile(list)
	if err != nil {
		k.t.Fatal(err)
	}
	calls := map[string]int{}
	for line := range strings.Lines(string(text)) {
		var n int
		var name string
		if _, err := fmt.Sscan(line, &n, &name); err == nil && strings.Contains(steps, name) {
			calls[name] = n
		}
	}
	if calls["renameat2"] == 0 || calls["fsync"] == 0 {
		k.t.Fatalf("a restore without these calls: %v", calls)
	}
	return calls
}

// settled does what the next start does, and reports whether the new practice is in place. It fails unless it is that or the old one.
func (k *killing) settled(dir, when string, said []byte) (isNew bool) {
	k.t.Helper()
	held, err := folder.Hold(dir)
	if err == nil {
		err = backup.Settle(dir, dir+".key")
	}
	if err != nil {
		k.t.Fatalf("%s: the next start fails: %v (it had said %q)", when, err, said)
	}
	defer held.Release()
	key, err := os.ReadFile(dir + ".key")
	if err != nil {
		k.t.Fatalf("%s: %v", when, err)
	}
	now := tree(k.t, dir)
	switch {
	case maps.Equal(now, k.old) && bytes.Equal(key, k.oldKey):
	case maps.Equal(now, k.fresh) && bytes.Equal(key, k.freshKey):
		isNew = true
	default:
		k.t.Fatalf("%s: this is neither the old practice nor the new one, or the key is the other's", when)
	}
	entries, err := os.ReadDir(filepath.Dir(dir))
	if err != nil {
		k.t.Fatal(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		kept := strings.Contains(name, ".before-")
		if name != "data" && name != "data.key" && (!kept || !isNew) {
			k.t.Errorf("%s: %s was left", when, name)
		}
		if kept && entry.IsDir() && !maps.Equal(tree(k.t, filepath.Join(filepath.Dir(dir), name)), k.old) {
			k.t.Errorf("%s: what was kept is not the old practice", when)
		}
	}
	return isNew
}

// TestRestoreThatFailsAfterItsStepKeepsBoth guards the old practice where the disk fails after the exchange: what then stands
// under the new one's name beside it is the old one, and must not be cleared away.
func TestRestoreThatFailsAfterItsStepKeepsBoth(t *testing.T) {
	k := newKilling(t)
	dir := k.oldPractice()
	said, err := k.run(dir, "inject=linkat:error=EIO").CombinedOutput()
	if err == nil || !bytes.Contains(said, []byte("the backup is in place")) {
		t.Fatalf("what it says: %s (%v)", said, err)
	}
	if !k.settled(dir, "after the disk failed", said) {
		t.Error("the new practice is not in place")
	}
	if kept, _ := filepath.Glob(dir + ".before-*"); len(kept) != 1 {
		t.Errorf("the old practice is kept in %v", kept)
	}
}

func TestKilledBackupIsSweptUp(t *testing.T) {
	p := newPractice(t)
	left := filepath.Join(p.dir, ".kinward_backup", "files", "storage")
	p.must(os.MkdirAll(left, 0o700))
	p.must(os.WriteFile(filepath.Join(p.dir, ".kinward_backup", "data.db"), []byte("half"), 0o600))
	if _, err := backup.Check(t.Context(), bytes.NewReader(p.archive())); err != nil {
		t.Errorf("the next backup: %v", err)
	}
	p.nothingLeft()
	p.must(os.MkdirAll(left, 0o700))
	p.must(backup.Settle(p.dir, p.keyFile))
	p.nothingLeft()
}
