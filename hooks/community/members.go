package community

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

const membersPerPage = 50

type memberOf struct {
	access.Person
	Lead   bool   `json:"lead"`
	Joined string `json:"joined"`
}

type memberRow struct {
	ID     string `db:"id"`
	Name   string `db:"name"`
	Role   string `db:"role"`
	Title  string `db:"title"`
	Status string `db:"status"`
	Lead   bool   `db:"lead"`
	Joined string `db:"created"`
}

// members lists who is in a community, by name, to those who work in it and to admins.
func members(e *access.Event) error {
	id := e.Request.PathValue("id")
	if !e.Viewer.In(id) {
		if err := mayRun(e, id); err != nil {
			return err
		}
	}
	name, after, err := readPlace(e.Request.URL.Query().Get("before"))
	if err != nil {
		return err
	}
	var rows []memberRow
	err = e.App.DB().NewQuery(`SELECT u.id, u.name, u.role, u.title, u.status, m.lead, m.created
		FROM memberships m JOIN users u ON u.id = m.member
		WHERE m.community = {:community} AND u.status != 'removed' AND (u.name COLLATE NOCASE, u.id) > ({:name}, {:after})
		ORDER BY u.name COLLATE NOCASE, u.id LIMIT {:limit}`).
		Bind(dbx.Params{"community": id, "name": name, "after": after, "limit": membersPerPage + 1}).All(&rows)
	if err != nil {
		return err
	}
	var next *string
	if len(rows) > membersPerPage {
		rows = rows[:membersPerPage]
		last := rows[len(rows)-1]
		place := place(last.Name, last.ID)
		next = &place
	}
	items := []memberOf{}
	for _, r := range rows {
		items = append(items, memberOf{access.NewPerson(e.Language(), r.ID, r.Name, r.Role, r.Title, r.Status), r.Lead, access.Moment(r.Joined)})
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

// place is where a list of names goes on: after this name and id.
func place(name, id string) string { return base64.RawURLEncoding.EncodeToString([]byte(id + name)) }

func readPlace(cursor string) (name, id string, err error) {
	const idLength = core.DefaultIdLength
	text, decodeErr := base64.RawURLEncoding.DecodeString(cursor)
	switch {
	case cursor == "":
		return "", "", nil
	case decodeErr != nil, len(text) < idLength, strings.ContainsRune(string(text), 0):
		return "", "", clinic.Faults(clinic.Invalid.At("before"))
	}
	return string(text[idLength:]), string(text[:idLength]), nil
}

type addForm struct {
	Member string `json:"member"`
	Lead   bool   `json:"lead"`
}

// add puts a member into a community, as its lead if so asked.
func add(e *access.Event) error {
	id := e.Request.PathValue("id")
	if err := mayRun(e, id); err != nil {
		return err
	}
	var form addForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if form.Member == "" {
		return clinic.Faults(clinic.Required.At("member"))
	}
	return e.Once(func(tx core.App) (int, any, error) {
		if err := join(e.House, tx, id, form.Member, form.Lead); err != nil {
			return 0, nil, err
		}
		err := e.House.Audit(tx, e.Viewer.ID, "community.add_member", "users/"+form.Member, "communities/"+id)
		return http.StatusCreated, map[string]any{"member": form.Member, "lead": form.Lead}, err
	})
}

// remove takes a member out of a community: a lead or an admin anyone, and everyone themselves. What they wrote stays.
func remove(e *access.Event) error {
	id, member := e.Request.PathValue("id"), e.Request.PathValue("member")
	if member != e.Viewer.ID {
		if err := mayRun(e, id); err != nil {
			return err
		}
	}
	err := e.App.RunInTransaction(func(tx core.App) error {
		record, err := membership(tx, id, member)
		if err != nil {
			return err
		}
		if err := e.House.Delete(tx, record); err != nil {
			return err
		}
		return e.House.Audit(tx, e.Viewer.ID, "community.remove_member", "users/"+member, "communities/"+id)
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}

// membership returns a member's record in a community, or clinic.NotFound.
func membership(app core.App, community, member string) (*core.Record, error) {
	record, err := app.FindFirstRecordByFilter(clinic.Memberships, "community = {:community} && member = {:member}",
		dbx.Params{"community": community, "member": member})
	if err != nil {
		return nil, access.Missing(err)
	}
	return record, nil
}
