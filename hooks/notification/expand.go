package notification

import (
	"context"
	"database/sql"

	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// job is one row of notification_jobs.
type job struct {
	Row     int64  `db:"row"`
	Kind    string `db:"kind"`
	Piece   string `db:"piece"`
	Event   string `db:"event"`
	Actor   string `db:"actor"`
	At      string `db:"at"`
	Reached string `db:"reached"`
	Tries   int    `db:"tries"`
}

// batch is how many members one transaction tells.
var batch = 100

const (
	mostTry  = 8 // how often a job that fails is tried before it is given up
	tryAfter = 30 * time.Second
)

// expandNext tells the next batch of those whom the oldest job concerns. Whom it concerns is found out before the transaction,
// which is short: posts are being written meanwhile. What changed in between, the list and the letters ask again.
func (d *desk) expandNext(context.Context) (more bool, err error) {
	var j job
	err = d.app.DB().NewQuery(`SELECT row, kind, piece, event, actor, at, reached, tries FROM notification_jobs WHERE due <= {:now} ORDER BY row LIMIT 1`).
		Bind(dbx.Params{"now": access.Date(d.house.Now())}).One(&j)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if err := d.expand(j); err != nil {
		return true, d.putOff(j, err)
	}
	return true, nil
}

// putOff lets a job that failed wait, so that it stops no other, and gives it up in the end.
func (d *desk) putOff(j job, failure error) error {
	d.app.Logger().Error("telling members of something failed", "job", j.Kind, "piece", j.Piece, "tries", j.Tries+1, "error", failure)
	if j.Tries+1 >= mostTry {
		return run(d.app, "DELETE FROM notification_jobs WHERE row = {:row}", dbx.Params{"row": j.Row})
	}
	due := d.house.Now().Add(tryAfter << j.Tries)
	return run(d.app, "UPDATE notification_jobs SET tries = tries + 1, due = {:due} WHERE row = {:row}", dbx.Params{"row": j.Row, "due": access.Date(due)})
}

func (d *desk) expand(j job) error {
	about, err := d.subject(j)
	if err != nil {
		return err
	}
	var concerned []concern
	if about != nil {
		if concerned, err = d.concerned(j, about); err != nil {
			return err
		}
	}
	told, err := d.tellable(about, concerned)
	if err != nil {
		return err
	}
	var rows []row
	err = d.app.RunInTransaction(func(tx core.App) error {
		if rows, err = d.tell(tx, j, about, told); err != nil {
			return err
		}
		if len(concerned) < batch {
			return run(tx, "DELETE FROM notification_jobs WHERE row = {:row}", dbx.Params{"row": j.Row})
		}
		return run(tx, "UPDATE notification_jobs SET reached = {:reached} WHERE row = {:row}",
			dbx.Params{"row": j.Row, "reached": concerned[len(concerned)-1].Member})
	})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Page {
			d.house.Noticed(r.Member)
		}
	}
	return nil
}

// subject is what a job is about, as it is now.
type subject struct {
	waiting
	Thread   string `db:"thread"`    // the post, or the hold
	PostKind string `db:"post_kind"` // of a post
	Parent   string `db:"parent"`    // of a comment
}

// The subjects of jobs: posts, comments, and holds whose author knows of them. A hold is seen by its author alone.
const (
	textSubject = `SELECT id, id AS thread, community, author, status, unseen, author AS above_author, status AS above_status, unseen AS above_unseen,
			kind AS post_kind, '' AS parent FROM posts WHERE id = {:piece} UNION ALL
		SELECT c.id, c.post, c.community, c.author, c.status, c.unseen, p.author, p.status, p.unseen, '', c.parent
			FROM comments c JOIN posts p ON p.id = c.post WHERE c.id = {:piece}`
	holdSubject = `SELECT id, id AS thread, community, author, 'held' AS status, TRUE AS unseen, '' AS above_author, '' AS above_status,
		FALSE AS above_unseen, '' AS post_kind, '' AS parent FROM holds WHERE id = {:piece} AND known = TRUE`
)

// subject reads what a job is about; nil where there is nothing that anybody would be told of any more.
func (d *desk) subject(j job) (*subject, error) {
	query := textSubject
	if j.Kind == decided {
		query = holdSubject
	}
	var s subject
	err := d.app.DB().NewQuery(query).Bind(dbx.Params{"piece": j.Piece}).One(&s)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, nil
	case err != nil:
		return nil, err
	case j.Kind != decided && s.Status != clinic.Shown: // held or deleted meanwhile; if it appears, that is another job
		return nil, nil
	}
	return &s, nil
}

// concern is one member whom a job concerns, and why.
type concern struct {
	Member string `db:"member"`
	Rank   int    `db:"rank"`
}

// ranks are the kinds by rank in the queries below.
var ranks = map[int]Kind{1: Mention, 2: Answer, 3: Announcement, 4: Follow, 5: Decided, 6: Helpful, 7: Review}

// Whom a job concerns, beside the writer, in the order of their ids: those after {:reached} who have not muted it nor blocked
// the writer. Each part is a seek in an index.
const (
	named               = `SELECT member, 1 AS rank FROM mentions WHERE piece = {:piece} AND member > {:reached}`
	answered            = `SELECT author, 2 FROM posts WHERE id = {:thread} AND author > {:reached} UNION ALL SELECT author, 2 FROM comments WHERE id = {:parent} AND author > {:reached}`
	everybody           = `SELECT member, 3 FROM memberships WHERE community = {:community} AND member > {:reached}`
	writer, writerAfter = "SELECT {:author} AS member, ", " AS rank WHERE {:author} > {:reached}"
	following           = `SELECT member, 4 FROM follows WHERE post = {:thread} AND member > {:reached}`

	concernedQuery = `SELECT w.member AS member, MIN(w.rank) AS rank FROM (%s) w WHERE w.member != {:actor}
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = w.member AND b.blocked = {:actor})
		AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = w.member AND m.post = {:thread})
		AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = w.member AND m.community = {:community})
		GROUP BY w.member ORDER BY w.member LIMIT {:most}`
)

// parts says which members a job looks at.
func parts(j job, about *subject) string {
	switch {
	case j.Kind == decided:
		return writer + "5" + writerAfter
	case j.Kind == helped:
		return writer + "6" + writerAfter
	case j.Kind == reviewed:
		return writer + "7" + writerAfter
	case j.Kind == edited:
		return named
	case about.ID != about.Thread:
		return named + " UNION ALL " + answered + " UNION ALL " + following
	case about.PostKind == announcement:
		return named + " UNION ALL " + everybody
	}
	return named
}

// concerned gives the next members whom a job concerns, at most a batch.
func (d *desk) concerned(j job, about *subject) ([]concern, error) {
	var out []concern
	err := d.app.DB().NewQuery(fmt.Sprintf(concernedQuery, parts(j, about))).Bind(dbx.Params{
		"piece": about.ID, "thread": about.Thread, "parent": about.Parent, "community": about.Community, "author": about.Author,
		"actor": j.Actor, "reached": j.Reached, "most": batch,
	}).All(&out)
	return out, err
}
