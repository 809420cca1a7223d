package notification

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the record events that write a job, and the doors. It starts nothing: see Run. Call it after the
// capabilities whose record events it follows, so that a job is written in their transactions.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, house: house, bell: make(chan struct{}, 1), pushBell: make(chan struct{}, 1), services: publicServices()}
	app.Store().Set(inStore, d)
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(d.written)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(d.changed)
	app.OnRecordCreate(clinic.HoldEvents).BindFunc(d.decided)
	app.OnRecordCreate(clinic.Reviews).BindFunc(d.reviewed)
	for _, collection := range []string{clinic.Posts, clinic.Comments, clinic.HoldEvents, clinic.Reviews} {
		app.OnRecordAfterCreateSuccess(collection).BindFunc(d.wake)
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(d.wake)
	}
	app.OnRecordUpdate(clinic.Users).BindFunc(d.left)
	app.OnRecordUpdate(clinic.Practices).BindFunc(d.practiceChanged)
	app.Cron().MustAdd("kinward_notifications", "23 4 * * *", d.purge)

	house.Routes(app, func(r *access.Routes) {
		r.GET("/notifications", access.Member, d.list)
		r.GET("/notifications/unread", access.Member, d.unread)
		r.GET("/notifications/{id}", access.Member, d.one)
		r.POST("/notifications/read", access.Member, d.read)
		r.GET("/me/notifications", access.SignedIn, d.choices)
		r.PATCH("/me/notifications", access.SignedIn, d.choose)
		r.PUT("/me/push", access.Member, d.subscribe)
		r.DELETE("/me/push", access.SignedIn, d.unsubscribePush)
		r.GET("/unsubscribe", access.Anyone, d.offerToStop)
		r.POST("/unsubscribe", access.Anyone, d.stop)
	})
}

const inStore = "kinward.notification"
