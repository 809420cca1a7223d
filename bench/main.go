// Command bench makes a practice and measures what Kinward costs beside a bare PocketBase with the same data, whose record API
// asks the same by its rules (the floor), and beside net/http alone. Every system runs in a process of its own on loopback; they
// take turns in short rounds, so that what disturbs one disturbs all. The figure to trust is processor time per request, as a
// ratio within one run; requests per second are lower bounds, since those who ask share the machine.
//
//	go run ./bench                  a small practice, about three minutes
//	go run ./bench --large          40,000 members, 100,000 posts, 1,000,000 comments: some minutes more to make it
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

type options struct {
	sizes
	large           bool
	dir, out, only  string
	work            string
	rounds, clients int
	turn            time.Duration
}

func main() {
	o := options{sizes: small}
	flag.BoolVar(&o.large, "large", false, "a large practice")
	flag.IntVar(&o.Members, "members", small.Members, "how many members")
	flag.IntVar(&o.Communities, "communities", small.Communities, "how many communities")
	flag.IntVar(&o.Posts, "posts", small.Posts, "how many posts")
	flag.IntVar(&o.Comments, "comments", small.Comments, "how many comments")
	flag.StringVar(&o.dir, "dir", filepath.Join(os.TempDir(), "kinward-bench"), "folder to work in; a practice that was made there is used again")
	flag.StringVar(&o.out, "out", "", "file to write the tables to, as Markdown")
	flag.StringVar(&o.only, "only", "", "measure only one thing: start, idle, works, storm, mixed, fanout or page")
	flag.StringVar(&o.work, "work", "", "of the works, measure only those whose name has this in it")
	flag.IntVar(&o.rounds, "rounds", 5, "turns that each system gets at each work")
	flag.IntVar(&o.clients, "clients", 16, "how many ask at once")
	flag.DurationVar(&o.turn, "turn", 1500*time.Millisecond, "how long a turn is")
	flag.Parse()
	if o.large {
		o.sizes = large
	}
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "bench: "+err.Error())
		os.Exit(1)
	}
}

func run(o options) (err error) {
	if err := os.MkdirAll(o.dir, 0o700); err != nil {
		return err
	}
	if err := build(o.dir); err != nil {
		return err
	}
	known, err := seed(filepath.Join(o.dir, "seed"), o.sizes)
	if err != nil {
		return err
	}
	m, err := newMeasurement(o, known)
	if err != nil {
		return err
	}
	defer m.stop()
	steps := []struct {
		name    string
		measure func() error
	}{{"start", m.measureStart}, {"idle", m.measureIdle}, {"works", m.measureWorks}, {"storm", m.measureStorm}, {"mixed", m.measureMixed}, {"fanout", m.measureFanout},
		{"page", m.measurePage}}
	for _, step := range steps {
		if o.only != "" && o.only != step.name && step.name != "start" { // nothing can be measured of what was not started
			continue
		}
		if err := step.measure(); err != nil {
			return err
		}
	}
	text := m.report()
	fmt.Print(text)
	if o.out == "" {
		return nil
	}
	return os.WriteFile(o.out, []byte(text), 0o644)
}
