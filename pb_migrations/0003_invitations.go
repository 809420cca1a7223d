package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Invitations, the tokens that open them, and what happened to each.
func init() {
	migrations.Register(func(app core.App) error {
		communities, err := app.FindCollectionByNameOrId("communities")
		if err != nil {
			return err
		}
		var people [4]core.Field
		for i, name := range []string{"proposed_by", "approved_by", "member", "returning"} {
			if people[i], err = to(app, name, "users", false); err != nil {
				return err
			}
		}
		err = base(app, "invitations", types.JSONArray[string]{
			"CREATE INDEX invitations_created ON invitations (created, id)",
			"CREATE INDEX invitations_status ON invitations (status, created, id)",
			"CREATE INDEX invitations_email ON invitations (email)",
			"CREATE INDEX invitations_batch ON invitations (batch) WHERE batch != ''",
		}, &core.EmailField{Name: "email", Required: true}, choice("role", "provider", "staff", "patient", "caregiver"),
			&core.RelationField{Name: "communities", CollectionId: communities.Id, MaxSelect: 50}, text("language", 5),
			hiddenText("code_hash", 200), number("tries"),
			choice("status", "proposed", "queued", "accepted_by_relay", "deferred", "bounced", "not_mailed", "opened", "accepted",
				"declined", "expired", "revoked"),
			people[0], people[1], date("approved_at"), date("expires"), date("accepted_at"), people[2], people[3], text("batch", 40), date("asked_again"))
		if err != nil {
			return err
		}
		invitation, err := to(app, "invitation", "invitations", true)
		if err != nil {
			return err
		}
		by, err := to(app, "by", "users", false)
		if err != nil {
			return err
		}
		err = base(app, "invitation_tokens", types.JSONArray[string]{
			"CREATE UNIQUE INDEX invitation_tokens_hash ON invitation_tokens (hash)",
			"CREATE INDEX invitation_tokens_invitation ON invitation_tokens (invitation)",
		}, invitation, &core.TextField{Name: "hash", Max: 64, Required: true, Hidden: true}, choice("via", "mail", "letter", "link"), date("spent"))
		if err != nil {
			return err
		}
		return base(app, "invitation_events", types.JSONArray[string]{
			"CREATE INDEX invitation_events_invitation ON invitation_events (invitation, created)",
		}, invitation, required("kind", 40), date("at"), by, text("detail", 1000), text("reason", 40))
	}, func(app core.App) error {
		return drop(app, "invitation_events", "invitation_tokens", "invitations")
	})
}
