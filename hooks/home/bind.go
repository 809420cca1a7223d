package home

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Waiting is one thing that waits for a member: its kind, and the post that it is about.
type Waiting struct {
	Kind      string `json:"kind"`
	Post      string `json:"post"`
	Community string `json:"community"`
	Title     string `json:"title"`
}

// Register binds the doors.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house}
	d.waits = []func(e *access.Event) ([]Waiting, error){d.polls}
	app.OnRecordUpdate(clinic.Users).BindFunc(removed)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/home", access.Member, d.home)
		r.PUT("/home/visit", access.Member, d.visited)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app   core.App
	house *access.House
	waits []func(e *access.Event) ([]Waiting, error) // each asks for one kind of thing
}

// removed forgets when a member was here whose account ends.
func removed(e *core.RecordEvent) error {
	if err := e.Next(); err != nil || e.Record.GetString("status") != clinic.Removed {
		return err
	}
	_, err := e.App.DB().NewQuery("DELETE FROM visits WHERE member = {:member}").Bind(dbx.Params{"member": e.Record.Id}).Execute()
	return err
}
