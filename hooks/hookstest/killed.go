package hookstest

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/policies"
)

const (
	workerDir   = "KINWARD_TEST_WORKER_DIR"
	workerHalts = "KINWARD_TEST_WORKER_HALTS" // a point of the way and how many times it is passed, as "told 3"
)

// Folder is a practice's data folder on which processes are killed, for what must go on where a killed one left it.
type Folder struct {
	Dir string
	t   testing.TB
}

// Folder copies the practice as it is now into a folder of its own.
func (c *Clinic) Folder() *Folder {
	c.t.Helper()
	f := &Folder{filepath.Join(c.t.TempDir(), "data"), c.t}
	c.CopyTo(f.Dir)
	_, err := clinic.LoadKey(f.Dir+".key", true)
	c.must(err)
	return f
}

// CopyTo writes the practice's databases into a new folder, which SQLite itself does soundly.
func (c *Clinic) CopyTo(dir string) {
	c.t.Helper()
	c.must(os.MkdirAll(dir, 0o700))
	for name, db := range map[string]dbx.Builder{"data.db": c.App.NonconcurrentDB(), "auxiliary.db": c.App.AuxNonconcurrentDB()} {
		_, err := db.NewQuery("VACUUM INTO {:to}").Bind(dbx.Params{"to": filepath.Join(dir, name)}).Execute()
		c.must(err)
	}
}

// Worker makes a test binary that Run has started do this work on its folder, and end. Call it first in TestMain. While it works,
// passed says that it came by a point: at the one where Run wants it halted, it stands still and waits to be killed.
func Worker(work func(app core.App, passed func(point string)) error) {
	dir := os.Getenv(workerDir)
	if dir == "" {
		return
	}
	if err := onFolder(dir, work); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func onFolder(dir string, work func(app core.App, passed func(point string)) error) error {
	key, err := clinic.LoadKey(dir+".key", false)
	if err != nil {
		return err
	}
	app := core.NewBaseApp(hooks.Config(dir))
	house := hooks.Register(app, hooks.Options{Options: access.Options{Key: key}, Policies: policies.FS})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	house.Reached("http://clinic.example", nil, nil)
	var halts string
	var left int
	fmt.Sscanf(os.Getenv(workerHalts), "%s %d", &halts, &left) // empty: it halts nowhere
	return work(app, func(point string) {
		if point != halts {
			return
		}
		if left--; left == 0 {
			fmt.Println(point)
			select {}
		}
	})
}

// Run starts a process that works on the folder and returns when it has ended. One that halts is killed there, by SIGKILL.
func (f *Folder) Run(halts string) (killed bool) {
	f.t.Helper()
	process := exec.Command(os.Args[0], "-test.run=^$")
	process.Env = append(os.Environ(), workerDir+"="+f.Dir, workerHalts+"="+halts)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		f.t.Fatal(err)
	}
	stuck := time.AfterFunc(2*time.Minute, func() { _ = process.Process.Signal(syscall.SIGQUIT) }) // it says where it stands, and ends
	defer stuck.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); err == nil && halts != "" && strings.HasPrefix(halts, strings.TrimSpace(line)) {
		killed = process.Process.Kill() == nil
	}
	if err := process.Wait(); err != nil && !killed {
		f.t.Fatalf("the process failed: %v", err)
	}
	return killed
}

// Query reads one row of what a dead process left.
func (f *Folder) Query(query string, into ...any) {
	f.t.Helper()
	db, err := core.DefaultDBConnect(filepath.Join(f.Dir, "data.db"))
	if err == nil {
		defer db.Close()
		err = db.NewQuery(query).Row(into...)
	}
	if err != nil {
		f.t.Fatal(err)
	}
}
