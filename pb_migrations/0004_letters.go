package pb_migrations

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/migrations"
	"github.com/pocketbase/pocketbase/tools/types"
)

// The queue of letters, and what relays said of them. Of a letter only its kind, what it is about, its state and its times
// are legible; the recipient is a keyed hash, and hooks/mails seals the rest.
func init() {
	migrations.Register(func(app core.App) error {
		err := base(app, "letters", types.JSONArray[string]{
			"CREATE INDEX letters_due ON letters (status, urgent, next_at)", // the senders seek in it, whatever waits
			"CREATE INDEX letters_end ON letters (status, not_after)",
			"CREATE INDEX letters_about ON letters (about)",
			"CREATE INDEX letters_recipient ON letters (recipient)",
		}, required("kind", 60), text("about", 120),
			choice("status", "queued", "sending", "accepted", "deferred", "bounced", "given_up", "cancelled"), text("reason", 40),
			flag("urgent"), hiddenText("recipient", 64), number("tries"), date("first_try"), date("next_at"), date("not_after"), date("ended"),
			hiddenText("sealed", 500_000)) // last: SQLite reads a row up to the column it wants, and this one fills pages
		if err != nil {
			return err
		}
		letter, err := to(app, "letter", "letters", true)
		if err != nil {
			return err
		}
		return base(app, "letter_attempts", types.JSONArray[string]{
			"CREATE INDEX letter_attempts_letter ON letter_attempts (letter, at)",
		}, letter, date("at"), choice("outcome", "accepted", "deferred", "bounced", "given_up"), text("reason", 40),
			number("code"), text("enhanced", 20), text("reply", 1000))
	}, func(app core.App) error {
		return drop(app, "letter_attempts", "letters")
	})
}
