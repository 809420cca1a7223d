package review

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the doors. Call it after package post's, which holds a piece's words.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house}
	kept := func(e *core.RecordEvent) error { return access.Refuse(e.App, RecordKept) }
	app.OnRecordUpdate(clinic.Reviews).BindFunc(kept)
	app.OnRecordDelete(clinic.Reviews).BindFunc(kept)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.otherWords)
	app.OnRecordUpdate(clinic.Comments).BindFunc(d.withoutCorrection)
	app.OnRecordDelete(clinic.Comments).BindFunc(d.withoutCorrection)
	app.OnRecordUpdate(clinic.Users).BindFunc(d.nobodyStands)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/reviews", access.ProviderOnly, d.list)
		r.POST("/posts/{id}/review", access.ProviderOnly, d.reviewPost)
		r.DELETE("/posts/{id}/review", access.ProviderOnly, d.withdrawPost)
		r.GET("/posts/{id}/reviews", access.ProviderOnly, d.postHistory)
		r.POST("/comments/{id}/review", access.ProviderOnly, d.reviewComment)
		r.DELETE("/comments/{id}/review", access.ProviderOnly, d.withdrawComment)
		r.GET("/comments/{id}/reviews", access.ProviderOnly, d.commentHistory)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app   core.App
	house *access.House
}
