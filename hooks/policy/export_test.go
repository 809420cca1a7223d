package policy

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// MailingBatch is how many letters one transaction writes.
const MailingBatch = mailingBatch

// WriteAll writes the letters that are asked for now, and returns.
func WriteAll(app core.App, house *access.House) error {
	return writeLetters(context.Background(), app, house)
}
