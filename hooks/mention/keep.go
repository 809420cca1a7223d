package mention

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
	"kinward/hooks/messages"
)

// written keeps the record of who is mentioned right with the words, in the transaction in which they are stored.
func (d *desk) written(e *core.RecordEvent) error {
	called, rendered := e.Record.Get(clinic.MentionedIn).(clinic.Mentioned)
	if !rendered { // a tombstone, or a change of nothing but its state
		return e.Next()
	}
	if err := d.mayCall(e, called); err != nil {
		return err
	}
	if err := e.Next(); err != nil {
		return err
	}
	if e.Record.GetString("status") == clinic.Deleted {
		return nil
	}
	return d.keep(e.App, e.Record, called)
}

// mayCall refuses a text in which somebody who works here calls a patient or caregiver, with the clause of the posted policy.
func (d *desk) mayCall(e *core.RecordEvent, called []string) error {
	if len(called) == 0 {
		return nil
	}
	author, err := role(e.App, e.Record.GetString("author"))
	if err != nil || !author.Works() {
		return err
	}
	for _, member := range called {
		of, err := role(e.App, member)
		if err != nil {
			return err
		}
		if !May(author, of) {
			return access.Refuse(e.App, d.refusal(e, member))
		}
	}
	return nil
}

func role(app core.App, member string) (clinic.Role, error) {
	var role clinic.Role
	err := app.DB().NewQuery("SELECT role FROM users WHERE id = {:id}").Bind(dbx.Params{"id": member}).Row(&role)
	return role, access.Missing(err)
}

// refusal says what stopped the text in the form of the checks: the words, the clause, and why.
func (d *desk) refusal(e *core.RecordEvent, member string) *clinic.Fault {
	clause, err := clauseAgainst(e.App)
	if err != nil {
		return OfPatient // without a clause the reason stands by itself
	}
	language := d.house.Practice().Language
	if author, err := d.house.Member(e.Record.GetString("author")); err == nil && author != nil && author.Language != "" {
		language = author.Language
	}
	findings := []map[string]any{}
	for _, at := range markdown.Mentions(e.Record.GetString("body")) {
		if at.Member != member {
			continue
		}
		sum := sha256.Sum256([]byte("mention " + member))
		findings = append(findings, map[string]any{"id": hex.EncodeToString(sum[:8]), "check": "direct_address", "detector": "direct_address",
			"family": "direct_address", "clause": clause.Clause, "policy": clause.Policy, "policy_title": clause.title(language), "action": "stop",
			"field": "body", "start": at.Start, "end": at.End, "say": messages.Say(language, "mention.of_patient", nil)})
	}
	return Stopped.With("findings", findings)
}

type clause struct {
	Policy string `db:"policy"`
	Clause string `db:"clause"`
	titles map[string]string
}

func (c clause) title(language string) string {
	if said, ok := c.titles[language]; ok {
		return said
	}
	return c.titles[clinic.DefaultLanguage]
}

// clauseAgainst finds the clause of a posted policy whose check keeps the practice from speaking to or naming one patient.
func clauseAgainst(app core.App) (clause, error) {
	var rows []struct {
		clause
		Title    string `db:"title"`
		Language string `db:"language"`
	}
	err := app.DB().NewQuery(`SELECT p.slug AS policy, json_extract(k.value, '$.clause') AS clause, v.title, v.language FROM policies p
		JOIN policy_versions v ON v.policy = p.id AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id), json_each(v.checks) k
		WHERE p.status = 'posted' AND json_extract(k.value, '$.detector') IN ('direct_address', 'member_name') AND json_extract(k.value, '$.whose') LIKE '%"staff"%'
		ORDER BY json_extract(k.value, '$.detector'), p.position, k.key`).All(&rows)
	if err != nil {
		return clause{}, err
	}
	if len(rows) == 0 {
		return clause{}, errors.New("no posted policy has such a clause")
	}
	out := rows[0].clause
	out.titles = map[string]string{}
	for _, row := range rows {
		if row.Policy == out.Policy {
			out.titles[row.Language] = row.Title
		}
	}
	return out, nil
}

// keep makes the rows of a piece those of the members who are called in it now. What was read stays read.
func (d *desk) keep(tx core.App, piece *core.Record, called []string) error {
	var before []string
	params := dbx.Params{"piece": piece.Id}
	if err := tx.DB().NewQuery("SELECT member FROM mentions WHERE piece = {:piece}").Bind(params).Column(&before); err != nil {
		return err
	}
	for _, member := range before {
		if slices.Contains(called, member) {
			continue
		}
		params["member"] = member
		if err := run(tx, "DELETE FROM mentions WHERE piece = {:piece} AND member = {:member}", params); err != nil {
			return err
		}
	}
	collection, err := tx.FindCachedCollectionByNameOrId(clinic.Mentions)
	if err != nil {
		return err
	}
	for _, member := range called {
		if slices.Contains(before, member) || member == piece.GetString("author") {
			continue
		}
		deaf, err := hasBlocked(tx, member, piece.GetString("author"))
		if err != nil {
			return err
		}
		if deaf {
			continue
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{"piece": piece.Id, "member": member})
		if err := d.house.Save(tx, record); err != nil {
			return err
		}
	}
	return nil
}

// called refuses a mention that does not stand on a piece of the member's community, or that its author may not make.
func (d *desk) called(e *core.RecordEvent) error {
	r := e.Record
	piece, err := access.FindPiece(e.App, "", r.GetString("piece"))
	if errors.Is(err, clinic.NotFound) {
		return access.Refuse(e.App, clinic.NotFound)
	}
	if err != nil {
		return err
	}
	member := r.GetString("member")
	if _, known := access.Mentionable(e.App, piece.Community, piece.Author, member); !known {
		return access.Refuse(e.App, clinic.NotFound)
	}
	by, err := role(e.App, piece.Author)
	if err != nil {
		return err
	}
	of, err := role(e.App, member)
	if err != nil {
		return err
	}
	if !May(by, of) {
		return access.Refuse(e.App, OfPatient)
	}
	r.Set("post", piece.Post)
	r.Set("community", piece.Community)
	r.Set("author", piece.Author)
	r.Set("read", "")
	return e.Next()
}

// hasBlocked reports whether a member wants to hear nothing of another.
func hasBlocked(app core.App, member, author string) (bool, error) {
	var blocked bool
	err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM blocks WHERE member = {:member} AND blocked = {:author})").
		Bind(dbx.Params{"member": member, "author": author}).Row(&blocked)
	return blocked, err
}

// goneWith takes the mentions away with a post or comment that the dashboard removes for good.
func goneWith(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return run(e.App, "DELETE FROM mentions WHERE piece = {:piece} OR post = {:piece}", dbx.Params{"piece": e.Record.Id})
}

// left lets no mention wait for who is no longer in the community. The rows stay: by them the name is found again if it changes.
func left(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return run(e.App, "UPDATE mentions SET read = created WHERE member = {:member} AND community = {:community} AND read = ''",
		dbx.Params{"member": e.Record.GetString("member"), "community": e.Record.GetString("community")})
}

func run(app core.App, statement string, params dbx.Params) error {
	_, err := app.DB().NewQuery(statement).Bind(params).Execute()
	return err
}
