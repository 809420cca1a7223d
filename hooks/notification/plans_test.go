package notification_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

// TestPlans: what is asked on every page seeks in an index that holds this member's own rows, in their order.
func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("ANALYZE").Execute(); err != nil {
		t.Fatal(err)
	}
	for name, query := range notification.Queries {
		var steps []struct {
			Detail string `db:"detail"`
		}
		err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + query.Text).Bind(dbx.Params{
			"member": "aaaaaaaaaaaaaaa", "at": "2026-01-01 00:00:00.000Z", "id": "aaaaaaaaaaaaaaa", "cadence": "now"}).All(&steps)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
		}
		if !strings.Contains(plan, query.Index) || strings.Contains(plan, "SCAN") || name != "letter" && strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s should use %s:\n%s", name, query.Index, plan)
		}
	}
}
