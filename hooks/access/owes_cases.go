package access

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// caseGrace is how long a case that is new to somebody who has written here before waits until it keeps them from writing.
const caseGrace = 14 * 24 * time.Hour

// owesCases reads the example cases that who works here still has to go through. They stand before the first post: at once for
// a member who has not written yet in this role. Who has gets time; a case whose clause a material version changed is due again, and
// waits for the version's own date. Patients and caregivers owe none: theirs may be skipped. Outside doctors have none.
func owesCases(app core.App, member string, role clinic.Role, began string) ([]clinic.Owed, error) {
	if !role.Works() {
		return nil, nil
	}
	var rows []struct {
		ID      string `db:"id"`
		Slug    string `db:"slug"`
		Created string `db:"created"`
		Number  int    `db:"number"`
		Done    bool   `db:"done"`
		Due     string `db:"due"`
	}
	err := app.DB().NewQuery(`
		SELECT c.id, c.slug, c.created, COALESCE(a.done, FALSE) AS done,
			COALESCE((SELECT MAX(v.number) FROM case_versions v WHERE v.example = c.id), 0) AS number,
			CASE WHEN a.done THEN c.clause_due ELSE '' END AS due
		FROM cases c JOIN policies p ON p.slug = c.policy AND p.status = 'posted'
		LEFT JOIN case_answers a ON a.example = c.id AND a.member = {:member}
		WHERE c.status = 'posted' AND EXISTS (SELECT 1 FROM json_each(c.roles) r WHERE r.value = {:role})
			AND (a.id IS NULL OR NOT a.done OR c.clause_changed > a.clause_version)
		ORDER BY c.position, c.slug`).Bind(dbx.Params{"member": member, "role": string(role)}).All(&rows)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	wrote, err := wroteSince(app, member, began)
	if err != nil {
		return nil, err
	}
	var out []clinic.Owed
	for _, row := range rows {
		owed := clinic.Owed{Kind: clinic.OwedCase, ID: row.ID, Slug: row.Slug, Version: row.Number, Blocks: clinic.BlocksWrite}
		due := ParseDate(row.Due)
		if !row.Done && wrote {
			due = ParseDate(row.Created).Add(caseGrace)
		}
		if !due.IsZero() {
			owed.Due = &due
		}
		out = append(out, owed)
	}
	return out, nil
}

// wroteSince reports whether a member wrote anything here since a moment: when the role that they have now began, or, empty, ever. What
// was held is dated when it appears, and when it was written stands with its hold.
func wroteSince(app core.App, member, began string) (wrote bool, err error) {
	err = app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM posts p WHERE p.author = {:member} AND p.created >= {:began}
			AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.post = p.id AND h.comment = '' AND h.opened < {:began}))
		OR EXISTS (SELECT 1 FROM comments c WHERE c.author = {:member} AND c.created >= {:began}
			AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.post = c.post AND h.comment = c.id AND h.opened < {:began}))`).
		Bind(dbx.Params{"member": member, "began": began}).Row(&wrote)
	return wrote, err
}
