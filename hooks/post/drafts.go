package post

import (
	"database/sql"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// A draft waits on the server for its writer, so that an ended session, a dead battery or another device loses no word. Nobody
// else sees it; there is one for each place where one can write.

// places are where a draft may wait: a new post in a community, a comment on a post, an answer to a comment, and an edit.
var places = regexp.MustCompile(`^(community|post|comment|post-edit|comment-edit):[a-z0-9]{15}$`)

// mostDrafts bounds what one member may keep; the oldest go first.
const mostDrafts = 50

// mostMore bounds what a draft keeps beside its words: ten choices of a poll, and room.
const mostMore = 5000

// mostFiles bounds what one draft names; a piece carries fewer.
const mostFiles = 30

type draft struct {
	Place string `db:"place" json:"place"`
	Title string `db:"title" json:"title"`
	Body  string `db:"body" json:"body"`
	Kind  string `db:"kind" json:"kind"`
	// More is what the kind needs beside its words, as the page keeps it.
	More    string  `db:"more" json:"more"`
	Files   fileIDs `db:"files" json:"files"`
	Updated string  `db:"updated" json:"updated"`
}

func (d *desk) drafts(e *access.Event) error {
	items := []draft{}
	err := e.App.DB().NewQuery("SELECT place, title, body, kind, more, files, updated FROM drafts WHERE member = {:member} ORDER BY updated DESC").
		Bind(dbx.Params{"member": e.Viewer.ID}).All(&items)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].Updated = access.Moment(items[i].Updated)
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}

// draft gives what waits in a place. Nothing waits in most places, so that nothing is an answer and not a fault.
func (d *desk) draft(e *access.Event) error {
	item := draft{Place: e.Request.PathValue("place"), Files: fileIDs{}}
	if !places.MatchString(item.Place) {
		return clinic.Faults(PlaceInvalid.At("place"))
	}
	err := e.App.DB().NewQuery("SELECT place, title, body, kind, more, files, updated FROM drafts WHERE member = {:member} AND place = {:place}").
		Bind(dbx.Params{"member": e.Viewer.ID, "place": item.Place}).One(&item)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	item.Updated = access.Moment(item.Updated)
	return e.Write(http.StatusOK, item)
}

type draftForm struct {
	Title string  `json:"title"`
	Body  string  `json:"body"`
	Kind  string  `json:"kind"`
	More  string  `json:"more"`
	Files fileIDs `json:"files"`
}

// fileIDs are the files that a draft carries, kept as words: the sweeping of files looks for them.
type fileIDs []string

// Scan reads them from the database.
func (f *fileIDs) Scan(value any) error {
	text, _ := value.(string)
	*f = strings.Fields(text)
	return nil
}

func (f fileIDs) words() string { return strings.Join(f, " ") }

func (f *draftForm) Validate(place string) error {
	var where, body *clinic.Fault
	if !places.MatchString(place) {
		where = PlaceInvalid.At("place")
	}
	if err := markdown.Check(f.Body); err != nil {
		body = faultOf(err).At("body")
	}
	_, title := Title(f.Title)
	var more *clinic.Fault
	if utf8.RuneCountInString(f.More) > mostMore {
		more = clinic.TooLong.At("more").With("max", mostMore)
	}
	var files *clinic.Fault
	if len(f.Files) > mostFiles || slices.ContainsFunc(f.Files, func(id string) bool { return !isID(id) }) {
		files = clinic.Invalid.At("files")
	}
	return clinic.Faults(where, title, Kind(f.Kind), body, more, files)
}

// keepDraft stores what the viewer is writing. Doing it twice is doing it once; an empty draft is none.
func (d *desk) keepDraft(e *access.Event) error {
	place := e.Request.PathValue("place")
	var form draftForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(place); err != nil {
		return err
	}
	if strings.TrimSpace(form.Title) == "" && strings.TrimSpace(form.Body) == "" && form.More == "" && len(form.Files) == 0 {
		return d.dropDraft(e)
	}
	now := access.Date(d.house.Now())
	if err := e.App.RunInTransaction(func(tx core.App) error { return form.submit(tx, e.Viewer.ID, place, now) }); err != nil {
		return err
	}
	return e.Write(http.StatusOK, draft{place, form.Title, form.Body, form.Kind, form.More, form.Files, access.Moment(now)})
}

func (f *draftForm) submit(tx core.App, member, place, now string) error {
	err := run(tx, `INSERT INTO drafts (id, member, place, title, body, kind, more, files, created, updated)
		VALUES ({:id}, {:member}, {:place}, {:title}, {:body}, {:kind}, {:more}, {:files}, {:now}, {:now})
		ON CONFLICT (member, place) DO UPDATE SET title = excluded.title, body = excluded.body, kind = excluded.kind, more = excluded.more, files = excluded.files, updated = excluded.updated`,
		dbx.Params{"id": core.GenerateDefaultRandomId(), "member": member, "place": place, "title": f.Title, "body": f.Body, "kind": f.Kind, "more": f.More, "files": f.Files.words(), "now": now})
	if err != nil {
		return err
	}
	return run(tx, `DELETE FROM drafts WHERE member = {:member} AND id NOT IN
		(SELECT id FROM drafts WHERE member = {:member} ORDER BY updated DESC LIMIT {:most})`, dbx.Params{"member": member, "most": mostDrafts})
}

func (d *desk) dropDraft(e *access.Event) error {
	if err := forgetDraft(e.App, e.Viewer.ID, e.Request.PathValue("place")); err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// forgetDraft removes the draft of a place, if there is one: it was sent, or thrown away.
func forgetDraft(app core.App, member, place string) error {
	return run(app, "DELETE FROM drafts WHERE member = {:member} AND place = {:place}", dbx.Params{"member": member, "place": place})
}
