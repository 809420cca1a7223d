package hookstest

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// Heard is one event of a stream.
type Heard struct{ ID, Event, Data string }

// Stream is what a member hears as long as they listen.
type Stream struct {
	Status int
	Header http.Header
	// Body is the answer where there is no stream.
	Body []byte

	t     testing.TB
	heard chan Heard
	leave func()
}

// patience is how long a test waits for what should come at once.
const patience = 15 * time.Second

// Listen opens the stream of these topics, or of the whole query if it has a "=".
func (m *Client) Listen(topics string, headers ...http.Header) *Stream {
	m.c.t.Helper()
	if !strings.Contains(topics, "=") {
		topics = "topic=" + strings.Join(strings.Fields(topics), "&topic=")
	}
	ctx, leave := context.WithCancel(context.Background())
	m.c.t.Cleanup(leave)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, m.c.URL+"/api/clinic/events?"+topics, nil)
	m.c.must(err)
	if m.Token != "" {
		request.Header.Set("Authorization", "Bearer "+m.Token)
	}
	for _, header := range headers {
		for name, values := range header {
			request.Header[name] = values
		}
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	m.c.must(err)
	s := &Stream{Status: response.StatusCode, Header: response.Header, t: m.c.t, heard: make(chan Heard, 256), leave: leave}
	if s.Status != http.StatusOK {
		defer response.Body.Close()
		s.Body, err = io.ReadAll(response.Body)
		m.c.must(err)
		return s
	}
	go s.read(response.Body)
	return s
}

func (s *Stream) read(body io.ReadCloser) {
	defer body.Close()
	defer close(s.heard)
	var one Heard
	for lines := bufio.NewScanner(body); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ": ")
		switch name {
		case "id":
			one.ID = value
		case "event":
			one.Event = value
		case "data":
			one.Data = value
		case "":
			if one != (Heard{}) {
				s.heard <- one
			}
			one = Heard{}
		}
	}
}

// Next waits for the next event; a stream that has ended gives an empty one.
func (s *Stream) Next() Heard {
	s.t.Helper()
	select {
	case one := <-s.heard:
		return one
	case <-time.After(patience):
		s.t.Fatal("nothing is heard")
		return Heard{}
	}
}

// Until gives all that is heard before the first event of this name, and that one; fewer if the stream ends.
func (s *Stream) Until(event string) []Heard {
	s.t.Helper()
	var out []Heard
	for {
		one := s.Next()
		if one == (Heard{}) {
			return out
		}
		if out = append(out, one); one.Event == event {
			return out
		}
	}
}

// Leave goes away, as a page that is closed.
func (s *Stream) Leave() { s.leave() }

// Code is the fault's code where there is no stream.
func (s *Stream) Code() string { return (&Response{s.Status, s.Header, s.Body}).Code() }
