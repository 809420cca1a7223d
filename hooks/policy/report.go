package policy

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The states of a member in a version's report.
const (
	stateDone    = "done"
	stateMissing = "missing"
	stateRefused = "refused"
)

const reportPage = 50

// tally is x of y: of those whom a version concerns today.
type tally struct {
	Number    int `json:"number"`
	Concerned int `json:"concerned" db:"concerned"`
	Done      int `json:"done" db:"done"`
	Refused   int `json:"refused" db:"refused"`
}

// reportRow is one member whom a version concerns.
type reportRow struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Role     string `db:"role"`
	Title    string `db:"title"`
	Status   string `db:"status"`
	Email    string `db:"email"`
	Wish     string `db:"wish"` // the language to write to them in
	State    string `db:"state"`
	Number   int    `db:"number"`
	At       string `db:"at"`
	Language string `db:"language"`
	Method   string `db:"method"`
	SHA256   string `db:"sha256"`
	Witness  string `db:"witness"`
	Note     string `db:"note"`
}

// What a member's word on a version is: an acknowledgement, or for an authorization the newest of grants and revocations. An
// acknowledgement of a later version is one of this version too; of an earlier one only if nothing material came between. Of several
// counts that of this very version. What they said before their role changed is no word of theirs any more.
const (
	acknowledged = ` LEFT JOIN acknowledgements a ON a.id = (SELECT x.id FROM acknowledgements x WHERE x.policy = {:policy}
			AND x.member = u.id AND x.number >= {:required} AND x.role = u.role AND x.stint = u.stint AND x.created > {:since}
			ORDER BY x.number = {:number} DESC, x.number DESC, x.created DESC LIMIT 1)
		LEFT JOIN policy_refusals r ON a.id IS NULL AND r.id = (SELECT y.id FROM policy_refusals y WHERE y.policy = {:policy}
			AND y.member = u.id AND y.number >= {:required} AND y.role = u.role AND y.stint = u.stint ORDER BY y.number = {:number} DESC, y.number DESC, y.created DESC LIMIT 1) `
	granted = ` LEFT JOIN authorization_events l ON l.id = (SELECT x.id FROM authorization_events x WHERE x.policy = {:policy}
			AND x.member = u.id ORDER BY x.seq DESC LIMIT 1) AND l.role = u.role AND l.stint = u.stint
		LEFT JOIN authorization_events a ON a.id = l.id AND l.action = 'granted' AND l.number >= {:required}
		LEFT JOIN authorization_events r ON r.id = l.id AND l.action = 'revoked' `
	reportColumns = `SELECT u.id, u.name, u.role, u.title, u.status, u.email, u.language AS wish,
		CASE WHEN a.id IS NOT NULL THEN 'done' WHEN r.id IS NOT NULL THEN 'refused' ELSE 'missing' END AS state,
		COALESCE(a.number, r.number, 0) AS number, COALESCE(a.created, r.created, '') AS at,
		COALESCE(a.language, r.language, '') AS language, COALESCE(a.method, '') AS method,
		COALESCE(a.sha256, r.sha256, '') AS sha256, COALESCE(a.witness, '') AS witness, COALESCE(a.note, '') AS note FROM users u `
	concerned = ` WHERE u.status = 'active' AND u.role IN (SELECT value FROM json_each({:roles})) `
)

// report is the question that a version's report answers: who is concerned, and what each said.
type report struct {
	app    core.App
	sql    string
	params params
	number int
}

// reportOf prepares the report of one version of a policy.
func reportOf(app core.App, now time.Time, policy *core.Record, number int) (report, error) {
	var required int
	err := app.DB().NewQuery(`SELECT COALESCE(MAX(number), 0) FROM policy_versions WHERE policy = {:policy} AND class = 'material' AND number <= {:number}`).
		Bind(params{"policy": policy.Id, "number": number}).Row(&required)
	var roles []clinic.Role
	for _, role := range clinic.Roles {
		if clinic.Concerns(policy.GetString("audience"), role) {
			roles = append(roles, role)
		}
	}
	list, _ := json.Marshal(roles) // strings always marshal
	since := ""
	if policy.GetBool("yearly") {
		since = access.Date(now.AddDate(-1, 0, 0))
	}
	r := report{app, reportColumns + acknowledged + concerned, params{
		"policy": policy.Id, "number": number, "required": required, "roles": string(list), "since": since,
	}, number}
	if policy.GetString("kind") == KindAuthorization {
		r.sql = reportColumns + granted + concerned
		delete(r.params, "since")
		delete(r.params, "number")
	}
	return r, err
}

