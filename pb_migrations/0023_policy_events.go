package pb_migrations

import (
	"cmp"
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// When a policy was withdrawn and posted again, by whom and why: rows of their own, which never change. Until now the policy's own
// row said it while it lasted, and the audit record alone afterwards.
func init() {
	migrations.Register(func(app core.App) error {
		if err := policyEvents(app); err != nil {
			return err
		}
		if err := carryEvents(app); err != nil {
			return err
		}
		if err := run(app, frozen("policy_events")...); err != nil {
			return err
		}
		return without(app, "policies", nil, "withdrawn", "withdrawn_by", "withdrawn_reason")
	}, func(app core.App) error {
		by, err := to(app, "withdrawn_by", "users", false)
		if err != nil {
			return err
		}
		if err := with(app, "policies", nil, date("withdrawn"), by, text("withdrawn_reason", 1000)); err != nil {
			return err
		}
		if err := run(app, backOnTheRow); err != nil {
			return err
		}
		return drop(app, "policy_events")
	})
}

func policyEvents(app core.App) error {
	policy, err := to(app, "policy", "policies", true)
	if err != nil {
		return err
	}
	author, err := to(app, "author", "users", false)
	if err != nil {
		return err
	}
	// seq puts one policy's withdrawals and postings in order, whatever the clock says. number is the version that they concern.
	return base(app, "policy_events", types.JSONArray[string]{"CREATE UNIQUE INDEX policy_events_seq ON policy_events (policy, seq)"},
		policy, number("seq"), number("number"), choice("action", "withdrawn", "posted_again"), date("at"), author,
		flag("operator"), // done at the dashboard: author is empty then
		document("reason"))
}

const backOnTheRow = `UPDATE policies SET withdrawn = e.at, withdrawn_by = e.author,
		withdrawn_reason = COALESCE(json_extract(e.reason, '$.en'), json_extract(e.reason, '$.es'), '')
	FROM policy_events e WHERE policies.status = 'withdrawn' AND e.policy = policies.id
		AND e.seq = (SELECT MAX(l.seq) FROM policy_events l WHERE l.policy = policies.id)`

// turn is one change of a policy's standing, as it is carried over.
type turn struct {
	Policy   string `db:"policy"`
	Action   string `db:"action"`
	At       string `db:"at"`
	Author   string `db:"author"`
	Operator bool   `db:"operator"`
	Reason   string `db:"reason"` // JSON, by language
}

// carryEvents writes what the audit record says of withdrawals and postings, and what the policies' rows say now. Only a reason
// that stands on a row, or is told by language, is public and comes along: whoever gave the others was told that the record keeps them,
// and it does.
func carryEvents(app core.App) error {
	var lines []turn
	err := app.DB().NewQuery(`SELECT substr(subject, 10) AS policy, iif(action = 'policy.withdraw', 'withdrawn', 'posted_again') AS action, at,
			iif(actor LIKE '%/%', '', actor) AS author, actor LIKE '%/%' AS operator,
			CASE WHEN json_valid(substr(detail, instr(detail, ': {') + 2)) THEN substr(detail, instr(detail, ': {') + 2) ELSE '{}' END AS reason
		FROM audit_entries WHERE action IN ('policy.withdraw', 'policy.post_again')
			AND substr(subject, 10) IN (SELECT id FROM policies) ORDER BY seq`).All(&lines)
	if err != nil {
		return err
	}
	told := map[string][]turn{}
	for _, line := range lines {
		told[line.Policy] = inTurn(told[line.Policy], line)
	}
	var rows []struct {
		turn
		Status   string `db:"status"`
		Updated  string `db:"updated"`
		Told     string `db:"told"`
		Language string `db:"language"` // of who gave the reason: it was not asked for
	}
	err = app.DB().NewQuery(`SELECT p.id AS policy, p.status, p.withdrawn AS at, p.withdrawn_by AS author, p.withdrawn_reason AS told, '{}' AS reason,
			max(p.updated, COALESCE((SELECT MAX(v.published) FROM policy_versions v WHERE v.policy = p.id), '')) AS updated,
			COALESCE(NULLIF((SELECT u.language FROM users u WHERE u.id = p.withdrawn_by), ''),
				NULLIF((SELECT language FROM practices LIMIT 1), ''), 'en') AS language
		FROM policies p ORDER BY p.id`).All(&rows)
	if err != nil {
		return err
	}
	for _, row := range rows {
		turns := told[row.Policy]
		row.Action = last[row.Status]
		if standing(turns) != row.Action { // somebody wrote the row itself: when is known no better than since it was last written
			row.At = cmp.Or(row.At, row.Updated)
			turns = append(turns, row.turn)
		}
		if row.Status == "withdrawn" && row.Told != "" && turns[len(turns)-1].Reason == "{}" {
			reason, err := json.Marshal(map[string]string{row.Language: row.Told})
			if err != nil {
				return err
			}
			turns[len(turns)-1].Reason = string(reason)
		}
		if err := writeTurns(app, turns); err != nil {
			return err
		}
	}
	return nil
}

// last names the last turn of a policy that stands so.
var last = map[string]string{"withdrawn": "withdrawn", "posted": "posted_again"}

func standing(turns []turn) string {
	if len(turns) == 0 {
		return "posted_again"
	}
	return turns[len(turns)-1].Action
}

// inTurn adds a turn. Where the one between two alike was never told, it is put where the later begins.
func inTurn(turns []turn, next turn) []turn {
	if standing(turns) == next.Action {
		between := turn{Policy: next.Policy, Action: "withdrawn", At: next.At, Reason: "{}"}
		if next.Action == "withdrawn" {
			between.Action = "posted_again"
		}
		turns = append(turns, between)
	}
	return append(turns, next)
}

func writeTurns(app core.App, turns []turn) error {
	for i, one := range turns {
		_, err := app.DB().NewQuery(`INSERT INTO policy_events (id, policy, seq, number, action, at, author, operator, reason, created, updated)
			VALUES ({:id}, {:policy}, {:seq}, (SELECT COALESCE(MAX(number), 0) FROM policy_versions WHERE policy = {:policy} AND published <= {:at}),
				{:action}, {:at}, {:author}, {:operator}, {:reason}, {:at}, {:at})`).
			Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "policy": one.Policy, "seq": i + 1, "action": one.Action, "at": one.At,
				"author": one.Author, "operator": one.Operator, "reason": one.Reason}).Execute()
		if err != nil {
			return err
		}
	}
	return nil
}
