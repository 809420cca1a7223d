package home

import (
	"cmp"
	"database/sql"
	"slices"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// spot is where a list goes on: after this date and id.
type spot struct{ At, ID string }

const afterEverything = "~" // sorts behind every date

// The limits below are ten, perPage and mostCounts and one more: SQLite compiles a statement anew whenever a limit is bound that it
// had planned for. The index of users is named, since SQLite would read a small table whole.
const (
	person  = "p.author, u.name, u.role, u.title, u.status, p.author, p.status, p.unseen"
	members = "CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = "

	// unmuted leaves out a post p that the member ?1 muted, or that somebody wrote whom they have blocked.
	unmuted = ` AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = ?1 AND m.post = p.id AND m.community = '')
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = ?1 AND b.blocked = p.author)`
	// awake leaves out what stands in a community that the member ?1 muted.
	awake = " AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = ?1 AND m.post = '' AND m.community = p.community)"

	// roomsQuery gives the member's communities in which something was written since.
	roomsQuery = `SELECT c.id, c.last_post FROM memberships i CROSS JOIN communities c ON c.id = i.community WHERE i.member = ?1 AND c.last_post > ?2
		AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = ?1 AND m.post = '' AND m.community = i.community)`
	// newQuery gives what others wrote in one community since a date, before a spot, the newest first.
	newQuery = `SELECT p.id, p.kind, p.id, p.community, p.title, p.html, p.status, p.created, p.unseen, p.comments, ` + person + ` FROM posts p
		` + members + `p.author WHERE p.community = ?2 AND (p.created, p.id) < (?3, ?4) AND p.created > ?5 AND p.status = 'shown' AND p.author != ?1` + unmuted + `
		ORDER BY p.created DESC, p.id DESC LIMIT 11`
	// followsQuery gives the threads with unread answers, the latest first. What was deleted, and who is blocked, does not count.
	followsQuery = `SELECT p.id, p.community, p.kind, p.title, p.html, p.status, p.unseen, p.author, f.news,
			(SELECT COUNT(*) FROM (SELECT 1 FROM comments c WHERE c.post = f.post AND c.created >= f.news AND c.status = 'shown' AND c.author != ?1
				AND NOT EXISTS (SELECT 1 FROM blocks k WHERE k.member = ?1 AND k.blocked = c.author) LIMIT 21)),
			COALESCE((SELECT c.id FROM comments c WHERE c.post = f.post AND c.created >= f.news AND c.status = 'shown' AND c.author != ?1
				AND NOT EXISTS (SELECT 1 FROM blocks k WHERE k.member = ?1 AND k.blocked = c.author) ORDER BY c.created, c.id LIMIT 1), '')
		FROM follows f INDEXED BY follows_news CROSS JOIN posts p ON p.id = f.post WHERE f.member = ?1 AND f.news != ''` + unmuted + awake + `
		ORDER BY f.news DESC LIMIT 10`
	// mentionsQuery gives where the member was called and has not looked, the latest first.
	mentionsQuery = `SELECT m.piece, CASE WHEN m.piece = m.post THEN p.kind ELSE 'comment' END, m.post, p.community, p.title, COALESCE(c.html, p.html),
			COALESCE(c.status, p.status), m.created, COALESCE(c.unseen, p.unseen), p.comments, m.author, u.name, u.role, u.title, u.status,
			p.author, p.status, p.unseen
		FROM mentions m INDEXED BY mentions_waiting CROSS JOIN posts p ON p.id = m.post LEFT JOIN comments c ON c.id = m.piece AND m.piece != m.post
		` + members + `m.author WHERE m.member = ?1 AND m.read = ''
			AND NOT EXISTS (SELECT 1 FROM mutes n WHERE n.member = ?1 AND (n.post = m.post AND n.community = '' OR n.post = '' AND n.community = m.community))
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = ?1 AND b.blocked = m.author)
		ORDER BY m.created DESC, m.id DESC LIMIT 10`
)

// room is a community in which something was written since.
type room struct{ id, last string }

// fresh merges what is new in each of the viewer's communities. They are asked in the order in which they were written in last, and
// no more of them than can have something on the page.
func (d *desk) fresh(e *access.Event, since string, from spot) (page, error) {
	out := page{Items: []piece{}}
	rooms, err := d.rooms(e.Viewer, since)
	if err != nil {
		return out, err
	}
	var lines []line
	for _, r := range rooms {
		if len(lines) > perPage && lines[perPage].created > r.last {
			break
		}
		more, err := d.lines(newQuery, e.Viewer.ID, r.id, from.At, from.ID, since)
		if err != nil {
			return out, err
		}
		lines = append(lines, more...)
		slices.SortFunc(lines, func(a, b line) int { return cmp.Or(cmp.Compare(b.created, a.created), cmp.Compare(b.ID, a.ID)) })
		lines = lines[:min(len(lines), perPage+1)]
	}
	if len(lines) > perPage {
		lines = lines[:perPage]
		out.Next = access.WriteCursor(spot{lines[perPage-1].created, lines[perPage-1].ID})
	}
	for i := range lines {
		if lines[i].visible(e.Viewer) {
			out.Items = append(out.Items, lines[i].show(e.Language()))
		}
	}
	return out, nil
}

func (d *desk) rooms(v *access.Viewer, since string) ([]room, error) {
	rows, err := d.reader().Query(roomsQuery, v.ID, since)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []room
	for rows.Next() {
		var r room
		if err := rows.Scan(&r.id, &r.last); err != nil {
			return nil, err
		}
		if v.In(r.id) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b room) int { return cmp.Compare(b.last, a.last) })
	return out, rows.Err()
}

func (d *desk) lines(query string, args ...any) ([]line, error) {
	rows, err := d.reader().Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []line
	for rows.Next() {
		var l line
		if err := l.scan(rows); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}

func (l *line) scan(rows *sql.Rows) error {
	return rows.Scan(&l.ID, &l.kind, &l.Post, &l.Community, &l.title, &l.html, &l.Status, &l.created, &l.Unseen, &l.comments,
		&l.Author, &l.name, &l.role, &l.authorTitle, &l.authorStatus, &l.AboveAuthor, &l.AboveStatus, &l.AboveUnseen)
}

// followed gives the threads that the viewer follows and that others have answered since.
func (d *desk) followed(e *access.Event) ([]followed, error) {
	rows, err := d.reader().Query(followsQuery, e.Viewer.ID)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []followed{}
	for rows.Next() {
		var f followed
		var html, status, author string
		var unseen bool
		if err := rows.Scan(&f.Post, &f.Community, &f.Kind, &f.Title, &html, &status, &unseen, &author, &f.At, &f.Answers, &f.First); err != nil {
			return nil, err
		}
		if f.Answers == 0 || status != clinic.Shown || !e.Viewer.Sees(f.Community, author, status, unseen) {
			continue
		}
		f.Mine, f.At, f.Excerpt = author == e.Viewer.ID, access.Moment(f.At), markdown.Beginning(html, excerptRunes)
		f.More, f.Answers = f.Answers > mostCounts, min(f.Answers, mostCounts)
		out = append(out, f)
	}
	return out, rows.Err()
}

// mentions gives where the viewer was called and has not looked yet.
func (d *desk) mentions(e *access.Event) ([]piece, error) {
	lines, err := d.lines(mentionsQuery, e.Viewer.ID)
	out := []piece{}
	for i := range lines {
		if lines[i].visible(e.Viewer) {
			out = append(out, lines[i].show(e.Language()))
		}
	}
	return out, err
}
