package post

import (
	"cmp"
	"slices"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The views of a community's posts, as ?view= names them.
const (
	Newest     = "newest"
	Unanswered = "unanswered"
	Saved      = "saved"
)

// view gives the posts of a community that a view asks for, by pages as the feed.
func (d *desk) view(e *access.Event, community, view string) error {
	from, err := readCursor("before", e.Request.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	if from.at == "" {
		from.at = afterEverything
	}
	var page *sheet
	switch view {
	case Newest:
		if page, err = d.readFeed(community, from); err == nil && from.at == afterEverything {
			page.top, err = d.readTop(community)
		}
	case Unanswered:
		var lines []line
		lines, err = d.posts(unansweredQuery, community, from.at, from.id)
		page = newSheet(nil, lines, postsPerPage)
	case Saved:
		var lines []line
		lines, err = d.posts(savedQuery, community, from.at, from.id, e.Viewer.ID)
		page = newSheet(nil, lines, postsPerPage)
	default:
		return clinic.Faults(clinic.Invalid.At("view"))
	}
	if err != nil {
		return err
	}
	return d.answer(e, page, community, func(see eye) (any, error) { return page.page(see), nil })
}

// readTop reads what stands on top of a community: announcements that are not over, the newest first, and what the leads pinned.
func (d *desk) readTop(community string) ([]line, error) {
	announced, err := d.posts(announcedQuery, community, access.Date(d.house.Now()))
	if err != nil {
		return nil, err
	}
	slices.SortFunc(announced, func(a, b line) int { return cmp.Or(cmp.Compare(b.created, a.created), cmp.Compare(b.id, a.id)) })
	pinned, err := d.posts(pinnedQuery, community)
	pinned = slices.DeleteFunc(pinned, func(l line) bool {
		return slices.ContainsFunc(announced, func(other line) bool { return other.id == l.id })
	})
	return append(announced, pinned...), err
}
