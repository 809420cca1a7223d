package community

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type leadForm struct {
	To       string `json:"to"`
	StepDown bool   `json:"step_down"`
}

// handOver makes another active provider a lead, and with step_down ends the viewer's own lead, in one step: the community
// is never without one in between. An admin can do it for a community whose lead is gone.
func handOver(e *access.Event) error {
	id := e.Request.PathValue("id")
	if err := mayHandOver(e, id); err != nil {
		return err
	}
	var form leadForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if form.To == "" {
		return clinic.Faults(clinic.Required.At("to"))
	}
	err := e.App.RunInTransaction(func(tx core.App) error { return form.submit(e, tx, id) })
	if err != nil {
		return err
	}
	room, err := read(e, id)
	if errors.Is(err, clinic.NotFound) { // an admin who may not know what it is
		return e.Write(http.StatusOK, map[string]any{"id": id})
	}
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, room)
}

func (f *leadForm) submit(e *access.Event, tx core.App, id string) error {
	if err := raise(e.House, tx, id, f.To); err != nil {
		return err
	}
	if f.StepDown && f.To != e.Viewer.ID && e.Viewer.Leads(id) {
		own, err := membership(tx, id, e.Viewer.ID)
		if err != nil {
			return err
		}
		own.Set("lead", false)
		if err := e.House.Save(tx, own); err != nil {
			return err
		}
	}
	return e.House.Audit(tx, e.Viewer.ID, "community.hand_over", "users/"+f.To, "communities/"+id)
}

// raise makes a member a lead, and a provider who is not in the community yet a member of it first.
func raise(house *access.House, tx core.App, community, to string) error {
	record, err := membership(tx, community, to)
	if errors.Is(err, clinic.NotFound) {
		return join(house, tx, community, to, true)
	}
	if err != nil {
		return err
	}
	if err := mayLead(tx, to); err != nil { // asked again, since who leads already may be suspended
		return err
	}
	record.Set("lead", true)
	return house.Save(tx, record)
}
