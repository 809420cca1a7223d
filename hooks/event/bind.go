package event

import (
	"log/slog"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// Register listens to what changes, and opens the door for pages that listen.
func Register(app core.App, house *access.House) {
	d := &desk{app: app, hub: newHub(house.Now)}
	d.hub.count, d.hub.log = d.count, func() *slog.Logger { return app.Logger() }
	d.hub.watch(app)
	house.OnNoticed(func(member string) { d.hub.inbox.put(d.hub, change{member: member, what: Changed}) })
	house.OnStanding(func(c access.Changed) { d.hub.inbox.look(d.hub, item{changed: &c}) })

	house.Routes(app, func(r *access.Routes) {
		r.Stream("/events", access.Member, d.stream)
	})
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if e.Server != nil { // a test may have only the router
			e.Server.RegisterOnShutdown(d.hub.close)
		}
		return e.Next()
	})
	app.OnTerminate().BindFunc(func(e *core.TerminateEvent) error {
		d.hub.close()
		d.hub.inbox.close()
		return e.Next()
	})
}

// desk is what the door of this package needs.
type desk struct {
	app core.App
	hub *hub
}
