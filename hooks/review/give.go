package review

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

func (d *desk) reviewPost(e *access.Event) error      { return d.review(e, clinic.Posts) }
func (d *desk) reviewComment(e *access.Event) error   { return d.review(e, clinic.Comments) }
func (d *desk) withdrawPost(e *access.Event) error    { return d.withdraw(e, clinic.Posts) }
func (d *desk) withdrawComment(e *access.Event) error { return d.withdraw(e, clinic.Comments) }

// find reads a post or comment that the viewer may see; to others it is not there.
func find(app core.App, v *access.Viewer, collection, id string) (*core.Record, error) {
	piece, err := access.FindPiece(app, collection, id)
	if err != nil {
		return nil, err
	}
	if !v.SeesPiece(piece) {
		return nil, clinic.NotFound
	}
	r, err := app.FindRecordById(collection, id)
	return r, access.Missing(err)
}

// may gives the fault that keeps the viewer from reviewing a piece.
func (d *desk) may(e *access.Event, r *core.Record) error {
	switch {
	case r.GetString("status") != clinic.Shown:
		return NotShown
	case r.GetString("author") == e.Viewer.ID:
		return OwnWriting
	}
	return e.MayWrite(r.GetString("community"))
}

// review puts a provider's word on a post or comment. A later one takes the place of an earlier one, whoever made it.
func (d *desk) review(e *access.Event, collection string) error {
	id := e.Request.PathValue("id")
	piece, err := find(e.App, e.Viewer, collection, id)
	if err != nil {
		return err
	}
	var form form
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := d.may(e, piece); err != nil {
		return err
	}
	until, err := form.validate(d.house.Now())
	if err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		piece, err := find(tx, e.Viewer, collection, id)
		if err != nil {
			return 0, nil, err
		}
		if edited := piece.GetDateTime("edited"); form.Edited != dateOf(edited.Time()) {
			return 0, nil, ChangedMeanwhile
		}
		if err := corrects(tx, e.Viewer.ID, form.Correction, id, postOf(piece)); err != nil {
			return 0, nil, err
		}
		is := clinic.Review{Verdict: form.Verdict, Note: form.Note, Correction: form.Correction, By: e.Viewer.ID,
			At: access.Date(d.house.Now()), Until: access.Date(until)}
		if err := d.put(tx, piece, is); err != nil {
			return 0, nil, err
		}
		err = d.house.Audit(tx, e.Viewer.ID, "review."+form.Verdict, collection+"/"+id, "")
		return http.StatusCreated, map[string]any{"id": id, "verdict": is.Verdict, "until": access.Moment(is.Until)}, err
	})
}

// withdraw takes the mark of a post or comment away: any provider of the community, since what the clinic says is not one person's.
func (d *desk) withdraw(e *access.Event, collection string) error {
	piece, err := find(e.App, e.Viewer, collection, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := e.MayWrite(piece.GetString("community")); err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		piece, err := find(tx, e.Viewer, collection, piece.Id)
		if err != nil {
			return err
		}
		if piece.GetString("review") == "" {
			return NoReview
		}
		if err := d.put(tx, piece, clinic.Review{Verdict: clinic.Withdrawn, By: e.Viewer.ID, At: access.Date(d.house.Now())}); err != nil {
			return err
		}
		return d.house.Audit(tx, e.Viewer.ID, "review.withdrawn", collection+"/"+piece.Id, "")
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// Put writes what a provider says of a piece, without a request: what a sample practice needs, and no door. It asks nobody's right.
func Put(tx core.App, house *access.House, piece *core.Record, is clinic.Review) error {
	return (&desk{app: tx, house: house}).put(tx, piece, is)
}

// put writes a review on the record of reviews and on its piece.
func (d *desk) put(tx core.App, piece *core.Record, is clinic.Review) error {
	if err := d.keep(tx, piece, is); err != nil {
		return err
	}
	text, err := json.Marshal(is)
	if err != nil {
		return err
	}
	if is.Verdict == clinic.Withdrawn {
		text = nil
	}
	piece.Set("review", string(text))
	piece.Set("review_until", is.Until)
	return d.house.Save(tx, piece)
}

// keep adds a line to the record of reviews.
func (d *desk) keep(tx core.App, piece *core.Record, is clinic.Review) error {
	reviews, err := tx.FindCachedCollectionByNameOrId(clinic.Reviews)
	if err != nil {
		return err
	}
	post, comment := postOf(piece), ""
	if piece.Collection().Name == clinic.Comments {
		comment = piece.Id
	}
	line := core.NewRecord(reviews)
	line.Load(map[string]any{"community": piece.GetString("community"), "post": post, "comment": comment, "verdict": is.Verdict, "note": is.Note,
		"correction": is.Correction, "by": is.By, "sha256": Fingerprint(piece.GetString("title"), piece.GetString("body")), "at": is.At, "until": is.Until})
	return d.house.Save(tx, line)
}

// corrects refuses a correction that is no provider's comment under the same post, or is the corrected comment itself. The
// viewer's own that is held can correct once it is shown.
func corrects(tx core.App, viewer, correction, piece, post string) error {
	if correction == "" {
		return nil
	}
	var status string
	err := tx.DB().NewQuery(`SELECT c.status FROM comments c JOIN users u ON u.id = c.author WHERE c.id = {:id} AND c.id != {:piece}
		AND c.post = {:post} AND u.role = 'provider' AND (c.status = 'shown' OR c.status = 'held' AND c.author = {:viewer})`).
		Bind(dbx.Params{"id": correction, "piece": piece, "post": post, "viewer": viewer}).Row(&status)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return clinic.Faults(NotByProvider.At("correction"))
	case err == nil && status == clinic.Held:
		return CorrectionWaits
	}
	return err
}

// postOf is the post that a piece is, or stands under.
func postOf(piece *core.Record) string {
	if piece.Collection().Name == clinic.Comments {
		return piece.GetString("post")
	}
	return piece.Id
}
