package cli

import (
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

func TestServeAndStop(t *testing.T) {
	dir := newFolder(t)
	r := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	if response, body := r.get("/api/clinic/ready"); response.StatusCode != http.StatusOK || !strings.Contains(body, `"letters"`) {
		t.Errorf("ready: %d %s", response.StatusCode, body)
	}
	if said := refused(t, "serve", "--dir", dir); !strings.Contains(said, dir) || !strings.Contains(said, strconv.Itoa(os.Getpid())) || !strings.Contains(said, "stop that one first") {
		t.Errorf("a second server: %s", said)
	}
	onlyOwnerMayRead(t, dir)
	if err := r.end(); err != nil {
		t.Errorf("stopping: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "kinward.sock")); !os.IsNotExist(err) {
		t.Errorf("the socket is still there: %v", err)
	}
	again := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	if response, _ := again.get("/api/health"); response.StatusCode != http.StatusOK {
		t.Errorf("after a restart: %d", response.StatusCode)
	}
}

func onlyOwnerMayRead(t *testing.T, dir string) {
	t.Helper()
	seen := 0
	_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error {
		info, err := entry.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
		seen++
		return nil
	})
	if info, err := os.Stat(dir + ".key"); err != nil || info.Mode().Perm() != 0o600 || seen < 5 {
		t.Errorf("the key: %v, %v; %d files", info, err, seen)
	}
}

func TestNoOtherOrigin(t *testing.T) {
	r := begin(t, nil, "--dir", dataFolder(t), "--http", "127.0.0.1:0")
	for _, method := range []string{http.MethodGet, http.MethodOptions} {
		request, _ := http.NewRequest(method, r.url+"/api/health", nil)
		request.Header.Set("Origin", "https://evil.test")
		request.Header.Set("Access-Control-Request-Method", "POST")
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		for name := range response.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s", method, name)
			}
		}
	}
}

