package post

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type topForm struct {
	On bool `json:"on"`
	// Until is how long an announcement stays there.
	Until string `json:"until"`
}

// putOnTop puts a post on top of its community or takes it down: a lead any; the author of an announcement, and who moderates, that one.
func (d *desk) putOnTop(e *access.Event) error {
	about, err := d.one(e.Viewer, postQuery, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var form topForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	see := eyeOf(e, about.community, true)
	if about.status != clinic.Shown || !about.onTopBy(see) {
		return clinic.Forbidden
	}
	if err := e.MayWrite(about.community); err != nil {
		return err
	}
	until, err := form.until(about.kind, d.house.Now())
	if err != nil {
		return err
	}
	return d.mark(e, about.id, "post.top", func(_ core.App, r *core.Record) error {
		field, value := "pinned", any("")
		switch {
		case about.kind == Announcement:
			field, value = "until", until
		case form.On:
			value = d.house.Now()
		}
		if form.On && field == "pinned" && r.GetString("pinned") != "" {
			return nil // done already
		}
		r.Set(field, value)
		return nil
	})
}

// until is how long an announcement is to stand on top; empty takes it down.
func (f *topForm) until(kind string, now time.Time) (any, error) {
	if kind != Announcement || !f.On {
		return "", nil
	}
	if f.Until == "" {
		return now.Add(AnnouncedFor), nil
	}
	until, err := time.Parse(time.RFC3339, f.Until)
	if err != nil {
		return nil, clinic.Faults(clinic.Invalid.At("until"))
	}
	return until, clinic.Faults(ahead("until", until, now, mostAnnounced))
}

type helpedForm struct {
	Comment string `json:"comment"` // empty takes the mark back
}

// markHelped lets who asked a question say which comment helped.
func (d *desk) markHelped(e *access.Event) error {
	about, err := d.one(e.Viewer, postQuery, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var form helpedForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	switch {
	case about.author != e.Viewer.ID:
		return clinic.Forbidden
	case about.kind != Question || about.status != clinic.Shown:
		return NotAsked
	}
	if err := access.Writable(e.App, about.community); err != nil {
		return err
	}
	return d.mark(e, about.id, "post.helped", func(tx core.App, r *core.Record) error {
		if form.Comment != "" {
			comment, err := readComment(tx, form.Comment)
			if err != nil || comment.Post != about.id || comment.Status != clinic.Shown {
				return clinic.Faults(NotItsComment.At("comment"))
			}
		}
		r.Set("helped", form.Comment)
		return nil
	})
}

// mark changes in the house's name what stands on a post beside its words, and shows it as it then is.
func (d *desk) mark(e *access.Event, id, action string, change func(tx core.App, r *core.Record) error) error {
	err := e.App.RunInTransaction(func(tx core.App) error {
		record, err := tx.FindRecordById(clinic.Posts, id)
		if err != nil {
			return access.Missing(err)
		}
		if err := change(tx, record); err != nil {
			return err
		}
		if err := d.house.Save(tx, record); err != nil {
			return err
		}
		return d.house.Audit(tx, e.Viewer.ID, action, clinic.Posts+"/"+id, "")
	})
	if err != nil {
		return err
	}
	after, err := d.one(e.Viewer, postQuery, id)
	if err != nil {
		return err
	}
	writable, err := d.writable(after.community)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, after.show(eyeOf(e, after.community, writable)))
}
