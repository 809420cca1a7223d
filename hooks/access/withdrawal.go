package access

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// What a policy's event is.
const (
	PolicyWithdrawn   = "withdrawn"
	PolicyPostedAgain = "posted_again"
)

// Turn is one event of a policy: it was withdrawn, or posted again.
type Turn struct {
	Number   int // the version that it concerns
	At       time.Time
	Author   string // a member's id; empty for an operator, and where nobody noted it
	Operator bool
	Reason   Reason
}

// Withdrawal is one time in which a policy was out of force. Anyone may read when and why; who did it is told to who works here.
type Withdrawal struct {
	Turn
	Back *Turn // when it was posted again; nil while it is withdrawn
}

// Reason is one reason by language. Some languages may be missing; of what was carried over from earlier, all.
type Reason map[string]string

// Said is a reason as a reader gets it.
type Said struct {
	Text     string `json:"text"`
	Language string `json:"language"`
}

// In picks the reason to read: in the wished language, else in the practice's, else in any. Nil where none is known.
func (r Reason) In(wish, practice string) *Said {
	for _, language := range append([]string{wish, practice}, clinic.Languages...) {
		if r[language] != "" {
			return &Said{r[language], language}
		}
	}
	return nil
}

// Withdrawals reads the times in which a policy was withdrawn, the first one first.
func Withdrawals(app core.App, policy string) ([]Withdrawal, error) {
	var rows []struct {
		Number   int    `db:"number"`
		Action   string `db:"action"`
		At       string `db:"at"`
		Author   string `db:"author"`
		Operator bool   `db:"operator"`
		Reason   string `db:"reason"`
	}
	err := app.DB().NewQuery("SELECT number, action, at, author, operator, reason FROM policy_events WHERE policy = {:policy} ORDER BY seq").
		Bind(dbx.Params{"policy": policy}).All(&rows)
	if err != nil {
		return nil, err
	}
	var out []Withdrawal
	for _, row := range rows {
		turn := Turn{Number: row.Number, At: ParseDate(row.At), Author: row.Author, Operator: row.Operator}
		if err := json.Unmarshal([]byte(row.Reason), &turn.Reason); err != nil {
			return nil, err
		}
		if row.Action == PolicyWithdrawn {
			out = append(out, Withdrawal{Turn: turn})
		} else if last := len(out) - 1; last >= 0 {
			out[last].Back = &turn
		}
	}
	return out, nil
}
