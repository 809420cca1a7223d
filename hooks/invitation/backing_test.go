package invitation_test

import (
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// accepted makes an accepted invitation as the house keeps it, with some fields changed.
func accepted(t testing.TB, c *hookstest.Clinic, approver string, change object) *core.Record {
	t.Helper()
	collection, err := c.App.FindCollectionByNameOrId(clinic.Invitations)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(collection)
	record.Load(object{
		"email": newcomer, "role": "patient", "status": "accepted", "proposed_by": approver, "approved_by": approver, "language": "en",
		"approved_at": c.House.Now(), "expires": c.House.Now().Add(clinic.InvitationLife),
	})
	record.Load(change)
	if err := c.House.Save(c.App, record); err != nil {
		t.Fatal(err)
	}
	return record
}

// Even our own code cannot make a member without an invitation that was accepted: the rule stands at the record event.
func TestNoMemberWithoutAnInvitation(t *testing.T) {
	c := hookstest.New(t)
	provider, patient := c.Provider(), c.Patient()
	gone := c.Provider()
	suspend(t, c, gone.ID)
	fits := accepted(t, c, provider.ID, nil)
	users, err := c.App.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		t.Fatal(err)
	}
	person := func(invitation string, change object) *core.Record {
		record := core.NewRecord(users)
		record.Load(object{"name": "Quiet Maple", "email": newcomer, "role": "patient", "status": "active", "language": "en", "invitation": invitation})
		record.Load(change)
		record.SetPassword(hookstest.Password)
		return record
	}
	used, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil {
		t.Fatal(err)
	}
	for what, record := range map[string]*core.Record{
		"without any":                 person("", nil),
		"a provider without any":      person("", object{"role": "provider"}),
		"one that is not there":       person("nosuchinvitatn", nil),
		"another address":             person(fits.Id, object{"email": "other@mail.example"}),
		"an address in capitals":      person(fits.Id, object{"email": "Marisol@mail.example"}),
		"another role":                person(fits.Id, object{"role": "provider"}),
		"one that another came by":    person(used.GetString("invitation"), object{"email": patient.Email}),
		"not accepted yet":            person(accepted(t, c, provider.ID, object{"status": "opened"}).Id, nil),
		"proposed only":               person(accepted(t, c, provider.ID, object{"status": "proposed", "approved_by": ""}).Id, nil),
		"approved by staff":           person(accepted(t, c, c.Staff().ID, nil).Id, nil),
		"approved by a patient":       person(accepted(t, c, patient.ID, nil).Id, nil),
		"approved by one who is gone": person(accepted(t, c, gone.ID, nil).Id, nil),
		"accepted by another":         person(accepted(t, c, provider.ID, object{"member": patient.ID}).Id, nil),
		"meant for who is returning":  person(accepted(t, c, provider.ID, object{"returning": patient.ID}).Id, nil),
	} {
		if err := c.House.Save(c.App, record); err == nil {
			t.Errorf("%s: a member came to be", what)
		}
	}
	if err := c.App.Save(person(fits.Id, nil)); err == nil {
		t.Error("a member came to be by another hand than the house's")
	}
	if err := c.House.Save(c.App, person(fits.Id, nil)); err != nil {
		t.Errorf("with an invitation that fits: %v", err)
	}
	if err := c.House.Save(c.App, person(fits.Id, object{"email": "second@mail.example"})); err == nil {
		t.Error("a second member came by the same invitation")
	}
}

func TestNoNewRoleOrAddressWithoutBacking(t *testing.T) {
	c := hookstest.New(t)
	provider, patient := c.Provider(), c.Patient()
	change := func(fields object) error {
		record, err := c.App.FindRecordById(clinic.Users, patient.ID)
		if err != nil {
			t.Fatal(err)
		}
		record.Load(fields)
		return c.House.Save(c.App, record)
	}
	strangers := accepted(t, c, provider.ID, object{"role": "provider"})
	mine := accepted(t, c, provider.ID, object{"returning": patient.ID})
	for what, fields := range map[string]object{
		"a role":                                 {"role": "provider"},
		"an address":                             {"email": newcomer},
		"both":                                   {"role": "staff", "email": newcomer},
		"with an invitation for a newcomer":      {"role": "provider", "email": newcomer, "invitation": strangers.Id},
		"no invitation any more":                 {"invitation": ""},
		"an address and nothing behind it":       {"email": newcomer, "invitation": ""},
		"a role beyond the returning invitation": {"role": "provider", "email": newcomer, "invitation": mine.Id},
		"another address than it is for":         {"email": "other@mail.example", "invitation": mine.Id},
		"no address":                             {"email": ""},
		"an address that lets go, while active":  {"email": "x@removed.invalid"},
	} {
		if err := change(fields); err == nil {
			t.Errorf("%s: it was saved", what)
		}
	}
	if err := change(object{"name": "Calm River", "status": "suspended"}); err != nil {
		t.Errorf("a name and a state: %v", err)
	}
	if err := change(object{"status": "active", "email": newcomer, "invitation": mine.Id}); err != nil {
		t.Errorf("with a returning invitation: %v", err)
	}
	rename(t, c, patient.ID, "confirmed@mail.example")
	if err := change(object{"email": "other@mail.example"}); err == nil {
		t.Error("one confirmed address let another in")
	}
	c.Pass(2 * time.Minute)
	if err := change(object{"email": newcomer}); err == nil {
		t.Error("an old confirmation was good for a change")
	}
	if err := change(object{"status": "removed", "email": "x@removed.invalid"}); err != nil {
		t.Errorf("removing: %v", err)
	}
}

// An empty house has a founder, a provider, and only one.
func TestFounder(t *testing.T) {
	c := hookstest.Empty(t)
	users, err := c.App.FindCollectionByNameOrId(clinic.Users)
	if err != nil {
		t.Fatal(err)
	}
	found := func(email, role string) error {
		record := core.NewRecord(users)
		record.Load(object{"name": "Ada Park", "email": email, "role": role, "status": "active", "language": "en"})
		record.SetPassword(hookstest.Password)
		return c.House.Save(c.App, record)
	}
	if found("a@mail.example", "patient") == nil {
		t.Error("a patient founded the house")
	}
	if err := found("b@mail.example", "provider"); err != nil {
		t.Error(err)
	}
	if found("c@mail.example", "provider") == nil {
		t.Error("a second founder")
	}
}
