package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Example cases, their texts, who has been through which, and what they asked about it. No choice is stored anywhere.
func init() {
	migrations.Register(func(app core.App) error {
		err := base(app, "cases", types.JSONArray[string]{
			"CREATE UNIQUE INDEX cases_slug ON cases (slug)",
		}, required("slug", 80), choices("roles", "provider", "staff", "patient", "caregiver"), required("policy", 80), required("clause", 63),
			number("position"), choice("status", "posted", "withdrawn"), flag("shipped"),
			// the last material version of the policy in which the clause reads otherwise, and from when on that counts
			number("clause_changed"), date("clause_due"))
		if err != nil {
			return err
		}
		// The field is not called case: that is a word of SQL.
		example, err := to(app, "example", "cases", true)
		if err != nil {
			return err
		}
		author, err := to(app, "author", "users", false)
		if err != nil {
			return err
		}
		err = base(app, "case_versions", types.JSONArray[string]{
			"CREATE UNIQUE INDEX case_versions_number ON case_versions (example, number)",
		}, example, &core.NumberField{Name: "number", Required: true, OnlyInt: true}, &core.JSONField{Name: "texts", MaxSize: 400_000}, author)
		if err != nil {
			return err
		}
		member, err := to(app, "member", "users", true)
		if err != nil {
			return err
		}
		err = base(app, "case_answers", types.JSONArray[string]{
			"CREATE UNIQUE INDEX case_answers_member ON case_answers (member, example)",
		}, member, example, number("number"), number("clause_version"), flag("done"))
		if err != nil {
			return err
		}
		by, err := to(app, "answered_by", "users", false)
		if err != nil {
			return err
		}
		err = base(app, "case_questions", types.JSONArray[string]{
			"CREATE INDEX case_questions_member ON case_questions (member, example)",
			"CREATE INDEX case_questions_open ON case_questions (answered, created)",
		}, member, example, required("words", 2000), text("answer", 2000), date("answered"), by)
		if err != nil {
			return err
		}
		return run(app, frozen("case_versions")...)
	}, func(app core.App) error {
		return drop(app, "case_questions", "case_answers", "case_versions", "cases")
	})
}
