package post

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// newComment checks and renders a comment before it is stored, and counts it at its post.
func (d *desk) newComment(e *core.RecordEvent) error {
	r := e.Record
	about, err := readPost(e.App, r.GetString("post"))
	if err != nil {
		return refuse(e.App, err)
	}
	switch about.Status {
	case clinic.Deleted:
		return access.Refuse(e.App, PostDeleted)
	case clinic.Held:
		return access.Refuse(e.App, PostWaits)
	}
	r.Set("community", about.Community)
	if _, err := mayWrite(e.App, about.Community, r.GetString("author")); err != nil {
		return err
	}
	if err := underPost(e.App, r.GetString("parent"), about.ID); err != nil {
		return err
	}
	if err := d.render(e.App, r); err != nil {
		return refuse(e.App, err)
	}
	at, err := d.afterAll(e.App, about.ID)
	if err != nil {
		return err
	}
	begin(r, at)
	if err := e.Next(); err != nil {
		return err
	}
	return countComment(e.App, about.ID, r.Id, r.GetString("author"), "", r.GetString("status"), created(r))
}

// afterAll is now, or just after the last comment of the post if there is one at this very millisecond: who has read up to a
// comment finds every later one behind it.
func (d *desk) afterAll(tx core.App, post string) (time.Time, error) {
	var last string
	err := tx.DB().NewQuery("SELECT COALESCE(MAX(created), '') FROM comments WHERE post = {:post}").Bind(dbx.Params{"post": post}).Row(&last)
	now := d.house.Now().UTC().Truncate(time.Millisecond)
	if next := access.ParseDate(last).Add(time.Millisecond); next.After(now) {
		return next, err
	}
	return now, err
}

// underPost refuses a parent that is not a comment of the same post that all see, or is an answer itself: there is one level.
func underPost(tx core.App, parent, post string) error {
	if parent == "" {
		return nil
	}
	var fits bool
	err := tx.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM comments WHERE id = {:parent} AND post = {:post} AND parent = ''
		AND status != 'held' AND unseen = FALSE)`).
		Bind(dbx.Params{"parent": parent, "post": post}).Row(&fits)
	if err != nil || fits {
		return err
	}
	return access.Refuse(tx, clinic.Faults(ParentElsewhere.At("parent")).(*clinic.Fault))
}

func (d *desk) changeComment(e *core.RecordEvent) error {
	before, err := readComment(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	for field, value := range map[string]string{"post": before.Post, "parent": before.Parent} {
		if e.Record.GetString(field) != value {
			return access.Refuse(e.App, KeptAsItIs.At(field))
		}
	}
	if err := d.change(e, before); err != nil {
		return err
	}
	holdFast(e, "review", "review_until")
	if err := e.Next(); err != nil {
		return err
	}
	if err := sameWords(e, before); err != nil {
		return err
	}
	return countComment(e.App, before.Post, before.ID, before.Author, before.Status, e.Record.GetString("status"), "")
}

// removeComment takes a comment away for good, with what it said before: only the dashboard does that.
func (d *desk) removeComment(e *core.RecordEvent) error {
	before, err := readComment(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if err := run(e.App, "DELETE FROM post_versions WHERE comment = {:id}", dbx.Params{"id": before.ID}); err != nil {
		return err
	}
	if err := run(e.App, "UPDATE comments SET parent = '' WHERE post = {:post} AND parent = {:id}", dbx.Params{"post": before.Post, "id": before.ID}); err != nil {
		return err
	}
	return countComment(e.App, before.Post, before.ID, before.Author, before.Status, clinic.Deleted, "")
}

// countComment keeps a post's number of comments, how many of them others than its author wrote, and the date of the last one right
// when a comment's state changes. One that goes is not the one that helped any more.
func countComment(tx core.App, post, comment, author, was, is, added string) error {
	if (was == clinic.Shown) == (is == clinic.Shown) {
		return nil
	}
	if is == clinic.Shown && added != "" {
		return run(tx, "UPDATE posts SET comments = comments + 1, answers = answers + (author != {:by}), last_comment = {:at} WHERE id = {:id}",
			dbx.Params{"id": post, "at": added, "by": author})
	}
	step := -1
	if is == clinic.Shown {
		step = 1
	}
	return run(tx, `UPDATE posts SET comments = comments + {:step}, answers = answers + {:step} * (author != {:by}),
		helped = CASE WHEN helped = {:comment} THEN '' ELSE helped END, last_comment = COALESCE((SELECT created FROM comments
		WHERE post = {:id} AND status = 'shown' ORDER BY created DESC, id DESC LIMIT 1), '') WHERE id = {:id}`,
		dbx.Params{"id": post, "step": step, "by": author, "comment": comment})
}
