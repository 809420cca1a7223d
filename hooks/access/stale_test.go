package access_test

import (
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// A record that was read a while ago, before a password was hashed for instance, takes nothing back that changed since.
func TestSavingWritesOnlyWhatChanged(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	stale, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil {
		t.Fatal(err)
	}
	now, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil {
		t.Fatal(err)
	}
	now.Set("status", clinic.Suspended)
	if err := c.House.Save(c.App, now); err != nil {
		t.Fatal(err)
	}
	stale.Set("name", "Another Name")
	if err := c.House.Save(c.App, stale); err != nil {
		t.Fatal(err)
	}
	after, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil || after.GetString("status") != clinic.Suspended || after.GetString("name") != "Another Name" {
		t.Errorf("%s, %s, %v", after.GetString("status"), after.GetString("name"), err)
	}
}
