package check

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Checker looks at what is written with the checks of the policies that are posted now.
type Checker struct {
	app   core.App
	house *access.House
	rules rules
	roll  roll
	// acquaintance is who may know whom.
	acquaintance acquaintance
}

// New makes a checker; it binds nothing yet.
func New(app core.App, house *access.House) *Checker {
	return &Checker{app: app, house: house}
}

// Register binds the checks to every writer of posts and comments and of what files say, and the doors. Call it after package post's, which makes
// of a record what the checks then read, and before package moderation's, which opens a hold for what they hold.
func (c *Checker) Register() {
	c.rules.watch(c.app)
	c.roll.watch(c.app)
	c.acquaintance.watch(c.app)
	c.app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(c.check)
	c.app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(c.rewritten)
	c.app.OnRecordUpdate(clinic.Files).BindFunc(c.described)

	c.house.Routes(c.app, func(r *access.Routes) {
		r.GET("/checks", access.Editors, c.list)
		r.POST("/checks/try", access.WorksOrOperates, c.try)
	})
}
