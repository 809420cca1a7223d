package community_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type told struct {
	room
	Presence string
	Present  []struct{ ID, Role string }
}

// TestNothingNamesAProgrammeForSubstanceUse looks for its name in every answer that somebody outside of it gets, and in what is sent.
func TestNothingNamesAProgrammeForSubstanceUse(t *testing.T) {
	c := hookstest.New(t)
	const name = "Marigold Recovery"
	lead, patient, moderator := c.Provider(), c.Patient(), c.Staff("moderate")
	made := lead.Post("/communities", map[string]any{"name": name, "kind": "substance_use", "about": "Marigold words"})
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	id := hookstest.Into[struct{ ID string }](made).ID
	c.Join(id, patient, false)
	post := hookstest.Into[struct{ ID string }](patient.Post("/communities/"+id+"/posts", map[string]any{"body": "Marigold day twelve"})).ID
	invited := lead.Post("/invitations", map[string]any{"items": []map[string]any{{"email": "new@example.org", "role": "patient", "communities": []string{id}}}})
	outside := map[string]*hookstest.Client{"patient": c.Patient(), "staff": c.Staff(), "provider": c.Provider(), "moderator": moderator, "admin": c.Founder(), "guest": c.Guest()}
	for who, client := range outside {
		for _, path := range []string{"/communities", "/communities?all=1", "/communities/" + id, "/communities/" + id + "/members", "/communities/" + id + "/posts",
			"/posts/" + post, "/members", "/members/" + patient.ID, "/members/" + lead.ID, "/invitations", "/desk", "/desk/counts", "/me", "/me/record", "/home",
			"/marks?community=" + id, "/reviews", "/checks", "/setup/checklist"} {
			if got := client.Get(path); strings.Contains(string(got.Body), "Marigold") || got.Status == http.StatusInternalServerError {
				t.Errorf("%s reads of it at %s: %d %s", who, path, got.Status, got.Body)
			}
		}
		if got := client.Post("/search", map[string]any{"q": "Marigold"}); strings.Contains(string(got.Body), "Marigold Recovery") || strings.Contains(string(got.Body), "day twelve") {
			t.Errorf("%s finds it: %s", who, got.Body)
		}
		if got := client.Patch("/communities/"+id, map[string]any{"about": "x"}); got.Status/100 != 4 {
			t.Errorf("%s changes it: %d", who, got.Status)
		}
	}
	var kinds, named int
	if err := c.App.DB().NewQuery("SELECT COUNT(*) FROM audit_entries WHERE detail LIKE '%substance%' OR detail LIKE '%Marigold%'").Row(&kinds); err != nil || kinds != 0 {
		t.Errorf("the audit record tells of it: %d %v", kinds, err)
	}
	if err := c.App.DB().NewQuery("SELECT COUNT(*) FROM letters WHERE CAST(subject AS TEXT) LIKE '%Marigold%'").Row(&named); err == nil && named != 0 {
		t.Errorf("%d letters name it (invited: %d)", named, invited.Status)
	}
	// An admin names another lead for one that has none, and learns no more than that there is one.
	record, err := c.App.FindRecordById(clinic.Users, lead.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Suspended)
	if err := c.House.Save(c.App, record); err != nil {
		t.Fatal(err)
	}
	admin := c.SignedIn(c.Founder().ID)
	var found bool
	for _, one := range hookstest.Into[rooms](admin.Get("/communities?all=1")).Items {
		found = found || one.ID == id && one.Name == "A closed programme" && one.Kind == clinic.KindProgramme && one.HTML == ""
	}
	other := c.Provider()
	got := admin.Post("/communities/"+id+"/lead", map[string]any{"to": other.ID})
	if !found || got.Status != http.StatusOK || strings.Contains(string(got.Body), "Marigold") {
		t.Errorf("handing it over: listed %v, %d %s", found, got.Status, got.Body)
	}
	if seen := hookstest.Into[room](c.SignedIn(other.ID).Get("/communities/" + id)); seen.Name != name || !seen.Lead {
		t.Errorf("the new lead: %+v", seen)
	}
}