func (r report) count() (tally, error) {
	out := tally{Number: r.number}
	err := r.app.DB().NewQuery(`SELECT COUNT(*) AS concerned, COALESCE(SUM(state = 'done'), 0) AS done, COALESCE(SUM(state = 'refused'), 0) AS refused
		FROM (` + r.sql + `)`).Bind(r.params).One(&out)
	return out, err
}

func countReport(e *access.Event, policy *core.Record, number int) (tally, error) {
	r, err := reportOf(e.App, e.House.Now(), policy, number)
	if err != nil {
		return tally{}, err
	}
	return r.count()
}

// rows gives those in a state, or all, by name, from where a cursor ends; most 0 gives all of them.
func (r report) rows(state string, after [2]string, most int) ([]reportRow, error) {
	var rows []reportRow
	statement := `SELECT * FROM (` + r.sql + `) WHERE (name COLLATE NOCASE, id) > ({:name} COLLATE NOCASE, {:id})`
	bound := params{"name": after[0], "id": after[1]}
	for name, value := range r.params {
		bound[name] = value
	}
	if state != "" {
		statement += " AND state = {:state}"
		bound["state"] = state
	}
	statement += " ORDER BY name COLLATE NOCASE, id"
	if most > 0 {
		statement += " LIMIT {:most}"
		bound["most"] = most
	}
	return rows, r.app.DB().NewQuery(statement).Bind(bound).All(&rows)
}

// reportItem is one member as the report shows them.
type reportItem struct {
	Member   access.Person  `json:"member"`
	State    string         `json:"state"`
	Number   int            `json:"number"`
	At       *time.Time     `json:"at"`
	Language string         `json:"language"`
	Method   string         `json:"method"`
	SHA256   string         `json:"sha256"`
	Witness  *access.Person `json:"witness"`
	Note     string         `json:"note"`
}

// showReport answers ?number= (the newest), ?state= and ?before= with x of y, and who.
func showReport(e *access.Event) error {
	_, r, err := asked(e)
	if err != nil {
		return err
	}
	query := e.Request.URL.Query()
	state := query.Get("state")
	if state != "" && !slices.Contains([]string{stateDone, stateMissing, stateRefused}, state) {
		return clinic.Faults(clinic.Invalid.At("state"))
	}
	after, err := readCursor(query.Get("before"))
	if err != nil {
		return err
	}
	sum, err := r.count()
	if err != nil {
		return err
	}
	rows, err := r.rows(state, after, reportPage+1)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > reportPage {
		rows = rows[:reportPage]
		next = access.WriteCursor([2]string{rows[reportPage-1].Name, rows[reportPage-1].ID})
	}
	items, err := itemsOf(e, rows)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, struct {
		tally
		page[reportItem]
	}{sum, page[reportItem]{items, next}})
}

// asked reads which policy and version a report is about.
func asked(e *access.Event) (*core.Record, report, error) {
	policy, err := managed(e.App, e.Request.PathValue("slug"))
	if err != nil {
		return nil, report{}, err
	}
	number, err := latestNumber(e.App, policy.Id)
	if err != nil {
		return nil, report{}, err
	}
	if wish := e.Request.URL.Query().Get("number"); wish != "" {
		n, err := strconv.Atoi(wish)
		if err != nil || n < 1 || n > number {
			return nil, report{}, clinic.Faults(clinic.Invalid.At("number"))
		}
		number = n
	}
	if number == 0 {
		return nil, report{}, NotPublished
	}
	r, err := reportOf(e.App, e.House.Now(), policy, number)
	return policy, r, err
}

// NotPublished says that a policy has no version yet.
var NotPublished = &clinic.Fault{Status: http.StatusConflict, Code: "policy_not_published"}

func itemsOf(e *access.Event, rows []reportRow) ([]reportItem, error) {
	var witnesses []string
	for _, row := range rows {
		if row.Witness != "" && !slices.Contains(witnesses, row.Witness) {
			witnesses = append(witnesses, row.Witness)
		}
	}
	known, err := people(e.App, e.Language(), witnesses...)
	if err != nil {
		return nil, err
	}
	items := []reportItem{}
	for _, row := range rows {
		item := reportItem{Member: access.NewPerson(e.Language(), row.ID, row.Name, row.Role, row.Title, row.Status), State: row.State,
			Number: row.Number, At: at(row.At), Language: row.Language, Method: row.Method, SHA256: row.SHA256, Note: row.Note}
		if row.Witness != "" {
			witness := hand{Author: row.Witness}.shown(e.Language(), known)
			item.Witness = &witness
		}
		items = append(items, item)
	}
	return items, nil
}

func readCursor(cursor string) (after [2]string, err error) {
	if cursor == "" {
		return after, nil
	}
	err = access.ReadCursor(cursor, &after)
	return after, err
}
