package post

import (
	"database/sql"
	"encoding/json"
	"errors"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// line is a post or comment as the database gives it to who reads: what everyone sees, before it is dressed for one viewer.
type line struct {
	id, community, post, parent, kind, title, html, status, deletedBy, reason, note string
	created, updated, edited                                                        string // updated: of one's own alone
	comments                                                                        int
	unseen                                                                          bool
	lastComment, reactions, files                                                   string
	author                                                                          string
	by                                                                              access.Face // of the author
	pinned, until, helped                                                           string
	reviewed                                                                        *reviewed
	poll                                                                            *clinic.Poll
}

// Each column costs each line of a page: only what is shown of a post or of a comment is asked for. Authors are put beside it by
// nameAuthors.
const (
	postColumns = `p.id, p.community, p.kind, p.title, p.html, p.status, p.deleted_by, p.reason, p.note, p.unseen, p.created, p.edited, p.comments,
		p.last_comment, p.reactions, p.files, p.author, p.pinned, p.until, p.helped, p.review, p.poll FROM posts p`
	commentColumns = `c.id, c.community, c.post, c.parent, c.html, c.status, c.deleted_by, c.reason, c.note, c.unseen, c.created, c.edited, c.reactions,
		c.files, c.author, c.review FROM comments c`

	// The limits below are postsPerPage and commentsPerPage, and one. They are written out because SQLite compiles a statement
	// anew whenever a limit is bound that it had planned for.

	// feedQuery gives a community's posts before a spot, the newest first: those that every member sees, so that neither the
	// number of posts on a page nor where the next one begins tells of a held one. A deleted post stays while people talk
	// under it.
	feedQuery = `SELECT ` + postColumns + ` WHERE p.community = ?1 AND (p.created, p.id) < (?2, ?3)
		AND (p.status = 'shown' OR p.status = 'deleted' AND p.comments > 0) ORDER BY p.created DESC, p.id DESC LIMIT 21`
	// heldPostsQuery gives the held posts that belong between two spots of a feed, for their authors and those who decide.
	heldPostsQuery = `SELECT ` + postColumns + ` WHERE p.community = ?1 AND p.status = 'held' AND (p.created, p.id) < (?2, ?3)
		AND (p.created, p.id) > (?4, ?5) ORDER BY p.created DESC, p.id DESC LIMIT 20`
	// unansweredQuery gives the questions that nobody but their askers has said a word to.
	unansweredQuery = `SELECT ` + postColumns + ` WHERE p.community = ?1 AND (p.created, p.id) < (?2, ?3)
		AND p.kind = 'question' AND p.status = 'shown' AND p.answers = 0 AND p.helped = '' ORDER BY p.created DESC, p.id DESC LIMIT 21`
	// savedQuery gives the posts that a member saved, or a comment under them: from what is saved, which is little, and not from the
	// community's posts.
	savedQuery = `SELECT ` + postColumns + ` WHERE p.id IN (SELECT s.post FROM saves s WHERE s.member = ?4 AND s.community = ?1)
		AND +p.community = ?1 AND (+p.created, +p.id) < (?2, ?3) AND p.status = 'shown' ORDER BY p.created DESC, p.id DESC LIMIT 21`
	// pinnedQuery and announcedQuery give what stands on top of a feed.
	pinnedQuery    = `SELECT ` + postColumns + ` WHERE p.community = ?1 AND p.pinned != '' AND p.status = 'shown' ORDER BY p.pinned DESC LIMIT 3`
	announcedQuery = `SELECT ` + postColumns + ` WHERE p.community = ?1 AND p.until > ?2 AND p.until != '' AND p.status = 'shown' ORDER BY p.until DESC LIMIT 5`
	// postQuery gives one post.
	postQuery = `SELECT ` + postColumns + ` WHERE p.id = ?1`
	// threadQuery gives the comments of a post after a spot, the oldest first: those that every member sees.
	threadQuery = `SELECT ` + commentColumns + ` WHERE c.post = ?1 AND (c.created, c.id) > (?2, ?3)
		AND c.status != 'held' AND c.unseen = FALSE ORDER BY c.created, c.id LIMIT 31`
	// earlierQuery gives the comments of a post before a spot, the latest first.
	earlierQuery = `SELECT ` + commentColumns + ` WHERE c.post = ?1 AND (c.created, c.id) < (?2, ?3)
		AND c.status != 'held' AND c.unseen = FALSE ORDER BY c.created DESC, c.id DESC LIMIT 31`
	// heldCommentsQuery gives the held comments that belong between two spots of a thread.
	heldCommentsQuery = `SELECT ` + commentColumns + ` WHERE c.post = ?1 AND c.status = 'held' AND (c.created, c.id) > (?2, ?3)
		AND (c.created, c.id) < (?4, ?5) ORDER BY c.created, c.id LIMIT 20`
	// commentQuery gives one comment.
	commentQuery = `SELECT ` + commentColumns + ` WHERE c.id = ?1`
	// linkedQuery gives two comments of a post that it points at: the one that helped, and the one that corrects it.
	linkedQuery = `SELECT ` + commentColumns + ` WHERE c.id IN (?1, ?2) AND c.post = ?3 AND c.status = 'shown'`
	// writableQuery says whether a community can be written in.
	writableQuery = `SELECT c.status = 'open' AND EXISTS (SELECT 1 FROM memberships l CROSS JOIN users p INDEXED BY sqlite_autoindex_users_1
		ON p.id = l.member WHERE l.community = c.id AND l.lead = TRUE AND p.role = 'provider' AND p.status = 'active') FROM communities c WHERE c.id = ?1`

	afterEverything = "~" // sorts behind every date
)

// reader is the pool of read connections. Their statements stay compiled (package statements), so nothing is prepared here.
func (d *desk) reader() *sql.DB {
	return d.app.ConcurrentDB().(*dbx.DB).DB() // the app's own pool, never a transaction's
}

// posts and commentLines give what a query finds, each with its author.
func (d *desk) posts(query string, args ...any) ([]line, error) {
	return d.lines((*line).scanPost, postsPerPage+1, query, args)
}

func (d *desk) commentLines(query string, args ...any) ([]line, error) {
	return d.lines((*line).scanComment, commentsPerPage+1, query, args)
}

func (d *desk) lines(scan func(l *line, rows *sql.Rows) error, most int, query string, args []any) ([]line, error) {
	rows, err := d.reader().Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []line
	for rows.Next() {
		if out == nil {
			out = make([]line, 0, most) // most queries for what is held or on top find nothing
		}
		out = append(out, line{})
		if err := scan(&out[len(out)-1], rows); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil || len(out) == 0 {
		return nil, err
	}
	return out, d.nameAuthors(out)
}

// nameAuthors puts beside each line who wrote it, and beside each review who made it.
func (d *desk) nameAuthors(lines []line) error {
	of := make(map[string]access.Face, len(lines))
	for i := range lines {
		of[lines[i].author] = access.Face{}
		if r := lines[i].reviewed; r != nil {
			of[r.By] = access.Face{}
		}
	}
	if err := d.house.Faces(of); err != nil {
		return err
	}
	for i := range lines {
		lines[i].by = of[lines[i].author]
		if r := lines[i].reviewed; r != nil {
			r.by = of[r.By]
		}
	}
	return nil
}

func (l *line) scanPost(rows *sql.Rows) error {
	var review, poll string
	err := rows.Scan(&l.id, &l.community, &l.kind, &l.title, &l.html, &l.status, &l.deletedBy, &l.reason, &l.note, &l.unseen, &l.created, &l.edited,
		&l.comments, &l.lastComment, &l.reactions, &l.files, &l.author, &l.pinned, &l.until, &l.helped, &review, &poll)
	if err != nil {
		return err
	}
	return l.carries(review, poll)
}

func (l *line) scanComment(rows *sql.Rows) error {
	var review string
	err := rows.Scan(&l.id, &l.community, &l.post, &l.parent, &l.html, &l.status, &l.deletedBy, &l.reason, &l.note, &l.unseen, &l.created, &l.edited,
		&l.reactions, &l.files, &l.author, &review)
	if err != nil {
		return err
	}
	return l.carries(review, "")
}

// carries reads what other capabilities keep on a post or comment.
func (l *line) carries(review, poll string) (err error) {
	if review != "" {
		l.reviewed = &reviewed{}
		err = json.Unmarshal([]byte(review), &l.reviewed.Review)
	}
	if poll != "" {
		l.poll = &clinic.Poll{}
		err = errors.Join(err, json.Unmarshal([]byte(poll), l.poll))
	}
	return err
}

// one gives the only line of a query that the viewer may see; to others it is not there.
func (d *desk) one(v *access.Viewer, query, id string) (*line, error) {
	if !isID(id) {
		return nil, clinic.NotFound
	}
	read := d.posts
	if query == commentQuery {
		read = d.commentLines
	}
	lines, err := read(query, id)
	switch {
	case err != nil:
		return nil, err
	case len(lines) == 0, !lines[0].visible(v):
		return nil, clinic.NotFound
	}
	if l := &lines[0]; query == commentQuery && l.author != v.ID { // under a post that is not there for the viewer only their own is
		if _, err := d.one(v, postQuery, l.post); err != nil {
			return nil, err
		}
	}
	return &lines[0], nil
}

// visible reports whether the viewer may see that a line exists.
func (l *line) visible(v *access.Viewer) bool {
	return v.Sees(l.community, l.author, l.status, l.unseen)
}
