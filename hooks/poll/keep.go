package poll

import (
	"encoding/json"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What stands in this file holds for every writer of a post, the dashboard included.

// ask makes the poll of a new post. A poll without choices, or choices on another kind of post, are refused.
func (d *desk) ask(e *core.RecordEvent) error {
	asked, is := e.Record.Get(clinic.PollAsked).(clinic.Poll)
	poll := e.Record.GetString("kind") == "poll"
	switch {
	case is && !poll:
		return refuse(e.App, clinic.Faults(OnlyPolls.At("choices")))
	case !poll:
		return e.Next()
	case !is:
		return refuse(e.App, clinic.Faults(NeedsChoices.At("choices").With("least", leastChoice).With("most", mostChoices)))
	}
	p, err := Asked(asked, access.ParseDate(asked.Ends), d.house.Now())
	if err != nil {
		return refuse(e.App, err)
	}
	if err := put(e.Record, p); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	return run(e.App, "INSERT INTO polls (post, community, ends, urn) VALUES ({:post}, {:community}, {:ends}, {:urn})", dbx.Params{
		"post": e.Record.Id, "community": e.Record.GetString("community"), "ends": p.Ends, "urn": d.seal(e.Record.Id, sums{})})
}

// asAsked refuses other words for a question that somebody has answered: they would have answered another one.
func (d *desk) asAsked(e *core.RecordEvent) error {
	r, before := e.Record, e.Record.Original()
	same := r.GetString("title") == before.GetString("title") && r.GetString("body") == before.GetString("body")
	if r.GetString("kind") != "poll" || same || r.GetString("status") == clinic.Deleted || before.GetString("status") == clinic.Deleted {
		return e.Next()
	}
	var voted bool
	err := e.App.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM poll_voters WHERE post = {:post}) OR EXISTS (SELECT 1 FROM polls WHERE post = {:post} AND closed)`).
		Bind(dbx.Params{"post": r.Id}).Row(&voted)
	if err != nil {
		return err
	}
	if voted {
		return access.Refuse(e.App, HasVotes)
	}
	return e.Next()
}

// forget takes a poll away with its post, which only the dashboard does.
func (d *desk) forget(e *core.RecordEvent) error {
	if err := e.Next(); err != nil || e.Record.GetString("kind") != "poll" {
		return err
	}
	if err := run(e.App, "DELETE FROM poll_voters WHERE post = {:post}", dbx.Params{"post": e.Record.Id}); err != nil {
		return err
	}
	return run(e.App, "DELETE FROM polls WHERE post = {:post}", dbx.Params{"post": e.Record.Id})
}

// put writes a poll on its post.
func put(post *core.Record, p clinic.Poll) error {
	text, err := json.Marshal(p)
	if err == nil {
		post.Set("poll", string(text))
	}
	return err
}

func run(tx core.App, statement string, params dbx.Params) error {
	_, err := tx.DB().NewQuery(statement).Bind(params).Execute()
	return err
}

// refuse gives a fault the form that PocketBase's own routes show.
func refuse(app core.App, err error) error {
	var fault *clinic.Fault
	if errors.As(err, &fault) {
		return access.Refuse(app, fault)
	}
	return err
}
