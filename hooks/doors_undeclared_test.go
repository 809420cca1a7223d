package hooks_test

import (
	"net/http"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/hookstest"
)

// A route that was bound past House.Routes has no guard and stands in no matrix: it lets nobody in, however its pattern is spelled
// and wherever it stands.
func TestWhatWasNotDeclaredIsClosed(t *testing.T) {
	in := func(e *core.RequestEvent) error { return e.String(http.StatusOK, "in") }
	c := hookstest.With(t, func(app core.App) {
		app.OnServe().BindFunc(func(se *core.ServeEvent) error {
			se.Router.GET("/api/clinic/undeclared", in)
			se.Router.POST("/api/clinic/undeclared", in)
			se.Router.Route(http.MethodPut, "/api/clinic/posts/{id}", in) // GET and PATCH are declared there
			se.Router.Any("/api/clinic/anyhow", in)
			se.Router.Group("/api/clinic/group").DELETE("/undeclared", in)
			se.Router.GET("127.0.0.1/api/clinic/practice", in) // goes before what is declared for every host
			se.Router.POST("/{first}/clinic/wild", in)
			se.Router.GET("/api/elsewhere", in)
			se.Router.GET("/elsewhere", in)
			se.Router.POST("/_/elsewhere", in)
			return se.Next()
		})
	})
	operator := c.Operator()
	for _, route := range [][2]string{
		{http.MethodGet, "/api/clinic/undeclared"}, {http.MethodPost, "/api/clinic/undeclared"}, {http.MethodPut, "/api/clinic/posts/nothingthere000"},
		{http.MethodGet, "/api/clinic/anyhow"}, {http.MethodPatch, "/api/clinic/anyhow"}, {http.MethodDelete, "/api/clinic/group/undeclared"},
		{http.MethodGet, "/api/clinic/practice"}, {http.MethodPost, "/api/clinic/wild"}, {http.MethodGet, "/api/elsewhere"},
		{http.MethodPost, "/_/elsewhere"},
	} {
		for who, client := range map[string]*hookstest.Client{"a guest": c.Guest(), "a patient": c.Patient(), "an admin": c.Founder(), "an operator": operator} {
			if r := client.Do(route[0], route[1], nil); r.Status != http.StatusForbidden || r.Code() != "door_closed" {
				t.Errorf("%s %s for %s: %d %s", route[0], route[1], who, r.Status, r.Body)
			}
			if route[0] != http.MethodGet {
				continue
			}
			if r := client.Do(http.MethodHead, route[1], nil); r.Status != http.StatusForbidden {
				t.Errorf("HEAD %s for %s: %d", route[1], who, r.Status)
			}
		}
	}
	r, err := http.Get(c.URL + "/elsewhere")
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != http.StatusForbidden {
		t.Errorf("GET /elsewhere: %d", r.StatusCode)
	}
}

// HEAD comes with GET at a declared door, and where there is no route at all it is said so.
func TestWhatWasDeclaredIsOpenToHeadToo(t *testing.T) {
	c := hookstest.New(t)
	for path, want := range map[string]int{"/practice": http.StatusOK, "/me": http.StatusUnauthorized, "/nothing/at/all": http.StatusNotFound} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if r := c.Guest().Do(method, path, nil); r.Status != want {
				t.Errorf("%s %s: %d %s, want %d", method, path, r.Status, r.Body, want)
			}
		}
	}
}
