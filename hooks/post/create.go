package post

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type createForm struct {
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Body   string `json:"body"`
	Parent string `json:"parent"` // of a comment
	Until  string `json:"until"`  // of an announcement: how long it stands on top
	Poll   *struct {
		Choices []string `json:"choices"`
		Ends    string   `json:"ends"`
		Results string   `json:"results"`
	} `json:"poll"`
	// Files are the ids of those that it carries beside its words.
	Files clinic.Attached `json:"files"`
	// Confirm are the ids of findings that the writer has read and posts in spite of.
	Confirm clinic.Confirmed `json:"confirm"`
}

// created is the answer to a create: what was made, and what the practice's checks found in it.
type createdAnswer struct {
	shown
	Findings any `json:"findings"`
}

// create writes a post in a community.
func (d *desk) create(e *access.Event) error {
	community := e.Request.PathValue("id")
	var form createForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.MayWrite(community); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		record, err := fresh(tx, clinic.Posts)
		if err != nil {
			return 0, nil, err
		}
		record.Load(map[string]any{"community": community, "author": e.Viewer.ID, "kind": form.Kind, "title": form.Title, "body": form.Body})
		record.Set(clinic.ConfirmedBy, form.Confirm)
		if err := form.beyondWords(record); err != nil {
			return 0, nil, err
		}
		record.Set(clinic.AttachedBy, form.Files)
		return d.submit(e, tx, record, "community:"+community)
	})
}

// beyondWords puts on a new post what its kind needs beside its words.
func (f *createForm) beyondWords(record *core.Record) error {
	if f.Until != "" {
		until, err := time.Parse(time.RFC3339, f.Until)
		if err != nil {
			return clinic.Faults(clinic.Invalid.At("until"))
		}
		record.Set("until", until)
	}
	if f.Poll == nil {
		return nil
	}
	ends, err := time.Parse(time.RFC3339, f.Poll.Ends)
	if err != nil {
		return clinic.Faults(clinic.Invalid.At("ends"))
	}
	record.Set(clinic.PollAsked, clinic.Poll{Choices: f.Poll.Choices, Ends: access.Date(ends), Results: f.Poll.Results})
	return nil
}

// comment answers a post, or with a parent one of its comments.
func (d *desk) comment(e *access.Event) error {
	about, err := d.one(e.Viewer, postQuery, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var form createForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := e.MayWrite(about.community); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		record, err := fresh(tx, clinic.Comments)
		if err != nil {
			return 0, nil, err
		}
		record.Load(map[string]any{"post": about.id, "community": about.community, "author": e.Viewer.ID, "body": form.Body, "parent": form.Parent})
		record.Set(clinic.ConfirmedBy, form.Confirm)
		record.Set(clinic.AttachedBy, form.Files)
		place := "post:" + about.id
		if form.Parent != "" {
			place = "comment:" + form.Parent
		}
		return d.submit(e, tx, record, place)
	})
}

func fresh(tx core.App, collection string) (*core.Record, error) {
	found, err := tx.FindCachedCollectionByNameOrId(collection)
	if err != nil {
		return nil, err
	}
	return core.NewRecord(found), nil
}

// submit stores a new post or comment, notes it on the audit record, throws away the draft of the place that it was written
// in, and shows it to its author.
func (d *desk) submit(e *access.Event, tx core.App, record *core.Record, place string) (int, any, error) {
	if err := d.mayWriteMore(e); err != nil {
		return 0, nil, err
	}
	if err := tx.Save(record); err != nil {
		return 0, nil, err
	}
	collection := record.Collection().Name
	if err := d.house.Audit(tx, e.Viewer.ID, noun(collection)+".create", collection+"/"+record.Id, place); err != nil {
		return 0, nil, err
	}
	if err := forgetDraft(tx, e.Viewer.ID, place); err != nil {
		return 0, nil, err
	}
	out, err := d.mine(e, record)
	if err != nil {
		return 0, nil, err
	}
	status := http.StatusCreated
	if out.Status == clinic.Held {
		status = http.StatusAccepted
	}
	return status, createdAnswer{out, foundIn(record)}, nil
}

// foundIn gives what the checks left on a record.
func foundIn(r *core.Record) any {
	if findings := r.Get(clinic.FoundIn); findings != nil {
		return findings
	}
	return []any{}
}

// mine shows a record that its author has just written.
func (d *desk) mine(e *access.Event, r *core.Record) (shown, error) {
	l := line{id: r.Id, community: r.GetString("community"), post: r.GetString("post"), parent: r.GetString("parent"),
		kind: r.GetString("kind"), title: r.GetString("title"), html: r.GetString("html"), status: r.GetString("status"), note: r.GetString("note"),
		reactions: r.GetString("reactions"), files: r.GetString("files"), created: created(r), updated: access.Date(r.GetDateTime("updated").Time()), comments: r.GetInt("comments"),
		author: e.Viewer.ID}
	if at := r.GetDateTime("edited"); !at.IsZero() {
		l.edited = access.Date(at.Time())
	}
	if at := r.GetDateTime("last_comment"); !at.IsZero() {
		l.lastComment = access.Date(at.Time())
	}
	if at := r.GetDateTime("until"); !at.IsZero() {
		l.until = access.Date(at.Time())
	}
	if at := r.GetDateTime("pinned"); !at.IsZero() {
		l.pinned = access.Date(at.Time())
	}
	l.helped = r.GetString("helped")
	if err := l.carries(r.GetString("review"), r.GetString("poll")); err != nil {
		return shown{}, err
	}
	if l.reviewed != nil {
		if err := d.nameAuthors([]line{l}); err != nil {
			return shown{}, err
		}
	}
	l.by = access.Face{Name: e.Viewer.Name, Role: string(e.Viewer.Role), Title: e.Viewer.Title, Status: clinic.Active}
	return l.show(eyeOf(e, l.community, true)).own(r.GetString("body"), l.updated), nil
}
