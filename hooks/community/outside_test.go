package community_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// roomSeen is what an outside doctor and the practice's people see of who is there.
type roomSeen struct {
	room
	Present, Outside []access.Person
}

// TestAnOutsideDoctorIsInProviderRoomsOnly tries every kind of community by every way in, and every way to let them in by the back
// door: as its lead, with a right, and by making the room another one.
func TestAnOutsideDoctorIsInProviderRoomsOnly(t *testing.T) {
	c := hookstest.New(t)
	lead, visitor := c.Provider(), c.Outside()
	for _, kind := range clinic.CommunityKinds {
		id := c.Community(kind, []*hookstest.Client{lead})
		if kind == clinic.KindProviderRoom {
			continue
		}
		if err := join(c, t, id, visitor.ID, false); err == nil {
			t.Errorf("an outside doctor is in a %s", kind)
		}
		if got := lead.Post("/communities/"+id+"/members", map[string]any{"member": visitor.ID}); got.Code() != "not_admitted" {
			t.Errorf("into a %s by the door: %d %s", kind, got.Status, got.Code())
		}
		if got := lead.Post("/communities/"+id+"/lead", map[string]any{"to": visitor.ID}); got.Status/100 != 4 {
			t.Errorf("as the lead of a %s: %d", kind, got.Status)
		}
		if got := visitor.Get("/communities/" + id); got.Status != http.StatusNotFound {
			t.Errorf("looking into a %s: %d %s", kind, got.Status, got.Body)
		}
	}
	id := c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead})
	if got := lead.Post("/communities/"+id+"/members", map[string]any{"member": visitor.ID, "lead": true}); got.Code() != "lead_is_no_provider" {
		t.Errorf("into a provider room as its lead: %d %s", got.Status, got.Code())
	}
	if got := lead.Post("/communities/"+id+"/members", map[string]any{"member": visitor.ID}); got.Status != http.StatusCreated {
		t.Fatalf("into a provider room: %d %s", got.Status, got.Body)
	}
	if got := lead.Post("/communities/"+id+"/lead", map[string]any{"to": visitor.ID}); got.Code() != "lead_is_no_provider" {
		t.Errorf("made its lead: %d %s", got.Status, got.Code())
	}
	for _, kind := range clinic.CommunityKinds {
		if got := lead.Patch("/communities/"+id, map[string]any{"kind": kind}); kind != clinic.KindProviderRoom && got.Code() != "kind_keeps_members_out" {
			t.Errorf("the room made a %s around them: %d %s", kind, got.Status, got.Code())
		}
	}
	for _, right := range clinic.AllRights {
		admin := c.Founder()
		admin.Post("/session/fresh", map[string]any{"password": hookstest.Password})
		if got := admin.Put("/members/"+visitor.ID+"/rights", map[string]any{"rights": []clinic.Right{right}}); got.Status != http.StatusBadRequest {
			t.Errorf("given the right %s: %d %s", right, got.Status, got.Body)
		}
	}
}

