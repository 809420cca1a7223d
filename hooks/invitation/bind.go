package invitation

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds invitations to the app.
func Register(app core.App, house *access.House) {
	backed := backing{house}
	app.OnRecordCreate(clinic.Users).BindFunc(backed.create)
	app.OnRecordUpdate(clinic.Users).BindFunc(backed.update)
	app.OnRecordUpdate(clinic.Users).BindFunc(forgetting{house}.update)
	app.OnRecordUpdate(clinic.Users).BindFunc(outdated{house}.update)

	outcome := outcomes{house}
	app.OnRecordCreate(clinic.LetterAttempts).BindFunc(outcome.attempted)
	app.OnRecordUpdate(clinic.Letters).BindFunc(outcome.relaySetOrNot)

	app.Cron().MustAdd("kinward_invitations_expire", "11 * * * *", func() { expire(app, house) })
	purgeNightly(app, house)

	house.Routes(app, func(r *access.Routes) {
		r.POST("/invitations", access.Works, create)
		r.GET("/invitations", access.Works, list)
		r.GET("/invitations/{id}", access.Works, one)
		r.POST("/invitations/import", access.Works, importFile)
		r.POST("/invitations/approve", access.ProviderOnly, approveSeveral)
		r.POST("/invitations/{id}/approve", access.ProviderOnly, approveOne)
		r.POST("/invitations/{id}/resend", access.ProviderOnly, resend)
		r.POST("/invitations/{id}/revoke", access.Works, revoke)
		r.POST("/invitations/{id}/link", access.ProviderOnly, handOver)
		r.GET("/invitations/{id}/letter", access.Works, printable)
		r.POST("/members/{id}/invite-again", access.ProviderOnly, inviteAgain)

		r.POST("/invitations/open", access.Anyone, open)
		r.POST("/invitations/accept", access.Anyone, accept)
		r.POST("/invitations/decline", access.Anyone, decline)
		r.POST("/invitations/ask-again", access.Anyone, askAgain)
	})
}
