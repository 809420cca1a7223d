package member

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

type room struct {
	ID   string `json:"id" db:"id"`
	Name string `json:"name" db:"name"`
	Lead bool   `json:"lead" db:"lead"`
}

type account struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Title    string `json:"title"`
	Language string `json:"language"`
}

type meAnswer struct {
	Member account `json:"member"`
	account
	Role        clinic.Role    `json:"role"`
	Rights      []clinic.Right `json:"rights"`
	Owes        []clinic.Owed  `json:"owes"`
	Communities []room         `json:"communities"`
	Session     sessionState   `json:"session"`
}

// me tells the viewer who they are and what stands between them and the community. The communities' names are part of the
// community: they are told only once nothing blocks everything.
func me(e *access.Event) error {
	v := e.Viewer
	who := account{v.ID, v.Name, v.Email, v.Title, v.Language}
	answer := meAnswer{Member: who, account: who, Role: v.Role, Rights: v.Rights, Owes: v.Owes, Communities: []room{}, Session: stateOf(e)}
	if answer.Rights == nil {
		answer.Rights = []clinic.Right{}
	}
	if len(v.Blocking(clinic.BlocksAll, e.House.Now())) == 0 {
		rooms, err := roomsOf(e, v.ID)
		if err != nil {
			return err
		}
		answer.Communities = rooms
	}
	return e.Write(http.StatusOK, answer)
}

func roomsOf(e *access.Event, member string) ([]room, error) {
	rooms := []room{}
	err := e.App.DB().NewQuery(`SELECT c.id, c.name, m.lead FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} AND c.status = 'open' ORDER BY c.name COLLATE NOCASE LIMIT 200`).
		Bind(dbx.Params{"member": member}).All(&rooms)
	return rooms, err
}

type meForm struct {
	Name     *string `json:"name"`
	Language *string `json:"language"`
	Title    *string `json:"title"`
}

// validate puts the name and the title in order, or says what is wrong with them.
func (f *meForm) validate(role clinic.Role) error {
	var name, language, title *clinic.Fault
	if f.Name != nil {
		clean, fault := clinic.CleanName(*f.Name)
		if fault != nil {
			name = fault.At("name")
		}
		f.Name = &clean
	}
	if f.Language != nil && !slices.Contains(clinic.Languages, *f.Language) {
		language = clinic.Invalid.At("language")
	}
	if f.Title != nil && *f.Title != "" {
		if fault := checkTitle(*f.Title, role); fault != nil {
			title = fault.At("title")
		}
	}
	return clinic.Faults(name, language, title)
}

// checkTitle: only who works here bears a title, so that nobody looks like a provider who is none.
func checkTitle(title string, role clinic.Role) *clinic.Fault {
	if !role.Works() || len(title) > 40 {
		return clinic.Invalid
	}
	_, fault := clinic.CleanName(title)
	return fault
}

// changeMe changes the viewer's own name, language or title and answers as GET /me does.
func changeMe(e *access.Event) error {
	var form meForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if err := form.validate(e.Viewer.Role); err != nil {
		return err
	}
	record, err := e.App.FindRecordById(clinic.Users, e.Viewer.ID)
	if err != nil {
		return err
	}
	for field, value := range map[string]*string{"name": form.Name, "language": form.Language, "title": form.Title} {
		if value != nil {
			record.Set(field, *value)
		}
	}
	if err := e.House.Save(e.App, record); err != nil {
		return err
	}
	now, err := e.House.Member(e.Viewer.ID)
	if err != nil || now == nil {
		return clinic.SignInRequired
	}
	changed := *now
	changed.Session = e.Viewer.Session
	e.Viewer = &changed
	return me(e)
}
