package moderation

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the doors. Call it after package post's: what is opened here
// belongs to the transaction in which a post or comment is stored.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house}
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(d.stored)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.changed)
	app.OnRecordDelete(clinic.Posts, clinic.Comments).BindFunc(d.gone)
	app.OnRecordUpdateExecute(clinic.Files).BindFunc(d.described) // within all that looks at the words
	app.OnRecordDelete(clinic.Files).BindFunc(d.undescribed)
	app.OnRecordUpdate(clinic.HoldEvents).BindFunc(neverChanges)
	app.OnRecordDelete(clinic.HoldEvents, clinic.Holds, clinic.Reports).BindFunc(neverChanges)
	app.Cron().MustAdd("kinward_desk", "*/5 * * * *", d.tellLate)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/desk", access.Desk, d.list)
		r.GET("/desk/counts", access.Desk, d.counts)
		r.GET("/desk/rules", access.Desk, d.rules)
		r.GET("/desk/{id}", access.Desk, d.show)
		r.POST("/desk/{id}/publish", access.Desk, d.publish)
		r.POST("/desk/{id}/return", access.Desk, d.giveBack)
		r.POST("/desk/{id}/remove", access.Desk, d.remove)
		r.GET("/holds", access.Member, d.mine)
		r.GET("/holds/{id}", access.Member, d.view)
		r.POST("/holds/{id}/resubmit", access.Member, d.resubmit)
		r.POST("/holds/{id}/second-look", access.Member, d.secondLook)
		r.GET("/reports", access.Member, d.reports)
		r.POST("/posts/{id}/report", access.Member, d.reportPost)
		r.POST("/comments/{id}/report", access.Member, d.reportComment)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app   core.App
	house *access.House
}

// neverChanges refuses even the house: what happened to a hold stays. SQLite's triggers refuse whoever comes in below.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, RecordOfHoldKept) }
