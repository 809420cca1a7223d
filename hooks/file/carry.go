package file

import (
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What stands in this file holds for every writer of a post or comment, the dashboard included.

// carry gives a piece the files that its writer puts to it, in its words or beside them, and takes away those that it no longer
// shows. It runs within the piece's own transaction. A piece without files costs nothing here.
func (d *desk) carry(e *core.RecordEvent) error {
	r := e.Record
	attached, told := r.Get(clinic.AttachedBy).(clinic.Attached)
	before := r.Original().GetString("files")
	inText := clinic.FilesIn(r.GetString("body"))
	if before == "" && len(attached) == 0 && len(inText) == 0 && (r.IsNew() || r.Original().GetString("status") != clinic.Deleted) {
		r.Set("files", "")
		return e.Next()
	}
	if r.GetString("status") == clinic.Deleted { // they stay with the tombstone, seen by nobody, in case that it is taken back
		r.Set("files", "")
		return e.Next()
	}
	post, comment := placeOf(r)
	if !told {
		attached = beside(before)
	}
	if !told && r.Original().GetString("status") == clinic.Deleted { // taken back: with all that it carried
		kept, err := of(e.App, post, comment)
		if err != nil {
			return err
		}
		for i := range kept {
			attached = append(attached, kept[i].ID)
		}
	}
	rows, err := choose(e.App, r.GetString("author"), post, comment, attached, inText, told)
	if err != nil {
		return err
	}
	facts, err := factsOf(rows, inText)
	if err != nil {
		return err
	}
	r.Set("files", facts)
	r.Set(clinic.BesideIt, saying(rows))
	shown, err := quoted(e.App, r.GetString("community"), rows, inText)
	if err != nil {
		return err
	}
	r.Set("html", dress(r.GetString("html"), shown))
	if err := e.Next(); err != nil {
		return err
	}
	post, comment = placeOf(r) // a new piece has its id now
	return d.take(e.App, r.GetString("community"), post, comment, rows)
}

// placeOf gives the ids that a file keeps of the piece that carries it.
func placeOf(r *core.Record) (post, comment string) {
	if r.Collection().Name == clinic.Comments {
		return r.GetString("post"), r.Id
	}
	return r.Id, ""
}

// carrier names the collection and the record that carry a file of this place.
func carrier(post, comment string) (collection, id string) {
	if comment != "" {
		return clinic.Comments, comment
	}
	return clinic.Posts, post
}

// choose gives the files that a piece shows: those named in its words and those beside them, in this order, as far as they are its
// author's own and no other piece's. One that was put beside it and is not to be had is a fault; words may name what they like.
func choose(tx core.App, author, post, comment string, attached, inText []string, told bool) ([]row, error) {
	ids := slices.Clone(inText)
	for _, id := range attached {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	found, err := read(tx, "f.owner = {:author} AND f.status = 'ready'", dbx.Params{"author": author}, ids)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, id := range ids {
		i := slices.IndexFunc(found, func(f row) bool { return f.ID == id })
		if i >= 0 && (found[i].Post == "" || found[i].Post == post && found[i].Comment == comment) {
			rows = append(rows, found[i])
			continue
		}
		if told && slices.Contains(attached, id) {
			return nil, access.Refuse(tx, clinic.Faults(NotYours.At("files")).(*clinic.Fault))
		}
	}
	if len(rows) > clinic.MostFiles {
		return nil, access.Refuse(tx, clinic.Faults(TooManyInPost.At("files").With("max", clinic.MostFiles)).(*clinic.Fault))
	}
	return rows, nil
}

// quoted adds to a piece's own files those of others that its words show too, so that they have their size on the page: as far as
// everyone in its community sees them now. Their words stay where they were written, where who wrote them can change them.
func quoted(tx core.App, community string, rows []row, inText []string) ([]row, error) {
	others := slices.DeleteFunc(slices.Clone(inText), func(id string) bool {
		return slices.ContainsFunc(rows, func(f row) bool { return f.ID == id })
	})
	found, err := read(tx, `f.community = {:community} AND f.current = TRUE AND f.status = 'ready'
		AND EXISTS (SELECT 1 FROM posts p WHERE p.id = f.post AND p.status = {:shown} AND p.unseen = FALSE)
		AND (f.comment = '' OR EXISTS (SELECT 1 FROM comments c WHERE c.id = f.comment AND c.status = {:shown} AND c.unseen = FALSE))`,
		dbx.Params{"community": community, "shown": clinic.Shown}, others)
	shown := slices.Clone(rows)
	for _, f := range found {
		shown = append(shown, row{ID: f.ID, Width: f.Width, Height: f.Height})
	}
	return shown, err
}

// read gives the files of these ids for which a condition holds.
func read(tx core.App, where string, params dbx.Params, ids []string) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	params["ids"] = string(text)
	var rows []row
	err = tx.DB().NewQuery("SELECT " + ownColumns + " FROM json_each({:ids}) i CROSS JOIN files f ON f.id = i.value WHERE " + where).Bind(params).All(&rows)
	return rows, err
}

// of gives the files that a piece shows now.
func of(tx core.App, post, comment string) ([]row, error) {
	var rows []row
	err := tx.DB().NewQuery("SELECT " + ownColumns + " FROM files f WHERE f.post = {:post} AND f.comment = {:comment} AND f.current = TRUE ORDER BY f.created, f.id").
		Bind(dbx.Params{"post": post, "comment": comment}).All(&rows)
	return rows, err
}

// take notes which files a piece shows. Those that it showed before stay with it, for its earlier versions.
func (d *desk) take(tx core.App, community, post, comment string, rows []row) error {
	ids := make([]string, len(rows))
	for i := range rows {
		ids[i] = rows[i].ID
	}
	text, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	params := dbx.Params{"post": post, "comment": comment, "community": community, "ids": string(text), "now": access.Date(d.house.Now())}
	for _, statement := range []string{
		"UPDATE files SET current = FALSE WHERE post = {:post} AND comment = {:comment} AND id NOT IN (SELECT value FROM json_each({:ids}))",
		`UPDATE files SET post = {:post}, comment = {:comment}, community = {:community}, current = TRUE, updated = {:now}
			WHERE id IN (SELECT value FROM json_each({:ids}))`,
	} {
		if _, err := tx.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// drop leaves the files of a piece that is taken away for good to nobody: the sweeping takes them. Only the dashboard does that.
func (d *desk) drop(e *core.RecordEvent) error {
	post, comment := placeOf(e.Record)
	if err := e.Next(); err != nil {
		return err
	}
	where, params := "post = {:post}", dbx.Params{"post": post, "comment": comment, "long": "2000-01-01 00:00:00.000Z"}
	if comment != "" {
		where += " AND comment = {:comment}"
	}
	_, err := e.App.DB().NewQuery("UPDATE files SET post = '', comment = '', current = FALSE, listed = FALSE, updated = {:long} WHERE " + where).Bind(params).Execute()
	return err
}

// factsOf is what everyone sees of a piece's files, as it stands on the piece; empty where there are none.
func factsOf(rows []row, inText []string) (string, error) {
	if len(rows) == 0 {
		return "", nil
	}
	facts := make([]fact, len(rows))
	for i := range rows {
		facts[i] = rows[i].fact(slices.Contains(inText, rows[i].ID))
	}
	text, err := json.Marshal(facts)
	return string(text), err
}

// saying gives what files say in words, for the checks.
func saying(rows []row) clinic.Beside {
	all := make(clinic.Beside, len(rows))
	for i := range rows {
		f := &rows[i]
		all[i] = clinic.FileSaid{ID: f.ID, Kind: f.Kind, Name: f.Name, Alt: f.Alt, Transcript: f.Transcript, Captions: f.Captions}
	}
	return all
}

// Saying gives what the files say that a piece of an author would carry with this body, and these beside it, if it were stored now. post
// and comment name the piece that is changed, as a file keeps it; empty: it is a new one. With attached nil it keeps those that it has.
func Saying(app core.App, author, post, comment string, attached []string, body string) (clinic.Beside, error) {
	if attached == nil && post != "" {
		collection, id := carrier(post, comment)
		var facts string
		err := app.DB().NewQuery("SELECT files FROM " + collection + " WHERE id = {:id}").Bind(dbx.Params{"id": id}).Row(&facts)
		if ignoreMissing(err) != nil {
			return nil, err
		}
		attached = beside(facts)
	}
	rows, err := choose(app, author, post, comment, attached, clinic.FilesIn(body), false)
	return saying(rows), err
}

// beside gives the ids of the files that stood beside a piece's words.
func beside(facts string) []string {
	var all []fact
	if facts == "" || json.Unmarshal([]byte(facts), &all) != nil {
		return nil
	}
	var ids []string
	for _, one := range all {
		if !one.Inline {
			ids = append(ids, one.ID)
		}
	}
	return ids
}

func ignoreMissing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	return err
}
