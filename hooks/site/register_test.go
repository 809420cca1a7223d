package site

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tests"
)

// served is the handler that PocketBase would serve with the site registered; with a server, as serve makes it.
func served(t *testing.T, withServer bool) http.Handler {
	t.Helper()
	app, err := tests.NewTestApp(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(app.Cleanup)
	Register(app, built(), nil)
	router, err := apis.NewRouter(app)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: app, Router: router}
	if withServer {
		event.Server = &http.Server{}
	}
	var handler http.Handler
	err = app.OnServe().Trigger(event, func(e *core.ServeEvent) error {
		mux, err := e.Router.BuildMux()
		handler = mux
		if e.Server != nil {
			e.Server.Handler = mux
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if withServer {
		return event.Server.Handler
	}
	return handler
}

func TestRegisteredWithAndWithoutServer(t *testing.T) {
	for _, withServer := range []bool{true, false} {
		h := served(t, withServer)
		if w := ask(h, http.MethodGet, "/join"); w.Code != 200 || !strings.Contains(w.Body.String(), "Kinward") || w.Header().Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("server %v: page %d %v", withServer, w.Code, w.Header())
		}
		if w := ask(h, http.MethodGet, "/api/health"); w.Code != 200 || withServer && w.Header().Get("Content-Security-Policy") != routePolicy {
			t.Errorf("server %v: route %d %v", withServer, w.Code, w.Header())
		}
		if w := ask(h, http.MethodGet, "/api/none"); w.Code != 404 || !strings.Contains(w.Body.String(), `"status":404`) {
			t.Errorf("server %v: no such route %d %s", withServer, w.Code, w.Body)
		}
		if w := ask(h, http.MethodPost, "/join"); w.Code == 200 {
			t.Errorf("server %v: a POST to a page %d", withServer, w.Code)
		}
	}
}
