package mention

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the door. It starts nothing: see Rename. Call it after package post's, which
// renders, and before the checks: whom nobody here may call is said before anything is asked.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house, bell: make(chan struct{}, 1)}
	app.Store().Set(inStore, d)
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(d.written)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.written)
	app.OnRecordDelete(clinic.Posts, clinic.Comments).BindFunc(goneWith)
	app.OnRecordCreate(clinic.Mentions).BindFunc(d.called)
	app.OnRecordUpdate(clinic.Mentions).BindFunc(neverChanges)
	app.OnRecordDelete(clinic.Memberships).BindFunc(left)
	app.OnRecordUpdate(clinic.Users).BindFunc(d.renamed)
	app.OnRecordAfterCreateSuccess(clinic.Renames).BindFunc(d.ring)
	app.OnRecordAfterUpdateSuccess(clinic.Renames).BindFunc(d.ring)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/communities/{id}/names", access.MemberOf("id"), d.names)
	})
}

// desk is what the rules and the door of this package share.
type desk struct {
	app   core.App
	house *access.House
	bell  chan struct{} // a name was changed
}

const inStore = "kinward.mention"

// neverChanges: that a mention was read is kept in SQL.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, clinic.OnlyByHouse) }
