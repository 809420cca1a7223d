package mails

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

const (
	workerDir   = "KINWARD_MAILS_WORKER" // makes this test binary deliver the letters of a data folder until there are none
	workerRelay = "KINWARD_MAILS_WORKER_RELAY"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerDir); dir != "" {
		if err := work(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	if dir, err := migrated(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// work is what serve does with letters, in a process that can be killed.
func work(dir string) error {
	key, err := clinic.LoadKey(dir+".key", false)
	if err != nil {
		return err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	Register(app, key, time.Now)
	if err := app.Bootstrap(); err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	none := func(app core.App) bool {
		health, err := Look(context.Background(), app)
		return err == nil && health.Waiting == 0
	}
	if none(app) {
		return nil
	}
	app.OnRecordAfterUpdateSuccess(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		if none(e.App) {
			end()
		}
		return e.Next()
	})
	return Deliver(ctx, app, Options{Relay: RelaySetting(app, os.Getenv(workerRelay))})
}

// crash is one data folder, the relay that outlives every process on it, and the process that is killed.
type crash struct {
	*testing.T
	dir     string
	catcher *mailstest.Catcher
	dice    *rand.Rand

	mu   sync.Mutex
	kill func() // the running process's end; nil while none runs
}

// run starts a process and returns when it has ended, by its own will or because somebody killed it.
func (c *crash) run() error {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), workerDir+"="+c.dir, workerRelay+"="+c.catcher.URL())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		c.Fatal(err)
	}
	c.mu.Lock()
	c.kill = func() { cmd.Process.Kill() } // SIGKILL: nothing of it runs any more
	c.mu.Unlock()
	err := cmd.Wait()
	c.mu.Lock()
	c.kill = nil
	c.mu.Unlock()
	return err
}

func (c *crash) killNow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kill != nil {
		c.kill()
	}
}

// arm chooses at which step of which conversation, and how long after it, the next process dies.
func (c *crash) arm() {
	verbs := []string{"CONNECT", "EHLO", "MAIL", "RCPT", "BODY", "DONE", "DONE", "DONE"} // mostly around the 250 and its commit
	verb, n, later := verbs[c.dice.IntN(len(verbs))], c.dice.IntN(4), time.Duration(c.dice.IntN(6000))*time.Microsecond
	if c.dice.IntN(3) == 0 {
		later = 0
	}
	if verb == "CONNECT" || verb == "EHLO" {
		n = 0 // a process may make no more than one
	}
	c.catcher.Behave(func(s mailstest.Step) error {
		if s.Verb != verb || s.N < n {
			return nil
		}
		if later == 0 {
			c.killNow()
		} else {
			time.AfterFunc(later, c.killNow)
		}
		return nil
	})
}

// states reads every letter's state from the database of a process that is dead.
func (c *crash) states() map[string]string {
	db, err := core.DefaultDBConnect(filepath.Join(c.dir, "data.db"))
	if err != nil {
		c.Fatal(err)
	}
	defer db.Close()
	var rows []struct{ About, Status string }
	if err := db.NewQuery("SELECT about, status FROM letters").All(&rows); err != nil {
		c.Fatal(err)
	}
	out := map[string]string{}
	for _, row := range rows {
		out[row.About] = row.Status
	}
	return out
}

func (c *crash) copies() map[string][]*mailstest.Letter {
	out := map[string][]*mailstest.Letter{}
	for _, l := range c.catcher.Letters() {
		out[l.To] = append(out[l.To], l)
	}
	return out
}

// TestKillNine kills the delivering process again and again, mostly between a relay's 250 and its commit. Every letter must
// arrive; one whose 250 was committed never goes again; any other copy has the same Message-ID and bytes, and there is at
// most one more for each sender that a kill interrupted.
func TestKillNine(t *testing.T) {
	const letters, kills = 120, 25
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := &crash{T: t, dir: filepath.Join(t.TempDir(), "data"), catcher: mailstest.New(t), dice: rand.New(rand.NewPCG(seed, 1))}
	key, err := clinic.LoadKey(c.dir+".key", true)
	if err != nil {
		t.Fatal(err)
	}
	app := openApp(t, c.dir, key, time.Now)
	for i := range letters {
		l := sample(fmt.Sprintf("p%d@example.org", i))
		l.About = l.To
		if _, err := Queue(app, l); err != nil {
			t.Fatal(err)
		}
	}
	if err := app.ClearBootstrap(); err != nil {
		t.Fatal(err)
	}

	settled := map[string]int{} // copies when the accepted state was first seen committed
	killed, claimed := 0, 0
	for range kills {
		c.arm()
		if c.run() == nil {
			break // all letters are gone
		}
		killed++
		copies := c.copies()
		for to, state := range c.states() {
			if _, known := settled[to]; state == Accepted && !known {
				settled[to] = len(copies[to])
			}
			if state == Sending {
				claimed++
			}
		}
	}
	c.catcher.Behave(nil)
	if err := c.run(); err != nil {
		t.Fatal(err)
	}
	copies, second := c.copies(), 0
	for to, state := range c.states() {
		all := copies[to]
		if state != Accepted || len(all) == 0 {
			t.Fatalf("%s is %s and came %d times", to, state, len(all))
		}
		if n, known := settled[to]; known && n != len(all) {
			t.Errorf("%s went again after its 250 was committed: %d copies, then %d", to, n, len(all))
		}
		for _, l := range all[1:] {
			second++
			if l.ID != all[0].ID || string(l.Data) != string(all[0].Data) {
				t.Errorf("%s: the copies differ", to)
			}
		}
	}
	if killed == 0 {
		t.Error("no process was killed")
	}
	if len(copies) != letters || second > claimed {
		t.Errorf("%d of %d letters arrived; %d second copies for %d letters that a kill found claimed", len(copies), letters, second, claimed)
	}
	t.Logf("%d kills found %d letters claimed; %d second copies, %d letters committed before the last run", killed, claimed, second, len(settled))
}
