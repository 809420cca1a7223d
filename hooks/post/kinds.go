package post

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What a kind of post asks, and what of a post others than its author decide. It holds for every writer.

// countedOnPosts are the counts that the house keeps on a post.
var countedOnPosts = []string{"comments", "answers"}

// mayBe gives the fault of a kind that an author may not write here. Announcements speak for the practice; articles are what it
// teaches, so that who reads one knows where it comes from.
func mayBe(kind string, author standing) *clinic.Fault {
	switch {
	case kind == Announcement && !author.Speaks:
		return ByPracticeOnly.At("kind")
	case kind == Article && !clinic.Role(author.Role).Works():
		return ArticleBy.At("kind")
	}
	return nil
}

// titled reports whether a post of a kind goes by its title: an article is found by it, a poll asks with it.
func titled(kind string) bool { return kind == Article || kind == Poll }

// stands sets how long a new announcement stands on top. Other kinds do not by themselves.
func (d *desk) stands(r *core.Record) error {
	if r.GetString("kind") != Announcement {
		r.Set("until", "")
		return nil
	}
	now, until := d.house.Now(), r.GetDateTime("until").Time()
	if until.IsZero() {
		until = now.Add(AnnouncedFor)
	}
	r.Set("until", until)
	return clinic.Faults(ahead("until", until, now, mostAnnounced))
}

// ahead gives the fault of a date that has been, or lies further ahead than it may.
func ahead(field string, date, now time.Time, most time.Duration) *clinic.Fault {
	if date.After(now) && !date.After(now.Add(most)) {
		return nil
	}
	return DateTooFar.At(field).With("days", int(most.Hours()/24))
}

// holdFast keeps the fields that only our own doors change as they were, whoever else writes the record.
func holdFast(e *core.RecordEvent, fields ...string) {
	if access.ByHouse(e) || e.Record.GetString("status") == clinic.Deleted {
		return
	}
	before := e.Record.Original()
	for _, field := range fields {
		e.Record.SetRaw(field, before.GetRaw(field))
	}
}

// pinsFit refuses one pinned post too many.
func (d *desk) pinsFit(e *core.RecordEvent) error {
	if e.Record.GetString("pinned") == "" || e.Record.Original().GetString("pinned") != "" {
		return nil
	}
	var pinned int
	err := e.App.DB().NewQuery("SELECT COUNT(*) FROM posts WHERE community = {:community} AND pinned != ''").
		Bind(dbx.Params{"community": e.Record.GetString("community")}).Row(&pinned)
	if err != nil || pinned < mostPinned {
		return err
	}
	return access.Refuse(e.App, PinsFull.With("max", mostPinned))
}

// sameWords leaves the date of a piece's words where it was if they are still the same: its author, who may be editing them just now,
// has missed nothing.
func sameWords(e *core.RecordEvent, before *piece) error {
	r := e.Record
	if !access.ByHouse(e) || r.GetString("body") != before.Body || r.GetString("title") != before.Title || r.GetString("status") != before.Status {
		return nil
	}
	return run(e.App, "UPDATE "+r.Collection().Name+" SET updated = {:updated} WHERE id = {:id}",
		dbx.Params{"id": before.ID, "updated": before.Updated})
}
