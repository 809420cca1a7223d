package poll

import (
	"encoding/json"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
)

// Open is a poll in which a member can still vote.
type Open struct {
	Post      string `db:"post"`
	Community string `db:"community"`
	Title     string `db:"title"`
}

// Unvoted gives the polls of the viewer's communities in which they have not voted, the one that ends first before the others.
func Unvoted(e *access.Event) ([]Open, error) {
	rooms := []string{}
	for id := range e.Viewer.Communities {
		rooms = append(rooms, id)
	}
	within, err := json.Marshal(rooms)
	if err != nil {
		return nil, err
	}
	var out []Open
	err = e.App.DB().NewQuery(`SELECT q.post, q.community, p.title FROM polls q INDEXED BY polls_open CROSS JOIN posts p ON p.id = q.post
		WHERE q.closed = FALSE AND q.ends > {:now} AND q.community IN (SELECT value FROM json_each({:rooms})) AND p.status = 'shown'
		AND NOT EXISTS (SELECT 1 FROM poll_voters v WHERE v.post = q.post AND v.voter = {:viewer}) ORDER BY q.ends LIMIT 5`).
		Bind(dbx.Params{"now": access.Date(e.House.Now()), "rooms": string(within), "viewer": e.Viewer.ID}).All(&out)
	return out, err
}
