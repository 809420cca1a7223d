package reaction

import (
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the doors.
func Register(app core.App, house *access.House) {
	d := &desk{house: house}
	app.OnRecordCreate(clinic.Reactions).BindFunc(d.given)
	app.OnRecordUpdate(clinic.Reactions).BindFunc(neverChanges)
	app.OnRecordDelete(clinic.Reactions).BindFunc(takenBack)
	app.OnRecordDelete(clinic.Posts, clinic.Comments).BindFunc(goneWith)
	app.OnRecordDelete(clinic.Memberships).BindFunc(leftBehind)

	house.Routes(app, func(r *access.Routes) {
		r.PUT("/posts/{id}/reactions/{kind}", access.Member, d.put(clinic.Posts))
		r.DELETE("/posts/{id}/reactions/{kind}", access.Member, d.drop(clinic.Posts))
		r.PUT("/comments/{id}/reactions/{kind}", access.Member, d.put(clinic.Comments))
		r.DELETE("/comments/{id}/reactions/{kind}", access.Member, d.drop(clinic.Comments))
	})
}

// desk is what the doors of this package share.
type desk struct{ house *access.House }

// neverChanges: a reaction is given or taken back, and never somebody else's afterwards.
func neverChanges(e *core.RecordEvent) error { return access.Refuse(e.App, clinic.OnlyByHouse) }
