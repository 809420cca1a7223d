package search

import (
	"context"
	"slices"
)

// seen reports whether the viewer may see a hit: the index has no text that is held, but those of comments under a post that is.
func (n narrowed) seen(r row) bool {
	return n.viewer.SeesPiece(r.Piece)
}

// only leaves of rows those that the viewer may see.
func (n narrowed) only(rows []row) []row {
	return slices.DeleteFunc(rows, func(r row) bool { return !n.seen(r) })
}

// page gives what the viewer may see of the hits from a place on, one more than a page has. What they may not see makes no page
// shorter: it would be counted by that.
func (s *searcher) page(ctx context.Context, groups [][]string, n narrowed, from spot) ([]row, error) {
	var out []row
	for {
		rows, err := s.hits(ctx, groups, n, from)
		if err != nil {
			return nil, err
		}
		more := len(rows) > perPage
		if more {
			from = spot{rows[perPage].longer, rows[perPage].Row}
		}
		out = append(out, n.only(rows)...)
		if !more || len(out) > perPage {
			return out[:min(len(out), perPage+1)], nil
		}
	}
}