// A request that was begun is answered although the server was told to stop, and no new one is taken.
func TestStopIsOrderly(t *testing.T) {
	begun, finish := make(chan struct{}), make(chan struct{})
	r := begin(t, func(app core.App) {
		app.OnServe().BindFunc(func(e *core.ServeEvent) error {
			e.Router.BindFunc(func(e *core.RequestEvent) error {
				if e.Request.URL.Path != "/api/clinic/manifest" {
					return e.Next()
				}
				close(begun)
				<-finish
				return e.String(http.StatusOK, fmt.Sprint(e.Request.Context().Err()))
			})
			return e.Next()
		})
	}, "--dir", dataFolder(t), "--http", "127.0.0.1:0")
	answer := make(chan string, 1)
	go func() { _, body := r.get("/api/clinic/manifest"); answer <- body }()
	<-begun
	r.stop()
	for { // until the port is closed, which Shutdown does first
		conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	close(finish)
	if body := <-answer; body != "<nil>" {
		t.Errorf("the running request was answered %q", body)
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestDeadlinesAreSet(t *testing.T) {
	var server *http.Server
	begin(t, func(app core.App) {
		app.OnServe().BindFunc(func(e *core.ServeEvent) error { server = e.Server; return e.Next() })
	}, "--dir", dataFolder(t), "--http", "127.0.0.1:0")
	if server.ReadHeaderTimeout != headerTime || server.ReadTimeout != bodyTime || server.WriteTimeout != answerTime ||
		server.IdleTimeout != idleTime || server.MaxHeaderBytes != maxHeaders {
		t.Errorf("%+v", server)
	}
}

func TestAccessLogHoldsNothingPersonal(t *testing.T) {
	file := filepath.Join(t.TempDir(), "access.log")
	r := begin(t, nil, "--dir", dataFolder(t), "--http", "127.0.0.1:0", "--access-log", file)
	r.get("/api/health?diagnosis=secret")
	r.get("/_/")
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(file)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if err != nil || len(lines) != 2 || !strings.Contains(lines[0], " GET /api/health 200 ") || strings.Contains(lines[1], " 0B ") {
		t.Fatalf("%q, %v", text, err)
	}
	for _, never := range []string{"secret", "diagnosis", "127.0.0.1", "Go-http-client", "?"} {
		if strings.Contains(string(text), never) {
			t.Errorf("%q stands in the access log: %s", never, text)
		}
	}
}

func TestOlderBinaryRefuses(t *testing.T) {
	dir := dataFolder(t)
	var app core.App
	r := begin(t, func(a core.App) { app = a }, "--dir", dir, "--http", "127.0.0.1:0")
	if app.Settings().Logs.MaxDays != 0 {
		t.Error("PocketBase keeps a log of requests")
	}
	_, err := app.DB().Insert(core.DefaultMigrationsTable, map[string]any{"file": "9000_later.go", "applied": 1}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	if said := refused(t, "serve", "--dir", dir, "--http", "127.0.0.1:0"); !strings.Contains(said, "9000_later.go") {
		t.Errorf("said: %s", said)
	}
}

func TestPlainSentences(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, args := range map[string][]string{
		"in use by another program":     {"--http", taken.Addr().String()},
		"not a full domain name":        {"localhost", "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"},
		"needs both files":              {"--tls-cert", file, "--http", "127.0.0.1:0", "--https", "127.0.0.1:0"},
		"data folder cannot be used":    {"--dir", filepath.Join(file, "below")},
		"access log cannot be written":  {"--access-log", filepath.Join(file, "below"), "--http", "127.0.0.1:0"},
		"path of the data folder is to": {"--dir", filepath.Join(t.TempDir(), strings.Repeat("x", 100)), "--http", "127.0.0.1:0"},
	} {
		if said := refused(t, append([]string{"serve", "--dir", dataFolder(t)}, args...)...); !strings.Contains(said, want) {
			t.Errorf("%v: %s", args, said)
		}
	}
}

func TestFlagsFromTheEnvironment(t *testing.T) {
	t.Setenv("KINWARD_HTTP", "127.0.0.1:0")
	t.Setenv("KINWARD_PUBLIC_URL", "https://a.example.org")
	t.Setenv("KINWARD_TRUSTED_PROXY", "127.0.0.1,10.0.0.0/8")
	t.Setenv("KINWARD_DIR", dataFolder(t))
	if r := begin(t, nil); r.url != "https://a.example.org" {
		t.Error(r.url)
	}
	t.Setenv("KINWARD_TRUSTED_PROXY", "nonsense")
	t.Setenv("KINWARD_DIR", dataFolder(t))
	if said := refused(t, "serve"); !strings.Contains(said, "--trusted-proxy takes") {
		t.Error(said)
	}
}

func TestSocketForCommands(t *testing.T) {
	dir := dataFolder(t)
	if _, err := askServer(dir); err == nil {
		t.Error("a server was found where none is")
	}
	begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	client, err := askServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Get("http://kinward/ready")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); !strings.Contains(string(body), `"ready":true`) {
		t.Errorf("%s", body)
	}
}

// systemd hears when requests are answered and when the end begins, and its sockets are taken.
func TestUnderSystemd(t *testing.T) {
	notices := filepath.Join(t.TempDir(), "notify")
	heard, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: notices, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer heard.Close()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	file, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close() // the child has its own

	address := listener.Addr().String()
	child := exec.Command("/bin/sh", "-c", `LISTEN_PID=$$ exec "$0" "$@"`, os.Args[0], "serve", "--dir", dataFolder(t), "--http", address)
	child.Env = append(os.Environ(), "KINWARD_TEST_AS=program", "LISTEN_FDS=1", "NOTIFY_SOCKET="+notices)
	child.ExtraFiles = []*os.File{file}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	_ = file.Close()
	defer child.Process.Kill()
	notice := func() string {
		buffer := make([]byte, 256)
		n, err := heard.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		return string(buffer[:n])
	}
	if got := notice(); got != "READY=1" {
		t.Errorf("heard %q", got)
	}
	response, err := http.Get("http://" + address + "/api/health")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if err := child.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if got := notice(); got != "STOPPING=1" {
		t.Errorf("heard %q", got)
	}
	if err := child.Wait(); err != nil {
		t.Error(err)
	}
}

func TestSuperuser(t *testing.T) {
	dir := newFolder(t)
	upsert := []string{"superuser", "upsert", "it@example.org", "correct horse battery", "--dir", dir}
	if said := refused(t, upsert...); !strings.Contains(said, "no practice in this data folder") {
		t.Errorf("on no folder: %s", said)
	}
	r := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	if said := refused(t, upsert...); !strings.Contains(said, "stop that one first") {
		t.Errorf("beside a server: %s", said)
	}
	if err := r.end(); err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0], upsert...)
	child.Env = append(os.Environ(), "KINWARD_TEST_AS=program")
	if said, err := child.CombinedOutput(); err != nil || !strings.Contains(string(said), "it@example.org") {
		t.Fatalf("%v: %s", err, said)
	}
	again := begin(t, nil, "--dir", dir, "--http", "127.0.0.1:0")
	response, err := http.Post(again.url+"/api/collections/_superusers/auth-with-password", "application/json",
		strings.NewReader(`{"identity":"it@example.org","password":"correct horse battery"}`))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("signing in to the dashboard: %d", response.StatusCode)
	}
}
