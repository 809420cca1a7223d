package mention

import (
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// A person types a few letters at a time; a program that collects names would ask more often.
const (
	mostAsked   = 240
	askedWithin = time.Minute
)

// person is a member whose name may be offered.
type person struct {
	ID     string `db:"id"`
	Name   string `db:"name"`
	Role   string `db:"role"`
	Title  string `db:"title"`
	Status string `db:"status"`
}

// Whom the viewer may know of in a community, as SQL over a row u of users: its leads, and whose name stands on something that
// everybody there sees. Who works here is offered colleagues alone, since they call nobody else.
const (
	offered = ` AND u.status = 'active' AND u.id != {:viewer} AND EXISTS (SELECT 1 FROM memberships i WHERE i.member = u.id AND i.community = {:community})
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = {:viewer} AND b.blocked = u.id)`
	wrote      = " AND " + access.WroteThere
	colleagues = ` AND u.role IN ('provider', 'staff', 'outside')`

	leadsQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM memberships m CROSS JOIN users u ON u.id = m.member
		WHERE m.community = {:community} AND m.lead = TRUE` + offered + ` ORDER BY u.name COLLATE NOCASE LIMIT 100`
	// latelyQuery gives whoever wrote a post last.
	latelyQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM (SELECT author, MAX(created) AS at FROM
			(SELECT author, created FROM posts WHERE community = {:community} AND status = 'shown' ORDER BY created DESC, id DESC LIMIT 40) GROUP BY author) a
		CROSS JOIN users u ON u.id = a.author WHERE TRUE` + offered
	// namesQuery walks the index of names from what was typed to the end of what begins so.
	namesQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM users u INDEXED BY users_name
		WHERE u.name COLLATE NOCASE >= {:from} AND u.name COLLATE NOCASE < {:to}` + offered
)

// names offers members of a community whose names begin with ?q=, for a mention.
func (d *desk) names(e *access.Event) error {
	typed := strings.Join(strings.Fields(e.Request.URL.Query().Get("q")), " ")
	if utf8.RuneCountInString(typed) > clinic.MaxNameRunes {
		return clinic.Faults(clinic.TooLong.At("q").With("max", clinic.MaxNameRunes))
	}
	if err := d.house.Try("names for "+e.Viewer.ID, mostAsked, askedWithin); err != nil {
		return err
	}
	params := dbx.Params{"community": e.Request.PathValue("id"), "viewer": e.Viewer.ID, "from": typed, "to": typed + "\U0010FFFF"}
	only := wrote
	if e.Viewer.Role.Works() {
		only = colleagues
	}
	further := namesQuery + only + " ORDER BY u.name COLLATE NOCASE, u.id LIMIT 8"
	if typed == "" {
		further = latelyQuery
		if e.Viewer.Role.Works() {
			further += colleagues
		}
		further += " ORDER BY a.at DESC LIMIT 8"
	}
	items, seen := []access.Person{}, map[string]bool{}
	for _, query := range []string{leadsQuery, further} {
		var found []person
		if err := d.app.DB().NewQuery(query).Bind(params).All(&found); err != nil {
			return err
		}
		for _, p := range found {
			if !seen[p.ID] && len(items) < mostOffered && Fits(typed, p.Name) {
				seen[p.ID] = true
				items = append(items, access.NewPerson(e.Language(), p.ID, p.Name, p.Role, p.Title, p.Status))
			}
		}
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": ""})
}
