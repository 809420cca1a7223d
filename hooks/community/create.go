package community

import (
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type createForm struct {
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	About string `json:"about"`
	// Presence is who of the practice is present; empty: staff.
	Presence string `json:"presence"`
}

func (f *createForm) Validate() error {
	_, name := Name(f.Name)
	var presence *clinic.Fault
	if f.Presence != "" && !slices.Contains(Presences, f.Presence) {
		presence = clinic.Invalid.At("presence")
	}
	return clinic.Faults(name, Kind(f.Kind), presence)
}

// create opens a community; the provider who makes it leads it.
func create(e *access.Event) error {
	var form createForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		record, err := form.submit(e, tx)
		if err != nil {
			return 0, nil, err
		}
		return http.StatusCreated, map[string]any{"id": record.Id, "name": record.GetString("name"), "kind": form.Kind,
			"about": form.About, "about_html": record.GetString("about_html"), "presence": record.GetString("presence"), "member": true, "lead": true}, nil
	})
}

func (f *createForm) submit(e *access.Event, tx core.App) (*core.Record, error) {
	communities, err := tx.FindCachedCollectionByNameOrId(clinic.Communities)
	if err != nil {
		return nil, err
	}
	record := core.NewRecord(communities)
	record.Load(map[string]any{"name": f.Name, "kind": f.Kind, "about": f.About, "status": Open, "presence": f.Presence})
	if err := e.House.Save(tx, record); err != nil {
		return nil, err
	}
	if err := join(e.House, tx, record.Id, e.Viewer.ID, true); err != nil {
		return nil, err
	}
	return record, e.House.Audit(tx, e.Viewer.ID, "community.create", "communities/"+record.Id, onRecord(f.Kind))
}

// onRecord is the kind of a community as the audit record tells it: of some, the kind alone is a secret.
func onRecord(kind string) string {
	if kind == clinic.KindSubstanceUse {
		return clinic.KindProgramme
	}
	return kind
}

// join puts a member into a community.
func join(house *access.House, tx core.App, community, member string, lead bool) error {
	memberships, err := tx.FindCachedCollectionByNameOrId(clinic.Memberships)
	if err != nil {
		return err
	}
	record := core.NewRecord(memberships)
	record.Load(map[string]any{"community": community, "member": member, "lead": lead})
	return house.Save(tx, record)
}
