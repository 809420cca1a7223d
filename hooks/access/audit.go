package access

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// entry is one line of the audit record. Each carries a keyed hash of itself and of the one before, so that a line that was
// changed, taken out or put in breaks the chain (45 CFR 164.312(b) and (c)(1)).
type entry struct {
	Seq      int64  `db:"seq" json:"seq"`
	At       string `db:"at" json:"at"`
	Actor    string `db:"actor" json:"actor"`
	Action   string `db:"action" json:"action"`
	Subject  string `db:"subject" json:"subject"`
	Detail   string `db:"detail" json:"detail"`
	Previous string `db:"previous" json:"previous"`
	Hash     string `db:"hash" json:"-"`
}

func (h *House) seal(line entry) string {
	text, err := json.Marshal(line)
	if err != nil {
		panic(err) // strings and a number always marshal
	}
	mac := hmac.New(sha256.New, h.Key.Derive("audit"))
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// Audit writes one line of the audit record, in the caller's transaction: who (a member's id, or "" for the house itself) did
// what ("member.suspend") to whom ("users/ID"), and a detail without health content. Lines can never change or go.
func (h *House) Audit(app core.App, actor, action, subject, detail string) error {
	return app.RunInTransaction(func(tx core.App) error {
		last := entry{}
		err := tx.DB().NewQuery("SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1").One(&last)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		line := entry{Seq: last.Seq + 1, At: Date(h.Now()), Actor: actor, Action: action, Subject: subject, Detail: detail, Previous: last.Hash}
		_, err = tx.DB().NewQuery(`INSERT INTO audit_entries (id, seq, at, actor, action, subject, detail, previous, hash, created, updated)
			VALUES ({:id}, {:seq}, {:at}, {:actor}, {:action}, {:subject}, {:detail}, {:previous}, {:hash}, {:at}, {:at})`).
			Bind(dbx.Params{"id": core.GenerateDefaultRandomId(), "seq": line.Seq, "at": line.At, "actor": actor, "action": action,
				"subject": subject, "detail": detail, "previous": line.Previous, "hash": h.seal(line)}).Execute()
		return err
	})
}

// AuditOnce is Audit for what a person does over and over, such as looking at a page: one line is enough within this long.
func (h *House) AuditOnce(app core.App, actor, action, subject string, within time.Duration) error {
	var known bool
	err := app.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM (SELECT actor, action, at FROM audit_entries WHERE subject = {:subject}
		ORDER BY seq DESC LIMIT 200) WHERE actor = {:actor} AND action = {:action} AND at > {:since})`).
		Bind(dbx.Params{"subject": subject, "actor": actor, "action": action, "since": Date(h.Now().Add(-within))}).Row(&known)
	if err != nil || known {
		return err
	}
	return h.Audit(app, actor, action, subject, "")
}

// VerifyAudit reads the whole audit record and returns how many lines it has, and the number of the first line that was
// tampered with, or 0 if none was.
func (h *House) VerifyAudit(app core.App) (lines, broken int64, err error) {
	rows, err := app.DB().NewQuery("SELECT seq, at, actor, action, subject, detail, previous, hash FROM audit_entries ORDER BY seq").Rows()
	if err != nil {
		return 0, 0, err
	}
	defer rows.Close()
	previous := ""
	for rows.Next() {
		var line entry
		if err := rows.ScanStruct(&line); err != nil {
			return lines, 0, err
		}
		lines++
		if line.Seq != lines || line.Previous != previous || !hmac.Equal([]byte(line.Hash), []byte(h.seal(line))) {
			return lines, lines, nil
		}
		previous = line.Hash
	}
	return lines, 0, rows.Err()
}
