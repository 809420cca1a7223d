package member

import (
	"net/http"
	"slices"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// me tells the viewer who they are and what stands between them and the community.
func me(e *access.Event) error {
	answer, err := e.Me()
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, answer)
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

// checkTitle: only who is here by profession bears a title, so that nobody looks like a provider who is none.
func checkTitle(title string, role clinic.Role) *clinic.Fault {
	if !role.Professional() || len(title) > 40 {
		return clinic.Invalid
	}
	_, fault := clinic.CleanName(title)
	return fault
}

// A new name is written into everything that mentions its member. People change theirs seldom; within this long, no more than this.
const (
	mostNames  = 10
	namesDrain = 24 * time.Hour
)

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
	if form.Name != nil && *form.Name != record.GetString("name") {
		if err := e.House.Try("names of "+e.Viewer.ID, mostNames, namesDrain); err != nil {
			return err
		}
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
