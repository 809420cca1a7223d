package post_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks"
	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/policies"
)

const (
	killedDir = "KINWARD_TEST_KILLED_DIR"
	kills     = 12
)

// TestMain is the server that TestPostingSurvivesKill kills, when it is started with a folder; else it runs the tests.
func TestMain(m *testing.M) {
	if dir := os.Getenv(killedDir); dir != "" {
		fmt.Fprintln(os.Stderr, serve(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// serve serves a practice's folder on a free port until the process is killed, and says where on its first line.
func serve(dir string) error {
	key, err := clinic.LoadKey(dir+".key", true)
	if err != nil {
		return err
	}
	app := core.NewBaseApp(hooks.Config(dir))
	house := hooks.Register(app, hooks.Options{Options: access.Options{Key: key}, Policies: policies.FS})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	router, err := apis.NewRouter(app)
	if err != nil {
		return err
	}
	if err := app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) error { return e.Next() }); err != nil {
		return err
	}
	mux, err := router.BuildMux()
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	house.Reached("http://"+listener.Addr().String(), nil, nil)
	fmt.Println("http://" + listener.Addr().String())
	return http.Serve(listener, mux)
}

// killed is a server that is killed and started again; writers wait for the next one.
type killed struct {
	dir     string
	mu      sync.Mutex
	started *sync.Cond
	url     string
	process *exec.Cmd
	out     io.Closer
}

func (k *killed) start(t *testing.T) {
	t.Helper()
	process := exec.Command(os.Args[0])
	process.Env = append(os.Environ(), killedDir+"="+k.dir)
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	url, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatalf("the server did not start: %v", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.url, k.process, k.out = strings.TrimSpace(url), process, out
	k.started.Broadcast()
}

func (k *killed) kill() {
	k.mu.Lock()
	k.url = ""
	k.mu.Unlock()
	_ = k.process.Process.Kill() // SIGKILL
	_ = k.process.Wait()         // says that it was killed
	k.out.Close()
}

// at waits for a server other than the one that failed.
func (k *killed) at(failed string) string {
	k.mu.Lock()
	defer k.mu.Unlock()
	for k.url == "" || k.url == failed {
		k.started.Wait()
	}
	return k.url
}

// send posts until it is answered, with the same key however often the server dies in between.
func (k *killed) send(ctx context.Context, token, path, body, key string) (id string, status int, err error) {
	url := k.at("")
	for ctx.Err() == nil {
		request, err := http.NewRequestWithContext(ctx, "POST", url+clinic.APIPrefix+path, strings.NewReader(fmt.Sprintf(`{"body":%q}`, body)))
		if err != nil {
			return "", 0, err
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", key)
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err == nil {
			text, readErr := io.ReadAll(answer.Body)
			answer.Body.Close()
			if readErr == nil {
				return hookstest.Into[piece](&hookstest.Response{Body: text}).ID, answer.StatusCode, nil
			}
		}
		url = k.at(url)
	}
	return "", 0, ctx.Err()
}

// TestPostingSurvivesKill kills the server with SIGKILL while members write. Nothing that was acknowledged is lost, and
// nothing is there twice, though every unanswered request is sent again.
func TestPostingSurvivesKill(t *testing.T) {
	r := newRoom(t)
	about := r.write(t, r.patient, "", "a post").ID
	k := &killed{dir: filepath.Join(t.TempDir(), "practice")}
	k.started = sync.NewCond(&k.mu)
	r.CopyTo(k.dir)
	k.start(t)
	t.Cleanup(k.kill)

	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	var mu sync.Mutex
	acknowledged := map[string]string{} // body → id
	answers := make(chan bool)
	done := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 4 {
		who, path := []*hookstest.Client{r.patient, r.lead}[w%2], []string{"/communities/" + r.id + "/posts", "/posts/" + about + "/comments"}[w/2]
		writers.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-done:
					return
				default:
				}
				body := fmt.Sprintf("writer %d said %d", w, n)
				id, status, err := k.send(ctx, who.Token, path, body, body)
				if err != nil || status != http.StatusCreated {
					t.Errorf("%s: %d %v", body, status, err)
					return
				}
				mu.Lock()
				acknowledged[body] = id
				mu.Unlock()
				select {
				case answers <- true:
				case <-done:
				}
			}
		})
	}
	for range kills {
		for range 10 + rand.IntN(40) {
			select {
			case <-answers:
			case <-ctx.Done():
				t.Fatal("the server does not answer")
			}
		}
		k.kill()
		k.start(t)
	}
	close(done)
	writers.Wait()
	k.kill()
	k.compare(t, r, about, acknowledged)
}

// compare opens what the killed servers left behind.
func (k *killed) compare(t *testing.T, r *room, about string, acknowledged map[string]string) {
	t.Helper()
	app := core.NewBaseApp(hooks.Config(k.dir))
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	defer app.ClearBootstrap()
	there := map[string][]string{}
	for _, collection := range []string{clinic.Posts, clinic.Comments} {
		var rows []struct {
			ID   string `db:"id"`
			Body string `db:"body"`
		}
		if err := app.DB().Select("id", "body").From(collection).All(&rows); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			there[row.Body] = append(there[row.Body], row.ID)
		}
	}
	lost, doubled := 0, 0
	for body, id := range acknowledged {
		switch ids := there[body]; {
		case len(ids) > 1:
			doubled++
		case len(ids) == 0 || ids[0] != id:
			lost++
		}
	}
	if lost != 0 || doubled != 0 {
		t.Errorf("of %d acknowledged, %d are lost and %d there twice", len(acknowledged), lost, doubled)
	}
	var kept, counted int
	if err := app.DB().NewQuery("SELECT comments, (SELECT COUNT(*) FROM comments WHERE post = posts.id) FROM posts WHERE id = {:id}").
		Bind(map[string]any{"id": about}).Row(&kept, &counted); err != nil || kept != counted {
		t.Errorf("%d comments are counted, %d are there, %v", kept, counted, err)
	}
	t.Logf("%d kills: %d acknowledged, %d lost, %d twice", kills, len(acknowledged), lost, doubled)
}
