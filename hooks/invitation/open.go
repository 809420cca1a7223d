package invitation

import (
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// offer is what the holder of a token sees before they decide.
type offer struct {
	Practice       contact       `json:"practice"`
	Inviter        access.Person `json:"inviter"`
	Role           clinic.Role   `json:"role"`
	Email          string        `json:"email"`
	Language       string        `json:"language"`
	NeedsCode      bool          `json:"needs_code"`
	Returning      bool          `json:"returning"` // an account that is there already, on a new address
	Joining        bool          `json:"joining"`   // signed in with this address: accepting makes no account
	Change         *change       `json:"change"`    // what accepting changes of the account that is signed in, or null
	Name           string        `json:"name"`      // of the account that is there, else empty
	Expires        time.Time     `json:"expires"`
	SuggestedNames []string      `json:"suggested_names"`
	Policies       []posted      `json:"policies"`
}

// open shows an invitation to its holder. It uses nothing up; it only notes the first time, and that because it is a POST:
// what mail scanners fetch changes nothing.
func open(e *access.Event) error {
	var form holder
	i, err := knock(e, &form, &form.Token)
	if err == nil {
		err = i.refusal(e.App, e.House.Now())
	}
	if err != nil {
		return turnedAway(e, err)
	}
	if err := i.noteOpened(e); err != nil {
		return err
	}
	joining, err := i.atHome(e, e.App)
	if err != nil {
		return turnedAway(e, err)
	}
	out, err := i.offer(e)
	if err != nil {
		return err
	}
	if out.Joining = joining; joining {
		out.Name, out.SuggestedNames, out.Policies = e.Viewer.Name, []string{}, []posted{}
		if out.Change, err = i.foresee(e); err != nil {
			return turnedAway(e, err)
		}
		out.NeedsCode = out.NeedsCode && out.Change != nil
	}
	return e.Write(http.StatusOK, out)
}

// noteOpened writes down the first opening, once.
func (i invitation) noteOpened(e *access.Event) error {
	if i.status() == Opened {
		return nil
	}
	return e.App.RunInTransaction(func(tx core.App) error {
		again, err := find(tx, i.Id)
		if err != nil || again.status() == Opened || !again.at(e.House.Now()).Living() {
			return err
		}
		again.Set("status", string(Opened))
		if err := e.House.Save(tx, again.Record); err != nil {
			return err
		}
		return again.note(e.House, tx, string(Opened), "", "", "")
	})
}

func (i invitation) offer(e *access.Event) (offer, error) {
	inviter, _, err := i.inviter(e.App)
	if err != nil {
		return offer{}, err
	}
	language := e.Language()
	policies, err := policiesFor(e.App, i.role(), language, e.House.Practice().Language)
	if err != nil {
		return offer{}, err
	}
	practice := e.House.Practice()
	out := offer{
		Practice: contact{Name: practice.Name, Phone: practice.Phone}, Inviter: personOf(inviter, language), Role: i.role(),
		Email: i.email(), Language: i.language(), NeedsCode: i.needsCode(), Expires: i.expires(), SuggestedNames: []string{}, Policies: policies,
	}
	if i.returning() != "" {
		out.Returning = true
		member, err := e.App.FindRecordById(clinic.Users, i.returning())
		if err != nil {
			return offer{}, err
		}
		out.Name = member.GetString("name")
	} else if !i.role().Professional() { // who is here by profession goes by their own name
		out.SuggestedNames = suggest(language, rand.IntN, nameTaken(e.App))
	}
	return out, nil
}

func nameTaken(app core.App) func(string) bool {
	return func(name string) bool {
		var taken bool
		err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM users WHERE name = {:name} COLLATE NOCASE)").
			Bind(dbx.Params{"name": name}).Row(&taken)
		return err == nil && taken
	}
}
