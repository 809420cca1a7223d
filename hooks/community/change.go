package community

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// changeForm holds what a lead or an admin may change; what is not given stays.
type changeForm struct {
	Name   *string `json:"name"`
	Kind   *string `json:"kind"`
	About  *string `json:"about"`
	Status *string `json:"status"`
	// Presence is who of the practice is present.
	Presence *string `json:"presence"`
}

func (f *changeForm) Validate() error {
	var name, kind, status, presence *clinic.Fault
	if f.Name != nil {
		_, name = Name(*f.Name)
	}
	if f.Kind != nil {
		kind = Kind(*f.Kind)
	}
	if f.Status != nil && *f.Status != Open && *f.Status != Archived {
		status = clinic.Invalid.At("status")
	}
	if f.Presence != nil && !slices.Contains(Presences, *f.Presence) {
		presence = clinic.Invalid.At("presence")
	}
	return clinic.Faults(name, kind, status, presence)
}

// change gives a community another name, kind or description, archives it, or opens it again.
func change(e *access.Event) error {
	id := e.Request.PathValue("id")
	if err := mayRun(e, id); err != nil {
		return err
	}
	var form changeForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(); err != nil {
		return err
	}
	err := e.App.RunInTransaction(func(tx core.App) error { return form.submit(e, tx, id) })
	if err != nil {
		return err
	}
	room, err := read(e, id)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, room)
}

func (f *changeForm) submit(e *access.Event, tx core.App, id string) error {
	record, err := find(tx, id)
	if err != nil {
		return err
	}
	for field, value := range map[string]*string{"name": f.Name, "kind": f.Kind, "about": f.About, "status": f.Status, "presence": f.Presence} {
		if value != nil {
			record.Set(field, *value)
		}
	}
	if err := e.House.Save(tx, record); err != nil {
		return err
	}
	return e.House.Audit(tx, e.Viewer.ID, "community.change", "communities/"+id, record.GetString("status"))
}