// TestWhatAnOutsideDoctorMayDo goes through the life of one in a provider room, and shows the practice's people that they are there.
func TestWhatAnOutsideDoctorMayDo(t *testing.T) {
	c := hookstest.New(t)
	lead, colleague, visitor, unmet := c.Provider(), c.Provider(), c.Outside(), c.Outside()
	id := c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead}, colleague, visitor)
	path := "/communities/" + id
	for who, client := range map[string]*hookstest.Client{"the lead": lead, "the visitor": visitor} {
		got := hookstest.Into[roomSeen](client.Get(path))
		if len(got.Outside) != 1 || got.Outside[0].ID != visitor.ID || got.Outside[0].Role != clinic.Outside || len(got.Present) != 2 {
			t.Errorf("%s sees %+v", who, got)
		}
	}
	made := func(who *hookstest.Client, path string, form map[string]any) string {
		t.Helper()
		r := who.Post(path, form)
		if r.Status != http.StatusCreated {
			t.Fatalf("%s: %d %s", path, r.Status, r.Body)
		}
		return hookstest.Into[struct{ ID string }](r).ID
	}
	theirs := made(lead, path+"/posts", map[string]any{"kind": "question", "title": "A knee", "body": "Swollen for two weeks. Whom do you ask?"})
	own := made(visitor, path+"/posts", map[string]any{"kind": "discussion", "title": "A shoulder", "body": "Stiff since spring."})
	made(visitor, "/posts/"+theirs+"/comments", map[string]any{"body": "A rheumatologist, @[x](member:" + lead.ID + ")."})
	called := made(lead, "/posts/"+own+"/comments", map[string]any{"body": "Thank you, @[x](member:" + visitor.ID + ")."})
	if got := visitor.Get("/posts/" + own + "/comments"); !strings.Contains(string(got.Body), called) {
		t.Errorf("called by the lead: %d %s", got.Status, got.Body)
	}
	for _, try := range []struct {
		method, path string
		body         any
		status       int
	}{
		{"GET", path + "/posts", nil, 200}, {"GET", "/posts/" + theirs, nil, 200}, {"PUT", "/posts/" + theirs + "/reactions/helpful", nil, 200},
		{"PUT", "/posts/" + theirs + "/follow", nil, 204}, {"GET", "/home", nil, 200}, {"GET", "/notifications", nil, 200},
		{"GET", path + "/names?q=", nil, 200}, {"PATCH", "/me", map[string]any{"title": "MD"}, 200}, {"DELETE", "/posts/" + own, nil, 204},

		{"POST", "/invitations", map[string]any{"email": "x@mail.example", "role": "patient"}, 403}, {"GET", "/invitations", nil, 403},
		{"GET", "/members", nil, 403}, {"GET", "/members/" + lead.ID, nil, 403}, {"GET", path + "/members", nil, 403}, {"GET", "/communities?all=1", nil, 403},
		{"POST", path + "/members", map[string]any{"member": unmet.ID}, 403}, {"PATCH", path, map[string]any{"about": "mine"}, 403},
		{"POST", "/communities", map[string]any{"name": "Mine", "kind": "provider_room"}, 403}, {"POST", "/posts/" + theirs + "/review", map[string]any{"verdict": "accurate"}, 403},
		{"PUT", "/posts/" + theirs + "/top", map[string]any{"on": true}, 403}, {"GET", "/desk", nil, 403}, {"GET", "/manage/policies", nil, 403},
		{"POST", path + "/posts", map[string]any{"kind": "article", "title": "Knees", "body": "About knees."}, 403},
		{"POST", path + "/posts", map[string]any{"kind": "announcement", "title": "Hear", "body": "Hear me."}, 403},
		{"PUT", "/members/" + unmet.ID + "/block", nil, 404}, {"DELETE", "/posts/" + theirs, nil, 403},
	} {
		if got := visitor.Do(try.method, try.path, try.body); got.Status != try.status {
			t.Errorf("%s %s: %d %s, want %d", try.method, try.path, got.Status, got.Body, try.status)
		}
	}
	if got := visitor.Post("/search", map[string]any{"q": "knee"}); !strings.Contains(string(got.Body), theirs) {
		t.Errorf("searching the room: %d %s", got.Status, got.Body)
	}
	if got := unmet.Post("/search", map[string]any{"q": "knee"}); strings.Contains(string(got.Body), theirs) {
		t.Errorf("one who is in no room finds it: %s", got.Body)
	}
	names := hookstest.Into[struct{ Items []access.Person }](visitor.Get(path + "/names?q=")).Items
	for _, one := range names {
		if one.ID == colleague.ID || one.ID == unmet.ID {
			t.Errorf("a name is offered of somebody who has said nothing there: %+v", one)
		}
	}
	// Whoever leads the room puts them out at once; the account is an admin's to end.
	if got := colleague.Post("/members/"+visitor.ID+"/suspend", map[string]any{"reason": "a test"}); got.Status != http.StatusForbidden {
		t.Errorf("suspended by who does not lead: %d", got.Status)
	}
	if got := lead.Post("/members/"+visitor.ID+"/suspend", map[string]any{"reason": "a test"}); got.Status != http.StatusOK {
		t.Errorf("suspended by the lead: %d %s", got.Status, got.Body)
	}
	if got := visitor.Get(path); got.Status != http.StatusUnauthorized {
		t.Errorf("a suspended outside doctor still reads: %d", got.Status)
	}
	if got := hookstest.Into[roomSeen](lead.Get(path)); len(got.Outside) != 0 {
		t.Errorf("who is suspended is shown as there: %+v", got.Outside)
	}
	if got := lead.Post("/members/"+visitor.ID+"/restore", map[string]any{"reason": "a test"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	visitor = c.SignedIn(visitor.ID)
	if got := lead.Delete(path + "/members/" + visitor.ID); got.Status != http.StatusNoContent || visitor.Get("/posts/"+theirs).Status != http.StatusNotFound {
		t.Errorf("taken out of the room: %d", got.Status)
	}
}

// TestWithoutTheRoleNobodyOfItIsLetIn: taken back to before it, the schema suspends outside doctors and leaves what they wrote; an
// upgrade makes room for others.
func TestWithoutTheRoleNobodyOfItIsLetIn(t *testing.T) {
	c := hookstest.New(t)
	lead, visitor := c.Provider(), c.Outside()
	id := c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead}, visitor)
	if got := visitor.Post("/communities/"+id+"/posts", map[string]any{"body": "Stiff since spring."}); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	runner := core.NewMigrationsRunner(c.App, core.AppMigrations)
	for applied := 1; applied == 1; { // later ones go first
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
		if err := c.App.DB().NewQuery("SELECT count(*) FROM _migrations WHERE file = '0026_outside_doctors.go'").Row(&applied); err != nil {
			t.Fatal(err)
		}
	}
	var left struct{ Outside, In, Sessions, Posts int }
	err := c.App.DB().NewQuery(`SELECT (SELECT count(*) FROM users WHERE role = 'outside' OR id = {:id} AND status != 'suspended') AS outside,
		(SELECT count(*) FROM memberships WHERE member = {:id}) AS [[in]], (SELECT count(*) FROM sessions WHERE member = {:id}) AS sessions,
		(SELECT count(*) FROM posts WHERE author = {:id}) AS posts`).Bind(map[string]any{"id": visitor.ID}).One(&left)
	if err != nil || left.Outside != 0 || left.In != 0 || left.Sessions != 0 || left.Posts != 1 {
		t.Errorf("before the role: %+v %v", left, err)
	}
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	c.Join(id, c.Outside(), false)
}
