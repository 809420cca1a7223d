package event_test

import (
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func from(id string) http.Header { return http.Header{"Last-Event-Id": {id}} }

// TestComingBackNothingIsLostOrDoubled: what was written while a page was away is heard once, in order, whether the browser
// says up to where it knows or the page does.
func TestComingBackNothingIsLostOrDoubled(t *testing.T) {
	r := newRoom(t)
	s := r.patient.Listen(r.topic)
	ready(t, s)
	r.post(t, "first")
	last := s.Next()
	s.Leave()
	var wanted []string
	for i := range 5 {
		wanted = append(wanted, r.post(t, fmt.Sprint("while away ", i)))
	}
	for _, how := range []string{"the browser", "the page"} {
		var back *hookstest.Stream
		if how == "the browser" {
			back = r.patient.Listen(r.topic, from(last.ID))
		} else {
			back = r.patient.Listen("since=" + last.ID + "&topic=" + r.topic)
		}
		heard := back.Until("ready")
		heard = heard[:len(heard)-1]
		for len(heard) < len(wanted) { // what was on its way when the stream began comes behind
			heard = append(heard, back.Next())
		}
		for i, post := range wanted {
			if heard[i].Event != "new" || !strings.Contains(heard[i].Data, post) {
				t.Errorf("%s: %d: %+v, want %s", how, i, heard[i], post)
			}
		}
	}
}

// TestComingBackTooLate: what is no longer kept is asked for again, as is everything after the server was started anew, and
// a topic that nobody listened to.
func TestComingBackTooLate(t *testing.T) {
	r := newRoom(t)
	quiet := r.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.patient)
	s := r.patient.Listen(r.topic)
	at := ready(t, s)
	post := r.post(t, "the post")
	s.Next()
	for i := range 65 {
		r.set(t, clinic.Posts, post, "note", fmt.Sprint(i))
		s.Next() // so that no two are told as one
	}
	again := hookstest.Heard{Event: "again", Data: `{"topic":"` + r.topic + `"}`}
	for name, id := range map[string]string{"the ring is full": at.ID, "another process": "another.7", "no position": "nonsense"} {
		if heard := r.patient.Listen(r.topic, from(id)).Until("ready"); len(heard) != 2 || heard[0] != again {
			t.Errorf("%s: %+v", name, heard)
		}
	}
	cold := r.patient.Listen("community:"+quiet, from(at.ID))
	if heard := cold.Until("ready"); len(heard) != 1 {
		t.Errorf("where nothing happened: %+v", heard)
	}
	cold.Leave()
}

// TestHowLongItWasQuiet: a page that has just read its list need not read it again if nothing happened since.
func TestHowLongItWasQuiet(t *testing.T) {
	r := newRoom(t)
	since := func() int {
		var quiet int
		fmt.Sscanf(r.patient.Listen(r.topic).Until("ready")[0].Data, `{"quiet":%d}`, &quiet)
		return quiet
	}
	r.post(t, "secret") // tells nobody anything
	s := r.patient.Listen(r.topic)
	ready(t, s)
	before := since()
	r.post(t, "open")
	s.Next()
	if after := since(); after >= before || after > 2000 {
		t.Errorf("quiet for %d ms before a post and %d after it", before, after)
	}
}

// TestListeningIsNoActivity: a page that is left alone with its stream open is signed out as any other.
func TestListeningIsNoActivity(t *testing.T) {
	r := newRoom(t)
	r.Pass(20 * time.Minute)
	ready(t, r.patient.Listen(r.topic))
	r.Pass(11 * time.Minute)
	if got := r.patient.Get("/me"); got.Status != http.StatusUnauthorized {
		t.Errorf("31 minutes after the last that the member did: %d", got.Status)
	}
}

func TestHeadersOfAStream(t *testing.T) {
	r := newRoom(t)
	s := r.patient.Listen(r.topic, http.Header{"Accept-Encoding": {"gzip, br"}})
	ready(t, s)
	for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "private, no-store, no-transform",
		"X-Accel-Buffering": "no", "Content-Encoding": ""} {
		if got := s.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// TestTheLatestTabWins: of more streams than one member may have the earliest is ended; another member has theirs.
func TestTheLatestTabWins(t *testing.T) {
	r := newRoom(t)
	first := r.patient.Listen(r.topic)
	ready(t, first)
	ready(t, r.other.Listen(r.topic))
	for range 12 {
		ready(t, r.patient.Listen(r.topic))
	}
	expect(t, first, "ended", "{}")
}

// TestNothingStaysBehind: streams that were left leave no goroutine and next to no memory.
func TestNothingStaysBehind(t *testing.T) {
	r := newRoom(t)
	people := make([]*hookstest.Client, 20)
	for i := range people {
		people[i] = r.Patient()
		r.Join(r.id, people[i], false)
	}
	round := func() {
		var open []*hookstest.Stream
		for range 10 {
			for _, who := range people {
				s := who.Listen(r.topic)
				ready(t, s)
				open = append(open, s)
			}
		}
		r.post(t, "to all")
		for _, s := range open {
			s.Until("new")
			s.Leave()
		}
		r.settle(t)
	}
	round() // what a first round leaves for good, such as connections of the database, is not counted
	goroutines, memory := runtime.NumGoroutine(), heap()
	for range 3 {
		round()
	}
	if now := runtime.NumGoroutine(); now > goroutines+5 {
		t.Errorf("%d goroutines, before %d", now, goroutines)
	}
	if now := heap(); now > memory+2<<20 {
		t.Errorf("%d kB in use, before %d", now>>10, memory>>10)
	}
}

// settle waits until nobody listens any more and the connections are closed.
func (r *room) settle(t *testing.T) {
	t.Helper()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	deadline, tick := time.After(15*time.Second), time.NewTicker(20*time.Millisecond)
	defer tick.Stop()
	last, same := -1, 0
	for same < 10 {
		select {
		case <-deadline:
			t.Fatal("goroutines go on coming and going")
		case <-tick.C:
		}
		if now := runtime.NumGoroutine(); now == last {
			same++
		} else {
			last, same = now, 0
		}
	}
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
