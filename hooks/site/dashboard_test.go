package site

import (
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
)

// dashboardOf serves dist as `serve` does: PocketBase's own routes and its dashboard are there too.
func dashboardOf(t *testing.T, dist fs.FS) http.Handler {
	t.Helper()
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	Register(app, dist, nil)
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: app, Router: router, Server: &http.Server{}}
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		mux, err := e.Router.BuildMux()
		e.Server.Handler = mux
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return event.Server.Handler
}

func TestTheDashboardGetsOurPage(t *testing.T) {
	dist := built().(fstest.MapFS)
	dist[".dashboard/main.js"] = &fstest.MapFile{Data: []byte(`app.routes.superuserOnly("#/policies", open)`)}
	dist[".dashboard/assets/editor-AbCdEf12.js"] = &fstest.MapFile{Data: []byte("export const show = 1")}
	h := dashboardOf(t, dist)

	w := ask(h, http.MethodGet, "/_/extensions.js")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"#/policies"`) {
		t.Errorf("the extensions' script: %d %s", w.Code, w.Body)
	}
	if got := w.Header().Get("Cache-Control"); got != "no-cache" {
		t.Errorf("the extensions' script may be kept: %q", got)
	}
	w = ask(h, http.MethodGet, "/_/extensions/kinward/assets/editor-AbCdEf12.js")
	if w.Code != 200 || w.Header().Get("Content-Security-Policy") != dashboardPolicy {
		t.Errorf("the editor: %d %v", w.Code, w.Header())
	}
	// What belongs to the dashboard is nowhere else.
	for _, path := range []string{"/.dashboard/main.js", "/.dashboard/assets/editor-AbCdEf12.js"} {
		if w := ask(h, http.MethodGet, path); w.Code != 404 {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}

func TestTheDashboardWorksWithoutOurPage(t *testing.T) {
	if w := ask(dashboardOf(t, built()), http.MethodGet, "/_/extensions.js"); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("the extensions' script: %d %s", w.Code, w.Body)
	}
}
