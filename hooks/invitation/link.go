package invitation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// handOver makes a further token and gives its link, for a provider to hand over in their own way. The answer is kept
// nowhere: asking again makes another.
func handOver(e *access.Event) error {
	var form struct{}
	if err := e.Bind(&form); err != nil {
		return err
	}
	token := clinic.NewToken()
	err := e.App.RunInTransaction(func(tx core.App) error {
		i, err := find(tx, e.Request.PathValue("id"))
		if err != nil {
			return err
		}
		if now := i.at(e.House.Now()); !now.Living() {
			return NotNow.With("status", now)
		}
		if err := i.mayHandOut(tx, e.Viewer); err != nil {
			return err
		}
		if err := i.token(e.House, tx, ByLink, token); err != nil {
			return err
		}
		if err := i.note(e.House, tx, LinkMade, e.Viewer.ID, "", ""); err != nil {
			return err
		}
		return e.House.Audit(tx, e.Viewer.ID, "invitation.link", i.subject(), "")
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusCreated, map[string]any{"link": joinLink(e.House, token)})
}
