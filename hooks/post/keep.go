package post

import (
	"errors"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// What stands in this file holds for every writer of a post or comment, the dashboard included. Each step runs in one
// transaction with the counts that it keeps right.

// standing is what the database knows of an author in a community at the moment of writing.
type standing struct {
	Open   bool   `db:"open"`
	Led    bool   `db:"led"`
	Member bool   `db:"member"`
	Role   string `db:"role"`
	// Speaks says that the author may speak for the practice here: a lead, or who works here with the right to moderate.
	Speaks bool `db:"speaks"`
}

// mayWrite refuses a new post or comment of who is no active member of the community, or while it is only read.
func mayWrite(tx core.App, community, author string) (standing, error) {
	var s standing
	err := tx.DB().NewQuery(`SELECT c.status = 'open' AS open,
			EXISTS (SELECT 1 FROM memberships l JOIN users p ON p.id = l.member
				WHERE l.community = c.id AND l.lead = TRUE AND p.role = 'provider' AND p.status = 'active') AS led,
			u.status = 'active' AND EXISTS (SELECT 1 FROM memberships m WHERE m.member = u.id AND m.community = c.id) AS member, u.role,
			EXISTS (SELECT 1 FROM memberships m WHERE m.member = u.id AND m.community = c.id AND (m.lead = TRUE AND u.role = 'provider'
				OR u.role IN ('provider', 'staff') AND (u.rights LIKE '%"moderate"%' OR u.rights LIKE '%"admin"%'))) AS speaks
		FROM communities c, users u WHERE c.id = {:community} AND u.id = {:author}`).
		Bind(dbx.Params{"community": community, "author": author}).One(&s)
	switch {
	case err != nil:
		return s, refuse(tx, access.Missing(err))
	case !s.Member:
		return s, access.Refuse(tx, NotInCommunity)
	case !s.Open:
		return s, access.Refuse(tx, clinic.Archived)
	case !s.Led:
		return s, access.Refuse(tx, clinic.WithoutLead)
	}
	return s, nil
}

// newPost checks and renders a post before it is stored, and counts it.
func (d *desk) newPost(e *core.RecordEvent) error {
	r := e.Record
	community := r.GetString("community")
	author, err := mayWrite(e.App, community, r.GetString("author"))
	if err != nil {
		return err
	}
	if r.GetString("kind") == "" {
		r.Set("kind", Discussion)
	}
	if err := mayBe(r.GetString("kind"), author); err != nil {
		return access.Refuse(e.App, err)
	}
	if err := d.render(e.App, r); err != nil {
		return refuse(e.App, err)
	}
	begin(r, d.house.Now())
	if err := d.stands(r); err != nil {
		return refuse(e.App, err)
	}
	for _, field := range countedOnPosts {
		r.Set(field, 0)
	}
	r.Set("last_comment", "")
	if err := e.Next(); err != nil {
		return err
	}
	return countPost(e.App, community, "", r.GetString("status"), created(r))
}

// begin sets what a new post or comment starts with, whatever its writer says.
func begin(r *core.Record, now time.Time) {
	if r.GetString("status") != clinic.Held {
		r.Set("status", clinic.Shown)
	}
	for _, field := range []string{"edited", "deleted_by", "reason", "note", "pinned", "helped", "review", "review_until", "poll", "reactions"} {
		r.Set(field, "") // what a collection does not have is not stored
	}
	at, _ := types.ParseDateTime(now) // a time.Time always parses
	r.SetRaw("created", at)
	r.SetRaw("updated", at)
}

func created(r *core.Record) string { return access.Date(r.GetDateTime("created").Time()) }

// render checks the words of a post or comment and puts the HTML that is made from them beside them.
func (d *desk) render(app core.App, r *core.Record) error {
	var title, kind *clinic.Fault
	if r.Collection().Name == clinic.Posts {
		var said string
		if said, title = Title(r.GetString("title")); title == nil {
			r.Set("title", said)
			if said == "" && titled(r.GetString("kind")) {
				title = clinic.Required.At("title")
			}
		}
		kind = Kind(r.GetString("kind"))
	}
	var called clinic.Mentioned
	html, body := write(r.GetString("body"), naming(app, r.GetString("community"), r.GetString("author"), &called))
	if body != nil && r.GetString("kind") == Poll && body.Is(clinic.Required) { // its title asks
		body = nil
	}
	if err := clinic.Faults(title, kind, body); err != nil {
		return err
	}
	r.Set("html", html)
	r.Set(clinic.MentionedIn, called)
	return nil
}

// naming lets a writer mention the members of a community whom they know to be there, and nobody else, and notes who was.
func naming(app core.App, community, by string, called *clinic.Mentioned) markdown.Naming {
	return func(member string) (string, bool) {
		name, known := access.Mentionable(app, community, by, member)
		if known && !slices.Contains(*called, member) {
			*called = append(*called, member)
		}
		return name, known
	}
}

// write gives the HTML of a body, or the fault of one that is too long, unreadable, or shows nothing.
func write(body string, names markdown.Naming) (string, *clinic.Fault) {
	if err := markdown.Check(body); err != nil {
		return "", faultOf(err).At("body")
	}
	html := markdown.RenderNaming(body, names)
	if html == "" || !Shows(body) {
		return "", clinic.Required.At("body")
	}
	return html, nil
}

// changePost keeps what a post said before, renders what it says now, and holds fast what never changes.
func (d *desk) changePost(e *core.RecordEvent) error {
	before, err := readPost(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	r := e.Record
	if r.GetString("kind") != before.Kind {
		return access.Refuse(e.App, KeptAsItIs.At("kind"))
	}
	if err := d.change(e, before); err != nil {
		return err
	}
	holdFast(e, "pinned", "until", "helped", "review", "review_until", "poll")
	r.Set("comments", before.Comments)
	r.Set("answers", before.Answers)
	r.Set("last_comment", before.LastComment)
	if err := d.pinsFit(e); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if err := sameWords(e, before); err != nil {
		return err
	}
	return countPost(e.App, before.Community, before.Status, r.GetString("status"), "")
}

// change is what an edit of a post and of a comment have in common.
func (d *desk) change(e *core.RecordEvent, before *piece) error {
	r := e.Record
	for field, value := range map[string]string{"community": before.Community, "author": before.Author} {
		if r.GetString(field) != value {
			return access.Refuse(e.App, KeptAsItIs.At(field))
		}
	}
	r.Set("reactions", before.Reactions) // counted by package reaction, beside the record
	_, decided := r.Get(clinic.DecidedBy).(clinic.Decision)
	if before.Status == clinic.Deleted && !decided {
		return access.Refuse(e.App, gone(before))
	}
	if r.GetString("status") == clinic.Deleted {
		empty(r)
		return keepVersion(e.App, before)
	}
	if err := d.render(e.App, r); err != nil {
		return refuse(e.App, err)
	}
	r.Set("deleted_by", "")
	r.Set("reason", "")
	if before.Status == clinic.Deleted || r.GetString("body") == before.Body && r.GetString("title") == before.Title {
		r.Set("edited", before.Edited) // a tombstone that the desk takes back says again what it said
		return nil
	}
	r.Set("edited", before.Edited)
	if !before.Unseen { // to who reads it for the first time, it was never different
		r.Set("edited", d.house.Now())
	}
	return keepVersion(e.App, before)
}

// empty makes a tombstone: the words go into a version, the mark stays in their place.
func empty(r *core.Record) {
	r.Set("body", "")
	r.Set("html", "")
	if r.Collection().Name == clinic.Posts {
		for _, field := range []string{"title", "pinned", "until"} {
			r.Set(field, "")
		}
	}
	if r.GetString("deleted_by") != ByAuthor {
		r.Set("deleted_by", ByPractice)
	}
}

func gone(p *piece) *clinic.Fault {
	if p.Post != "" {
		return CommentDeleted
	}
	return PostDeleted
}

// removePost takes a post away for good, with what it said before: only the dashboard does that.
func (d *desk) removePost(e *core.RecordEvent) error {
	before, err := readPost(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if err := run(e.App, "DELETE FROM post_versions WHERE post = {:id} AND comment = ''", dbx.Params{"id": before.ID}); err != nil {
		return err
	}
	return countPost(e.App, before.Community, before.Status, clinic.Deleted, "")
}

// countPost keeps a community's number of posts, and the date of its last one, right when a post's state changes. With added
// it is the date of a new post, which is the last one.
func countPost(tx core.App, community, was, is, added string) error {
	if (was == clinic.Shown) == (is == clinic.Shown) {
		return nil
	}
	if is == clinic.Shown && added != "" {
		return run(tx, "UPDATE communities SET posts = posts + 1, last_post = {:at} WHERE id = {:id}", dbx.Params{"id": community, "at": added})
	}
	step := -1
	if is == clinic.Shown {
		step = 1
	}
	return run(tx, `UPDATE communities SET posts = posts + {:step}, last_post = COALESCE((SELECT created FROM posts
		WHERE community = {:id} AND status = 'shown' ORDER BY created DESC, id DESC LIMIT 1), '') WHERE id = {:id}`,
		dbx.Params{"id": community, "step": step})
}

func run(tx core.App, statement string, params dbx.Params) error {
	_, err := tx.DB().NewQuery(statement).Bind(params).Execute()
	return err
}

func faultOf(err error) *clinic.Fault {
	var fault *clinic.Fault
	errors.As(err, &fault)
	return fault
}

// refuse gives a fault the form that PocketBase's own routes show; any other error stays what it is.
func refuse(app core.App, err error) error {
	if fault := faultOf(err); fault != nil {
		return access.Refuse(app, fault)
	}
	return err
}
