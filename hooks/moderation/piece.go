package moderation

import (
	"encoding/json"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// snapshot is what a post or comment said at one moment. A comment has no title. Of words for a file it has those that are other than what
// is shown, under its name.
type snapshot struct {
	Title string `json:"title"`
	Body  string `json:"body"`

	Alt        *string `json:"alt,omitempty"`
	Transcript *string `json:"transcript,omitempty"`
	Captions   *string `json:"captions,omitempty"`
	Spoken     *string `json:"captions_language,omitempty"`
}

// text is what it says, for a line in a list.
func (s snapshot) text() string {
	if !s.forFile() {
		return s.Body
	}
	var all []string
	for _, one := range []*string{s.Alt, s.Transcript, s.Captions} {
		if one != nil && *one != "" {
			all = append(all, clinic.Spoken(*one))
		}
	}
	return strings.Join(all, "\n")
}

func (s snapshot) json() string {
	text, _ := json.Marshal(s) // strings always marshal
	return string(text)
}

func readSnapshot(text string) snapshot {
	var s snapshot
	_ = json.Unmarshal([]byte(text), &s) // made by json above; an emptied one is the zero snapshot
	return s
}

// piece is a post or a comment as this package needs it: post and comment are the ids that holds and reports go by.
type piece struct {
	record        *core.Record
	post, comment string
}

func pieceOf(r *core.Record) piece {
	if r.Collection().Name == clinic.Comments {
		return piece{r, r.GetString("post"), r.Id}
	}
	return piece{r, r.Id, ""}
}

func (p piece) community() string { return p.record.GetString("community") }
func (p piece) author() string    { return p.record.GetString("author") }
func (p piece) status() string    { return p.record.GetString("status") }
func (p piece) says() snapshot {
	return snapshot{Title: p.record.GetString("title"), Body: p.record.GetString("body")}
}
func (p piece) subject() string { return subject(p.post, p.comment) }
func subject(post, comment string) string {
	if comment != "" {
		return clinic.Comments + "/" + comment
	}
	return clinic.Posts + "/" + post
}

// find reads the post or comment that a hold is about, or clinic.NotFound.
func find(app core.App, post, comment string) (piece, error) {
	collection, id := clinic.Posts, post
	if comment != "" {
		collection, id = clinic.Comments, comment
	}
	record, err := app.FindRecordById(collection, id)
	if err != nil {
		return piece{}, access.Missing(err)
	}
	return pieceOf(record), nil
}

// atDesk is where a record carries a byDesk from a door of this package to its record events, which then leave the hold alone.
const atDesk = "byDesk"

type byDesk struct{}

// liveState is true of a hold that has not come to an end.
const liveState = "(state = 'open' || state = 'resubmitted' || state = 'second_look' || state = 'returned')"

// liveHold reads the hold of a piece that has not come to an end, or nil.
func liveHold(app core.App, p piece) (*core.Record, error) {
	found, err := app.FindRecordsByFilter(clinic.Holds,
		"post = {:post} && comment = {:comment} && file = '' && "+liveState,
		"", 1, 0, dbx.Params{"post": p.post, "comment": p.comment})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}
