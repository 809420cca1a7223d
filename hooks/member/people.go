package member

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

const pageSize = 50

// room is a community that a member is in.
type room struct {
	ID   string `json:"id" db:"id"`
	Name string `json:"name" db:"name"`
	Lead bool   `json:"lead" db:"lead"`
}

type person struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Email       string          `json:"email"`
	Role        clinic.Role     `json:"role"`
	Title       string          `json:"title"`
	Rights      json.RawMessage `json:"rights"`
	Status      string          `json:"status"`
	Joined      time.Time       `json:"joined"`
	LastSeen    *time.Time      `json:"last_seen"`
	Communities []room          `json:"communities"`
	Can         may             `json:"can"`
}

// may says what the viewer may do with a member, so that the page offers nothing that is then refused.
type may struct {
	Suspend bool `json:"suspend"`
	Restore bool `json:"restore"`
	Remove  bool `json:"remove"`
	Rights  bool `json:"rights"`
	Invite  bool `json:"invite_again"`
}

type personRow struct {
	ID      string `db:"id"`
	Name    string `db:"name"`
	Email   string `db:"email"`
	Role    string `db:"role"`
	Title   string `db:"title"`
	Rights  string `db:"rights"`
	Status  string `db:"status"`
	Created string `db:"created"`
	Seen    string `db:"seen"`
}

const personColumns = `SELECT u.id, u.name, u.email, u.role, u.title, u.rights, u.status, u.created,
	COALESCE((SELECT MAX(s.seen) FROM sessions s WHERE s.member = u.id), '') AS seen FROM users u`

// list answers ?q= (part of a name or address), ?role=, ?status= and ?before= with 50 members by name. Staff and providers
// see the whole practice: it is who they look after and work with. What they may not do with a member is not offered.
func list(e *access.Event) error {
	query := e.Request.URL.Query()
	where, params := []string{"u.status != 'removed'"}, dbx.Params{"most": pageSize + 1}
	if q := strings.TrimSpace(query.Get("q")); q != "" {
		where = append(where, `(u.name LIKE {:q} ESCAPE '\' OR u.email LIKE {:q} ESCAPE '\')`)
		params["q"] = "%" + likeEscaper.Replace(q) + "%"
	}
	if role := clinic.Role(query.Get("role")); role.Valid() {
		where = append(where, "u.role = {:role}")
		params["role"] = string(role)
	}
	if status := query.Get("status"); status == clinic.Active || status == clinic.Suspended {
		where = append(where, "u.status = {:status}")
		params["status"] = status
	}
	if before := query.Get("before"); before != "" {
		var after [2]string // name, id
		if err := access.ReadCursor(before, &after); err != nil {
			return err
		}
		where = append(where, "(u.name COLLATE NOCASE, u.id) > ({:name} COLLATE NOCASE, {:id})")
		params["name"], params["id"] = after[0], after[1]
	}
	var rows []personRow
	err := e.App.DB().NewQuery(personColumns + " WHERE " + strings.Join(where, " AND ") +
		" ORDER BY u.name COLLATE NOCASE, u.id LIMIT {:most}").Bind(params).WithContext(e.Request.Context()).All(&rows)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = access.WriteCursor([2]string{rows[pageSize-1].Name, rows[pageSize-1].ID})
	}
	items, err := persons(e, rows)
	if err != nil {
		return err
	}
	if err := e.House.AuditOnce(e.App, e.Viewer.ID, listed, clinic.Users, time.Hour); err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// view answers with one member as the list does. Who looked, and at whom, goes on the audit record, once an hour.
func view(e *access.Event) error {
	p, err := one(e, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if p.ID != e.Viewer.ID {
		if err := e.House.AuditOnce(e.App, e.Viewer.ID, viewed, clinic.Users+"/"+p.ID, time.Hour); err != nil {
			return err
		}
	}
	return e.Write(http.StatusOK, p)
}

func one(e *access.Event, id string) (*person, error) {
	var rows []personRow
	err := e.App.DB().NewQuery(personColumns + " WHERE u.id = {:id} AND u.status != 'removed'").Bind(dbx.Params{"id": id}).All(&rows)
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, clinic.NotFound
	}
	items, err := persons(e, rows)
	if err != nil {
		return nil, err
	}
	return &items[0], nil
}

// persons fills in communities, two queries for the whole page. A community that the viewer is not in is left out, unless
// they are an admin: its name tells what its patients have.
func persons(e *access.Event, rows []personRow) ([]person, error) {
	ids := make([]any, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	var joined []struct {
		Member string `db:"member"`
		Kind   string `db:"kind"`
		room
	}
	err := e.App.DB().Select("m.member", "c.kind", "c.id", "c.name", "m.lead").From("memberships m").
		InnerJoin("communities c", dbx.NewExp("c.id = m.community")).Where(dbx.In("m.member", ids...)).OrderBy("c.name").All(&joined)
	if err != nil {
		return nil, err
	}
	in := map[string][]room{}
	for _, j := range joined {
		if e.Viewer.In(j.ID) || e.Viewer.Has(clinic.Admin) && e.Viewer.Knows(j.ID, j.Kind, true) {
			in[j.Member] = append(in[j.Member], j.room)
		}
	}
	items := make([]person, len(rows))
	for i, row := range rows {
		items[i] = row.person(e, slices.Concat([]room{}, in[row.ID]))
	}
	return items, nil
}

func (row personRow) person(e *access.Event, rooms []room) person {
	p := person{
		ID: row.ID, Name: row.Name, Email: row.Email, Role: clinic.Role(row.Role), Title: row.Title, Status: row.Status,
		Rights: json.RawMessage(row.Rights), Joined: access.ParseDate(row.Created), Communities: rooms,
	}
	if seen := access.ParseDate(row.Seen); !seen.IsZero() {
		p.LastSeen = &seen
	}
	admin, self := e.Viewer.Has(clinic.Admin), row.ID == e.Viewer.ID
	standing := !self && (admin || looksAfter(e, p))
	p.Can = may{
		Suspend: standing && row.Status == clinic.Active, Restore: standing && row.Status == clinic.Suspended,
		Remove: admin && !self, Rights: admin && p.Role.Works(), Invite: !self && mayInviteAgain(e, row),
	}
	return p
}

// mayInviteAgain is what inviting again asks of its caller: who is trusted with more than their own account is an admin's to move.
func mayInviteAgain(e *access.Event, row personRow) bool {
	trusted := clinic.Role(row.Role).Professional() || strings.Contains(row.Rights, `"`)
	return e.Viewer.Role == clinic.Provider && row.Status == clinic.Active && (!trusted || e.Viewer.Has(clinic.Admin))
}

// looksAfter reports whether the viewer is a provider who leads a community that this patient, caregiver or outside doctor is in.
func looksAfter(e *access.Event, p person) bool {
	return !p.Role.Works() && slices.ContainsFunc(p.Communities, func(r room) bool { return e.Viewer.Leads(r.ID) })
}
