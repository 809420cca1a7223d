package community_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type room struct {
	ID, Name, Kind, Status string
	About, Because         string
	HTML                   string                      `json:"about_html"`
	Leads                  []struct{ ID, Name string } `json:"lead_names"`
	Member, Lead           bool
	CanPost                bool   `json:"can_post"`
	ReadOnly               string `json:"read_only_because"`
	Posts                  int
	LastPost               string `json:"last_post"`
}

type rooms struct{ Items []room }

func TestAProviderOpensACommunity(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	made := lead.Post("/communities", map[string]any{"name": " Rheumatoid   arthritis ", "kind": "condition", "about": "**Welcome**"})
	if made.Status != http.StatusCreated {
		t.Fatalf("%d %s", made.Status, made.Body)
	}
	id := hookstest.Into[room](made).ID
	list := hookstest.Into[rooms](lead.Get("/communities")).Items
	if len(list) != 1 || list[0].Name != "Rheumatoid arthritis" || !list[0].CanPost || !list[0].Lead || len(list[0].Leads) != 1 {
		t.Errorf("%+v", list)
	}
	one := hookstest.Into[room](lead.Get("/communities/" + id))
	if one.About != "**Welcome**" || one.HTML != "<p><strong>Welcome</strong></p>\n" {
		t.Errorf("%+v", one)
	}
	for who, m := range map[string]*hookstest.Client{"patient": c.Patient(), "staff": c.Staff()} {
		if got := m.Post("/communities", map[string]any{"name": "X", "kind": "condition"}); got.Status != http.StatusForbidden {
			t.Errorf("%s opened a community: %d", who, got.Status)
		}
	}
	_ = clinic.KindCondition
}
