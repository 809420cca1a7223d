package home

import (
	"database/sql"
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

const visitQuery = "SELECT since, last FROM visits WHERE member = ?1"

// visit reads when a member was here; one who never was gets the zero visit.
func (d *desk) visit(member string) (visit, error) {
	var since, last string
	err := d.reader().QueryRow(visitQuery, member).Scan(&since, &last)
	if errors.Is(err, sql.ErrNoRows) {
		return visit{}, nil
	}
	return visit{access.ParseDate(since), access.ParseDate(last)}, err
}

// reader is the pool of read connections. Their statements stay compiled (package statements), so nothing is prepared here.
func (d *desk) reader() *sql.DB {
	return d.app.ConcurrentDB().(*dbx.DB).DB() // the app's own pool, never a transaction's
}

// visited notes that the viewer is at home now. The page says so after it has shown what is new: a door that is only looked
// through changes nothing.
func (d *desk) visited(e *access.Event) error {
	before, err := d.visit(e.Viewer.ID)
	if err != nil {
		return err
	}
	now := d.house.Now()
	if now.Sub(before.Last) >= noted {
		is := before.at(now)
		_, err = e.App.DB().NewQuery(`INSERT INTO visits (id, member, since, last, created, updated) VALUES ({:id}, {:member}, {:since}, {:last}, {:last}, {:last})
			ON CONFLICT (member) DO UPDATE SET since = {:since}, last = {:last}, updated = {:last}`).
			Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "member": e.Viewer.ID, "since": access.Date(is.Since), "last": access.Date(is.Last)}).Execute()
	}
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}
