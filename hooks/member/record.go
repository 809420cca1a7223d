package member

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// The lines of the audit record about entering and looking (45 CFR 164.312(b) and 164.308(a)(5)(ii)(C)).
const (
	signedIn     = "member.sign_in"
	signInFailed = "member.sign_in_failed"
	viewed       = "member.view"
	listed       = "member.list"
)

// onRecord is one line of the audit record as the member whom it concerns sees it.
type onRecord struct {
	At     string         `json:"at"`
	Action string         `json:"action"`
	By     *access.Person `json:"by"` // null: the house itself, or nobody who is known
}

// record shows a member what others did with their account, and who of the practice looked at it, the newest first.
// ?before= is the cursor of the page after.
func record(e *access.Event) error {
	before := int64(1) << 62
	if cursor := e.Request.URL.Query().Get("before"); cursor != "" {
		var err error
		if before, err = strconv.ParseInt(cursor, 10, 64); err != nil {
			return clinic.Faults(clinic.Invalid.At("before"))
		}
	}
	var rows []struct {
		Seq    int64  `db:"seq"`
		At     string `db:"at"`
		Action string `db:"action"`
		Actor  string `db:"actor"`
		Name   string `db:"name"`
		Role   string `db:"role"`
		Title  string `db:"title"`
		Status string `db:"status"`
	}
	err := e.App.DB().NewQuery(`SELECT a.seq, a.at, a.action, COALESCE(u.id, '') AS actor, COALESCE(u.name, '') AS name,
			COALESCE(u.role, '') AS role, COALESCE(u.title, '') AS title, COALESCE(u.status, '') AS status
		FROM audit_entries a LEFT JOIN users u ON u.id = a.actor
		WHERE a.subject = {:subject} AND a.actor != {:me} AND a.seq < {:before} ORDER BY a.seq DESC LIMIT {:most}`).
		Bind(dbx.Params{"subject": clinic.Users + "/" + e.Viewer.ID, "me": e.Viewer.ID, "before": before, "most": pageSize + 1}).
		WithContext(e.Request.Context()).All(&rows)
	if err != nil {
		return err
	}
	next := ""
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		next = strconv.FormatInt(rows[pageSize-1].Seq, 10)
	}
	items := make([]onRecord, 0, len(rows))
	for _, row := range rows {
		line := onRecord{At: row.At, Action: row.Action}
		if row.Actor != "" {
			by := access.NewPerson(e.Language(), row.Actor, row.Name, row.Role, row.Title, row.Status)
			line.By = &by
		}
		items = append(items, line)
	}
	return e.Write(http.StatusOK, map[string]any{"items": items, "next": next})
}
