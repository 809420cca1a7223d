package main

import (
	"bufio"
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Fan-out: many listen to one community, each over a connection of their own, and somebody posts there.
const (
	listeners = 5_000
	fanned    = 10 // posts; another author each, since a practice lets nobody write without end
	heardIn   = 20 * time.Second
)

// fannedOut is what was measured: a post while nobody listens, and one that all listeners hear of. Times are medians.
type fannedOut struct {
	listeners         int
	waitAlone, wait   time.Duration // of the author
	cpuAlone, cpu     time.Duration // of the server, for one post
	first, last, most time.Duration // until the first and the last listener had it; most is the worst of all posts
	memory            float64       // kB for each listener
}

// measureFanout serves another copy of the practice, with a room that all patients are in. What a server has run is sealed with
// its key, so the copy is made ready before.
func (m *measurement) measureFanout() (err error) {
	if err := m.kinward.stop(); err != nil {
		return err
	}
	dir := filepath.Join(m.dir, "fanout_data")
	if err := copyPractice(filepath.Join(m.dir, "seed"), dir); err != nil {
		return err
	}
	room := m.clients[0].Communities[0]
	tokens, err := m.gather(dir, room)
	if err != nil {
		return err
	}
	s := &server{name: "fanout", healthy: m.kinward.healthy, command: func(address string) *exec.Cmd {
		return exec.Command(filepath.Join(m.dir, "kinward"), "serve", "--dir", dir, "--http", address, "--trusted-proxy", "127.0.0.1")
	}}
	if _, err := s.start(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	m.fannedOut, err = m.fanOut(s, room, tokens)
	return err
}

// fanOut lets authors post while nobody listens, and then while everybody does.
func (m *measurement) fanOut(s *server, room string, tokens []string) (*fannedOut, error) {
	out := &fannedOut{listeners: len(tokens)}
	var err error
	if out.waitAlone, out.cpuAlone, err = m.posts(s, room, 0, func(time.Time) {}); err != nil {
		return nil, err
	}
	before, _, err := s.memory()
	if err != nil {
		return nil, err
	}
	crowd, err := connect(s.base, room, tokens)
	if err != nil {
		return nil, err
	}
	defer crowd.leave()
	after, _, err := s.memory()
	if err != nil {
		return nil, err
	}
	out.memory = (after - before) * 1024 / float64(len(tokens))
	var firsts, lasts []time.Duration
	var missing error
	out.wait, out.cpu, err = m.posts(s, room, fanned, func(begun time.Time) {
		first, last, err := crowd.heard(begun)
		missing = cmp.Or(missing, err)
		firsts, lasts = append(firsts, first), append(lasts, last)
	})
	if err := errors.Join(err, missing); err != nil {
		return nil, err
	}
	out.first, out.last, out.most = median(firsts), median(lasts), slices.Max(lasts)
	return out, nil
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

// gather puts every patient into a room, and gives a session to those who write and to as many as shall listen.
func (m *measurement) gather(dir, room string) (tokens []string, err error) {
	app, house, err := open(dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, app.ClearBootstrap()) }()
	_, err = app.NonconcurrentDB().NewQuery(`INSERT INTO memberships (id, community, member, lead, created, updated)
		SELECT lower(hex(randomblob(7))) || 'x', {:room}, u.id, FALSE, u.created, u.created FROM users u WHERE u.role IN ('patient', 'caregiver')
			AND NOT EXISTS (SELECT 1 FROM memberships o WHERE o.member = u.id AND o.community = {:room})`).Bind(dbx.Params{"room": room}).Execute()
	if err != nil {
		return nil, err
	}
	var records []*core.Record
	err = app.RecordQuery("users").AndWhere(dbx.NewExp("role IN ('patient', 'caregiver')")).OrderBy("id").Limit(listeners).All(&records)
	if err != nil {
		return nil, err
	}
	err = app.RunInTransaction(func(tx core.App) error {
		for _, c := range m.clients {
			record, err := tx.FindRecordById("users", c.ID)
			if err != nil {
				return err
			}
			if _, c.tokens["fanout"], err = house.Issue(tx, record, "bench"); err != nil {
				return err
			}
		}
		for _, record := range records {
			_, token, err := house.Issue(tx, record, "bench")
			if err != nil {
				return err
			}
			tokens = append(tokens, token)
		}
		return nil
	})
	for n := len(tokens); len(tokens) < listeners; { // a small practice has fewer members: some listen in several tabs
		tokens = append(tokens, tokens[len(tokens)%n])
	}
	return tokens, err
}

// posts lets one author after the other post in a room, and measures what each post costs the author and the server.
func (m *measurement) posts(s *server, room string, from int, posted func(begun time.Time)) (wait, cpu time.Duration, err error) {
	before, err := s.processorTime()
	if err != nil {
		return 0, 0, err
	}
	var waits []time.Duration
	for i := range fanned {
		c := m.clients[(from+i)%len(m.clients)]
		c.number++
		title, text := c.words.clean()
		r := post_(c, s, "/api/clinic/communities/"+room+"/posts", map[string]string{"kind": "discussion", "title": title, "body": text.source},
			http.StatusCreated)
		r.Header.Set("Idempotency-Key", fmt.Sprintf("%s-fan-%d-%d", c.ID, c.number, c.random.Uint64()))
		begun := time.Now()
		if err := c.ask(r); err != nil {
			return 0, 0, err
		}
		waits = append(waits, time.Since(begun))
		posted(begun)
	}
	after, err := s.processorTime()
	return median(waits), (after - before) / fanned, err
}

// crowd is who listens.
type crowd struct {
	open  []net.Conn
	times chan time.Time
}

// connect lets everybody in, sixty-four at a time, and returns once each has been told that nothing is missed from here on.
func connect(base, room string, tokens []string) (*crowd, error) {
	c := &crowd{open: make([]net.Conn, len(tokens)), times: make(chan time.Time, len(tokens))}
	failures := make([]error, len(tokens))
	places := make(chan struct{}, 64)
	var all sync.WaitGroup
	for i, token := range tokens {
		places <- struct{}{}
		all.Go(func() {
			defer func() { <-places }()
			failures[i] = c.join(i, base, room, token)
		})
	}
	all.Wait()
	return c, cmp.Or(failures...)
}

// join opens one stream. It comes through a proxy from an address that twenty share: an address has a limit.
func (c *crowd) join(i int, base, room, token string) error {
	conn, err := net.Dial("tcp", base[len("http://"):])
	if err != nil {
		return err
	}
	c.open[i] = conn
	_, err = fmt.Fprintf(conn, "GET /api/clinic/events?topic=community:%s HTTP/1.1\r\nHost: kinward\r\nAccept: text/event-stream\r\n"+
		"Authorization: Bearer %s\r\nX-Forwarded-For: 10.1.%d.%d\r\n\r\n", room, token, i/20/256, i/20%256)
	if err != nil {
		return err
	}
	lines := bufio.NewReaderSize(conn, 512)
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return fmt.Errorf("listener %d: %w", i, err)
		}
		if bytes.HasPrefix(line, []byte("HTTP/1.1 ")) && !bytes.HasPrefix(line, []byte("HTTP/1.1 200")) {
			return fmt.Errorf("listener %d: %s", i, line)
		}
		if bytes.HasPrefix(line, []byte("event: ready")) {
			go c.listen(lines)
			return nil
		}
	}
}

func (c *crowd) listen(lines *bufio.Reader) {
	for {
		line, err := lines.ReadSlice('\n')
		if err != nil {
			return
		}
		if bytes.HasPrefix(line, []byte("event: new")) {
			c.times <- time.Now()
		}
	}
}

// heard waits until everybody has heard of a post that was made a moment ago, and says how long the first and the last took,
// from when the author began to send it.
func (c *crowd) heard(begun time.Time) (first, last time.Duration, err error) {
	late := time.After(heardIn)
	times := make([]time.Time, 0, len(c.open))
	for range c.open {
		select {
		case at := <-c.times:
			times = append(times, at)
		case <-late:
			return 0, 0, fmt.Errorf("%d of %d listeners heard nothing within %s", len(c.open)-len(times), len(c.open), heardIn)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	return times[0].Sub(begun), times[len(times)-1].Sub(begun), nil
}

func (c *crowd) leave() {
	for _, conn := range c.open {
		if conn != nil {
			_ = conn.Close() // it ends with the process anyway
		}
	}
}
