package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// measurement is one run: the systems, who asks, and what was found.
type measurement struct {
	options
	seeded                  *seeded
	kinward, floor, nethttp *server
	clients                 []*client

	works   []work
	results map[string]map[string]result // by work, by system
	starts  map[string]time.Duration     // by system: until the first 200
	idle    map[string]float64           // by system: MB
	loaded  map[string]float64
	alone   map[string]float64 // reads a second without and with a storm of sign-ins
	storm   map[string]float64
	mixed   map[string]result

	page      firstLoad  // without a limit: not measured
	fannedOut *fannedOut // nil: not measured
}

func newMeasurement(o options, known *seeded) (*measurement, error) {
	m := &measurement{options: o, seeded: known, works: worksNamed(o.work), results: map[string]map[string]result{}, starts: map[string]time.Duration{},
		idle: map[string]float64{}, loaded: map[string]float64{}, alone: map[string]float64{}, storm: map[string]float64{}, mixed: map[string]result{}}
	at := func(name string) string { return filepath.Join(o.dir, name) }
	for _, name := range []string{"kinward", "floor"} {
		if err := copyPractice(at("seed"), at(name+"_data")); err != nil {
			return nil, err
		}
	}
	m.kinward = &server{name: "kinward", healthy: "/api/clinic/practice", command: func(address string) *exec.Cmd {
		return exec.Command(at("kinward"), "serve", "--dir", at("kinward_data"), "--http", address, "--trusted-proxy", "127.0.0.1")
	}}
	m.floor = &server{name: "floor", healthy: "/api/health", command: func(address string) *exec.Cmd {
		return exec.Command(at("floor"), "serve", at("floor_data"), address)
	}}
	m.nethttp = &server{name: "net/http", healthy: "/", command: func(address string) *exec.Cmd { return exec.Command(at("bare"), address) }}
	return m, m.signAllIn()
}

// copyPractice copies the databases of a practice that nobody has open.
func copyPractice(from, to string) error {
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	for _, name := range []string{"data.db", "auxiliary.db"} {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return copyFile(from+".key", to+".key")
}

func copyFile(from, to string) (err error) {
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, target.Close()) }()
	_, err = io.Copy(target, source)
	return err
}

// signAllIn gives every client a session at each system, without asking for the password.
func (m *measurement) signAllIn() error {
	words, err := newWriter(rand.New(rand.NewPCG(seeds[0], seeds[1]))) // the words that were seeded, so that a search finds some
	if err != nil {
		return err
	}
	app, house, err := open(filepath.Join(m.dir, "kinward_data"))
	if err != nil {
		return err
	}
	args := []string{"prepare", filepath.Join(m.dir, "floor_data")}
	for i := range 64 {
		who := m.seeded.Members[i%len(m.seeded.Members)]
		record, err := app.FindRecordById("users", who.ID)
		if err != nil {
			return err
		}
		_, token, err := house.Issue(app, record, "bench")
		if err != nil {
			return err
		}
		own := *words
		own.random = rand.New(rand.NewPCG(uint64(i), 11))
		m.clients = append(m.clients, &client{member: who, tokens: map[string]string{"kinward": token}, random: own.random,
			seeded: m.seeded, words: &own, tags: map[string]string{}})
		args = append(args, who.ID)
	}
	if err := app.ClearBootstrap(); err != nil {
		return err
	}
	tokens, err := exec.Command(filepath.Join(m.dir, "floor"), args...).Output()
	if err != nil {
		return fmt.Errorf("preparing the floor: %w", err)
	}
	for i, token := range strings.Fields(string(tokens)) {
		m.clients[i].tokens["floor"] = token
	}
	return nil
}

func (m *measurement) servers() []*server { return []*server{m.kinward, m.floor, m.nethttp} }

func (m *measurement) stop() {
	for _, s := range m.servers() {
		if err := s.stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}
}

