package file

import (
	"encoding/json"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
)

// waiting are words that the viewer put to a file and that wait for a person, or were given back: others read what the file says. Hold is
// where it stands; what is nil was not changed.
type waiting struct {
	Hold       string  `json:"hold"`
	State      string  `json:"state"`
	Alt        *string `json:"alt,omitempty"`
	Transcript *string `json:"transcript,omitempty"`
	Captions   *string `json:"captions,omitempty"`
}

// waitingWords gives those that the viewer of a request has at a file, or nil. What others wrote there is between them and the desk.
func waitingWords(e *access.Event, file string) (*waiting, error) {
	var rows []struct {
		ID       string `db:"id"`
		State    string `db:"state"`
		Snapshot string `db:"snapshot"`
	}
	err := e.App.DB().NewQuery(`SELECT id, state, snapshot FROM holds WHERE file = {:file} AND author = {:member}
		AND state IN ('open', 'resubmitted', 'second_look', 'returned')`).Bind(dbx.Params{"file": file, "member": e.Viewer.ID}).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	w := waiting{}
	if err := json.Unmarshal([]byte(rows[0].Snapshot), &w); err != nil {
		return nil, err
	}
	w.Hold, w.State = rows[0].ID, rows[0].State
	return &w, nil
}
