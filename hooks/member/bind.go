package member

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register opens the doors of members' accounts.
func Register(app core.App, house *access.House) {
	app.OnRecordCreate(clinic.PolicyRefusals).BindFunc(leaveOnRefusal(house))
	app.OnRecordUpdate(clinic.Users).BindFunc(newRole(house))
	house.Routes(app, func(r *access.Routes) {
		r.POST("/session", access.Anyone, signIn)
		r.DELETE("/session", access.Anyone, signOut)
		r.GET("/session", access.Anyone, session)
		r.POST("/session/keep", access.SignedIn, keep)
		r.POST("/session/fresh", access.SignedIn, fresh)
		r.GET("/sessions", access.SignedIn, devices)
		r.DELETE("/sessions", access.SignedIn, endOthers)
		r.DELETE("/sessions/{id}", access.SignedIn, endOne)

		r.GET("/me", access.SignedIn, me)
		r.PATCH("/me", access.SignedIn, changeMe)
		r.GET("/me/record", access.SignedIn, record)
		r.POST("/me/password", access.SignedIn, changePassword)
		r.POST("/me/email", access.SignedIn, askForAddress)
		r.POST("/me/email/confirm", access.Anyone, confirmAddress)
		r.POST("/password/forgotten", access.Anyone, forgotten)
		r.POST("/password/reset", access.Anyone, reset)

		r.GET("/members", access.Works, list)
		r.GET("/members/{id}", access.Works, view)
		r.POST("/members/{id}/suspend", access.Works, suspend)
		r.POST("/members/{id}/restore", access.Works, restore)
		r.POST("/members/{id}/remove", access.Admins, remove)
		r.PUT("/members/{id}/rights", access.Admins, giveRights)
	})
}
