package cli

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
)

// TestMain lets the test binary be the other process: with KINWARD_TEST_AS set it is the program itself.
func TestMain(m *testing.M) {
	if os.Getenv("KINWARD_TEST_AS") != "" {
		os.Exit(Run(os.Args[1:], maker(nil)))
	}
	code := m.Run()
	if from, err := migrated(); err == nil {
		_ = os.RemoveAll(filepath.Dir(from))
	}
	os.Exit(code)
}

// maker makes the app as main does; bind may add to it.
func maker(bind func(app core.App)) Maker {
	return func(at Place) (core.App, *access.House) {
		config := hooks.Config(at.Dir)
		config.IsDev, config.EncryptionEnv = at.Dev, SettingsKeyVariable
		app := core.NewBaseApp(config)
		house := hooks.Register(app, hooks.Options{Options: access.Options{Key: at.Key, Dev: at.Dev}})
		if bind != nil {
			bind(app)
		}
		return app, house
	}
}

// running is a `kinward serve` inside the test.
type running struct {
	t     *testing.T
	url   string
	said  *said
	stop  context.CancelFunc
	ended chan error
	once  sync.Once
	err   error
}

// said keeps what a command printed and tells each line.
type said struct {
	mu    sync.Mutex
	all   bytes.Buffer
	lines chan string
}

func (s *said) keep(r io.Reader) {
	defer close(s.lines)
	for lines := bufio.NewScanner(r); lines.Scan(); {
		s.mu.Lock()
		s.all.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		s.lines <- lines.Text()
	}
}

// migrated is a data folder that was served once: copying it costs a fifth of migrating afresh.
var migrated = sync.OnceValues(func() (string, error) {
	parent, err := os.MkdirTemp("", "kinward-served-")
	if err != nil {
		return "", err
	}
	s := &shell{make: maker(nil), dir: filepath.Join(parent, "data")}
	o, err := s.open(false)
	if err != nil {
		return "", err
	}
	return o.Dir, o.close()
})

// dataFolder is a folder that was served before, with its key.
func dataFolder(t *testing.T) string {
	t.Helper()
	from, err := migrated()
	if err != nil {
		t.Fatal(err)
	}
	dir := newFolder(t)
	if err := os.CopyFS(dir, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	key, err := os.ReadFile(from + ".key")
	if err == nil {
		err = os.WriteFile(dir+".key", key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// newFolder is a folder that is not there yet.
func newFolder(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "data")
}

// begin starts serve with args and waits for its first line, which says where it answers.
func begin(t *testing.T, bind func(core.App), args ...string) *running {
	t.Helper()
	return serving(t, maker(bind), args...)
}

// serving is begin with an app that is made otherwise.
func serving(t *testing.T, app Maker, args ...string) *running {
	t.Helper()
	r := &running{t: t, said: &said{lines: make(chan string, 100)}, ended: make(chan error, 1)}
	read, write := io.Pipe()
	go r.said.keep(read)
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	root := Root(app)
	root.SetArgs(append([]string{"serve"}, args...))
	root.SetOut(write)
	go func() {
		err := root.ExecuteContext(ctx)
		_ = write.Close()
		r.ended <- err
	}()
	t.Cleanup(func() { _ = r.end() })
	line, open := <-r.said.lines
	url, found := strings.CutPrefix(line, "Kinward answers at ")
	if !open || !found {
		t.Fatalf("serve said %q and ended with %v", line, r.end())
	}
	r.url = url
	return r
}

// end stops the server and returns what it ended with.
func (r *running) end() error {
	r.once.Do(func() { r.stop(); r.err = <-r.ended })
	return r.err
}

func (r *running) get(path string) (*http.Response, string) {
	r.t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return response, string(body)
}

// refused runs a command that must fail, and returns its sentence.
func refused(t *testing.T, args ...string) string {
	t.Helper()
	root := Root(maker(nil))
	root.SetArgs(args)
	root.SetOut(io.Discard)
	root.SetErr(io.Discard)
	err := root.ExecuteContext(t.Context())
	if err == nil {
		t.Fatalf("%v did not fail", args)
	}
	return err.Error()
}
