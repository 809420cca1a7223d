package community_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestMembershipsAreNeverPassedOn(t *testing.T) {
	c := hookstest.New(t)
	lead, patient := c.Provider(), c.Patient()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	if got := lead.Post("/communities/"+id+"/members", map[string]any{"member": patient.ID}); got.Code() != "already_in_community" {
		t.Errorf("a second time: %d %s", got.Status, got.Code())
	}
	record, err := c.App.FindFirstRecordByData(clinic.Memberships, "member", patient.ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("member", c.Patient().ID)
	if err := c.House.Save(c.App, record); err == nil {
		t.Error("a membership was passed on")
	}
	if err := c.App.Delete(record); err == nil {
		t.Error("a membership was deleted behind the house's back")
	}
}

func TestMembersByNamePageByPage(t *testing.T) {
	c := hookstest.New(t)
	lead := c.Provider()
	id := c.Community(clinic.KindCondition, []*hookstest.Client{lead})
	statement := `INSERT INTO users (id, name, email, role, status, password, tokenKey, created, updated)
		VALUES ({:id}, {:name}, {:email}, 'patient', {:status}, 'x', {:key}, '2026-01-01 00:00:00.000Z', '2026-01-01 00:00:00.000Z')`
	for i := range 120 {
		member := fmt.Sprintf("member%09d", i)
		status := clinic.Active
		if i == 7 {
			status = clinic.Removed
		}
		_, err := c.App.DB().NewQuery(statement).Bind(map[string]any{"id": member, "name": fmt.Sprintf("member %03d", i/3), "email": member + "@x.example",
			"key": strings.Repeat(member, 3), "status": status}).Execute()
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.App.DB().NewQuery("INSERT INTO memberships (id, community, member, lead, created, updated) VALUES ({:id}, {:c}, {:id}, FALSE, '', '')").
			Bind(map[string]any{"id": member, "c": id}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]bool{}
	var order []string
	for cursor := ""; ; {
		page := hookstest.Into[struct {
			Items []struct {
				ID, Name string
				Lead     bool
			}
			Next *string
		}](lead.Get("/communities/" + id + "/members?before=" + cursor))
		for _, item := range page.Items {
			if seen[item.ID] {
				t.Errorf("%s came twice", item.ID)
			}
			seen[item.ID] = true
			order = append(order, strings.ToLower(item.Name))
		}
		if page.Next == nil {
			break
		}
		cursor = *page.Next
	}
	if len(seen) != 120 || !slices.IsSorted(order) { // the lead and 119: who was removed is not listed
		t.Errorf("%d members, sorted %v", len(seen), slices.IsSorted(order))
	}
	if got := lead.Get("/communities/" + id + "/members?before=xyz"); got.Code() != "before:invalid" {
		t.Errorf("%d %s", got.Status, got.Code())
	}
}
