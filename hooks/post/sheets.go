package post

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"time"

	"kinward/hooks/access"
)

// sheet is the first page of a feed or of a thread, as it was read from the database at one edition, and as it was written
// for those who look at it alike: most members of a community get the very same bytes.
type sheet struct {
	edition edition
	post    *line // the post above a thread; nil for a feed
	lines   []line
	top     []line // above a feed
	linked  []line // of a thread: the comments that the post points at
	next    *string
	// previous is set where comments stand before the first line.
	previous *string
	ends     time.Time // when something on it stops being so; zero: never

	mu    sync.Mutex
	looks map[look]*copied
}

// look is everything in which two viewers' pages can differ.
type look struct {
	language                                      string
	moderates, leads, reviews, writable, mayWrite bool
	mine                                          uint64 // which lines are the viewer's own: bit 0 is the post above, then lines, top, linked
}

// copied is a page written out: as it is, and compressed once somebody takes it so.
type copied struct {
	etag  string
	plain []byte

	once   sync.Once
	packed []byte
}

// mostLooks bounds how many ways of one page are kept: authors have a way of their own, everyone else shares a few.
const mostLooks = 24

// until is the next moment at which something on a sheet stops being so: an announcement is over, a review is no longer valid, a poll
// ends. Nobody writes a record then.
func (s *sheet) until(now string) time.Time {
	next := ""
	sooner := func(date string) {
		if date > now && (next == "" || date < next) {
			next = date
		}
	}
	for _, lines := range [][]line{s.lines, s.top, s.linked} {
		for i := range lines {
			lines[i].dates(sooner)
		}
	}
	if s.post != nil {
		s.post.dates(sooner)
	}
	return access.ParseDate(next)
}

// dates tells the moments at which something of a line stops being so.
func (l *line) dates(tell func(date string)) {
	tell(l.until)
	if l.reviewed != nil {
		tell(l.reviewed.Until)
	}
	if l.poll != nil {
		tell(l.poll.Ends)
	}
}

// written gives the page for a look, made by write if it is not there yet.
func (s *sheet) written(l look, write func() ([]byte, error)) (*copied, error) {
	s.mu.Lock()
	found := s.looks[l]
	s.mu.Unlock()
	if found != nil {
		return found, nil
	}
	text, err := write()
	if err != nil {
		return nil, err
	}
	made := newCopied(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.looks) >= mostLooks {
		clear(s.looks)
	}
	s.looks[l] = made
	return made, nil
}

// newCopied names a page by its content, so that the name holds across a restart. The name is weak (RFC 9110 section 8.8.1):
// it says nothing of the compression.
func newCopied(text []byte) *copied {
	sum := sha256.Sum256(text)
	return &copied{etag: `W/"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`, plain: text}
}

// gzipped compresses the page, the first time it is asked for. What is compressed together is a page of members' words and no
// secret of the session, and a foreign site can have nobody ask for it: the cookie is SameSite=Strict.
func (c *copied) gzipped() []byte {
	c.once.Do(func() {
		var out bytes.Buffer
		w, _ := gzip.NewWriterLevel(&out, gzip.DefaultCompression) // the level is one there is
		_, err := w.Write(c.plain)
		if err == nil && w.Close() == nil {
			c.packed = out.Bytes()
		}
	})
	return c.packed
}

func (s *sheet) size() int {
	total := 512
	for _, lines := range [][]line{s.lines, s.top, s.linked} {
		for i := range lines {
			total += len(lines[i].html) + 512
		}
	}
	// A few looks of it: they are written later, and counted as if there.
	return 3 * total
}

// sheets keeps the first pages that were read last, in bounded memory.
type sheets struct {
	mu     sync.Mutex
	byID   map[string]*list.Element
	recent *list.List // of *placed, the latest first
	bytes  int
	making [64]sync.Mutex // one at a time makes the page of an id: a changed page is not made by everyone at once
}

type placed struct {
	id    string
	sheet *sheet
	size  int
}

// mostBytes is what the sheets may take, by estimate.
const mostBytes = 16 << 20

func newSheets() *sheets { return &sheets{byID: map[string]*list.Element{}, recent: list.New()} }

// get returns the sheet of an id at its present edition, made by read if there is none.
func (s *sheets) get(changes *changes, id string, at time.Time, read func() (*sheet, error)) (*sheet, error) {
	if found := s.find(id, changes.edition(id), at); found != nil {
		return found, nil
	}
	making := &s.making[changes.number(id)%uint64(len(s.making))]
	making.Lock()
	defer making.Unlock()
	now := changes.edition(id)
	if found := s.find(id, now, at); found != nil {
		return found, nil
	}
	made, err := read()
	if err != nil {
		return nil, err
	}
	made.edition, made.looks, made.ends = now, map[look]*copied{}, made.until(access.Date(at))
	s.put(id, made)
	return made, nil
}

func (s *sheets) find(id string, now edition, moment time.Time) *sheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, ok := s.byID[id]
	if !ok {
		return nil
	}
	if at := found.Value.(*placed); at.sheet.edition == now && (at.sheet.ends.IsZero() || moment.Before(at.sheet.ends)) {
		s.recent.MoveToFront(found)
		return at.sheet
	}
	s.drop(found)
	return nil
}

func (s *sheets) put(id string, made *sheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.byID[id]; ok {
		s.drop(old)
	}
	size := made.size()
	s.byID[id] = s.recent.PushFront(&placed{id, made, size})
	s.bytes += size
	for s.bytes > mostBytes && s.recent.Len() > 1 {
		s.drop(s.recent.Back())
	}
}

func (s *sheets) drop(which *list.Element) {
	gone := s.recent.Remove(which).(*placed)
	delete(s.byID, gone.id)
	s.bytes -= gone.size
}
