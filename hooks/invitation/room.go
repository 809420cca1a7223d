package invitation

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// room is a community as an invitation names it.
type room struct {
	ID   string `db:"id" json:"id"`
	Name string `db:"name" json:"name"`
	Kind string `db:"kind" json:"-"`
}

// openRooms lists the communities that take new members.
func openRooms(app core.App) ([]room, error) {
	var out []room
	err := app.DB().NewQuery("SELECT id, name, kind FROM communities WHERE status = 'open' ORDER BY name, id").All(&out)
	return out, err
}

// known leaves out what the viewer may not know of: to them it is not there, whether they name it by its id or in a file.
func known(v *access.Viewer, rooms []room) []room {
	return slices.DeleteFunc(rooms, func(r room) bool { return !v.Knows(r.ID, r.Kind, true) })
}

// within reports whether a viewer may bring people into a community: a provider into those they are in, an admin into any.
// Staff only propose, so they may name any; the provider who approves answers for it.
func within(v *access.Viewer, community string) bool {
	return v.In(community) || v.Has(clinic.Admin) || v.Role == clinic.Staff
}

// fits says whether every community of the wish is open, takes this role, and is one that the viewer may bring people into.
func (w *wish) fits(v *access.Viewer, rooms []room) error {
	outside, strangers := false, []string{}
	for _, id := range w.Communities {
		at := slices.IndexFunc(rooms, func(r room) bool { return r.ID == id })
		switch {
		case at < 0:
			return clinic.Faults(clinic.Invalid.At("communities"))
		case !within(v, id):
			outside = true
			if v.Knows(id, rooms[at].Kind, true) {
				strangers = append(strangers, rooms[at].Name)
			}
		case !clinic.Admits(rooms[at].Kind, w.Role):
			fault := CommunityKind
			if w.Role == clinic.Outside {
				fault = OutsideRoom
			}
			return clinic.Faults(fault.With("community", rooms[at].Name).At("communities"))
		}
	}
	if outside {
		return CommunityOthers.With("communities", strangers)
	}
	return nil
}
