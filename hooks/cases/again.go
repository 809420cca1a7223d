package cases

import (
	"database/sql"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// material is the class of a version after which members answer anew.
const material = "material"

// dueAgain is bound to the publication of a version: where it is a material one, the cases of each clause that reads otherwise
// than before are due again, in the same transaction. Cases of clauses that stayed as they were rest.
func dueAgain(house *access.House) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil || e.Record.GetString("class") != material || e.Record.GetInt("number") == 1 {
			return err
		}
		var before string
		err := e.App.DB().NewQuery(`SELECT html FROM policy_versions WHERE policy = {:policy} AND language = {:language} AND number < {:number}
			ORDER BY number DESC LIMIT 1`).Bind(dbx.Params{
			"policy": e.Record.GetString("policy"), "language": e.Record.GetString("language"), "number": e.Record.GetInt("number"),
		}).Row(&before)
		if errors.Is(err, sql.ErrNoRows) {
			return nil // a language that is new changes no rule
		}
		if err != nil {
			return err
		}
		return mark(e.App, house, e.Record, clauseWords(before), clauseWords(e.Record.GetString("html")))
	}
}

func mark(app core.App, house *access.House, version *core.Record, before, now map[string]string) error {
	policy, err := app.FindRecordById(clinic.Policies, version.GetString("policy"))
	if err != nil {
		return err
	}
	all, err := app.FindRecordsByFilter(clinic.Cases, "policy = {:slug}", "", 0, 0, dbx.Params{"slug": policy.GetString("slug")})
	if err != nil {
		return err
	}
	for _, example := range all {
		if clause := example.GetString("clause"); before[clause] == now[clause] {
			continue
		}
		example.Set("clause_changed", version.GetInt("number"))
		example.Set("clause_due", version.GetDateTime("due"))
		if err := house.Save(app, example); err != nil {
			return err
		}
	}
	return nil
}
