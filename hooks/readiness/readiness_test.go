package readiness_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"kinward/hooks/hookstest"
	"kinward/hooks/readiness"
)

func TestReadyAndNot(t *testing.T) {
	c := hookstest.Empty(t)
	ask := func(status int) map[string]readiness.Result {
		t.Helper()
		r := c.Guest().Get("/ready")
		report := hookstest.Into[readiness.Report](r)
		if r.Status != status || report.Ready != (status == http.StatusOK) {
			t.Fatalf("%d %s", r.Status, r.Body)
		}
		found := map[string]readiness.Result{}
		for _, one := range report.Checks {
			found[one.Name] = one
		}
		return found
	}
	if found := ask(http.StatusOK); !found["writes"].OK || !found["disk"].OK {
		t.Errorf("%v", found)
	}

	asked := 0
	wrong := errors.New("the certificate is being got")
	readiness.Add(c.App, "certificate", func(context.Context) error { asked++; return wrong })
	if found := ask(http.StatusServiceUnavailable); found["certificate"].OK || found["certificate"].Detail != wrong.Error() || !found["writes"].OK {
		t.Errorf("%v", found)
	}
	ask(http.StatusServiceUnavailable)
	if asked != 1 {
		t.Errorf("asked %d times within a moment", asked)
	}
	wrong = nil
	c.Pass(time.Minute)
	ask(http.StatusOK)
}

// A disk that takes no more writes, or a folder that became read-only, is seen although reads go on.
func TestWritesAreTried(t *testing.T) {
	c := hookstest.Empty(t)
	if _, err := c.App.NonconcurrentDB().NewQuery("PRAGMA query_only = 1").Execute(); err != nil {
		t.Fatal(err)
	}
	r := c.Guest().Get("/ready")
	if r.Status != http.StatusServiceUnavailable {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if got := c.Guest().Get("/api/health").Status; got != http.StatusOK {
		t.Errorf("the process lives all the same, but health says %d", got)
	}
}
