package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Policies, their published versions, and who acknowledged which text. Versions and acknowledgements never change.
func init() {
	migrations.Register(func(app core.App) error {
		err := base(app, "policies", types.JSONArray[string]{
			"CREATE UNIQUE INDEX policies_slug ON policies (slug)",
		}, required("slug", 80), choice("audience", "everyone", "patients", "staff"), number("position"), choice("status", "posted", "withdrawn"))
		if err != nil {
			return err
		}
		policy, err := to(app, "policy", "policies", true)
		if err != nil {
			return err
		}
		author, err := to(app, "author", "users", false)
		if err != nil {
			return err
		}
		err = base(app, "policy_versions", types.JSONArray[string]{
			"CREATE UNIQUE INDEX policy_versions_number ON policy_versions (policy, number, language)",
		}, policy, &core.NumberField{Name: "number", Required: true, OnlyInt: true}, required("language", 5), required("title", 200),
			text("summary", 5000), required("markdown", 1_000_000), text("html", 4_000_000), required("sha256", 64),
			// the same words with their placeholders, for the next version when the practice's phone or hours change
			text("source_summary", 5000), required("source", 1_000_000),
			choice("class", "typo", "clarification", "material"), text("reason", 1000), author, date("published"), date("due"))
		if err != nil {
			return err
		}
		member, err := to(app, "member", "users", true)
		if err != nil {
			return err
		}
		err = base(app, "acknowledgements", types.JSONArray[string]{
			"CREATE INDEX acknowledgements_member ON acknowledgements (member, policy, number)",
		}, member, policy, &core.NumberField{Name: "number", Required: true, OnlyInt: true}, required("sha256", 64), required("language", 5),
			choice("role", "provider", "staff", "patient", "caregiver"), choice("method", "self", "paper", "on_behalf"))
		if err != nil {
			return err
		}
		return run(app, append(frozen("policy_versions"), frozen("acknowledgements")...)...)
	}, func(app core.App) error {
		return drop(app, "acknowledgements", "policy_versions", "policies")
	})
}
