package post

import (
	"hash/maphash"
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// changes counts what happens to what people read, so that a page that was made before is used only while nothing on it has
// changed. Every count is raised after the change is committed and before its writer is answered: who wrote reads what they
// wrote, and whoever asks after that.
//
// The counts stand in a fixed number of slots by a hash of the id. Two ids that share a slot make a page too often and never
// too rarely.
type changes struct {
	seed   maphash.Seed
	people atomic.Uint64 // a name, a title, a role or a state of any member
	slots  [4096]atomic.Uint64
}

// edition is the state of what a page was made from.
type edition struct{ people, slot uint64 }

func newChanges() *changes { return &changes{seed: maphash.MakeSeed()} }

func (c *changes) number(id string) uint64 { return maphash.String(c.seed, id) % uint64(len(c.slots)) }

func (c *changes) slot(id string) *atomic.Uint64 { return &c.slots[c.number(id)] }

// edition is read before what it stands for.
func (c *changes) edition(id string) edition { return edition{c.people.Load(), c.slot(id).Load()} }

func (c *changes) raise(ids ...string) {
	for _, id := range ids {
		c.slot(id).Add(1)
	}
}

// standing names the slot of who may write in a community, apart from that of its posts.
func standingOf(community string) string { return "standing " + community }

// watch raises the counts whenever a record changes that a page is made from, whoever writes it.
func (c *changes) watch(app core.App) {
	each := func(collection string, raise func(r *core.Record)) {
		after := func(e *core.RecordEvent) error {
			raise(e.Record)
			return e.Next()
		}
		app.OnRecordAfterCreateSuccess(collection).BindFunc(after)
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(after)
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(after)
	}
	each(clinic.Posts, func(r *core.Record) { c.raise(r.GetString("community"), r.Id) })
	each(clinic.Comments, func(r *core.Record) { c.raise(r.GetString("community"), r.GetString("post")) })
	each(clinic.Reactions, func(r *core.Record) { c.raise(r.GetString("community"), r.GetString("post")) })
	each(clinic.Communities, func(r *core.Record) { c.raise(standingOf(r.Id)) })
	each(clinic.Memberships, func(r *core.Record) { c.raise(standingOf(r.GetString("community"))) })
	each(clinic.Files, func(r *core.Record) { c.raise(r.GetString("community"), r.GetString("post")) }) // what it says in words
	each(clinic.Users, func(*core.Record) { c.people.Add(1) })
	each(clinic.Renames, func(*core.Record) { c.people.Add(1) }) // texts that mention somebody were put right
}

// writable reports whether a community is open and has an active lead.
func (d *desk) writable(community string) (bool, error) {
	now := d.changes.edition(standingOf(community))
	if known, ok := d.standing.Load(community); ok && known.(judged).edition == now {
		return known.(judged).writable, nil
	}
	var writable bool
	err := d.reader().QueryRow(writableQuery, community).Scan(&writable)
	if err != nil {
		return false, access.Missing(err)
	}
	d.standing.Store(community, judged{now, writable})
	return writable, nil
}

// judged is what was found of a community at an edition. There are as many as the practice has communities.
type judged struct {
	edition  edition
	writable bool
}
