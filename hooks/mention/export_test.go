package mention

import (
	"context"

	"github.com/pocketbase/pocketbase/core"
)

// RenameBatch is how many pieces one transaction puts right.
const RenameBatch = renameBatch

// RenameAll puts right all that is noted now, as Rename does over and over.
func RenameAll(app core.App) error {
	return app.Store().Get(inStore).(*desk).renameAll(context.Background())
}