// measureStart starts each system five times, in turns, and keeps the median time to the first 200. The last one stays.
func (m *measurement) measureStart() error {
	times := map[string][]time.Duration{}
	for range 5 {
		m.stop()
		for _, s := range m.servers() {
			took, err := s.start()
			if err != nil {
				return err
			}
			times[s.name] = append(times[s.name], took)
		}
	}
	for name, took := range times {
		slices.Sort(took)
		m.starts[name] = took[len(took)/2]
	}
	return nil
}

// measureIdle waits until nothing happens after the start, and reads the memory.
func (m *measurement) measureIdle() error {
	time.Sleep(3 * time.Second)
	for _, s := range m.servers() {
		now, _, err := s.memory()
		if err != nil {
			return err
		}
		m.idle[s.name] = now
	}
	return nil
}

// measureWorks lets the systems take turns at every work.
func (m *measurement) measureWorks() error {
	for round := range m.rounds + 1 { // the first warms up and does not count
		for _, w := range m.works {
			for _, turn := range m.turns(w) {
				got, err := drive(m.askers(w, round), turn.server, turn.make, m.turn, w.most)
				if err != nil {
					return fmt.Errorf("%s at %s: %w", w.name, turn.server.name, err)
				}
				if round > 0 {
					m.keep(w.name, turn.server.name, got)
				}
			}
		}
		fmt.Fprintf(os.Stderr, "round %d of %d\n", round, m.rounds)
	}
	return nil
}

type turn struct {
	server *server
	make   maker
}

func (m *measurement) turns(w work) []turn {
	out := []turn{{m.kinward, w.kinward}}
	if w.floor != nil {
		out = append(out, turn{m.floor, w.floor})
	}
	if w.bare {
		out = append(out, turn{m.nethttp, bare})
	}
	return out
}

// askers are others in each round: a practice lets nobody write, or search, without end.
func (m *measurement) askers(w work, round int) []*client {
	n := min(m.options.clients, len(m.clients))
	if w.clients > 0 {
		n = w.clients
	}
	out := make([]*client, n)
	for i := range out {
		out[i] = m.clients[(round*n+i)%len(m.clients)]
	}
	return out
}

func (m *measurement) keep(work, system string, got result) {
	if m.results[work] == nil {
		m.results[work] = map[string]result{}
	}
	sum := m.results[work][system]
	sum.add(got)
	m.results[work][system] = sum
}

// measureStorm reads feeds while nobody signs in and while sixteen do, in turns.
func (m *measurement) measureStorm() error {
	for range m.rounds {
		for _, s := range []turn{{m.kinward, feed}, {m.floor, floorFeed}} {
			quiet, err := drive(m.clients[:16], s.server, s.make, m.turn, 0)
			if err != nil {
				return err
			}
			stormy, err := m.stormy(s)
			if err != nil {
				return err
			}
			m.alone[s.server.name] += quiet.perSecond() / float64(m.rounds)
			m.storm[s.server.name] += stormy.perSecond() / float64(m.rounds)
		}
	}
	return nil
}

func (m *measurement) stormy(s turn) (result, error) {
	signing := signIn
	if s.server == m.floor {
		signing = floorSignIn
	}
	var failure error
	var all sync.WaitGroup
	all.Go(func() { _, failure = drive(m.clients[16:32], s.server, signing, m.turn, 0) })
	out, err := drive(m.clients[:16], s.server, s.make, m.turn, 0)
	all.Wait()
	return out, errors.Join(err, failure)
}

// measureMixed starts each system anew and lets 64 members do all kinds of things, for the highest memory it takes.
func (m *measurement) measureMixed() error {
	for _, s := range []turn{{m.kinward, mixed}, {m.floor, floorMixed}} {
		if err := s.server.stop(); err != nil {
			return err
		}
		if _, err := s.server.start(); err != nil {
			return err
		}
		got, err := drive(m.clients, s.server, s.make, time.Duration(m.rounds)*m.turn, 0)
		if err != nil {
			return err
		}
		if _, m.loaded[s.server.name], err = s.server.memory(); err != nil {
			return err
		}
		m.mixed[s.server.name] = got
	}
	return nil
}

// cursor is the place in a feed, as Kinward's routes write it.
func (s spot) cursor() string { return base64.RawURLEncoding.EncodeToString([]byte(s.Created + s.ID)) }
