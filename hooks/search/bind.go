package search

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register keeps the words that were ever written, and opens the door. The index itself is kept by the database.
func Register(app core.App, house *access.House) {
	s := &searcher{app: app}
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(learn)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(learn)
	house.Routes(app, func(r *access.Routes) {
		r.POST("/search", access.Member, s.find)
	})
}

type searcher struct{ app core.App }

// learn keeps the words of a post or comment for who mistypes them one day. They are shown to nobody.
func learn(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	words := Words(e.Record.GetString("title") + " " + e.Record.GetString("body"))
	long := []string{}
	for _, w := range words {
		if n := len([]rune(w)); n >= 4 && n <= 40 {
			long = append(long, w)
		}
	}
	text, err := json.Marshal(long)
	if err != nil {
		return err
	}
	_, err = e.App.DB().NewQuery("INSERT OR IGNORE INTO search_vocabulary (word) SELECT value FROM json_each({:words})").
		Bind(dbx.Params{"words": string(text)}).Execute()
	return err
}
