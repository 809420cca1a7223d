package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
)

// The queue of letters and what relays said of them. Of a letter only its kind, what it is about, its state and its times
// are legible; hooks/mails seals the rest. A letter is never deleted while an attempt speaks of it.
func init() {
	migrations.Register(func(app core.App) error {
		letters := core.NewBaseCollection("letters")
		letters.Fields.Add(
			&core.TextField{Name: "kind", Required: true, Max: 60},
			&core.TextField{Name: "about", Max: 120},
			&core.SelectField{Name: "status", Required: true, MaxSelect: 1,
				Values: []string{"queued", "sending", "accepted", "deferred", "bounced", "given_up", "cancelled"}},
			&core.TextField{Name: "reason", Max: 40},
			&core.BoolField{Name: "urgent"},
			&core.TextField{Name: "recipient", Max: 64, Hidden: true},
			&core.TextField{Name: "sealed", Max: 500_000, Hidden: true},
			&core.NumberField{Name: "tries", OnlyInt: true},
			&core.DateField{Name: "first_try"},
			&core.DateField{Name: "next_at"},
			&core.DateField{Name: "not_after"},
			&core.DateField{Name: "ended"},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		letters.AddIndex("idx_letters_due", false, "status, next_at", "")
		letters.AddIndex("idx_letters_about", false, "about", "")
		letters.AddIndex("idx_letters_recipient", false, "recipient", "")
		if err := app.Save(letters); err != nil {
			return err
		}

		attempts := core.NewBaseCollection("letter_attempts")
		attempts.Fields.Add(
			&core.RelationField{Name: "letter", CollectionId: letters.Id, Required: true, MaxSelect: 1},
			&core.DateField{Name: "at", Required: true},
			&core.SelectField{Name: "outcome", Required: true, MaxSelect: 1,
				Values: []string{"accepted", "deferred", "bounced", "given_up"}},
			&core.TextField{Name: "reason", Max: 40},
			&core.NumberField{Name: "code", OnlyInt: true},
			&core.TextField{Name: "enhanced", Max: 20},
			&core.TextField{Name: "reply", Max: 1000},
			&core.AutodateField{Name: "created", OnCreate: true},
			&core.AutodateField{Name: "updated", OnCreate: true, OnUpdate: true},
		)
		attempts.AddIndex("idx_letter_attempts_letter", false, "letter, at", "")
		return app.Save(attempts)
	}, func(app core.App) error {
		for _, name := range []string{"letter_attempts", "letters"} {
			collection, err := app.FindCollectionByNameOrId(name)
			if err != nil {
				return err
			}
			if err := app.Delete(collection); err != nil {
				return err
			}
		}
		return nil
	})
}
