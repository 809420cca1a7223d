package policy

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Verified is what Verify looked at, and what it found to be wrong.
type Verified struct {
	Policies         int        `json:"policies"`
	Versions         int        `json:"versions"` // texts: each language of each version
	Acknowledgements int        `json:"acknowledgements"`
	Refusals         int        `json:"refusals"`
	Authorizations   int        `json:"authorizations"`
	Events           int        `json:"events"` // withdrawals, and postings again
	Mismatches       []Mismatch `json:"mismatches"`
}

// Mismatch is something that is not as it was published or said.
type Mismatch struct {
	Kind   string `json:"kind"`   // text, missing, order, word, standing, audit, trigger
	Record string `json:"record"` // its id, where one record is meant
	Detail string `json:"detail"`
}

// Verify holds what a practice's database keeps of its policies against itself: every text against its SHA-256, every
// acknowledgement, refusal and authorization against a text, the versions and withdrawals against their order and against what
// the audit record says of them, and the triggers that freeze all of it. It reads only, and needs neither the key nor a server.
func Verify(ctx context.Context, db *sql.DB) (Verified, error) {
	v := verifier{ctx: ctx, db: db, sums: map[string]string{}}
	v.Mismatches = []Mismatch{}
	for _, step := range []func() error{v.texts, v.words, v.standings, v.audit, v.triggers} {
		if err := step(); err != nil {
			return v.Verified, err
		}
	}
	return v.Verified, nil
}

type verifier struct {
	Verified
	ctx  context.Context
	db   *sql.DB
	sums map[string]string // policy, number and language → the hash of the text that stands there
}

func (v *verifier) wrong(kind, record, format string, args ...any) {
	v.Mismatches = append(v.Mismatches, Mismatch{kind, record, fmt.Sprintf(format, args...)})
}

func place(policy string, number int, language string) string {
	return fmt.Sprintf("%s %d %s", policy, number, language)
}

// texts goes through every version in order.
func (v *verifier) texts() error {
	rows, err := v.db.QueryContext(v.ctx, `SELECT n.id, n.policy, COALESCE(p.slug, ''), n.number, n.language, n.markdown, n.sha256, n.published
		FROM policy_versions n LEFT JOIN policies p ON p.id = n.policy ORDER BY n.policy, n.number, n.language`)
	if err != nil {
		return err
	}
	defer rows.Close()
	var last struct {
		policy, published string
		number            int
	}
	for rows.Next() {
		var id, policy, slug, language, text, sum, published string
		var number int
		if err := rows.Scan(&id, &policy, &slug, &number, &language, &text, &sum, &published); err != nil {
			return err
		}
		v.Versions++
		v.sums[place(policy, number, language)] = sum
		if Sum(text) != sum {
			v.wrong("text", id, "%s version %d (%s): the text's SHA-256 is %s, and %s was published", slug, number, language, Sum(text), sum)
		}
		if slug == "" {
			v.wrong("missing", id, "version %d (%s) belongs to the policy %s, which is not there", number, language, policy)
		}
		if policy != last.policy {
			v.Policies++
			last.policy, last.number, last.published = policy, 0, ""
		}
		if number > last.number+1 {
			v.wrong("missing", "", "%s: version %d is not there", slug, last.number+1)
		}
		if published < last.published {
			v.wrong("order", id, "%s version %d was published before the one before it", slug, number)
		}
		last.number, last.published = number, published
	}
	return rows.Err()
}

// words looks for a member's word on a text that was never published.
func (v *verifier) words() error {
	for table, counted := range map[string]*int{
		"acknowledgements": &v.Acknowledgements, "policy_refusals": &v.Refusals, "authorization_events": &v.Authorizations,
	} {
		there, err := v.has("table", table)
		if err != nil {
			return err
		}
		if !there {
			continue // a database from before that table
		}
		if err := v.db.QueryRowContext(v.ctx, "SELECT COUNT(*) FROM "+table).Scan(counted); err != nil {
			return err
		}
		if err := v.wordsIn(table); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) wordsIn(table string) error {
	rows, err := v.db.QueryContext(v.ctx, `SELECT a.id, COALESCE(p.slug, a.policy), a.number, a.language, a.sha256 FROM `+table+` a
		LEFT JOIN policies p ON p.id = a.policy WHERE NOT EXISTS (SELECT 1 FROM policy_versions n
			WHERE n.policy = a.policy AND n.number = a.number AND n.language = a.language AND n.sha256 = a.sha256) ORDER BY a.id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, slug, language, sum string
		var number int
		if err := rows.Scan(&id, &slug, &number, &language, &sum); err != nil {
			return err
		}
		v.wrong("word", id, "%s names %s version %d (%s) with SHA-256 %s, and there is no such text", table, slug, number, language, sum)
	}
	return rows.Err()
}

// has reports whether the database has a table or trigger.
func (v *verifier) has(kind, name string) (there bool, err error) {
	err = v.db.QueryRowContext(v.ctx, "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = ? AND name = ?)", kind, name).Scan(&there)
	return there, err
}

var (
	auditedNumber = regexp.MustCompile(` version (\d+), `)
	auditedSum    = regexp.MustCompile(`\b([a-z]{2}) ([0-9a-f]{64})\b`)
)

// audit compares the texts with what the audit record says was published. That record is a chain of its own, sealed with the key.
func (v *verifier) audit() error {
	rows, err := v.db.QueryContext(v.ctx, "SELECT id, subject, detail FROM audit_entries WHERE action = 'policy.publish' ORDER BY seq")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, subject, detail string
		if err := rows.Scan(&id, &subject, &detail); err != nil {
			return err
		}
		number := auditedNumber.FindStringSubmatch(detail)
		if number == nil {
			continue
		}
		n, _ := strconv.Atoi(number[1])
		for _, said := range auditedSum.FindAllStringSubmatch(detail, -1) {
			if stands := v.sums[place(strings.TrimPrefix(subject, "policies/"), n, said[1])]; stands != said[2] {
				v.wrong("audit", id, "the audit record says that %s was published with SHA-256 %s (%s); there stands %q", strings.SplitN(detail, ",", 2)[0], said[2], said[1], stands)
			}
		}
	}
	return rows.Err()
}

// triggers looks for those that keep rows as they are; a table that is not there needs none.
func (v *verifier) triggers() error {
	for _, table := range forever {
		there, err := v.has("table", table)
		if err != nil {
			return err
		}
		for _, name := range []string{table + "_never_change", table + "_never_go"} {
			found, err := v.has("trigger", name)
			if err != nil {
				return err
			}
			if there && !found {
				v.wrong("trigger", "", "the trigger %s is gone: nothing below Kinward keeps these rows", name)
			}
		}
	}
	return nil
}
