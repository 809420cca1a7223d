package event

import (
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// alone is a hub without a house: one member who may read one community.
func alone() (*hub, *access.Viewer) {
	h := newHub(time.Now)
	h.log = func() *slog.Logger { return slog.New(slog.DiscardHandler) }
	h.count = func(string, string) (counted, error) { return counted{read: true, post: true, piece: true}, nil }
	v := &access.Viewer{ID: "m", Communities: map[string]bool{"c": false}}
	v.Session.Expires, v.Session.Seen, v.Session.Idle = time.Now().Add(time.Hour), time.Now(), time.Hour
	return h, v
}

func listenerOf(v *access.Viewer) *listener {
	return &listener{member: v.ID, session: "s", origin: "here", standing: func() (*access.Viewer, error) { return v, nil }, until: time.Now().Add(time.Hour),
		topics: map[string]place{"community:c": {community: "c", status: clinic.Shown}}, queue: make(chan []byte, queueSize), ended: make(chan struct{})}
}

func listen(t *testing.T, h *hub, v *access.Viewer) *listener {
	t.Helper()
	l := listenerOf(v)
	if _, err := h.join(l, ""); err != nil {
		t.Fatal(err)
	}
	return l
}

func over(l *listener) bool {
	select {
	case <-l.ended:
		return true
	default:
		return false
	}
}

// TestWhoCannotKeepUpIsCutOff: a listener whose queue is full costs the others nothing, and finds what they missed in the ring.
func TestWhoCannotKeepUpIsCutOff(t *testing.T) {
	h, v := alone()
	slow, quick := listen(t, h, v), listen(t, h, v)
	var first string
	for i := range queueSize + 3 {
		h.publish(change{community: "c", post: string(rune('a' + i)), what: New})
		if heard := string(<-quick.queue); first == "" {
			first, _, _ = strings.Cut(strings.TrimPrefix(heard, "id: "), "\n")
		}
	}
	if !over(slow) || over(quick) {
		t.Fatalf("the slow one is cut off: %t, the quick one: %t", over(slow), over(quick))
	}
	h.leave(slow)
	again, err := h.join(listenerOf(v), first)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(again), "event: new"); n != queueSize+2 {
		t.Errorf("%d events are told again, want %d: %s", n, queueSize+2, again)
	}
}

// TestPositionsTellNothingOfOtherRooms: who listens in one room cannot count what is said in another.
func TestPositionsTellNothingOfOtherRooms(t *testing.T) {
	seq := func(elsewhere int) uint64 {
		h, v := alone()
		l := listen(t, h, v)
		h.began = time.Now().Add(-time.Hour)
		for i := range elsewhere {
			h.publish(change{community: "other", post: strconv.Itoa(i), what: New})
		}
		h.publish(change{community: "c", post: "p", what: New})
		id, _, _ := strings.Cut(strings.TrimPrefix(string(<-l.queue), "id: "), "\n")
		return readPosition(id).seq
	}
	hour := uint64(time.Hour.Microseconds())
	for _, elsewhere := range []int{0, 1000} {
		if got := seq(elsewhere); got < hour {
			t.Errorf("with %d events elsewhere it is %d: a count, not a moment", elsewhere, got)
		}
	}
}

func TestARoomThatWasLeftIsClosed(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.leave(l)
	if _, goOn := h.tick(time.Now().Add(warmFor / 2)); !goOn || len(h.rooms) != 1 {
		t.Errorf("it is not kept for who comes back: %d", len(h.rooms))
	}
	if _, goOn := h.tick(time.Now().Add(2 * warmFor)); goOn || len(h.rooms) != 0 {
		t.Errorf("it is kept for ever: %d", len(h.rooms))
	}
	if len(h.listeners)+len(h.byMember)+len(h.byOrigin) != 0 {
		t.Error("who has left is still counted")
	}
}

func TestAStreamSaysThatItLives(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.tick(time.Now().Add(beatEvery / 2))
	if len(l.queue) != 0 {
		t.Error("it says so too often")
	}
	h.tick(time.Now().Add(beatEvery + time.Second))
	if got := <-l.queue; string(got) != ":\n\n" {
		t.Errorf("it says %q", got)
	}
}

func TestLimits(t *testing.T) {
	h, v := alone()
	for i := range mostOfAddress {
		other := *v
		other.ID = string(rune('A' + i))
		listen(t, h, &other)
	}
	l := listenerOf(v)
	if _, err := h.join(l, ""); err == nil {
		t.Error("one more of an address is let in")
	}
	l.origin = "elsewhere"
	if _, err := h.join(l, ""); err != nil {
		t.Error(err)
	}
}

// TestAFloodTellsAllToAskAgain: what is more than can wait is not told one by one.
func TestAFloodTellsAllToAskAgain(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.inbox.working = true // nothing is handed on yet
	for i := range mostWaiting + 10 {
		h.inbox.put(h, change{community: "elsewhere", post: string(rune(i + 1)), what: New})
	}
	h.inbox.drain(h)
	if got := string(<-l.queue); !strings.Contains(got, "event: again") {
		t.Errorf("heard %s", got)
	}
}

// TestChangesOfOnePieceAreOne, as long as nothing of them was told, and no change passes a look at somebody's standing.
func TestChangesOfOnePieceAreOne(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.inbox.working = true
	h.inbox.put(h, change{community: "c", post: "p", what: New, counted: true})
	h.inbox.put(h, change{community: "c", post: "p", what: Changed})
	h.inbox.look(h, item{changed: &access.Changed{Member: "nobody"}})
	h.inbox.put(h, change{community: "c", post: "p", what: Changed})
	if n := len(h.inbox.waiting); n != 3 {
		t.Fatalf("%d things wait", n)
	}
	h.inbox.drain(h)
	for _, want := range []string{"event: new", "event: changed"} {
		if got := string(<-l.queue); !strings.Contains(got, want) {
			t.Errorf("heard %s, want %s", got, want)
		}
	}
}

// TestNothingIsToldThatCannotBeRead: where the database does not answer, pages are told to ask for themselves.
func TestNothingIsToldThatCannotBeRead(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.count = func(string, string) (counted, error) { return counted{}, errNoAnswer }
	h.publish(change{community: "c", post: "p", what: New})
	if got := string(<-l.queue); !strings.Contains(got, "event: again") {
		t.Errorf("heard %s", got)
	}
	l.standing = func() (*access.Viewer, error) { return nil, errNoAnswer }
	h.review(h.concerned(access.Changed{Session: "s"}))
	if !over(l) {
		t.Error("a listener whose standing is not known goes on listening")
	}
}

func TestWhatCannotBeAPosition(t *testing.T) {
	for _, text := range []string{"", "1", "epoch.", "epoch.-1", "epoch.1.2", "epoch.18446744073709551616"} {
		if got := readPosition(text); got != (position{}) {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	p := position{"epoch", 18446744073709551615}
	if got := readPosition(p.String()); got != p {
		t.Errorf("%v is read as %v", p, got)
	}
}

func TestTheServersEndIsNotTheirs(t *testing.T) {
	h, v := alone()
	l := listen(t, h, v)
	h.close()
	if !over(l) || !strings.HasPrefix(string(l.last()), "retry: ") || l.last() != nil {
		t.Error("a stream that the server ends is to be opened again in a moment")
	}
	if _, err := h.join(listenerOf(v), ""); err == nil {
		t.Error("a server that ends lets nobody in")
	}
}
