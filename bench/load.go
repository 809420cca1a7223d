package main

import (
	"cmp"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

// client is one member with a session at each system, who asks one thing after the other.
type client struct {
	member
	tokens map[string]string // by system
	random *rand.Rand
	seeded *seeded
	words  *writer
	tags   map[string]string // ETags by path
	number int
}

// request is one that a client makes, and the status that it must be answered with; 304 goes wherever it was asked for.
type request struct {
	*http.Request
	want int
	seen func(*http.Response) // may be nil
}

// maker makes a client's next request to a system.
type maker func(c *client, s *server) request

// result is what was measured of one work at one system, all rounds together.
type result struct {
	requests int
	cpu      time.Duration
	wall     time.Duration
}

func (r *result) add(other result) {
	r.requests += other.requests
	r.cpu += other.cpu
	r.wall += other.wall
}

// each is the processor time of one request.
func (r result) each() time.Duration {
	if r.requests == 0 {
		return 0
	}
	return r.cpu / time.Duration(r.requests)
}

func (r result) perSecond() float64 {
	if r.wall == 0 {
		return 0
	}
	return float64(r.requests) / r.wall.Seconds()
}

// drive lets every client ask for a time, at most so often (0: no limit), and measures what that cost the server.
func drive(clients []*client, s *server, next maker, lasting time.Duration, most int) (result, error) {
	before, err := s.processorTime()
	if err != nil {
		return result{}, err
	}
	begun := time.Now()
	counts, failures := make([]int, len(clients)), make([]error, len(clients))
	var all sync.WaitGroup
	for i, c := range clients {
		all.Go(func() {
			for time.Since(begun) < lasting && (most == 0 || counts[i] < most) {
				if failures[i] = c.ask(next(c, s)); failures[i] != nil {
					return
				}
				counts[i]++
			}
		})
	}
	all.Wait()
	out := result{wall: time.Since(begun)}
	after, err := s.processorTime()
	for _, n := range counts {
		out.requests += n
	}
	out.cpu = after - before
	return out, cmp.Or(append(failures, err)...) // the first says enough: most fail alike
}

// ask makes a request and reads the answer whole.
func (c *client) ask(r request) error {
	answer, err := transport.RoundTrip(r.Request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode != r.want && (answer.StatusCode != http.StatusNotModified || r.Header.Get("If-None-Match") == "") {
		text, _ := io.ReadAll(io.LimitReader(answer.Body, 500)) // for the message only
		return fmt.Errorf("%s %s: %d %s", r.Method, r.URL.Path, answer.StatusCode, text)
	}
	if r.seen != nil {
		r.seen(answer)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	return err
}

func pick[T any](c *client, of []T) T { return of[c.random.IntN(len(of))] }

// threaded is a community of the client's that has long threads.
func (c *client) threaded() string {
	for _, community := range c.Communities {
		if len(c.seeded.Threads[community]) > 0 {
			return community
		}
	}
	return c.Communities[0]
}
