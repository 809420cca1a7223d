package access_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestTheDatabasesOwnWritersAreRefused(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	record, err := c.App.FindRecordById(clinic.Users, patient.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("role", "provider")
	if err := c.App.Save(record); err == nil {
		t.Error("a role was changed behind the house's back")
	}
	if err := c.App.Delete(record); err == nil {
		t.Error("a member was deleted behind the house's back")
	}
	users, _ := c.App.FindCollectionByNameOrId(clinic.Users)
	stranger := core.NewRecord(users)
	stranger.Load(map[string]any{"name": "Stranger", "email": "s@x.example", "role": "provider", "status": "active"})
	stranger.SetPassword(hookstest.Password)
	if err := c.App.Save(stranger); err == nil {
		t.Error("a member came to be behind the house's back")
	}
}

func TestPocketBasesDoors(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	for _, door := range []string{"/api/collections/users/records", "/api/realtime", "/api/collections/users/auth-methods",
		"/api/collections", "/api/settings", "/api/logs", "/api/backups", "/api/files/users/x/y", "/api/%73ql", "/api/batch"} {
		for _, who := range []*hookstest.Client{c.Guest(), patient} {
			if got := who.Get(door).Status; got != http.StatusForbidden && got != http.StatusNotFound {
				t.Errorf("GET %s: %d", door, got)
			}
		}
	}
	if r := c.Guest().Post("/api/collections/users/auth-with-password", map[string]string{"identity": patient.Email, "password": hookstest.Password}); r.Code() != "door_closed" {
		t.Errorf("users' own sign-in: %d %s", r.Status, r.Body)
	}
	if got := c.Guest().Get("/api/health").Status; got != http.StatusOK {
		t.Errorf("health: %d", got)
	}
}

func TestSessionsEnd(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	viewer := func() bool {
		members, err := c.House.Sessions(c.App, patient.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(members) > 0
	}
	if !viewer() {
		t.Fatal("no session after signing in")
	}
	c.Pass(clinic.IdlePatient + time.Second)
	if viewer() {
		t.Error("a session lives beyond its idle time")
	}
}

func TestAuditRecordShowsTampering(t *testing.T) {
	c := hookstest.New(t)
	for range 5 {
		if err := c.House.Audit(c.App, "", "test", "users/x", ""); err != nil {
			t.Fatal(err)
		}
	}
	lines, broken, err := c.House.VerifyAudit(c.App)
	if err != nil || lines < 5 || broken != 0 {
		t.Fatalf("a sound record: %d lines, broken at %d, %v", lines, broken, err)
	}
	if _, err := c.App.DB().NewQuery("UPDATE audit_entries SET detail = 'x'").Execute(); err == nil {
		t.Error("SQL changed the audit record")
	}
	if _, err := c.App.DB().NewQuery("DROP TRIGGER audit_entries_never_change").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.App.DB().NewQuery("UPDATE audit_entries SET detail = 'x' WHERE seq = 3").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, broken, _ := c.House.VerifyAudit(c.App); broken != 3 {
		t.Errorf("tampering at line 3 was found at %d", broken)
	}
}
