package post

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// deleteForm says why; asked of the practice, not of the author.
type deleteForm struct {
	Reason string `json:"reason"`
}

func (d *desk) deletePost(e *access.Event) error { return d.delete(e, postQuery, clinic.Posts) }
func (d *desk) deleteComment(e *access.Event) error {
	return d.delete(e, commentQuery, clinic.Comments)
}

// delete leaves a tombstone in place of a post or comment: its author's own, or a lead's or moderator's with a reason, which
// the author is shown.
func (d *desk) delete(e *access.Event, query, collection string) error {
	before, err := d.one(e.Viewer, query, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var form deleteForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	by := ByAuthor
	if before.author != e.Viewer.ID {
		if !e.Viewer.Moderates(before.community) {
			return clinic.Forbidden
		}
		by = ByPractice
	}
	if err := form.Validate(by); err != nil {
		return err
	}
	if err := mayDelete(e, before.community, by); err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error { return form.submit(d, e, tx, collection, before.id, by) })
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// mayDelete lets authors take back their own words whatever they owe: above all who has just taken back the authorization
// to share them. To take down somebody else's is an act of the practice, and asks what writing asks.
func mayDelete(e *access.Event, community, by string) error {
	if by == ByAuthor {
		return access.Writable(e.App, community)
	}
	return e.MayWrite(community)
}

func (f *deleteForm) Validate(by string) error {
	f.Reason = strings.TrimSpace(f.Reason)
	switch {
	case by == ByAuthor:
		f.Reason = ""
	case f.Reason == "":
		return clinic.Faults(clinic.Required.At("reason"))
	case utf8.RuneCountInString(f.Reason) > maxReasonRunes:
		return clinic.Faults(clinic.TooLong.At("reason").With("max", maxReasonRunes))
	}
	return nil
}

func (f *deleteForm) submit(d *desk, e *access.Event, tx core.App, collection, id, by string) error {
	record, err := tx.FindRecordById(collection, id)
	if err != nil {
		return access.Missing(err)
	}
	if record.GetString("status") == clinic.Deleted {
		return nil // done already: by a second click, or by someone else a moment ago
	}
	record.Set("status", clinic.Deleted)
	record.Set("deleted_by", by)
	record.Set("reason", f.Reason)
	record.Set(clinic.DecidedBy, clinic.Decision{Member: e.Viewer.ID})
	if err := tx.Save(record); err != nil {
		return err
	}
	return d.house.Audit(tx, e.Viewer.ID, noun(collection)+".delete", collection+"/"+id, by)
}
