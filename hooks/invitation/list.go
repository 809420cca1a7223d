package invitation

import (
	"encoding/base64"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// listed is an invitation as those who work here see it.
type listed struct {
	ID          string         `json:"id"`
	Email       string         `json:"email"`
	Role        clinic.Role    `json:"role"`
	Communities []room         `json:"communities"`
	Language    string         `json:"language"`
	Status      Status         `json:"status"`
	NeedsCode   bool           `json:"needs_code"`
	Locked      bool           `json:"locked"`
	Returning   bool           `json:"returning"`
	Member      string         `json:"member"`
	Batch       string         `json:"batch"`
	ProposedBy  *access.Person `json:"proposed_by"`
	ApprovedBy  *access.Person `json:"approved_by"`
	Created     string         `json:"created"`
	Expires     string         `json:"expires"`
	AskedAgain  string         `json:"asked_again"`
	Timeline    []event        `json:"timeline"`
	Can         can            `json:"can"`
}

// event is one line of the timeline. Reason is the queue's word for what a relay said; its sentence for people, with what to
// do, is the catalogue's "mails.advice.REASON".
type event struct {
	Kind   string         `json:"kind"`
	At     string         `json:"at"`
	By     *access.Person `json:"by"`
	Detail string         `json:"detail"`
	Reason string         `json:"reason"`
}

// can is what this viewer may do with this invitation now.
type can struct {
	Approve bool `json:"approve"`
	Resend  bool `json:"resend"`
	Revoke  bool `json:"revoke"`
	Print   bool `json:"print"`
	Link    bool `json:"link"`
}

// row is what the database says of an invitation.
type row struct {
	ID          string `db:"id"`
	Email       string `db:"email"`
	Role        string `db:"role"`
	Communities string `db:"communities"`
	Language    string `db:"language"`
	Status      string `db:"status"`
	Code        bool   `db:"code"`
	Tries       int    `db:"tries"`
	Returning   string `db:"returning"`
	Member      string `db:"member"`
	Batch       string `db:"batch"`
	ProposedBy  string `db:"proposed_by"`
	ApprovedBy  string `db:"approved_by"`
	Created     string `db:"created"`
	Expires     string `db:"expires"`
	AskedAgain  string `db:"asked_again"`
}

// state is the status at the moment {:now}, in SQL; Status.At says the same.
const state = `CASE WHEN i.status IN ('queued','accepted_by_relay','deferred','bounced','not_mailed','opened') AND i.expires <= {:now}
	THEN 'expired' ELSE i.status END`

const columns = `SELECT i.id, i.email, i.role, i.communities, i.language, ` + state + ` AS status, i.code_hash != '' AS code, i.tries,
	[[i.returning]], i.member, i.batch, i.proposed_by, i.approved_by, i.created, i.expires, i.asked_again FROM invitations i `

const pageSize = 50

// query is what the list can be narrowed by.
type query struct {
	where  []string
	params dbx.Params
}

// narrowed reads q, batch and asked from the address.
func narrowed(e *access.Event) query {
	asked := e.Request.URL.Query()
	q := query{params: dbx.Params{"now": access.Date(e.House.Now())}}
	if text := strings.TrimSpace(asked.Get("q")); text != "" {
		q.where = append(q.where, `i.email LIKE {:q} ESCAPE '\'`)
		q.params["q"] = "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(clip(text, 100))) + "%"
	}
	if batch := asked.Get("batch"); batch != "" {
		q.where = append(q.where, "i.batch = {:batch}")
		q.params["batch"] = batch
	}
	if asked.Get("asked") != "" {
		q.where = append(q.where, "i.asked_again != ''")
	}
	return q
}

func (q query) clause() string {
	if len(q.where) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(q.where, " AND ")
}

// list gives the invitations, newest first, with how many there are in each state.
func list(e *access.Event) error {
	q := narrowed(e)
	counts, err := q.counts(e.App)
	if err != nil {
		return err
	}
	asked := e.Request.URL.Query()
	if wanted := asked.Get("status"); wanted != "" {
		if !slices.Contains(Statuses, Status(wanted)) {
			return clinic.Faults(clinic.Invalid.At("status"))
		}
		q.where = append(q.where, "("+state+") = {:status}")
		q.params["status"] = wanted
	}
	if cursor := asked.Get("before"); cursor != "" {
		created, id, ok := readCursor(cursor)
		if !ok {
			return clinic.Faults(clinic.Invalid.At("before"))
		}
		q.where = append(q.where, "(i.created, i.id) < ({:created}, {:id})")
		q.params["created"], q.params["id"] = created, id
	}
	var rows []row
	if err := e.App.DB().NewQuery(columns + q.clause() + " ORDER BY i.created DESC, i.id DESC LIMIT 51").Bind(q.params).All(&rows); err != nil {
		return err
	}
	next := ""
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = cursor(rows[pageSize-1])
	}
	items, err := show(e, e.App, rows)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next, "counts": counts})
}

// one gives one invitation.
func one(e *access.Event) error {
	item, err := whole(e, e.App, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, item)
}

// whole is one invitation as the list gives it: what every door answers that changes one.
func whole(e *access.Event, app core.App, id string) (listed, error) {
	var rows []row
	err := app.DB().NewQuery(columns + "WHERE i.id = {:id}").Bind(dbx.Params{"id": id, "now": access.Date(e.House.Now())}).All(&rows)
	if err != nil {
		return listed{}, err
	}
	if len(rows) == 0 {
		return listed{}, clinic.NotFound
	}
	items, err := show(e, app, rows)
	if err != nil {
		return listed{}, err
	}
	return items[0], nil
}

// counts says how many there are in each state, with what narrows the list but the state itself. It is also an import's
// progress: one batch, and how many of it are queued, with the relay, opened and accepted.
func (q query) counts(app core.App) (map[string]int, error) {
	var rows []struct {
		Status string `db:"status"`
		N      int    `db:"n"`
	}
	err := app.DB().NewQuery("SELECT " + state + " AS status, count(*) AS n FROM invitations i" + q.clause() + " GROUP BY 1").
		Bind(q.params).All(&rows)
	out := map[string]int{}
	for _, s := range Statuses {
		out[string(s)] = 0
	}
	for _, r := range rows {
		out[r.Status] = r.N
	}
	return out, err
}

func cursor(r row) string {
	return base64.RawURLEncoding.EncodeToString([]byte(r.Created + "|" + r.ID))
}

func readCursor(text string) (created, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return "", "", false
	}
	return strings.Cut(string(raw), "|")
}
