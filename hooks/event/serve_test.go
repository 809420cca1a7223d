package event_test

import (
	"bufio"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/hookstest"
)

// served serves the house once more by a server with deadlines, and tells the house of it, as serve does.
func (r *room) served(t *testing.T, server *http.Server) {
	t.Helper()
	router, err := apis.NewRouter(r.App)
	if err != nil {
		t.Fatal(err)
	}
	event := &core.ServeEvent{App: r.App, Router: router, Server: server}
	if err := r.App.OnServe().Trigger(event, func(e *core.ServeEvent) error { return e.Next() }); err != nil {
		t.Fatal(err)
	}
	server.Handler = r.Handler // the routes as they were made the first time; the second ones are for nobody
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close() // it may be closed already
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	r.URL = "http://" + listener.Addr().String()
}

// TestAStreamOutlivesTheDeadlines that the server has for a request and its answer, and ends at once when the server stops.
func TestAStreamOutlivesTheDeadlines(t *testing.T) {
	const deadline = 250 * time.Millisecond
	r := newRoom(t)
	server := &http.Server{ReadTimeout: deadline, WriteTimeout: deadline}
	r.served(t, server)
	s := r.patient.Listen(r.topic)
	ready(t, s)
	<-time.After(3 * deadline)
	post := r.post(t, "after the deadlines")
	expect(t, s, "new", `{"topic":"`+r.topic+`","post":"`+post+`","comments":0}`)

	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		t.Errorf("the server waited for a stream: %v", err)
	}
	if got := s.Next(); got != (hookstest.Heard{}) {
		t.Errorf("a stream that the server ends says %+v, and would not be opened again", got)
	}
}

// TestOverHTTP2 is how browsers get it under TLS: many streams over one connection.
func TestOverHTTP2(t *testing.T) {
	r := newRoom(t)
	server := httptest.NewUnstartedServer(r.Handler)
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/api/clinic/events?topic="+r.topic, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.patient.Token)
	answer, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", answer.Proto, answer.Status)
	}
	lines := bufio.NewScanner(answer.Body)
	until := func(begin string) string {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), begin) {
				return lines.Text()
			}
		}
		t.Fatalf("the stream ended before %q: %v", begin, lines.Err())
		return ""
	}
	until("event: ready")
	post := r.post(t, "over one connection")
	until("event: new")
	if got := until("data: "); !strings.Contains(got, post) {
		t.Errorf("heard %s", got)
	}
	leave()
	server.Config.SetKeepAlivesEnabled(false)
}
