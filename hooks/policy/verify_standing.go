package policy

import (
	"cmp"
	"encoding/json"
	"strings"

	"kinward/hooks/access"
)

// turned is one event of a policy, as it is read back.
type turned struct{ id, slug, action, at, reason string }

// standings goes through what was withdrawn and posted again: in order and in turn, as the policies stand now, and as the audit record
// says.
func (v *verifier) standings() error {
	there, err := v.has("table", "policy_events")
	if err != nil || !there {
		return err // a database from before that table
	}
	turns, err := v.turns()
	if err != nil {
		return err
	}
	if err := v.standNow(turns); err != nil {
		return err
	}
	return v.auditedTurns(turns)
}

// turns reads each policy's events in order.
func (v *verifier) turns() (map[string][]turned, error) {
	rows, err := v.db.QueryContext(v.ctx, `SELECT e.id, e.policy, COALESCE(p.slug, e.policy), e.seq, e.number, e.action, e.at, e.reason,
			e.number = 0 OR EXISTS (SELECT 1 FROM policy_versions n WHERE n.policy = e.policy AND n.number = e.number AND n.published <= e.at)
		FROM policy_events e LEFT JOIN policies p ON p.id = e.policy ORDER BY e.policy, e.seq`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]turned{}
	for rows.Next() {
		var one turned
		var policy string
		var seq, number int
		var posted bool
		if err := rows.Scan(&one.id, &policy, &one.slug, &seq, &number, &one.action, &one.at, &one.reason, &posted); err != nil {
			return nil, err
		}
		v.Events++
		before := turned{action: access.PolicyPostedAgain}
		if done := out[policy]; len(done) > 0 {
			before = done[len(done)-1]
		}
		if seq != len(out[policy])+1 {
			v.wrong("missing", one.id, "%s: event %d is not there", one.slug, len(out[policy])+1)
		}
		if one.action == before.action || one.at < before.at {
			v.wrong("order", one.id, "%s: event %d (%s) does not follow the one before it", one.slug, seq, one.action)
		}
		if !posted {
			v.wrong("standing", one.id, "%s: event %d (%s) is of version %d, which was not published then", one.slug, seq, one.action, number)
		}
		out[policy] = append(out[policy], one)
	}
	return out, rows.Err()
}

// standNow holds how the policies stand against what happened to them last.
func (v *verifier) standNow(turns map[string][]turned) error {
	rows, err := v.db.QueryContext(v.ctx, "SELECT id, slug, status FROM policies ORDER BY slug")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, slug, status string
		if err := rows.Scan(&id, &slug, &status); err != nil {
			return err
		}
		last := access.PolicyPostedAgain
		if done := turns[id]; len(done) > 0 {
			last = done[len(done)-1].action
		}
		if stands[last] != status {
			v.wrong("standing", id, "%s is %s, and what happened to it says that it is %s", slug, status, stands[last])
		}
	}
	return rows.Err()
}

// auditedTurns looks for what the audit record tells and no event does. What it told before events were kept is carried over without
// its reason, so that is compared only where the record has it by language.
func (v *verifier) auditedTurns(turns map[string][]turned) error {
	rows, err := v.db.QueryContext(v.ctx, `SELECT id, substr(subject, 10), iif(action = 'policy.withdraw', 'withdrawn', 'posted_again'), detail
		FROM audit_entries WHERE action IN ('policy.withdraw', 'policy.post_again') ORDER BY seq`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, policy, action, detail string
		if err := rows.Scan(&id, &policy, &action, &detail); err != nil {
			return err
		}
		slug, reason, _ := strings.Cut(detail, ": ")
		rest, found := turns[policy], false
		for i, one := range rest {
			if one.action == action && (!strings.HasPrefix(reason, "{") || !json.Valid([]byte(reason)) || one.reason == reason) {
				turns[policy], found = rest[i+1:], true
				break
			}
		}
		if !found {
			v.wrong("audit", id, "the audit record says that %s was %s, and why; that stands nowhere", cmp.Or(slug, policy), action)
		}
	}
	return rows.Err()
}
