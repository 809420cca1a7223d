package community

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// room is a community as its members see it; of one that they are not in, staff see the name and kind alone.
type room struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"`
	Kind      string          `json:"kind"`
	Status    string          `json:"status"`
	About     *string         `json:"about,omitempty"`
	AboutHTML string          `json:"about_html"`
	Leads     []access.Person `json:"lead_names"`
	Member    bool            `json:"member"`
	Lead      bool            `json:"lead"`
	CanPost   bool            `json:"can_post"`
	ReadOnly  string          `json:"read_only_because,omitempty"`
	Posts     int             `json:"posts"`
	LastPost  string          `json:"last_post"`
	// Presence is who of the practice is in it; Present, of one community, names them, the leads first. Outside names the outside
	// doctors who are in it too: whoever writes there is to know who reads it.
	Presence string          `json:"presence,omitempty"`
	Present  []access.Person `json:"present,omitempty"`
	Outside  []access.Person `json:"outside,omitempty"`
}

// row is what the database knows of a community, for one viewer.
type row struct {
	ID        string `db:"id"`
	Name      string `db:"name"`
	Kind      string `db:"kind"`
	Status    string `db:"status"`
	About     string `db:"about"`
	AboutHTML string `db:"about_html"`
	Posts     int    `db:"posts"`
	LastPost  string `db:"last_post"`
	Member    bool   `db:"member"`
	Lead      bool   `db:"lead"`
	Presence  string `db:"presence"`
}

const columns = "c.id, c.name, c.kind, c.status, c.about, c.about_html, c.posts, c.last_post, c.presence"

// list gives the viewer's communities; with all=1, to those who work here, the names of the others too, to invite to.
func list(e *access.Event) error {
	all := e.Request.URL.Query().Get("all") == "1"
	if all && !e.Viewer.Role.Works() {
		return clinic.Forbidden
	}
	items, err := rooms(e, "", all)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}

func one(e *access.Event) error {
	room, err := read(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, room)
}

// read gives one community to a member of it, or to an admin.
func read(e *access.Event, id string) (*room, error) {
	items, err := rooms(e, id, e.Viewer.Has(clinic.Admin))
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return nil, clinic.NotFound
	}
	return &items[0], nil
}

// rooms lists communities by name: one if only is given, else all that the viewer may know of.
func rooms(e *access.Event, only string, all bool) ([]room, error) {
	join := "JOIN"
	if all {
		join = "LEFT JOIN"
	}
	var rows []row
	err := e.App.DB().NewQuery("SELECT " + columns + `, m.id IS NOT NULL AS member, COALESCE(m.lead, FALSE) AS lead
		FROM communities c ` + join + ` memberships m ON m.community = c.id AND m.member = {:viewer}
		WHERE {:only} IN ('', c.id) ORDER BY c.name COLLATE NOCASE, c.id`).
		Bind(dbx.Params{"viewer": e.Viewer.ID, "only": only}).All(&rows)
	if err != nil {
		return nil, err
	}
	leads, err := activeLeads(e.App, e.Language())
	if err != nil {
		return nil, err
	}
	items := []room{}
	for _, row := range rows {
		switch {
		case row.Member, e.Viewer.Knows(row.ID, row.Kind, row.Status == Open):
			items = append(items, row.show(e, leads[row.ID], only != ""))
		case all && e.Viewer.Has(clinic.Admin) && row.Status == Open && len(leads[row.ID]) == 0:
			// It needs somebody to lead it: an admin is told that, and not what it is.
			items = append(items, room{ID: row.ID, Name: messages.Say(e.Language(), "community.unnamed", nil), Kind: clinic.KindProgramme, Status: row.Status,
				Leads: []access.Person{}})
		}
	}
	if only != "" && len(items) == 1 && items[0].Member {
		if items[0].Present, err = present(e, presentQuery, only); err == nil && items[0].Kind == clinic.KindProviderRoom {
			items[0].Outside, err = present(e, outsideQuery, only)
		}
	}
	return items, err
}

func (r row) show(e *access.Event, leads []access.Person, whole bool) room {
	out := room{ID: r.ID, Name: r.Name, Kind: r.Kind, Status: r.Status, Leads: []access.Person{}, Member: r.Member, Lead: r.Lead}
	if !r.Member {
		return out
	}
	owing := len(e.Viewer.Blocking(clinic.BlocksWrite, e.House.Now())) > 0
	out.Leads = append(out.Leads, leads...)
	out.ReadOnly = ReadOnly(r.Status, len(leads) > 0, owing)
	out.CanPost = out.ReadOnly == ""
	out.AboutHTML, out.Posts, out.LastPost = r.AboutHTML, r.Posts, access.Moment(r.LastPost)
	out.Presence = Presence(r.Kind, r.Presence)
	if whole {
		out.About = &r.About
	}
	return out
}

// presentQuery gives who of the practice is in a community: from those who work here, who are few, and not from its members.
const presentQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM users u INDEXED BY users_works
	JOIN memberships m INDEXED BY memberships_member ON m.member = u.id AND m.community = {:community}
	WHERE u.role IN ('provider', 'staff') AND u.status = 'active' ORDER BY m.lead DESC, u.name COLLATE NOCASE, u.id LIMIT 100`

// outsideQuery gives the outside doctors in a community likewise.
const outsideQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM users u INDEXED BY users_outside
	JOIN memberships m INDEXED BY memberships_member ON m.member = u.id AND m.community = {:community}
	WHERE u.role = 'outside' AND u.status = 'active' ORDER BY u.name COLLATE NOCASE, u.id LIMIT 100`

// present names those in a community whom a query finds, the leads first.
func present(e *access.Event, query, community string) ([]access.Person, error) {
	var rows []struct{ ID, Name, Role, Title, Status string }
	err := e.App.DB().NewQuery(query).Bind(dbx.Params{"community": community}).All(&rows)
	out := []access.Person{}
	for _, r := range rows {
		out = append(out, access.NewPerson(e.Language(), r.ID, r.Name, r.Role, r.Title, r.Status))
	}
	return out, err
}

// activeLeads gives the active lead providers of every community.
func activeLeads(app core.App, language string) (map[string][]access.Person, error) {
	var rows []struct {
		Community string `db:"community"`
		ID        string `db:"id"`
		Name      string `db:"name"`
		Role      string `db:"role"`
		Title     string `db:"title"`
		Status    string `db:"status"`
	}
	err := app.DB().NewQuery(`SELECT m.community, u.id, u.name, u.role, u.title, u.status
		FROM communities c JOIN memberships m ON m.community = c.id AND m.lead = TRUE JOIN users u ON u.id = m.member
		WHERE u.role = 'provider' AND u.status = 'active' ORDER BY u.name COLLATE NOCASE`).All(&rows)
	out := map[string][]access.Person{}
	for _, r := range rows {
		out[r.Community] = append(out[r.Community], access.NewPerson(language, r.ID, r.Name, r.Role, r.Title, r.Status))
	}
	return out, err
}
