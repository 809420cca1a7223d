package access

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Blocked lists the members whose writing the viewer does not want to be shown. They may still see it, and nothing of a page that is
// the same for everyone depends on it: the page folds it there. What is gathered for one viewer alone, as hits of a search are, leaves it out.
func (v *Viewer) Blocked(app core.App) ([]string, error) {
	var out []string
	err := app.DB().NewQuery("SELECT blocked FROM blocks WHERE member = {:member} ORDER BY blocked").Bind(dbx.Params{"member": v.ID}).Column(&out)
	return out, err
}
