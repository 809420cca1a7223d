package home

import (
	"cmp"
	"slices"

	"kinward/hooks/access"
	"kinward/hooks/markdown"
)

const (
	kindPoll = "poll"
	// mostPolls is how many polls are named: who has not voted in more than that has other things to do first.
	mostPolls = 5
)

// pollsQuery gives the open polls of others in the member's communities in which they have not voted. That they have is all that is
// kept of a vote.
const pollsQuery = `SELECT p.id, p.community, p.title, p.html, p.status, p.unseen, p.author, o.ends FROM memberships i
	CROSS JOIN polls o INDEXED BY polls_waiting ON o.community = i.community AND o.closed = FALSE AND o.ends > ?2 CROSS JOIN posts p ON p.id = o.post
	WHERE i.member = ?1 AND p.status = 'shown' AND p.author != ?1
		AND NOT EXISTS (SELECT 1 FROM poll_voters v WHERE v.post = o.post AND v.voter = ?1)` + unmuted + awake

// polls gives those that end first.
func (d *desk) polls(e *access.Event) ([]Waiting, error) {
	rows, err := d.reader().Query(pollsQuery, e.Viewer.ID, access.Date(d.house.Now()))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type open struct {
		Waiting
		ends string
	}
	var found []open
	for rows.Next() {
		var l line
		var ends string
		if err := rows.Scan(&l.ID, &l.Community, &l.title, &l.html, &l.Status, &l.Unseen, &l.Author, &ends); err != nil {
			return nil, err
		}
		if l.visible(e.Viewer) {
			title := cmp.Or(l.title, markdown.Beginning(l.html, excerptRunes))
			found = append(found, open{Waiting{kindPoll, l.ID, l.Community, title}, ends})
		}
	}
	slices.SortFunc(found, func(a, b open) int { return cmp.Or(cmp.Compare(a.ends, b.ends), cmp.Compare(a.Post, b.Post)) })
	var out []Waiting
	for _, one := range found[:min(len(found), mostPolls)] {
		out = append(out, one.Waiting)
	}
	return out, rows.Err()
}
