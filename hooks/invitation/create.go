package invitation

import (
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// mostCommunities is how many communities one invitation can name.
const mostCommunities = 20

// wish is the form of POST /invitations, and a row of an import.
type wish struct {
	Email       string      `json:"email"`
	Role        clinic.Role `json:"role"`
	Communities []string    `json:"communities"`
	Language    string      `json:"language"`
	Code        string      `json:"code"`

	returning string // the member whose account it opens again
	batch     string // the import it came in
}

// create proposes an invitation; a provider's own is approved at once.
func create(e *access.Event) error {
	var form wish
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.Validate(e.House.Practice().Language); err != nil {
		return err
	}
	return e.Once(func(tx core.App) (int, any, error) {
		i, err := form.Submit(e, tx)
		if err != nil {
			return 0, nil, err
		}
		item, err := whole(e, tx, i.Id)
		return http.StatusCreated, item, err
	})
}

// Validate puts the wish in order and says which fields cannot stay as they are. Which communities it names is checked when it is
// submitted; an outside doctor is invited to a room, since without one they would come in to nothing.
func (w *wish) Validate(language string) error {
	email, emailFault := access.CheckAddress(w.Email)
	if strings.TrimSpace(w.Email) == "" {
		emailFault = clinic.Required
	}
	w.Email = email
	w.Code = strings.TrimSpace(w.Code)
	if w.Language == "" {
		w.Language = language
	}
	slices.Sort(w.Communities)
	w.Communities = slices.Compact(w.Communities)
	return clinic.Faults(
		at("email", emailFault),
		at("role", when(!w.Role.Valid(), clinic.Invalid)),
		at("language", when(!slices.Contains(clinic.Languages, w.Language), clinic.Invalid)),
		at("communities", when(len(w.Communities) > mostCommunities, clinic.TooLong.With("max", mostCommunities))),
		at("communities", when(w.Role == clinic.Outside && len(w.Communities) == 0 && w.returning == "", clinic.Required)),
		at("code", codeFault(w.Code)),
	)
}

func codeFault(code string) *clinic.Fault {
	if code == "" {
		return nil
	}
	return codeShape(code)
}

func when(wrong bool, fault *clinic.Fault) *clinic.Fault {
	if wrong {
		return fault
	}
	return nil
}

func at(field string, fault *clinic.Fault) *clinic.Fault {
	if fault == nil {
		return nil
	}
	return fault.At(field)
}

// Submit makes the invitation in the caller's transaction, after what only the database can say.
func (w *wish) Submit(e *access.Event, tx core.App) (invitation, error) {
	rooms, err := openRooms(tx)
	if err != nil {
		return invitation{}, err
	}
	rooms = known(e.Viewer, rooms)
	if err := w.fits(e.Viewer, rooms); err != nil {
		return invitation{}, err
	}
	if err := w.free(e, tx); err != nil {
		return invitation{}, err
	}
	return w.submit(e, tx, rooms)
}

// free refuses an address that is a member's, or that has another open invitation.
func (w *wish) free(e *access.Event, app core.App) error {
	return vacant(e, app, w.Email, w.Role, w.returning, "")
}

// vacant refuses an address that belongs to a member, unless it is the one who returns or the invitation is for another role and
// this viewer's to give, and one that belongs to another open invitation.
func vacant(e *access.Event, app core.App, email string, role clinic.Role, returning, exceptInvitation string) error {
	member, err := memberWith(app, email)
	if err != nil {
		return err
	}
	if member != nil && member.Id != returning && (returning != "" || !mayOffer(e.Viewer, member, role)) {
		return clinic.AlreadyAMember.With("member", member.Id).With("state", member.GetString("status"))
	}
	other, err := openFor(app, email, exceptInvitation, e.House.Now())
	if err != nil || other == "" {
		return err
	}
	return OpenAlready.With("id", other)
}

func (w *wish) submit(e *access.Event, tx core.App, rooms []room) (invitation, error) {
	i, err := blank(tx)
	if err != nil {
		return i, err
	}
	i.Load(map[string]any{
		"email": w.Email, "role": string(w.Role), "communities": w.Communities, "language": w.Language, "status": string(Proposed),
		"proposed_by": e.Viewer.ID, "returning": w.returning, "batch": w.batch,
	})
	i.setCode(e.House.Key, w.Code)
	if e.Viewer.Role == clinic.Provider {
		return i, approve(e, tx, i, rooms)
	}
	if err := e.House.Save(tx, i.Record); err != nil {
		return i, err
	}
	if err := i.note(e.House, tx, string(Proposed), e.Viewer.ID, "", ""); err != nil {
		return i, err
	}
	return i, e.House.Audit(tx, e.Viewer.ID, "invitation.propose", i.subject(), string(w.Role))
}
