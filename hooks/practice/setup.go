package practice

import (
	"context"
	"crypto/subtle"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Founding is the first set-up: the practice, and its first provider, who is an admin.
type Founding struct {
	Practice Words  `json:"practice"`
	Name     string `json:"name"`
	Title    string `json:"title"` // such as "Dr."; may be empty
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Validate puts the form in order, or says what is wrong with which field.
func (f *Founding) Validate() error {
	faults := f.Practice.Faults()
	for i, fault := range faults {
		faults[i] = fault.At("practice." + fault.Field)
	}
	name, fault := clinic.CleanName(f.Name)
	faults = append(faults, at(fault, "name"))
	if f.Title != "" {
		title, fault := clinic.CleanName(f.Title)
		f.Title = title
		faults = append(faults, at(fault, "title"))
	}
	address, fault := access.CheckAddress(f.Email)
	faults = append(faults, at(fault, "email"), at(access.CheckNewPassword(f.Password, name, address), "password"))
	f.Name, f.Email = name, address
	return clinic.Faults(faults...)
}

func at(fault *clinic.Fault, field string) *clinic.Fault {
	if fault == nil {
		return nil
	}
	return fault.At(field)
}

// Found makes the practice and its first provider in one transaction, with the shipped policies posted by their own record
// event, and returns the provider. It returns SetUpAlready where there is a practice.
func Found(ctx context.Context, app core.App, house *access.House, form Founding) (*core.Record, error) {
	if house.Practice().SetUp {
		return nil, SetUpAlready
	}
	if err := form.Validate(); err != nil {
		return nil, err
	}
	users, err := app.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		return nil, err
	}
	founder := core.NewRecord(users)
	founder.Load(map[string]any{
		"name": form.Name, "title": form.Title, "email": form.Email, "role": string(clinic.Provider), "rights": []string{string(clinic.Admin)},
		"status": clinic.Active, "language": form.Practice.Language,
	})
	founder.SetVerified(true)
	if err := access.SetPassword(ctx, founder, form.Password); err != nil {
		return nil, err
	}
	return founder, app.RunInTransaction(func(tx core.App) error {
		if _, err := house.PracticeRecord(tx); err == nil {
			return SetUpAlready // two at once: the other one was first
		}
		if err := house.Save(tx, founder); err != nil {
			return err
		}
		if err := savePractice(tx, house, form.Practice, founder.Id); err != nil {
			return err
		}
		return house.Audit(tx, founder.Id, "practice.set_up", clinic.Users+"/"+founder.Id, "")
	})
}

func savePractice(tx core.App, house *access.House, words Words, founder string) error {
	practices, err := tx.FindCollectionByNameOrId(clinic.Practices)
	if err != nil {
		return err
	}
	record := core.NewRecord(practices)
	for field, text := range words.Fields() {
		record.Set(field, *text)
	}
	record.Set("founder", founder)
	record.Set("set_up", house.Now())
	return house.Save(tx, record)
}

// setUpToken is the same until the practice is set up, so that a link printed at an earlier start still works.
func setUpToken(house *access.House) string { return house.Key.Token("set-up") }

// SetUpLink is what serve prints while the practice is not set up; empty afterwards.
func SetUpLink(house *access.House) string {
	if house.Practice().SetUp {
		return ""
	}
	return house.PublicURL() + "/setup#" + setUpToken(house)
}

// needed tells anyone whether the practice still waits for its set-up.
func needed(e *access.Event) error {
	return e.Write(http.StatusOK, map[string]bool{"needed": !e.House.Practice().SetUp})
}

// setUp takes {token, practice, name, title, email, password}, founds the practice and signs its first provider in.
func setUp(e *access.Event) error {
	var form struct {
		Token string `json:"token"`
		Founding
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	if e.House.Practice().SetUp {
		return SetUpAlready
	}
	origin := "set-up from " + e.House.Origin(e.Request) // a stranger's tries are not in the way of who has the link
	if err := e.House.Try(origin, 20, access.FreshFor); err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(form.Token), []byte(setUpToken(e.House))) != 1 {
		return linkWrong
	}
	founder, err := Found(e.Request.Context(), e.App, e.House, form.Founding)
	if err != nil {
		return err
	}
	e.House.Forgive(origin)
	if err := e.Start(e.App, founder); err != nil {
		return err
	}
	me, err := e.Me()
	if err != nil {
		return err
	}
	return e.Write(http.StatusCreated, me)
}
