package post

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// editForm holds what the author may change; what is not given stays. Updated says which text was edited, as the thread gave
// it: if another one took its place meanwhile, nothing is changed and the answer brings that one.
type editForm struct {
	Title   *string `json:"title"`
	Body    *string `json:"body"`
	Updated string  `json:"updated"`
	// Files are the ids of those that it carries beside its words.
	Files *clinic.Attached `json:"files"`
	// Confirm are the ids of findings that the writer has read and posts in spite of.
	Confirm clinic.Confirmed `json:"confirm"`
}

func (d *desk) editPost(e *access.Event) error    { return d.edit(e, postQuery, clinic.Posts) }
func (d *desk) editComment(e *access.Event) error { return d.edit(e, commentQuery, clinic.Comments) }

// edit changes what the viewer wrote. Nobody changes the words of another, leads included.
func (d *desk) edit(e *access.Event, query, collection string) error {
	before, err := d.one(e.Viewer, query, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var form editForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if before.author != e.Viewer.ID {
		return clinic.Forbidden
	}
	if err := e.MayWrite(before.community); err != nil {
		return err
	}
	if err := d.mayWriteMore(e); err != nil {
		return err
	}
	var out createdAnswer
	err = e.App.RunInTransaction(func(tx core.App) error {
		record, err := form.submit(d, e, tx, collection, before.id)
		if err != nil {
			return err
		}
		mine, err := d.mine(e, record)
		out = createdAnswer{mine, foundIn(record)}
		return err
	})
	if err != nil {
		return err
	}
	status := http.StatusOK
	if out.Status == clinic.Held && before.status != clinic.Held {
		status = http.StatusAccepted
	}
	return e.Write(status, out)
}

func (f *editForm) submit(d *desk, e *access.Event, tx core.App, collection, id string) (*core.Record, error) {
	record, err := tx.FindRecordById(collection, id)
	if err != nil {
		return nil, access.Missing(err)
	}
	updated := access.Moment(access.Date(record.GetDateTime("updated").Time()))
	if f.Updated != "" && f.Updated != updated && record.GetString("status") != clinic.Deleted {
		return nil, EditedMeanwhile.With("updated", updated).With("title", record.GetString("title")).With("body", record.GetString("body"))
	}
	if f.Title != nil && collection == clinic.Posts {
		record.Set("title", *f.Title)
	}
	if f.Body != nil {
		record.Set("body", *f.Body)
	}
	record.Set(clinic.ConfirmedBy, f.Confirm)
	if f.Files != nil {
		record.Set(clinic.AttachedBy, *f.Files)
	}
	if err := tx.Save(record); err != nil {
		return nil, err
	}
	if err := forgetDraft(tx, e.Viewer.ID, noun(collection)+"-edit:"+id); err != nil {
		return nil, err
	}
	return record, d.house.Audit(tx, e.Viewer.ID, noun(collection)+".edit", collection+"/"+id, "")
}

func noun(collection string) string {
	if collection == clinic.Comments {
		return "comment"
	}
	return "post"
}
