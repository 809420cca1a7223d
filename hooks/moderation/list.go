package moderation

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// item is a hold in the desk's list.
type item struct {
	shown
	Source  string        `json:"source"`
	Lane    string        `json:"lane"`
	Author  access.Person `json:"author"`
	Reports int           `json:"reports"`
	Reasons []string      `json:"reasons"` // of the reports
	Can     can           `json:"can"`
}

type can struct {
	Decide bool `json:"decide"`
}

func (r row) item(language string) item {
	out := item{
		shown: r.show(), Source: r.Source, Lane: r.Lane, Author: access.NewPerson(language, r.Author, r.Name, r.Role, r.Title, r.Status),
		Reports: r.Reports, Reasons: []string{}, Can: can{r.CanDecide},
	}
	if r.Kinds != "" {
		out.Reasons = strings.Split(r.Kinds, ",")
	}
	return out
}

// list answers ?community=, ?state= (waiting, decided, or one state), ?source= and ?before= with what is on the viewer's desk.
// What waits comes with a crisis first and then the oldest first; what is decided the latest first.
func (d *desk) list(e *access.Event) error {
	query := e.Request.URL.Query()
	where, done, err := condition(query.Get("state"))
	if err != nil {
		return err
	}
	params := dbx.Params{"community": query.Get("community"), "source": query.Get("source")}
	where += " AND {:community} IN ('', h.community) AND {:source} IN ('', h.source)"
	at, err := readSpot(query.Get("before"))
	if err != nil {
		return err
	}
	order := "ORDER BY h.lane != 'crisis', h.since, h.id"
	if done {
		order = "ORDER BY h.decided DESC, h.id DESC"
	}
	if at != nil {
		params["rank"], params["at"], params["after"] = at.Rank, at.At, at.ID
		if done {
			where += " AND (h.decided, h.id) < ({:at}, {:after})"
		} else {
			where += " AND (h.lane != 'crisis', h.since, h.id) > ({:rank}, {:at}, {:after})"
		}
	}
	params["most"] = perPage + 1
	rows, err := read(e.App, e.Viewer, e.Language(), where, order, " LIMIT {:most}", params)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = rows[perPage-1].spot(done).cursor()
	}
	if err := reword(e.App, e.Language(), rows); err != nil {
		return err
	}
	items := make([]item, len(rows))
	for i, r := range rows {
		items[i] = r.item(e.Language())
	}
	counts, err := d.count(e)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next, "counts": counts})
}

// condition says which holds a state in the address means, and whether they are decided.
func condition(state string) (where string, done bool, err error) {
	switch {
	case state == "", state == "waiting":
		return waiting, false, nil
	case state == "decided":
		return "h.decided != '' AND h.state IN ('published', 'removed', 'withdrawn')", true, nil
	case slices.Contains(States, state):
		if live(state) {
			return "h.state = '" + state + "'", false, nil
		}
		return "h.decided != '' AND h.state = '" + state + "'", true, nil
	}
	return "", false, clinic.Faults(clinic.Invalid.At("state"))
}

// counts answers with how many things wait for the viewer, for the menu.
func (d *desk) counts(e *access.Event) error {
	counts, err := d.count(e)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, counts)
}

// count gives the number of live holds of the viewer's desk by state, and under "waiting" those that they may decide on.
func (d *desk) count(e *access.Event) (map[string]int, error) {
	rooms, _ := json.Marshal(e.Viewer.Desks()) // strings always marshal
	var rows []struct {
		State string `db:"state"`
		All   int    `db:"n"`
		Mine  int    `db:"own"`
	}
	err := e.App.DB().NewQuery(`SELECT h.state, COUNT(*) AS n, SUM(` + waiting + ` AND EXISTS (SELECT 1 FROM users u WHERE u.id = {:viewer} AND ` +
		access.MayDecide + `)) AS own FROM holds h WHERE h.state IN ('open', 'resubmitted', 'second_look', 'returned') AND ` + onDesk + ` GROUP BY h.state`).
		Bind(dbx.Params{"viewer": e.Viewer.ID, "rooms": string(rooms), "admin": e.Viewer.Has(clinic.Admin)}).All(&rows)
	out := map[string]int{"waiting": 0, Open: 0, Resubmitted: 0, SecondLook: 0, Returned: 0}
	for _, r := range rows {
		out[r.State] = r.All
		out["waiting"] += r.Mine
	}
	return out, err
}

// spot is where a page of a list goes on: behind this hold, which may be decided or gone by then.
type spot struct {
	Rank int    `json:"r"`
	At   string `json:"a"`
	ID   string `json:"i"`
}

func (r row) spot(done bool) spot {
	if done {
		return spot{At: r.Decided, ID: r.ID}
	}
	s := spot{At: r.Since, ID: r.ID}
	if r.Lane != "crisis" {
		s.Rank = 1
	}
	return s
}

func (s spot) cursor() string {
	return access.WriteCursor(s)
}

func readSpot(cursor string) (*spot, error) {
	if cursor == "" {
		return nil, nil
	}
	var s spot
	if err := access.ReadCursor(cursor, &s); err != nil {
		return nil, err
	}
	if access.ParseDate(s.At).IsZero() {
		return nil, clinic.Faults(clinic.Invalid.At("before"))
	}
	return &s, nil
}
