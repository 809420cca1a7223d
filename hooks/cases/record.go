package cases

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// row is one case with its newest text, as the database has it.
type row struct {
	ID       string `db:"id"`
	Slug     string `db:"slug"`
	Roles    string `db:"roles"`
	Policy   string `db:"policy"`
	Clause   string `db:"clause"`
	Position int    `db:"position"`
	Status   string `db:"status"`
	Shipped  bool   `db:"shipped"`
	Number   int    `db:"number"`
	Texts    string `db:"texts"`
	Author   string `db:"author"`
	Changed  string `db:"changed"`
}

const rows = `SELECT c.id, c.slug, c.roles, c.policy, c.clause, c.position, c.status, c.shipped, v.number, v.texts, v.author,
		MAX(c.updated, v.created) AS changed
	FROM cases c JOIN case_versions v ON v.example = c.id
	WHERE v.number = (SELECT MAX(n.number) FROM case_versions n WHERE n.example = c.id) `

func (r row) parse() (Case, error) {
	c := Case{Slug: r.Slug, Policy: r.Policy, Clause: r.Clause, Position: r.Position}
	return c, errors.Join(json.Unmarshal([]byte(r.Roles), &c.Roles), json.Unmarshal([]byte(r.Texts), &c.Texts))
}

func bySlug(app core.App, slug string) (row, error) {
	var r row
	err := app.DB().NewQuery(rows + "AND c.slug = {:slug}").Bind(dbx.Params{"slug": slug}).One(&r)
	return r, access.Missing(err)
}

// PostShipped adds each case of the shipped folder whose slug the practice does not have. One that is there, posted or
// withdrawn, is never touched. Nothing happens before the practice is set up.
func PostShipped(app core.App, house *access.House, shipped fs.FS) error {
	if shipped == nil {
		return nil
	}
	if _, err := house.PracticeRecord(app); errors.Is(err, sql.ErrNoRows) {
		return nil
	} else if err != nil {
		return err
	}
	all, err := readAll(shipped)
	if err != nil {
		return err
	}
	return app.RunInTransaction(func(tx core.App) error {
		for _, c := range all {
			_, err := tx.FindFirstRecordByData(clinic.Cases, "slug", c.Slug)
			if errors.Is(err, sql.ErrNoRows) {
				err = add(tx, house, c, "", true)
			}
			if err != nil {
				return fmt.Errorf("the example case %s: %w", c.Slug, err)
			}
		}
		return nil
	})
}

// add posts a new case with its first text.
func add(tx core.App, house *access.House, c Case, author string, shipped bool) error {
	collection, err := tx.FindCollectionByNameOrId(clinic.Cases)
	if err != nil {
		return err
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"slug": c.Slug, "roles": c.Roles, "policy": c.Policy, "clause": c.Clause, "position": c.Position, "status": Posted, "shipped": shipped,
	})
	if err := house.Save(tx, record); err != nil {
		return err
	}
	return publish(tx, house, record.Id, 1, c.Texts, author)
}

func publish(tx core.App, house *access.House, example string, number int, texts map[string]Text, author string) error {
	collection, err := tx.FindCollectionByNameOrId(clinic.CaseVersions)
	if err != nil {
		return err
	}
	version := core.NewRecord(collection)
	version.Load(map[string]any{"example": example, "number": number, "texts": texts, "author": author})
	return house.Save(tx, version)
}
