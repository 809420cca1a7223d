package community_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type room struct {
	ID, Name, Kind, Status string
	About                  string
	HTML                   string                      `json:"about_html"`
	Leads                  []struct{ ID, Name string } `json:"lead_names"`
	Member, Lead           bool
	CanPost                bool   `json:"can_post"`
	ReadOnly               string `json:"read_only_because"`
	Posts                  int
	LastPost               string `json:"last_post"`
}

type rooms struct{ Items []room }

func names(r *hookstest.Response) (out []string) {
	for _, item := range hookstest.Into[rooms](r).Items {
		out = append(out, item.Name)
	}
	return out
}

func TestAProviderOpensACommunity(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	made := lead.Post("/communities", map[string]any{"name": " Rheumatoid   arthritis ", "kind": "condition", "about": "**Welcome** <b>all</b>"})
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	id := hookstest.Into[room](made).ID
	list := hookstest.Into[rooms](lead.Get("/communities")).Items
	if len(list) != 1 || list[0].Name != "Rheumatoid arthritis" || !list[0].CanPost || !list[0].Lead || len(list[0].Leads) != 1 {
		t.Errorf("%+v", list)
	}
	one := hookstest.Into[room](lead.Get("/communities/" + id))
	if one.About != "**Welcome** <b>all</b>" || one.HTML != "<p><strong>Welcome</strong> &lt;b&gt;all&lt;/b&gt;</p>\n" {
		t.Errorf("%+v", one)
	}
	for who, m := range map[string]*hookstest.Client{"patient": c.Patient(), "staff": c.Staff(), "admin staff": c.Staff("admin"), "guest": c.Guest()} {
		if got := m.Post("/communities", map[string]any{"name": "X", "kind": "condition"}); got.Status != http.StatusForbidden && got.Status != http.StatusUnauthorized {
			t.Errorf("%s opened a community: %d", who, got.Status)
		}
	}
	key := hookstest.Key()
	twice := []*hookstest.Response{}
	for range 2 {
		twice = append(twice, lead.Do("POST", "/communities", map[string]any{"name": "Once", "kind": "practice"}, key))
	}
	if string(twice[0].Body) != string(twice[1].Body) || len(names(lead.Get("/communities"))) != 2 {
		t.Error("the same key opened two")
	}
}

