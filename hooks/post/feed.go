package post

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kinward/hooks/access"
)

// page is one page of a list; Next is the cursor of the page after it, or null at the end.
type page struct {
	// Top stands above the first page: announcements, and what the leads pinned. It has its place in the list too.
	Top   []shown `json:"top,omitempty"`
	Items []shown `json:"items"`
	Next  *string `json:"next"`
	// Previous is the cursor of the page before it, where a page does not begin at the beginning.
	Previous *string `json:"previous,omitempty"`
}

// feed gives a community's posts, the newest first, or those of them that a view asks for.
func (d *desk) feed(e *access.Event) error {
	community := e.Request.PathValue("id")
	if view := e.Request.URL.Query().Get("view"); view != "" {
		return d.view(e, community, view)
	}
	from, err := readCursor("before", e.Request.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	var page *sheet
	if from.at == "" {
		page, err = d.sheets.get(d.changes, community, d.house.Now(), func() (*sheet, error) { return d.readFirst(community) })
	} else {
		page, err = d.readFeed(community, from)
	}
	if err != nil {
		return err
	}
	return d.answer(e, page, community, func(see eye) (any, error) { return page.page(see), nil })
}

// readFirst reads the first page of a feed, with what stands on top.
func (d *desk) readFirst(community string) (*sheet, error) {
	s, err := d.readFeed(community, spot{at: afterEverything})
	if err != nil {
		return nil, err
	}
	s.top, err = d.readTop(community)
	return s, err
}

func (d *desk) readFeed(community string, from spot) (*sheet, error) {
	lines, err := d.posts(feedQuery, community, from.at, from.id)
	if err != nil {
		return nil, err
	}
	s := newSheet(nil, lines, postsPerPage)
	held, err := d.posts(heldPostsQuery, community, from.at, from.id, s.end(spot{}).at, s.end(spot{}).id)
	s.add(held, func(a, b *line) bool { return a.after(b) })
	return s, err
}

// newSheet is a page of lines; one line more than fits says that there is a next page.
func newSheet(post *line, lines []line, fits int) *sheet {
	s := &sheet{post: post, lines: lines, looks: map[look]*copied{}}
	if len(lines) > fits {
		last := lines[fits-1]
		cursor := spot{last.created, last.id}.cursor()
		s.next, s.lines = &cursor, lines[:fits]
	}
	return s
}

// end is the spot at which a sheet ends: its last line's if another page follows, else the very end.
func (s *sheet) end(last spot) spot {
	if s.next == nil || len(s.lines) == 0 {
		return last
	}
	l := &s.lines[len(s.lines)-1]
	return spot{l.created, l.id}
}

// add puts held lines in their places; first says which of two lines comes first.
func (s *sheet) add(held []line, first func(a, b *line) bool) {
	if len(held) == 0 {
		return
	}
	s.lines = append(slices.Clip(s.lines), held...)
	slices.SortStableFunc(s.lines, func(a, b line) int {
		if first(&a, &b) {
			return -1
		}
		return 1
	})
}

// after reports whether a line was written after another one.
func (l *line) after(other *line) bool {
	return l.created > other.created || l.created == other.created && l.id > other.id
}

// page shows the lines of a sheet to one viewer.
func (s *sheet) page(see eye) page {
	out := page{Items: make([]shown, 0, len(s.lines)), Next: s.next, Previous: s.previous}
	for i := range s.top {
		out.Top = append(out.Top, s.top[i].show(see))
	}
	for i := range s.lines {
		if s.lines[i].visible(see.viewer) {
			out.Items = append(out.Items, s.lines[i].show(see))
		}
	}
	return out
}

// answer sends a sheet as this viewer sees it: written by write, unless it was written before for one who sees it alike.
func (d *desk) answer(e *access.Event, s *sheet, community string, write func(see eye) (any, error)) error {
	writable, err := d.writable(community)
	if err != nil {
		return err
	}
	see := eyeOf(e, community, writable)
	text, err := s.written(s.look(see), func() ([]byte, error) { return encode(write, see) })
	if err != nil {
		return err
	}
	return text.send(e)
}

// look says how a viewer sees a sheet.
func (s *sheet) look(see eye) look {
	l := look{language: see.language, moderates: see.moderates, leads: see.leads, reviews: see.reviews, writable: see.writable, mayWrite: see.mayWrite}
	if s.post != nil && s.post.author == see.viewer.ID {
		l.mine = 1
	}
	bit := uint64(2)
	for _, lines := range [][]line{s.lines, s.top, s.linked} {
		for i := range lines {
			if lines[i].author == see.viewer.ID {
				l.mine |= bit
			}
			bit <<= 1
		}
	}
	return l
}

// send answers with a page that no browser keeps, or with 304 to a page that shows it already (RFC 9110 section 13.1.2).
func (c *copied) send(e *access.Event) error {
	header := e.Response.Header()
	header.Set("Cache-Control", "private, no-store")
	header.Set("ETag", c.etag)
	header.Set("Vary", "Accept-Encoding")
	if strings.Contains(e.Request.Header.Get("If-None-Match"), c.etag) {
		return e.NoContent(http.StatusNotModified)
	}
	body := c.plain
	if takesGzip(e.Request) {
		if packed := c.gzipped(); packed != nil {
			body = packed
			header.Set("Content-Encoding", "gzip")
		}
	}
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(body)))
	e.Response.WriteHeader(http.StatusOK)
	_, err := e.Response.Write(body)
	return err
}

func takesGzip(r *http.Request) bool {
	accepts := r.Header.Get("Accept-Encoding")
	return strings.Contains(accepts, "gzip") && !strings.Contains(accepts, "gzip;q=0")
}
