package community_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestTheLastLeadHandsOver(t *testing.T) {
	c := hookstest.New(t)
	lead, other, patient := c.Provider(), c.Provider(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	path := "/communities/" + id
	if got := lead.Delete(path + "/members/" + lead.ID); got.Status != http.StatusConflict || got.Code() != "last_lead" {
		t.Errorf("the last lead left: %d %s", got.Status, got.Code())
	}
	if got := c.Founder().Delete(path + "/members/" + lead.ID); got.Code() != "last_lead" {
		t.Errorf("the last lead was removed: %d %s", got.Status, got.Code())
	}
	for name, to := range map[string]string{"lead_is_no_provider": patient.ID, "not_found": "nothingthere000", "to:required": ""} {
		if got := lead.Post(path+"/lead", map[string]any{"to": to, "step_down": true}); got.Code() != name {
			t.Errorf("handed to %q: %d %s", to, got.Status, got.Code())
		}
	}
	if got := lead.Post(path+"/lead", map[string]any{"to": lead.ID, "step_down": true}); got.Status != http.StatusOK || !hookstest.Into[room](got).Lead {
		t.Errorf("handing over to oneself changes nothing: %d %s", got.Status, got.Body)
	}
	got := lead.Post(path+"/lead", map[string]any{"to": other.ID, "step_down": true})
	if after := hookstest.Into[room](got); got.Status != http.StatusOK || after.Lead || !after.Member || len(after.Leads) != 1 || after.Leads[0].ID != other.ID {
		t.Errorf("handed over: %d %s", got.Status, got.Body)
	}
	if got := lead.Delete(path + "/members/" + lead.ID); got.Status != http.StatusNoContent {
		t.Errorf("then one may leave: %d %s", got.Status, got.Code())
	}
	if got := lead.Patch(path, map[string]any{"name": "Mine"}); got.Status != http.StatusNotFound {
		t.Errorf("who left runs nothing: %d", got.Status)
	}
}

func TestACommunityWhoseLeadIsSuspended(t *testing.T) {
	c := hookstest.New(t)
	lead, other, patient := c.Provider(), c.Provider(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	status := func(value string) {
		record, err := c.App.FindRecordById(clinic.Users, lead.ID)
		if err != nil {
			t.Fatal(err)
		}
		record.Set("status", value)
		if err := c.House.Save(c.App, record); err != nil {
			t.Fatal(err)
		}
	}
	status(clinic.Suspended)
	for _, seen := range []room{hookstest.Into[room](patient.Get("/communities/" + id)), hookstest.Into[rooms](patient.Get("/communities")).Items[0]} {
		if seen.CanPost || seen.ReadOnly != "community_without_lead" || len(seen.Leads) != 0 {
			t.Errorf("%+v", seen)
		}
	}
	if got := c.Founder().Post("/communities/"+id+"/lead", map[string]any{"to": lead.ID}); got.Code() != "lead_is_no_provider" {
		t.Errorf("handed to the suspended one: %d %s", got.Status, got.Code())
	}
	if got := c.Founder().Post("/communities/"+id+"/lead", map[string]any{"to": other.ID}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if seen := hookstest.Into[room](patient.Get("/communities/" + id)); !seen.CanPost || seen.ReadOnly != "" || seen.Leads[0].ID != other.ID {
		t.Errorf("%+v", seen)
	}
	status(clinic.Active)
	if seen := hookstest.Into[room](patient.Get("/communities/" + id)); len(seen.Leads) != 2 {
		t.Errorf("a restored lead leads again: %+v", seen)
	}
}

func TestAClosedCommunityIsReadOnly(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	if got := lead.Patch("/communities/"+id, map[string]any{"status": "archived"}); hookstest.Into[room](got).ReadOnly != "community_archived" {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if seen := hookstest.Into[room](patient.Get("/communities/" + id)); seen.CanPost || seen.ReadOnly != "community_archived" {
		t.Errorf("%+v", seen)
	}
	if got := lead.Patch("/communities/"+id, map[string]any{"status": "gone"}); got.Code() != "status:invalid" {
		t.Errorf("%d %s", got.Status, got.Code())
	}
	if got := lead.Patch("/communities/"+id, map[string]any{"status": "open", "name": "New name"}); !hookstest.Into[room](got).CanPost {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
