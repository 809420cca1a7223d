package policy_test

import (
	"bufio"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mails"
	"kinward/hooks/mails/mailstest"
	"kinward/hooks/policy"
	"kinward/policies"
)

const (
	workerDir   = "KINWARD_POLICY_WORKER" // makes this test binary write and deliver the letters of a data folder until there are none
	workerRelay = "KINWARD_POLICY_WORKER_RELAY"
	workerHalts = "KINWARD_POLICY_WORKER_HALTS" // a point of the way and how many times it is passed, as "stored 30"
)

// The points at which a process halts, and is killed as it stands.
const (
	atComposed  = "composed"  // the letters of a batch are composed, and none is in the database
	atStored    = "stored"    // a letter is stored, and not committed
	atNoted     = "noted"     // how far the mailing came is stored, and not committed
	atCommitted = "committed" // a batch is committed, and nobody has been told of it
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(workerDir); dir != "" {
		if err := work(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// work is what serve does with letters about policies, in a process that can be killed.
func work(dir string) error {
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
	relay, err := mails.ParseRelay(os.Getenv(workerRelay))
	if err != nil {
		return err
	}
	ctx, end := context.WithCancel(context.Background())
	defer end()
	done := func(app core.App) bool {
		var mailings int
		err := app.DB().NewQuery("SELECT COUNT(*) FROM policy_mailings WHERE done = ''").Row(&mailings)
		health, failed := mails.Look(context.Background(), app)
		return err == nil && failed == nil && mailings == 0 && health.Waiting == 0
	}
	if done(app) {
		return nil
	}
	app.OnRecordAfterUpdateSuccess(clinic.Letters, clinic.PolicyMailings).BindFunc(func(e *core.RecordEvent) error {
		if done(e.App) {
			end()
		}
		return e.Next()
	})
	halt(app, os.Getenv(workerHalts))
	ended := make(chan error, 2)
	start := func(work func() error) {
		err := work()
		end() // one does not wait for another that failed
		ended <- err
	}
	go start(func() error { return policy.WriteLetters(ctx, app, house) })
	go start(func() error {
		return mails.Deliver(ctx, app, mails.Options{Relay: func() mails.Relay { return relay }})
	})
	return errors.Join(<-ended, <-ended)
}

// halt stands still at a point, says so, and waits to be killed.
func halt(app core.App, where string) {
	var point string
	var left int
	if n, _ := fmt.Sscanf(where, "%s %d", &point, &left); n != 2 {
		return
	}
	passed := func(at string) {
		if at != point {
			return
		}
		if left--; left == 0 {
			fmt.Println(at)
			select {}
		}
	}
	first := true
	app.OnRecordCreate(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		if first {
			passed(atComposed)
		}
		first = false
		err := e.Next()
		passed(atStored)
		return err
	})
	app.OnRecordUpdate(clinic.PolicyMailings).BindFunc(func(e *core.RecordEvent) error {
		err := e.Next()
		passed(atNoted)
		return err
	})
	app.OnRecordAfterUpdateSuccess(clinic.PolicyMailings).BindFunc(func(e *core.RecordEvent) error {
		first = true
		passed(atCommitted)
		return e.Next()
	})
}

// crash is one data folder, the relay that outlives every process on it, and the process that is killed.
type crash struct {
	*testing.T
	dir     string
	key     clinic.Key
	catcher *mailstest.Catcher

	mu      sync.Mutex
	process *exec.Cmd // nil while none runs
}

// run starts a process and returns when it has ended. One that halts is killed there.
func (c *crash) run(halts string) error {
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), workerDir+"="+c.dir, workerRelay+"="+c.catcher.URL(), workerHalts+"="+halts)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	must(c, err)
	c.mu.Lock()
	must(c, cmd.Start())
	c.process = cmd
	c.mu.Unlock()
	stuck := time.AfterFunc(2*time.Minute, func() { _ = cmd.Process.Signal(syscall.SIGQUIT) }) // it says where it stands, and ends
	defer stuck.Stop()
	if line, err := bufio.NewReader(out).ReadString('\n'); err == nil && strings.HasPrefix(halts, strings.TrimSpace(line)) {
		c.kill()
	}
	err = cmd.Wait()
	c.mu.Lock()
	c.process = nil
	c.mu.Unlock()
	return err
}

func (c *crash) kill() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.process != nil {
		_ = c.process.Process.Kill() // SIGKILL: nothing of it runs any more
	}
}

