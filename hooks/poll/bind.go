package poll

import (
	"sync/atomic"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer of a post, the doors, and the end of polls. Call it after package post's.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house, turnouts: turnouts{known: map[string]counted{}}}
	app.OnRecordCreate(clinic.Posts).BindFunc(d.ask)
	app.OnRecordUpdate(clinic.Posts).BindFunc(d.asAsked)
	app.OnRecordDelete(clinic.Posts).BindFunc(d.forget)
	app.Cron().MustAdd("kinward_polls", "* * * * *", d.closeAll)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/polls/{id}", access.Member, d.show)
		r.POST("/polls/{id}/vote", access.Member, d.vote)
		r.POST("/polls/{id}/end", access.Member, d.end)
	})
}

// desk is what the doors of this package share.
type desk struct {
	app      core.App
	house    *access.House
	turnouts turnouts
	stale    atomic.Bool // the write-ahead log may hold urns as they were before the last vote
}
