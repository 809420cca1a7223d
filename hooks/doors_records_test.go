package hooks_test

import (
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestSuperusersCannotGoBehindTheHouse(t *testing.T) {
	c := hookstest.New(t)
	operator := superuser(t, c)
	patient := c.Patient()
	stranger := map[string]any{"name": "x", "email": "x@x.example", "password": hookstest.Password, "passwordConfirm": hookstest.Password,
		"role": "provider", "status": "active"}
	settings := c.App.Settings()
	settings.Batch.Enabled = true
	if err := c.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	for _, try := range []struct {
		method, path string
		body         any
	}{
		{"POST", "/api/collections/users/records", stranger},
		{"PATCH", "/api/collections/users/records/" + patient.ID, map[string]any{"role": "provider"}},
		{"PATCH", "/api/collections/users/records/" + patient.ID, map[string]any{"role+": "provider"}},
		{"PATCH", "/api/collections/users/records/" + patient.ID, map[string]any{"email": "y@x.example"}},
		{"DELETE", "/api/collections/users/records/" + patient.ID, nil},
		{"POST", "/api/batch", map[string]any{"requests": []any{map[string]any{"method": "POST", "url": "/api/collections/users/records", "body": stranger}}}},
		{"POST", "/api/collections/invitations/records", map[string]any{"email": "z@x.example", "role": "provider", "status": "accepted"}},
		{"POST", "/api/collections/memberships/records", map[string]any{"member": patient.ID}},
		{"POST", "/api/collections/sessions/records", map[string]any{"member": patient.ID, "token_hash": strings.Repeat("a", 64)}},
		{"POST", "/api/collections/acknowledgements/records", map[string]any{"member": patient.ID}},
	} {
		before, err := c.App.CountRecords(clinic.Users)
		if err != nil {
			t.Fatal(err)
		}
		r := c.Guest().Do(try.method, try.path, try.body, operator)
		if after, _ := c.App.CountRecords(clinic.Users); r.Status < 400 || after != before {
			t.Errorf("%s %s: %d %s", try.method, try.path, r.Status, r.Body)
		}
	}
	record, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil || record.GetString("role") != "patient" || record.Email() != patient.Email {
		t.Errorf("the patient is now %v, %v", record, err)
	}
}