// killAt kills the next process at a step of a conversation with the relay: while letters are handed over, others are still written.
func (c *crash) killAt(verb string, letter int) {
	c.catcher.Behave(func(s mailstest.Step) error {
		if s.Verb == verb && s.N >= letter {
			c.kill()
		}
		return nil
	})
}

// left reads what a dead process left: the state of each letter by who it is to, and that no more and no fewer are there than the
// mailing says.
func (c *crash) left() map[string]string {
	db, err := core.DefaultDBConnect(filepath.Join(c.dir, "data.db"))
	must(c, err)
	defer db.Close()
	var rows []struct{ Recipient, Status string }
	must(c, db.NewQuery("SELECT recipient, status FROM letters").All(&rows))
	var written int
	must(c, db.NewQuery("SELECT written FROM policy_mailings").Row(&written))
	out := map[string]string{}
	for _, row := range rows {
		out[row.Recipient] = row.Status
	}
	if len(rows) != written || len(out) != written {
		c.Errorf("the mailing says %d letters; there are %d to %d people", written, len(rows), len(out))
	}
	return out
}

// recipient is how the queue names who a letter is to.
func (c *crash) recipient(address string) string {
	mac := hmac.New(sha256.New, c.key.Derive("letter recipients"))
	mac.Write([]byte(address))
	return hex.EncodeToString(mac.Sum(nil))
}

func (c *crash) copies() map[string][]*mailstest.Letter {
	out := map[string][]*mailstest.Letter{}
	for _, l := range c.catcher.Letters() {
		to := c.recipient(l.To)
		out[to] = append(out[to], l)
	}
	return out
}

// TestAMailingSurvivesKillNine kills the process that writes and delivers the letters about a version: halted before the letters of a
// batch are stored, among them, before and after the commit, and at steps of handing them over. Everybody whom the version concerns is
// told; whose handing over was committed is not told again; and where a kill came between a relay's word and its commit, the second
// copy is the same letter.
func TestAMailingSurvivesKillNine(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	dice := rand.New(rand.NewPCG(seed, 1))
	c := &crash{T: t, dir: filepath.Join(t.TempDir(), "data"), catcher: mailstest.New(t)}
	people := policy.MailingBatch + 20
	practice := hookstest.New(t)
	crowd(t, practice, people)
	publishes(t, practice, practice.Staff("policies"))
	people += 2 // who the crowd was made after, and the founder; not the author
	practice.CopyTo(c.dir)
	var err error
	c.key, err = clinic.LoadKey(c.dir+".key", true)
	must(t, err)

	ways := []func() error{}
	points := []string{atComposed + " 1", fmt.Sprintf("%s %d", atStored, 1+dice.IntN(policy.MailingBatch)), atNoted + " 1", atCommitted + " 1"}
	for _, halts := range points {
		ways = append(ways, func() error { return c.run(halts) })
	}
	for _, verb := range []string{"MAIL", "DONE", "DONE"} {
		ways = append(ways, func() error {
			c.killAt(verb, dice.IntN(8))
			defer c.catcher.Behave(nil)
			return c.run("")
		})
	}
	settled := map[string]int{} // copies when the accepted state was first seen committed
	killed, claimed := 0, 0
	for i, way := range ways {
		if way() == nil {
			if i < len(points) {
				t.Errorf("nothing was killed at “%s”", points[i])
			}
			continue // the letters were gone before
		}
		killed++
		copies := c.copies()
		for to, state := range c.left() {
			if _, known := settled[to]; state == mails.Accepted && !known {
				settled[to] = len(copies[to])
			}
			if state == mails.Sending {
				claimed++
			}
		}
	}
	must(t, c.run(""))
	copies, second := c.copies(), 0
	for to, state := range c.left() {
		all := copies[to]
		if state != mails.Accepted || len(all) == 0 {
			t.Fatalf("a letter is %s and came %d times", state, len(all))
		}
		if n, known := settled[to]; known && n != len(all) {
			t.Errorf("%s was told again after it was committed: %d copies, then %d", all[0].To, n, len(all))
		}
		for _, l := range all[1:] {
			second++
			if l.ID != all[0].ID || string(l.Data) != string(all[0].Data) {
				t.Errorf("%s: the copies differ", l.To)
			}
		}
	}
	if len(copies) != people || second > claimed {
		t.Errorf("%d of %d were told; %d second copies for %d letters that a kill found claimed", len(copies), people, second, claimed)
	}
	t.Logf("%d kills found %d letters claimed; %d second copies, %d committed before the last run", killed, claimed, second, len(settled))
}
