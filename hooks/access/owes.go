package access

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// owes reads what a member still has to acknowledge. A policy never acknowledged in any version blocks everything, and at
// once. After the first, only a material version asks again: writing waits from its date on. A typo or a clarification asks
// nothing.
func owes(app core.App, member string, role clinic.Role) ([]clinic.Owed, error) {
	var rows []struct {
		Slug     string `db:"slug"`
		Audience string `db:"audience"`
		Number   int    `db:"number"`
		Done     int    `db:"done"`
		Material int    `db:"material"`
		Due      string `db:"due"`
	}
	err := app.DB().NewQuery(`
		SELECT p.slug, p.audience, MAX(v.number) AS number,
			COALESCE((SELECT MAX(a.number) FROM acknowledgements a WHERE a.member = {:member} AND a.policy = p.id), 0) AS done,
			COALESCE(MAX(CASE WHEN v.class = 'material' THEN v.number END), 0) AS material,
			COALESCE((SELECT MIN(w.due) FROM policy_versions w WHERE w.policy = p.id AND w.class = 'material' AND w.number >
				COALESCE((SELECT MAX(a.number) FROM acknowledgements a WHERE a.member = {:member} AND a.policy = p.id), 0)), '') AS due
		FROM policies p JOIN policy_versions v ON v.policy = p.id
		WHERE p.status = 'posted' GROUP BY p.id ORDER BY p.position, p.slug`).
		Bind(dbx.Params{"member": member}).All(&rows)
	if err != nil {
		return nil, err
	}
	out := []clinic.Owed{}
	for _, row := range rows {
		if !clinic.Concerns(row.Audience, role) {
			continue
		}
		owed := clinic.Owed{Kind: "policy", Slug: row.Slug, Version: row.Number}
		switch {
		case row.Done == 0:
			owed.Blocks = clinic.BlocksAll
		case row.Material > row.Done:
			owed.Blocks = clinic.BlocksWrite
			if due := ParseDate(row.Due); !due.IsZero() {
				owed.Due = date(due)
			}
		default:
			continue
		}
		out = append(out, owed)
	}
	return out, nil
}

func date(t time.Time) *time.Time { return &t }
