package review

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// candidate is a comment that its provider can name as the correction of another piece of the thread.
type candidate struct {
	ID      string `json:"id" db:"id"`
	Excerpt string `json:"excerpt" db:"body"`
	At      string `json:"at" db:"at"`
	// Held ones wait at the desk; they are told, so that nobody writes them a second time, and can be named once they are shown.
	Held   bool   `json:"held" db:"-"`
	Status string `json:"-" db:"status"`
}

// mostCandidates is how many of one's comments in a thread are offered, the latest first.
const mostCandidates = 20

// candidatesQuery reads a thread by its index; that of authors would read everything they ever wrote.
const candidatesQuery = `SELECT id, substr(body, 1, 400) AS body, created AS at, status FROM comments INDEXED BY comments_thread
	WHERE post = {:post} AND author = {:author} AND id != {:piece} AND status IN ('shown', 'held') ORDER BY created DESC, id DESC LIMIT {:most}`

// candidates lists the viewer's own comments that may correct a piece, as the rule of corrections has it.
func candidates(app core.App, v *access.Viewer, piece *core.Record) ([]candidate, error) {
	out := []candidate{}
	err := app.DB().NewQuery(candidatesQuery).
		Bind(dbx.Params{"post": postOf(piece), "author": v.ID, "piece": piece.Id, "most": mostCandidates}).All(&out)
	for i := range out {
		one := &out[i]
		one.Excerpt, one.At, one.Held = excerpt(one.Excerpt), access.Moment(one.At), one.Status == clinic.Held
	}
	return out, err
}
