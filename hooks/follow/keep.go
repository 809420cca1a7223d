package follow

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What stands in this file holds for every writer of a follow, a saved piece, a mute or a block.

// followed refuses a follow of what its member cannot see, and of anything but a post.
func (d *desk) followed(e *core.RecordEvent) error {
	_, piece, err := d.house.ByMember(e, e.Record.GetString("post"))
	switch {
	case err != nil:
		return err
	case piece.ID != piece.Post:
		return access.Refuse(e.App, clinic.NotFound)
	}
	e.Record.Set("community", piece.Community)
	return e.Next()
}

func (d *desk) saved(e *core.RecordEvent) error {
	_, piece, err := d.house.ByMember(e, e.Record.GetString("piece"))
	if err != nil {
		return err
	}
	e.Record.Set("post", piece.Post)
	e.Record.Set("community", piece.Community)
	return e.Next()
}

// muted takes a post or a community, one of them.
func (d *desk) muted(e *core.RecordEvent) error {
	post, community := e.Record.GetString("post"), e.Record.GetString("community")
	if post != "" && community == "" {
		_, piece, err := d.house.ByMember(e, post)
		switch {
		case err != nil:
			return err
		case piece.ID != piece.Post:
			return access.Refuse(e.App, clinic.NotFound)
		}
		return e.Next()
	}
	viewer, err := d.house.Member(e.Record.GetString("member"))
	switch {
	case err != nil:
		return err
	case post != "" || viewer == nil || !viewer.In(community):
		return access.Refuse(e.App, clinic.NotFound)
	}
	return e.Next()
}

// blocked refuses to block who is met in no common community: to the member they are not there.
func (d *desk) blocked(e *core.RecordEvent) error {
	by, err := d.house.Member(e.Record.GetString("member"))
	if err != nil {
		return err
	}
	if by == nil {
		return access.Refuse(e.App, clinic.NotFound)
	}
	of := e.Record.GetString("blocked")
	role, met, err := by.Meets(e.App, of)
	switch {
	case err != nil:
		return err
	case !met:
		return access.Refuse(e.App, clinic.NotFound)
	case by.ID == of:
		return access.Refuse(e.App, BlocksSelf)
	}
	if fault := Block(by.Role, role); fault != nil {
		return access.Refuse(e.App, fault)
	}
	return e.Next()
}

// written lets whoever writes follow the post, and tells those who do already that there is something new.
func written(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	r := e.Record
	post := r.Id
	if r.Collection().Name == clinic.Comments {
		post = r.GetString("post")
	}
	now := access.Date(r.GetDateTime("created").Time())
	err := run(e.App, `INSERT INTO follows (id, member, post, community, created, updated) VALUES ({:id}, {:member}, {:post}, {:community}, {:now}, {:now})
		ON CONFLICT (member, post) DO UPDATE SET news = ''`,
		dbx.Params{"id": core.GenerateDefaultRandomId(), "member": r.GetString("author"), "post": post, "community": r.GetString("community"), "now": now})
	if err != nil || post == r.Id || r.GetString("status") != clinic.Shown {
		return err
	}
	return news(e.App, r)
}

// appeared tells of an answer that others see for the first time only now.
func appeared(e *core.RecordEvent) error {
	unseen := e.Record.Original().GetBool("unseen")
	if err := e.Next(); err != nil || !unseen || e.Record.GetString("status") != clinic.Shown {
		return err
	}
	return news(e.App, e.Record)
}

// news marks the follows of a post at which nothing is new yet: on a busy thread those are the few who have read since. Who has
// blocked the author is not told of them.
func news(tx core.App, comment *core.Record) error {
	return run(tx, `UPDATE follows SET news = {:at} WHERE post = {:post} AND news = '' AND member != {:author}
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = follows.member AND b.blocked = {:author})`,
		dbx.Params{"at": access.Date(comment.GetDateTime("created").Time()), "post": comment.GetString("post"), "author": comment.GetString("author")})
}

// goneWith takes away what is kept of a post or comment that the dashboard removes for good.
func goneWith(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	statements := []string{"DELETE FROM saves WHERE piece = {:id}"}
	if e.Record.Collection().Name == clinic.Posts {
		statements = append(statements, "DELETE FROM follows WHERE post = {:id}", "DELETE FROM saves WHERE post = {:id}", "DELETE FROM mutes WHERE post = {:id}")
	}
	return all(e.App, statements, dbx.Params{"id": e.Record.Id})
}

// left takes away what a member kept of a community that they are no longer in. Whom they blocked stays blocked: the two may meet
// in another one.
func left(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return all(e.App, []string{
		"DELETE FROM follows WHERE member = {:member} AND community = {:community}",
		"DELETE FROM saves WHERE member = {:member} AND community = {:community}",
		`DELETE FROM mutes WHERE member = {:member} AND (community = {:community}
			OR EXISTS (SELECT 1 FROM posts p WHERE p.id = mutes.post AND p.community = {:community}))`,
	}, dbx.Params{"member": e.Record.GetString("member"), "community": e.Record.GetString("community")})
}

// beyondBlocks takes away the blocks by and of a member whose account ends, or who begins to work here: the practice is heard by
// everybody, and hears everybody.
func beyondBlocks(e *core.RecordEvent) error {
	was := blockable(e.Record.Original())
	if err := e.Next(); err != nil || !was || blockable(e.Record) {
		return err
	}
	return all(e.App, []string{"DELETE FROM blocks WHERE member = {:member}", "DELETE FROM blocks WHERE blocked = {:member}"},
		dbx.Params{"member": e.Record.Id})
}

func blockable(member *core.Record) bool {
	return member.GetString("status") != clinic.Removed && !clinic.Role(member.GetString("role")).Works()
}

func all(app core.App, statements []string, params dbx.Params) error {
	for _, statement := range statements {
		if err := run(app, statement, params); err != nil {
			return err
		}
	}
	return nil
}

func run(app core.App, statement string, params dbx.Params) error {
	_, err := app.DB().NewQuery(statement).Bind(params).Execute()
	return err
}
