package review

import (
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What stands in this file holds for every writer of a post or comment, the dashboard included.

// dateOf is the moment of an edit as the doors answer it; empty if there was none.
func dateOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return access.Moment(access.Date(t))
}

// otherWords marks a review whose piece says something else now, and puts it on the list of what is to be read again. One that is
// deleted has no review.
func (d *desk) otherWords(e *core.RecordEvent) error {
	r, before := e.Record, e.Record.Original()
	text := r.GetString("review")
	same := r.GetString("body") == before.GetString("body") && r.GetString("title") == before.GetString("title")
	switch {
	case text == "" || same:
		return e.Next()
	case r.GetString("status") == clinic.Deleted:
		r.Set("review", "")
		r.Set("review_until", "")
		return e.Next()
	}
	var is clinic.Review
	if err := json.Unmarshal([]byte(text), &is); err != nil {
		return err
	}
	is.Edited = true
	marked, err := json.Marshal(is)
	if err != nil {
		return err
	}
	r.Set("review", string(marked))
	r.Set("review_until", d.house.Now())
	return e.Next()
}

// withoutCorrection takes back the mark "corrected" when the comment that corrected goes.
func (d *desk) withoutCorrection(e *core.RecordEvent) error {
	was, is := e.Record.Original().GetString("status"), e.Record.GetString("status")
	if err := e.Next(); err != nil || was != clinic.Shown {
		return err
	}
	if e.Type == core.ModelEventTypeUpdate && is == clinic.Shown {
		return nil
	}
	var lines []struct {
		Post    string `db:"post"`
		Comment string `db:"comment"`
	}
	err := e.App.DB().NewQuery("SELECT DISTINCT post, comment FROM reviews WHERE correction = {:id}").Bind(dbx.Params{"id": e.Record.Id}).All(&lines)
	if err != nil {
		return err
	}
	for _, line := range lines {
		collection, id := clinic.Posts, line.Post
		if line.Comment != "" {
			collection, id = clinic.Comments, line.Comment
		}
		if err := d.uncorrect(e.App, collection, id, e.Record); err != nil {
			return err
		}
	}
	return nil
}

// uncorrect takes the mark off one piece, if it still names this correction.
func (d *desk) uncorrect(tx core.App, collection, id string, correction *core.Record) error {
	piece, err := tx.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it is gone too
	}
	if err != nil {
		return err
	}
	var is clinic.Review
	if text := piece.GetString("review"); text == "" || json.Unmarshal([]byte(text), &is) != nil || is.Correction != correction.Id {
		return nil
	}
	return d.put(tx, piece, clinic.Review{Verdict: clinic.Withdrawn, By: correction.GetString("author"), At: access.Date(d.house.Now())})
}

// nobodyStands ends the reviews of a provider who was removed, or is none any more: a name stood for them. They are to be read again at once.
func (d *desk) nobodyStands(e *core.RecordEvent) error {
	stood := stands(e.Record.Original())
	if err := e.Next(); err != nil || !stood || stands(e.Record) {
		return err
	}
	for _, table := range []string{clinic.Posts, clinic.Comments} {
		_, err := e.App.DB().NewQuery("UPDATE " + table + " INDEXED BY " + table + `_reviews SET review_until = {:now}
			WHERE review_until != '' AND review_until > {:now} AND review LIKE {:by}`).
			Bind(dbx.Params{"now": access.Date(d.house.Now()), "by": `%"by":"` + e.Record.Id + `"%`}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}

func stands(member *core.Record) bool {
	return member.GetString("status") != clinic.Removed && member.GetString("role") == string(clinic.Provider)
}
