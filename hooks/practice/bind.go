package practice

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Register opens the doors of the practice. relay is the environment's relay URL, which goes before the settings; empty: the
// settings alone. version is what GET /practice says of the software.
func Register(app core.App, house *access.House, relay, version string) {
	desk := desk{relay: relay, version: version}
	house.Routes(app, func(r *access.Routes) {
		r.GET("/practice", access.Anyone, desk.view)
		r.GET("/manifest", access.Anyone, desk.manifest)
		r.GET("/setup", access.Anyone, needed)
		r.POST("/setup", access.Anyone, setUp)
		r.GET("/setup/checklist", access.SignedIn, desk.checklist)
		r.GET("/practice/settings", access.Admins, desk.settings)
		r.PATCH("/practice/settings", access.Admins, desk.change)
		r.POST("/practice/mail-test", access.Admins, desk.tryMail)
	})
}

// desk is what this capability's doors know beside the house.
type desk struct{ relay, version string }
