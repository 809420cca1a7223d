package community

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register binds the rules that hold for every writer, and the doors.
func Register(app core.App, house *access.House) {
	app.OnRecordCreate(clinic.Communities).BindFunc(writeCommunity)
	app.OnRecordUpdate(clinic.Communities).BindFunc(writeCommunity)
	app.OnRecordCreate(clinic.Memberships).BindFunc(joinCommunity)
	app.OnRecordUpdate(clinic.Memberships).BindFunc(changeMembership)
	app.OnRecordDelete(clinic.Memberships).BindFunc(leaveCommunity)
	app.OnRecordUpdate(clinic.Users).BindFunc(staysModerator)
	app.OnRecordUpdate(clinic.Users).BindFunc(newRole(house))

	house.Routes(app, func(r *access.Routes) {
		r.GET("/communities", access.Member, list)
		r.POST("/communities", access.ProviderOnly, create)
		r.GET("/communities/{id}", access.MemberOf("id"), one)
		r.PATCH("/communities/{id}", access.Works, change)
		r.GET("/communities/{id}/members", access.Works, members)
		r.POST("/communities/{id}/members", access.Works, add)
		r.DELETE("/communities/{id}/members/{member}", access.Member, remove)
		r.POST("/communities/{id}/lead", access.Works, handOver)
	})
}

// mayHandOver lets in who runs a community, and any admin: one whose lead is gone needs another, also where nobody outside of it may know
// what it is.
func mayHandOver(e *access.Event, community string) error {
	err := mayRun(e, community)
	if !errors.Is(err, clinic.NotFound) || !e.Viewer.Has(clinic.Admin) {
		return err
	}
	if err := access.Writable(e.App, community); errors.Is(err, clinic.WithoutLead) {
		return nil
	}
	return clinic.NotFound
}

// mayRun lets in who leads the community, and admins. To who is not in it, it is not there.
func mayRun(e *access.Event, community string) error {
	switch {
	case e.Viewer.Has(clinic.Admin):
		record, err := find(e.App, community)
		if err == nil && !e.Viewer.Knows(community, record.GetString("kind"), true) {
			return clinic.NotFound
		}
		return err
	case e.Viewer.Leads(community):
		return nil
	case e.Viewer.In(community):
		return clinic.Forbidden
	}
	return clinic.NotFound
}

// find returns a community's record, or clinic.NotFound.
func find(app core.App, community string) (*core.Record, error) {
	record, err := app.FindRecordById(clinic.Communities, community)
	if err != nil {
		return nil, access.Missing(err)
	}
	return record, nil
}
