package access

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// YearlyGrace is how long writing goes on after a policy that is asked for every year asks again.
const YearlyGrace = 14 * 24 * time.Hour

// standing is what a member said so far of one posted text, and what it asks.
type standing struct {
	Slug     string `db:"slug"`
	Kind     string `db:"kind"`
	Audience string `db:"audience"`
	Yearly   bool   `db:"yearly"`
	Number   int    `db:"number"`   // the newest version
	Material int    `db:"material"` // the newest that asks again
	Done     int    `db:"done"`     // the newest that the member acknowledged, or granted and did not revoke
	DoneAt   string `db:"done_at"`
	Refused  int    `db:"refused"`
	Due      string `db:"due"`   // the earliest date of those not acknowledged
	Older    bool   `db:"older"` // the member was here before the first version
}

// What a member says of a policy or an authorization counts for the stint in which they say it: the time in which they have one role.
const standings = `
	SELECT p.slug, p.kind, p.audience, p.yearly, MAX(v.number) AS number,
		COALESCE(MAX(CASE WHEN v.class = 'material' THEN v.number END), 0) AS material, s.done, COALESCE(s.done_at, '') AS done_at,
		COALESCE((SELECT MAX(r.number) FROM policy_refusals r WHERE r.member = {:member} AND r.policy = p.id
			AND r.role = {:role} AND r.stint = {:stint}), 0) AS refused,
		COALESCE((SELECT MIN(w.due) FROM policy_versions w WHERE w.policy = p.id AND w.class = 'material' AND w.number > s.done), '') AS due,
		(SELECT COALESCE(i.accepted_at, u.created) FROM users u LEFT JOIN invitations i ON i.id = u.invitation WHERE u.id = {:member}) < MIN(v.published) AS older
	FROM policies p JOIN policy_versions v ON v.policy = p.id JOIN (
		SELECT q.id, COALESCE(MAX(a.number), 0) AS done, MAX(a.created) AS done_at FROM policies q LEFT JOIN acknowledgements a
			ON a.member = {:member} AND a.policy = q.id AND a.role = {:role} AND a.stint = {:stint} WHERE q.kind != 'authorization' GROUP BY q.id
		UNION ALL
		SELECT q.id, COALESCE(CASE WHEN l.action = 'granted' AND l.role = {:role} AND l.stint = {:stint} THEN l.number END, 0), l.created FROM policies q LEFT JOIN authorization_events l
			ON l.id = (SELECT x.id FROM authorization_events x WHERE x.member = {:member} AND x.policy = q.id ORDER BY x.seq DESC LIMIT 1)
			WHERE q.kind = 'authorization'
	) s ON s.id = p.id
	WHERE p.status = 'posted' GROUP BY p.id ORDER BY p.position, p.slug`

// owes reads what a member still has to acknowledge or to grant.
func owes(app core.App, member string, role clinic.Role, stint int) ([]clinic.Owed, error) {
	var rows []standing
	err := app.DB().NewQuery(standings).Bind(dbx.Params{"member": member, "role": string(role), "stint": stint}).All(&rows)
	if err != nil {
		return nil, err
	}
	out := []clinic.Owed{}
	for _, row := range rows {
		if !clinic.Concerns(row.Audience, role) {
			continue
		}
		ask := row.policy
		if row.Kind == clinic.OwedAuthorization {
			ask = row.authorization
		}
		if owed, asks := ask(); asks {
			out = append(out, owed)
		}
	}
	return out, nil
}

// policy says what a policy asks of the member. Never acknowledged in any version, it blocks everything, and at once, unless it is
// newer than the member and carries a date. After the first, a material version asks again, and writing waits from its date on; so
// does a year, where that is set. A typo or a clarification asks nothing. Who refused has had their time.
func (s standing) policy() (clinic.Owed, bool) {
	owed := clinic.Owed{Kind: clinic.OwedPolicy, Slug: s.Slug, Version: s.Number, Blocks: clinic.BlocksWrite, Due: when(s.Due)}
	switch done := ParseDate(s.DoneAt); {
	case s.Done == 0 && (owed.Due == nil || !s.Older):
		owed.Blocks, owed.Due = clinic.BlocksAll, nil
	case s.Material > s.Done:
	case s.Yearly && !done.IsZero():
		from := done.AddDate(1, 0, 0)
		due := from.Add(YearlyGrace)
		owed.From, owed.Due = &from, &due
	default:
		return owed, false
	}
	if s.Refused > s.Done {
		owed.Refused, owed.Due = true, nil
	}
	return owed, true
}

// authorization says what an authorization asks: without it, or without its newest material text from that one's date on, the
// member reads only (45 CFR 164.508). It is never owed as a policy is, and blocks no reading.
func (s standing) authorization() (clinic.Owed, bool) {
	owed := clinic.Owed{Kind: clinic.OwedAuthorization, Slug: s.Slug, Version: s.Number, Blocks: clinic.BlocksWrite}
	if s.Done > 0 {
		owed.Due = when(s.Due)
	}
	return owed, s.Done == 0 || s.Material > s.Done
}

// when reads a stored date; an empty one is none.
func when(stored string) *time.Time {
	if t := ParseDate(stored); !t.IsZero() {
		return &t
	}
	return nil
}
