package invitation

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// handOver makes a further token and gives its link, for a provider to hand over in their own way. Asking again makes another, unless it is
// the same request with the same Idempotency-Key. An answer with a token in it is kept nowhere, so the token is derived from that key.
func handOver(e *access.Event) error {
	var form struct{}
	if err := e.Bind(&form); err != nil {
		return err
	}
	id := e.Request.PathValue("id")
	token, err := linkToken(e, id)
	if err != nil {
		return err
	}
	err = e.App.RunInTransaction(func(tx core.App) error {
		i, err := find(tx, id)
		if err != nil {
			return err
		}
		if now := i.at(e.House.Now()); !now.Living() {
			return NotNow.With("status", now)
		}
		if err := i.mayHandOut(tx, e.Viewer); err != nil {
			return err
		}
		if again, err := i.opensWith(tx, token); err != nil || again {
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

func linkToken(e *access.Event, id string) (string, error) {
	key, err := e.OnceKey()
	if err != nil || key == "" {
		return clinic.NewToken(), err
	}
	return e.House.Key.Token("invitation-link:" + id + ":" + e.Viewer.ID + ":" + key), nil
}
