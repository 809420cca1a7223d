package pb_migrations

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// What it takes to keep policies alive: kinds, drafts, checks and strips in their versions, acknowledgements on paper and on
// behalf, refusals, and authorizations. Adding a column leaves a table's triggers as they are.
func init() {
	migrations.Register(func(app core.App) error {
		for _, step := range []func(core.App) error{morePolicies, moreVersions, moreAcknowledgements, policyDrafts, policyRefusals, authorizationEvents} {
			if err := step(app); err != nil {
				return err
			}
		}
		return run(app, "UPDATE policies SET kind = 'policy'", policyReminders, policySeen)
	}, func(app core.App) error {
		if err := run(app, "DROP TABLE policy_seen", "DROP TABLE policy_reminders"); err != nil {
			return err
		}
		if err := drop(app, "authorization_events", "policy_refusals", "policy_drafts"); err != nil {
			return err
		}
		return errors.Join(
			without(app, "policies", nil, "kind", "yearly", "withdrawn", "withdrawn_by", "withdrawn_reason", "offers"),
			without(app, "policy_versions", nil, "checks", "strip", "source_checks", "source_strip", "operator"),
			without(app, "acknowledgements", []string{"acknowledgements_policy"}, "witness", "note"),
		)
	})
}

func morePolicies(app core.App) error {
	by, err := to(app, "withdrawn_by", "users", false) // empty where an operator did it
	if err != nil {
		return err
	}
	return with(app, "policies", nil, &core.SelectField{Name: "kind", Values: []string{"policy", "authorization"}, MaxSelect: 1},
		flag("yearly"), date("withdrawn"), by, text("withdrawn_reason", 1000),
		&core.JSONField{Name: "offers", MaxSize: 100_000}) // hashes of shipped texts that were taken or set aside
}

func moreVersions(app core.App) error {
	return with(app, "policy_versions", nil, document("checks"), document("strip"),
		document("source_checks"), document("source_strip"), // with their placeholders, as source is of markdown
		flag("operator")) // published at the dashboard: author is empty then, as it is for the house itself
}

func moreAcknowledgements(app core.App) error {
	witness, err := to(app, "witness", "users", false)
	if err != nil {
		return err
	}
	return with(app, "acknowledgements", types.JSONArray[string]{
		"CREATE INDEX acknowledgements_policy ON acknowledgements (policy, member, number)", // the report of a policy
	}, witness, text("note", 1000))
}

func policyDrafts(app core.App) error {
	policy, err := to(app, "policy", "policies", true)
	if err != nil {
		return err
	}
	author, err := to(app, "author", "users", false)
	if err != nil {
		return err
	}
	policy.(*core.RelationField).CascadeDelete = true // a policy that was never published goes with its draft
	return base(app, "policy_drafts", types.JSONArray[string]{"CREATE UNIQUE INDEX policy_drafts_policy ON policy_drafts (policy)"},
		policy, number("revision"), author, flag("operator"), flag("open"), flag("yearly"), number("base"), date("saved"),
		&core.JSONField{Name: "texts", MaxSize: 1_000_000}, document("checks"), document("strip"))
}

// told are the fields that bind a member's word to the exact text it was given on.
func told(app core.App) ([]core.Field, error) {
	member, err := to(app, "member", "users", true)
	if err != nil {
		return nil, err
	}
	policy, err := to(app, "policy", "policies", true)
	return []core.Field{
		member, policy, &core.NumberField{Name: "number", Required: true, OnlyInt: true}, required("sha256", 64), required("language", 5),
		choice("role", "provider", "staff", "patient", "caregiver"),
	}, err
}

func policyRefusals(app core.App) error {
	fields, err := told(app)
	if err != nil {
		return err
	}
	err = base(app, "policy_refusals", types.JSONArray[string]{
		"CREATE INDEX policy_refusals_member ON policy_refusals (member, policy, number)",
		"CREATE INDEX policy_refusals_policy ON policy_refusals (policy, member, number)",
	}, append(fields, choice("outcome", "read_only", "leaving"))...)
	if err != nil {
		return err
	}
	return run(app, frozen("policy_refusals")...)
}

func authorizationEvents(app core.App) error {
	fields, err := told(app)
	if err != nil {
		return err
	}
	witness, err := to(app, "witness", "users", false)
	if err != nil {
		return err
	}
	// seq puts one member's grants and revocations in order, whatever the clock says.
	err = base(app, "authorization_events", types.JSONArray[string]{
		"CREATE UNIQUE INDEX authorization_events_seq ON authorization_events (member, policy, seq)",
		"CREATE INDEX authorization_events_policy ON authorization_events (policy, member, seq)",
	}, append(fields, number("seq"), choice("action", "granted", "revoked"), choice("method", "self", "paper", "on_behalf"), witness, text("note", 1000))...)
	if err != nil {
		return err
	}
	return run(app, frozen("authorization_events")...)
}

// Plain tables, not collections: nobody needs to see when somebody was last reminded, or what news they have read.
const (
	policyReminders = `CREATE TABLE policy_reminders (policy TEXT NOT NULL, member TEXT NOT NULL, at TEXT NOT NULL,
		PRIMARY KEY (policy, member)) WITHOUT ROWID`
	policySeen = `CREATE TABLE policy_seen (member TEXT NOT NULL, policy TEXT NOT NULL, number INTEGER NOT NULL,
		PRIMARY KEY (member, policy)) WITHOUT ROWID`
)
