package community_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestEveryDoorForEveryRole(t *testing.T) {
	c := hookstest.New(t)
	lead, staff, patient := c.Provider(), c.Staff(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, staff, patient)
	all := map[string]*hookstest.Client{"guest": c.Guest(), "owing": c.Owing(clinic.Provider), "patient": patient, "staff": staff, "lead": lead,
		"outside patient": c.Patient(), "outside staff": c.Staff(), "outside provider": c.Provider(), "admin": c.Founder()}
	type want map[string]int
	path := "/communities/" + id
	for _, door := range []struct {
		method, path string
		body         func() any
		want         want
	}{
		{"GET", path, nil, want{"guest": 401, "owing": 403, "patient": 200, "staff": 200, "lead": 200, "outside patient": 404, "outside staff": 404, "outside provider": 404, "admin": 404}},
		{"PATCH", path, func() any { return map[string]any{"about": "new"} },
			want{"guest": 401, "owing": 403, "patient": 403, "staff": 403, "lead": 200, "outside patient": 403, "outside staff": 404, "outside provider": 404, "admin": 200}},
		{"GET", path + "/members", nil,
			want{"guest": 401, "owing": 403, "patient": 403, "staff": 200, "lead": 200, "outside patient": 403, "outside staff": 404, "outside provider": 404, "admin": 200}},
		{"POST", path + "/members", func() any { return map[string]any{"member": c.Patient().ID} },
			want{"guest": 401, "owing": 403, "patient": 403, "staff": 403, "lead": 201, "outside patient": 403, "outside staff": 404, "outside provider": 404, "admin": 201}},
		{"POST", path + "/lead", func() any { return map[string]any{"to": c.Provider().ID} },
			want{"guest": 401, "owing": 403, "patient": 403, "staff": 403, "lead": 200, "outside patient": 403, "outside staff": 404, "outside provider": 404, "admin": 200}},
	} {
		for who, status := range door.want {
			var body any
			if door.body != nil {
				body = door.body()
			}
			if got := all[who].Do(door.method, door.path, body); got.Status != status {
				t.Errorf("%s %s as %s: %d %s, want %d", door.method, door.path, who, got.Status, got.Code(), status)
			}
		}
	}
	for who, status := range map[string]int{"guest": 401, "owing": 403, "patient": 403, "staff": 403, "outside patient": 404, "outside staff": 404, "lead": 204, "admin": 204} {
		one := c.Patient()
		c.Join(id, one, false)
		if got := all[who].Delete(path + "/members/" + one.ID); got.Status != status {
			t.Errorf("removing a member as %s: %d %s, want %d", who, got.Status, got.Code(), status)
		}
	}
	if got := patient.Delete(path + "/members/" + patient.ID); got.Status != http.StatusNoContent || patient.Get(path).Status != http.StatusNotFound {
		t.Errorf("leaving: %d", got.Status)
	}
}