func TestWhatACommunityMayBeCalled(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	for name, f := range map[string]struct {
		body map[string]any
		code string
	}{
		"no name":       {map[string]any{"kind": "condition"}, "name:required"},
		"a long name":   {map[string]any{"kind": "condition", "name": strings.Repeat("é", 61)}, "name:too_long"},
		"a line break":  {map[string]any{"kind": "condition", "name": "a\u0007b"}, "name:invalid"},
		"turned around": {map[string]any{"kind": "condition", "name": "a\u202eb"}, "name:invalid"},
		"no letters":    {map[string]any{"kind": "condition", "name": "—"}, "name:invalid"},
		"no kind":       {map[string]any{"name": "A"}, "kind:required"},
		"no such kind":  {map[string]any{"name": "A", "kind": "public"}, "kind:invalid"},
		"a long text":   {map[string]any{"name": "A", "kind": "condition", "about": strings.Repeat("x", clinic.MaxPostBytes+1)}, "about:too_long"},
		"a good one":    {map[string]any{"name": strings.Repeat("é", 60), "kind": "condition"}, ""},
		"in Spanish":    {map[string]any{"name": "Corazón 2", "kind": "programme"}, ""},
	} {
		if got := lead.Post("/communities", f.body); got.Code() != f.code {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

// clinicOf has a community of every kind, one provider leading all, and a patient in the first.
func communities(c *hookstest.Clinic, lead *hookstest.Client) map[string]string {
	out := map[string]string{}
	for _, kind := range clinic.CommunityKinds {
		out[kind] = c.Community(kind, []*hookstest.Client{lead})
	}
	return out
}

func TestWhoMayKnowOfACommunity(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	of := communities(c, lead)
	patient, staff, provider := c.Patient(), c.Staff(), c.Provider()
	c.Join(of[clinic.KindCondition], patient, false)
	c.Join(of[clinic.KindProgramme], staff, false)
	for who, f := range map[string]struct {
		client *hookstest.Client
		path   string
		kinds  []string
	}{
		"a patient":                   {patient, "", []string{clinic.KindCondition}},
		"staff":                       {staff, "", []string{clinic.KindProgramme}},
		"staff who invite":            {staff, "?all=1", []string{clinic.KindCondition, clinic.KindPractice, clinic.KindProgramme, clinic.KindStaffRoom}},
		"a provider who invites":      {provider, "?all=1", []string{clinic.KindCondition, clinic.KindPractice, clinic.KindProviderRoom, clinic.KindStaffRoom}},
		"an admin, to hand them over": {c.Founder(), "?all=1", []string{clinic.KindCondition, clinic.KindPractice, clinic.KindProgramme, clinic.KindProviderRoom, clinic.KindStaffRoom}},
		"an admin's own":              {c.Founder(), "", nil},
	} {
		var kinds []string
		for _, item := range hookstest.Into[rooms](f.client.Get("/communities" + f.path)).Items {
			kinds = append(kinds, item.Kind)
			if !item.Member && (item.HTML != "" || item.Posts != 0 || item.LastPost != "" || len(item.Leads) != 0 || item.CanPost) {
				t.Errorf("%s is told more than a name: %+v", who, item)
			}
		}
		slices.Sort(kinds)
		want := slices.Sorted(slices.Values(f.kinds))
		if !slices.Equal(kinds, want) {
			t.Errorf("%s knows of %v, want %v", who, kinds, want)
		}
	}
	if got := patient.Get("/communities?all=1"); got.Status != http.StatusForbidden {
		t.Errorf("a patient asked for all: %d", got.Status)
	}
	if string(patient.Get("/communities/"+of[clinic.KindPractice]).Body) != string(patient.Get("/communities/nothingthere000").Body) {
		t.Error("a community one is not in answers otherwise than none")
	}
}

func TestRoomsAdmitWhomTheyAreFor(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	of := communities(c, lead)
	for role, member := range map[clinic.Role]func() *hookstest.Client{clinic.Patient: c.Patient, clinic.Caregiver: c.Caregiver,
		clinic.Staff: func() *hookstest.Client { return c.Staff() }, clinic.Provider: func() *hookstest.Client { return c.Provider() }} {
		for kind, id := range of {
			admitted := role == clinic.Provider || role == clinic.Staff && kind != clinic.KindProviderRoom ||
				kind != clinic.KindProviderRoom && kind != clinic.KindStaffRoom
			got := lead.Post("/communities/"+id+"/members", map[string]any{"member": member().ID})
			if admitted && got.Status != http.StatusCreated || !admitted && got.Code() != "not_admitted" {
				t.Errorf("%s in a %s: %d %s", role, kind, got.Status, got.Code())
			}
			if got := save(c, clinic.Memberships, map[string]any{"community": id, "member": member().ID}); (got == nil) != admitted {
				t.Errorf("%s in a %s, by the record: %v", role, kind, got)
			}
			if err := save(c, clinic.Memberships, map[string]any{"community": id, "member": member().ID, "lead": true}); (err == nil) != (role == clinic.Provider) {
				t.Errorf("%s leads a %s: %v", role, kind, err)
			}
		}
	}
	if got := lead.Patch("/communities/"+of[clinic.KindCondition], map[string]any{"kind": "provider_room"}); got.Code() != "kind_keeps_members_out" {
		t.Errorf("a room with patients became a provider room: %d %s", got.Status, got.Code())
	}
}

// save writes a record in the house's name, past the routes.
func save(c *hookstest.Clinic, collection string, fields map[string]any) error {
	found, err := c.App.FindCollectionByNameOrId(collection)
	if err != nil {
		return err
	}
	record := core.NewRecord(found)
	record.Load(fields)
	return c.House.Save(c.App, record)
}

func TestWhatIsDoneToACommunityIsOnTheAuditRecord(t *testing.T) {
	c := hookstest.New(t)
	lead, other, patient := c.Provider(), c.Provider(), c.Patient()
	id := hookstest.Into[room](lead.Post("/communities", map[string]any{"name": "A", "kind": "condition"})).ID
	lead.Patch("/communities/"+id, map[string]any{"name": "B"})
	lead.Post("/communities/"+id+"/members", map[string]any{"member": patient.ID})
	lead.Post("/communities/"+id+"/lead", map[string]any{"to": other.ID})
	lead.Delete("/communities/" + id + "/members/" + patient.ID)
	var actions []string
	err := c.App.DB().NewQuery("SELECT action FROM audit_entries WHERE actor = {:actor} AND action LIKE 'community.%' ORDER BY seq").
		Bind(map[string]any{"actor": lead.ID}).Column(&actions)
	want := []string{"community.create", "community.change", "community.add_member", "community.hand_over", "community.remove_member"}
	if err != nil || !slices.Equal(actions, want) {
		t.Errorf("%v %v", actions, err)
	}
}
