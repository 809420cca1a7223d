package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// report writes the tables as Markdown, which can be read as it is.
func (m *measurement) report() string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	say("# What it costs")
	say("")
	say("Made by `make bench` (folder `bench/`); say `make bench BENCH='--large --out docs/bench.md'` to make this page anew.")
	say("")
	say("The **floor** is a bare PocketBase of the same version on a copy of the same data. Its record API asks by its rules for what")
	say("Kinward's routes ask for: that the reader is in the community, that the writer is the author and in it. It brings each author,")
	say("leaves the total out, commits with `synchronous=NORMAL` and makes neither HTML nor an audit record; its thread is the comments")
	say("alone. **net/http** answers with 10 kB that are ready. Every system is a process of its own on loopback, and they take turns in")
	say("short rounds. The figure to trust is processor time per request, as a ratio within one run.")
	say("")
	say("Measured on %s with %d cores: %s members, %d communities, %s posts, %s comments; %d clients; %d rounds of %s each.",
		processor(), runtime.NumCPU(), thousands(m.Members), m.Communities, thousands(m.Posts), thousands(m.Comments), m.options.clients, m.rounds, m.options.turn)
	say("")
	say("| one request costs (processor time) | Kinward | floor | net/http, 10 kB | Kinward : floor | asked | |")
	say("|---|---|---|---|---|---|---|")
	for _, w := range m.works {
		m.sayWork(say, w)
	}
	say("")
	say("| requests a second (a lower bound: who asks shares the cores) | Kinward | floor | net/http |")
	say("|---|---|---|---|")
	for _, w := range m.works {
		got := m.results[w.name]
		say("| %s | %s | %s | %s |", w.name, rate(got["kinward"]), rate(got["floor"]), rate(got["net/http"]))
	}
	say("| all mixed, 64 clients | %s | %s | |", rate(m.mixed["kinward"]), rate(m.mixed["floor"]))
	say("")
	say("| the whole process | Kinward | floor | asked | |")
	say("|---|---|---|---|---|")
	kept := func(name string) float64 { return m.storm[name] / m.alone[name] }
	say("| feed reads a second while 16 sign in, of those without | %.0f %% | %.0f %% | ≥ 50 %% | %s |", 100*kept("kinward"), 100*kept("floor"), verdict(kept("kinward") >= 0.5))
	say("| start to the first 200 | %d ms | %d ms | ≤ 1,000 ms | %s |", m.starts["kinward"].Milliseconds(), m.starts["floor"].Milliseconds(),
		verdict(m.starts["kinward"] <= time.Second))
	say("| memory idle | %.0f MB | %.0f MB | ≤ 60 MB | %s |", m.idle["kinward"], m.idle["floor"], verdict(m.idle["kinward"] <= 60))
	say("| memory, highest, 64 clients, all mixed | %.0f MB | %.0f MB | ≤ 250 MB | %s |", m.loaded["kinward"], m.loaded["floor"], verdict(m.loaded["kinward"] <= 250))
	if page := m.page; page.Limit > 0 {
		say("| JavaScript of the sign-in page's first load, compressed | %.1f kB | | ≤ %.0f kB | %s |", float64(page.JavaScript)/1000, float64(page.Limit)/1000,
			verdict(page.JavaScript <= page.Limit))
	}
	if m.fannedOut != nil {
		m.fannedOut.tell(say)
	}
	return out.String()
}

// tell reports what it costs to tell of a post.
func (f *fannedOut) tell(say func(string, ...any)) {
	say("")
	say("| one post in a room that %s listen to, each over a connection of their own | nobody listens | all listen | asked | |", thousands(f.listeners))
	say("|---|---|---|---|---|")
	say("| the author waits | %s | %s | the same | |", cost(f.waitAlone), cost(f.wait))
	say("| processor time of the server, the post with it | %s | %s | ≤ 200 ms | %s |", cost(f.cpuAlone), cost(f.cpu), verdict(f.cpu <= 200*time.Millisecond))
	say("| the first, and the last listener has it after | | %s, %s (of ten posts the slowest: %s) | ≤ 1 s | %s |", cost(f.first), cost(f.last), cost(f.most),
		verdict(f.most <= time.Second))
	say("| memory for each listener | | %.0f kB | ≤ 20 kB at best | |", f.memory)
}

func (m *measurement) sayWork(say func(string, ...any), w work) {
	got := m.results[w.name]
	ours, floor := got["kinward"].each(), got["floor"].each()
	ratio, met := "", ""
	if floor > 0 && ours > 0 {
		ratio = fmt.Sprintf("1 : %.1f", floor.Seconds()/ours.Seconds())
		if w.ratio > 0 {
			met = verdict(ours.Seconds()/floor.Seconds() <= w.ratio)
		}
	}
	if w.limit > 0 && ours > 0 {
		met = verdict(ours <= w.limit)
	}
	say("| %s | %s | %s | %s | %s | %s | %s |", w.name, cost(ours), cost(floor), cost(got["net/http"].each()), ratio, w.ask, met)
}

func verdict(met bool) string {
	if met {
		return "met"
	}
	return "**missed**"
}

func cost(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf("%.3f ms", d.Seconds()*1000)
}

func rate(r result) string {
	if r.requests == 0 {
		return ""
	}
	return thousands(int(r.perSecond()))
}

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func processor() string {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(text)) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