// join puts somebody into a community as any writer would: through the record event.
func join(c *hookstest.Clinic, t *testing.T, id, member string, lead bool) error {
	t.Helper()
	memberships, err := c.App.FindCollectionByNameOrId(clinic.Memberships)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(memberships)
	record.Load(map[string]any{"community": id, "member": member, "lead": lead})
	return c.House.Save(c.App, record)
}

func TestWhoOfThePracticeIsPresentIsAPromise(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, c.Patient())
	path := "/communities/" + id
	set := func(presence string) *hookstest.Response {
		return lead.Patch(path, map[string]any{"presence": presence})
	}
	if got := hookstest.Into[told](lead.Get(path)); got.Presence != "staff" || len(got.Present) != 1 || got.Present[0].ID != lead.ID {
		t.Errorf("at first: %+v", got)
	}
	for presence, may := range map[string]map[string]bool{
		"staff":      {"patient": true, "staff": true, "moderator": true, "provider": true},
		"moderators": {"patient": true, "staff": false, "moderator": true, "provider": false},
		"providers":  {"patient": true, "staff": false, "moderator": false, "provider": true},
	} {
		if got := set(presence); got.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", presence, got.Status, got.Body)
		}
		for who, client := range map[string]*hookstest.Client{"patient": c.Patient(), "staff": c.Staff(), "moderator": c.Staff("moderate"), "provider": c.Provider()} {
			err := join(c, t, id, client.ID, false)
			if (err == nil) != may[who] {
				t.Errorf("%s with %s present: %v", who, presence, err)
			}
			if err == nil {
				lead.Delete(path + "/members/" + client.ID)
			}
		}
	}
	set("staff")
	staff := c.Staff()
	c.Join(id, staff, false)
	if got := set("moderators"); got.Code() != "presence_keeps_members_out" {
		t.Errorf("a promise that is broken already: %d %s", got.Status, got.Code())
	}
	if got := hookstest.Into[told](lead.Get(path)); len(got.Present) != 2 || got.Present[1].ID != staff.ID {
		t.Errorf("who is there: %+v", got.Present)
	}
	lead.Delete(path + "/members/" + staff.ID)
	set("moderators")
	moderator := c.Staff("moderate")
	c.Join(id, moderator, false)
	c.SignedIn(c.Founder().ID).Post("/session/fresh", map[string]any{"password": hookstest.Password})
	record, err := c.App.FindRecordById(clinic.Users, moderator.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("rights", []string{})
	if err := c.House.Save(c.App, record); err == nil {
		t.Error("the right was taken from who is there by it alone")
	}
	other := c.Provider()
	lead.Post(path+"/lead", map[string]any{"to": other.ID})
	if got := lead.Post(path+"/lead", map[string]any{"to": other.ID, "step_down": true}); got.Code() != "presence_keeps_out" {
		t.Errorf("a lead who would stay without leading: %d %s", got.Status, got.Code())
	}
	if got := lead.Patch(path, map[string]any{"presence": "everyone"}); got.Code() != "presence:invalid" {
		t.Errorf("%d %s", got.Status, got.Code())
	}
}

// TestRoomsOfThoseWhoWorkHereAdmitNobodyElse tries every way in: the record event stands behind all of them.
func TestRoomsOfThoseWhoWorkHereAdmitNobodyElse(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	staffRoom, providerRoom := c.Community(clinic.KindStaffRoom, []*hookstest.Client{lead}), c.Community(clinic.KindProviderRoom, []*hookstest.Client{lead})
	for name, client := range map[string]*hookstest.Client{"a patient": c.Patient(), "a caregiver": c.Caregiver()} {
		for _, id := range []string{staffRoom, providerRoom} {
			if err := join(c, t, id, client.ID, false); err == nil {
				t.Errorf("%s is in", name)
			}
			if got := lead.Post("/communities/"+id+"/members", map[string]any{"member": client.ID}); got.Code() != "not_admitted" {
				t.Errorf("%s by the door: %d %s", name, got.Status, got.Code())
			}
		}
	}
	if err := join(c, t, providerRoom, c.Staff().ID, false); err == nil {
		t.Error("staff are in a provider room")
	}
	if got := hookstest.Into[told](lead.Get("/communities/" + providerRoom)); got.Presence != "providers" {
		t.Errorf("a provider room says %q", got.Presence)
	}
}
