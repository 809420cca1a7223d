// Package event tells pages that are open that something has changed, as server-sent events (HTML Standard, section 9.2).
//
// It promises: an event says which post or comment of which topic is new, changed or gone, and how many there are now, and
// nothing else: no text and no author. It says only what everybody who may read the topic sees alike; what is held, or was
// never seen, makes no event until it appears. Who listens was asked for their rights when they began, and is asked again
// before anything that was committed after a change of their rights is told: a stream ends, or loses a topic, with it. A
// writer never waits for listeners: an event is made after the commit, once for each topic however many listen, and who
// cannot keep up is cut off and finds what they missed when they come again.
package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// What an event says has happened.
const (
	// New, Changed and Gone are about a piece: a post, or a comment of one. Changed without a piece is about the community, or
	// about a member's notifications.
	New     = "new"
	Changed = "changed"
	Gone    = "gone"
	// Counts says how many comments a post has now, to who sees the post and not its comments.
	Counts = "counts"
	// Again says that events of a topic were missed: what is shown of it is to be asked for again.
	Again = "again"
	// Ended says that nothing more will come of a topic; without a topic, that the stream ends and is not to be opened again
	// as it was.
	Ended = "ended"
	// Ready says that from here on nothing is missed, and how long the topics had been quiet.
	Ready = "ready"
)

// The kinds of topic.
const (
	ofCommunity = "community:"
	ofPost      = "post:"
	// ofMember is a member's own topic, which nobody else may hear of: their notifications are others than before.
	ofMember = "member:"
)

// Limits. A browser has one stream a tab; an address may be a whole ward's.
const (
	mostTopics    = 40
	mostOfMember  = 12
	mostOfAddress = 600
	mostInAll     = 12_000
)

const (
	// beatEvery is how often a stream says that it lives: proxies close what is silent for a minute.
	beatEvery = 25 * time.Second
	// writeTime is how long one write may take before the listener is given up.
	writeTime = 10 * time.Second
	// warmFor is how long the events of a topic are kept once nobody listens: for who comes back.
	warmFor = 2 * time.Minute
	// ringSize is how many events of a topic are kept for who comes back.
	ringSize = 64
	// queueSize is how many events may wait for a listener. Who comes back finds more of them in the ring.
	queueSize = 16
	// waitAgain, and up to as much more, is how long a page waits before it opens its stream again: not all at once.
	waitAgain = 2 * time.Second
)

// news is the data of an event.
type news struct {
	Topic       string `json:"topic,omitempty"`
	Post        string `json:"post,omitempty"`
	Comment     string `json:"comment,omitempty"`
	Comments    *int   `json:"comments,omitempty"`
	LastComment string `json:"last_comment,omitempty"`
	// Quiet is for how many milliseconds nothing happened in any topic of the stream.
	Quiet *int64 `json:"quiet,omitempty"`
}

// frame writes an event as it goes over the wire. Without a position it leaves the one that the page knows.
func frame(position, what string, n news) []byte {
	var out bytes.Buffer
	if position != "" {
		fmt.Fprintf(&out, "id: %s\n", position)
	}
	data, err := json.Marshal(n)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	fmt.Fprintf(&out, "event: %s\ndata: %s\n\n", what, data)
	return out.Bytes()
}

// beat is a comment: it says that the stream lives, and no page sees it.
var beat = []byte(":\n\n")

// retry tells the page how long to wait before it opens the stream again.
func retry(wait time.Duration) []byte { return fmt.Appendf(nil, "retry: %d\n\n", wait.Milliseconds()) }

// position is where a stream stands: how many events there were since the process began, and which process.
type position struct {
	epoch string
	seq   uint64
}

func (p position) String() string { return p.epoch + "." + strconv.FormatUint(p.seq, 10) }

// readPosition reads what String wrote. What is no position is the zero one, which is of no process.
func readPosition(text string) position {
	epoch, number, _ := strings.Cut(text, ".")
	seq, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return position{}
	}
	return position{epoch, seq}
}

// change is what happened to a piece, as a record event tells it, or to a member's notifications.
type change struct {
	member                   string
	community, post, comment string
	what                     string
	// counted is whether the number of comments may be another.
	counted bool
	// unsure is whether the piece may be one that not everybody sees.
	unsure bool
}

// then is what two changes of one piece are together, of which nothing was told yet.
func (c change) then(later change) change {
	if c.what == New && later.what == Changed {
		later.what = New
	}
	later.counted = later.counted || c.counted
	return later
}
