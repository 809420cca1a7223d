package poll

import (
	"cmp"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Vote is what one member chooses in a poll.
type Vote struct {
	Member string
	Choice int // its place in the list, from 0
}

// Hold lets members vote in a poll and ends it: what a sample practice needs, and no door. Nothing tells in which order they voted.
func Hold(tx core.App, house *access.House, post string, votes []Vote) error {
	d := &desk{app: tx, house: house, turnouts: turnouts{known: map[string]counted{}}}
	votes = slices.SortedFunc(slices.Values(votes), func(a, b Vote) int { return cmp.Compare(a.Member, b.Member) })
	for _, one := range votes {
		s, err := find(tx, nil, post)
		if err != nil {
			return err
		}
		if err := d.add(tx, s, one.Member, &one.Choice); err != nil {
			return err
		}
	}
	return d.close(tx, post)
}
