package post

import (
	"net/http"

	"kinward/hooks/access"
)

// page is one page of a list; Next is the cursor of the page after it, or null at the end.
type page struct {
	Items []shown `json:"items"`
	Next  *string `json:"next"`
}

// feed gives a community's posts, the newest first.
func (d *desk) feed(e *access.Event) error {
	community := e.Request.PathValue("id")
	from, err := readCursor("before", e.Request.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	if from.at == "" {
		from.at = afterEverything
	}
	lines, err := d.reads.lines(feedQuery, community, from.at, from.id, postsPerPage+1)
	if err != nil {
		return err
	}
	writable, err := d.reads.writable(community)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, pageOf(lines, postsPerPage, e, eyeOf(e, community, writable)))
}

// pageOf dresses lines for a viewer; one line more than fits says that there is a next page.
func pageOf(lines []line, fits int, e *access.Event, see eye) page {
	out := page{Items: []shown{}}
	if len(lines) > fits {
		last := lines[fits-1]
		cursor := spot{last.created, last.id}.cursor()
		out.Next, lines = &cursor, lines[:fits]
	}
	for i := range lines {
		if lines[i].visible(e.Viewer) {
			out.Items = append(out.Items, lines[i].show(see))
		}
	}
	return out
}
