package notification

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

const perPage = 30 // as listQuery has it, and one more

// item is one notification in the list.
type item struct {
	ID        string         `json:"id"`
	Kind      Kind           `json:"kind"`
	At        string         `json:"at"`
	Read      bool           `json:"read"`
	Community place          `json:"community"`
	Thread    place          `json:"thread"` // the post, by its title; or the hold
	Actor     *access.Person `json:"actor"`  // nil: the practice
	To        string         `json:"to"`     // the page that shows it
}

// place names a community or a post.
type place struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// entry is an item as the database has it.
type entry struct {
	waiting
	At            string `db:"at"`
	Read          string `db:"read"`
	Thread        string `db:"thread"`
	Piece         string `db:"piece"`
	CommunityName string `db:"community_name"`
	Title         string `db:"title"`
	Actor         string `db:"actor"`
	Name          string `db:"name"`
	Role          string `db:"role"`
	ActorTitle    string `db:"actor_title"`
	ActorStatus   string `db:"actor_status"`
}

func (r entry) item(language string) item {
	out := item{ID: r.ID, Kind: r.Kind, At: access.Moment(r.At), Read: r.Read != "", Community: place{r.Community, r.CommunityName},
		Thread: place{r.Thread, r.Title}, To: r.to()}
	if r.Actor != "" {
		person := access.NewPerson(language, r.Actor, r.Name, r.Role, r.ActorTitle, r.ActorStatus)
		out.Actor = &person
	}
	return out
}

// to is the page that shows what a notification is about.
func (r entry) to() string {
	switch {
	case r.Kind == Decided:
		return "/holds/" + r.Piece
	case r.Piece == r.Thread:
		return "/posts/" + r.Thread
	}
	return "/posts/" + r.Thread + "?at=" + r.Piece
}

// spot is where the next page of the list begins.
type spot struct {
	At string `json:"a"`
	ID string `json:"i"`
}

// list gives the viewer's notifications, the latest first, as far as they may see what each is about.
func (d *desk) list(e *access.Event) error {
	at := spot{At: "~"} // sorts behind every date
	if cursor := e.Request.URL.Query().Get("before"); cursor != "" {
		if err := access.ReadCursor(cursor, &at); err != nil {
			return err
		}
	}
	var rows []entry
	err := e.App.DB().NewQuery(listQuery).Bind(dbx.Params{"member": e.Viewer.ID, "at": at.At, "id": at.ID}).All(&rows)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > perPage {
		rows = rows[:perPage]
		next = access.WriteCursor(spot{rows[perPage-1].At, rows[perPage-1].ID})
	}
	items := []item{}
	for _, row := range rows {
		if sees(e.Viewer, row.waiting) {
			items = append(items, row.item(e.Language()))
		}
	}
	unread, err := d.count(e)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next, "unread": unread})
}

// one gives one notification of the viewer's own: where a letter leads.
func (d *desk) one(e *access.Event) error {
	var rows []entry
	err := e.App.DB().NewQuery(oneQuery).Bind(dbx.Params{"member": e.Viewer.ID, "id": e.Request.PathValue("id")}).All(&rows)
	if err != nil {
		return err
	}
	if len(rows) == 0 || !sees(e.Viewer, rows[0].waiting) {
		return clinic.NotFound
	}
	return e.Write(http.StatusOK, rows[0].item(e.Language()))
}

// unread answers with how many notifications the viewer has not read, for the frame of the page, and with the time zone that is
// known of them, so that the page can say which one it is in.
func (d *desk) unread(e *access.Event) error {
	unread, err := d.count(e)
	if err != nil {
		return err
	}
	wants, err := d.wantsOf(e.App, e.Viewer)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"unread": unread, "zone": wants.name})
}

// count gives the number of unread notifications that the viewer may see, at most a hundred. It reads those rows alone, by the
// index of what is unread, whatever else the practice has.
func (d *desk) count(e *access.Event) (int, error) {
	var rows []waiting
	err := e.App.DB().NewQuery(countQuery).Bind(dbx.Params{"member": e.Viewer.ID}).All(&rows)
	n := 0
	for _, row := range rows {
		if sees(e.Viewer, row) {
			n++
		}
	}
	return n, err
}

// readForm says which notifications were read: some by their ids, all about one thread, or all up to a moment.
type readForm struct {
	IDs    []string `json:"ids"`
	Thread string   `json:"thread"`
	All    bool     `json:"all"`
}

// read notes that the viewer has read notifications of theirs, and answers with how many are unread still. What was read in the
// page needs no letter any more.
func (d *desk) read(e *access.Event) error {
	var form readForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if len(form.IDs) > 200 {
		return clinic.Faults(clinic.TooLong.At("ids").With("max", 200))
	}
	result, err := e.App.DB().NewQuery(`UPDATE notifications SET read = {:now} WHERE member = {:member} AND read = ''
		AND ({:all} OR thread = {:thread} OR id IN (SELECT value FROM json_each({:ids})))`).Bind(dbx.Params{"now": access.Date(d.house.Now()),
		"member": e.Viewer.ID, "all": form.All, "thread": form.Thread, "ids": list(form.IDs)}).Execute()
	if err != nil {
		return err
	}
	if n, _ := result.RowsAffected(); n > 0 { // a page of theirs that is open elsewhere
		d.house.Noticed(e.Viewer.ID)
	}
	unread, err := d.count(e)
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]any{"unread": unread})
}
