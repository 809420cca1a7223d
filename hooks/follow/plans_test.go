package follow_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/follow"
	"kinward/hooks/hookstest"
)

// Marks and lists are read by their indexes: what they cost does not grow with what others marked.
func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("ANALYZE").Execute(); err != nil {
		t.Fatal(err)
	}
	for name, query := range follow.Queries() {
		var steps []struct {
			Detail string `db:"detail"`
		}
		params := dbx.Params{}
		for _, one := range []string{"member", "it", "at", "id"} {
			if strings.Contains(query.Text, "{:"+one+"}") {
				params[one] = map[string]string{"it": `["a"]`, "at": "~"}[one]
			}
		}
		if err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + query.Text).Bind(params).All(&steps); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
		}
		if !strings.Contains(plan, query.Index) || strings.Contains(strings.ReplaceAll(plan, "SCAN json_each", ""), "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s should use %s:\n%s", name, query.Index, plan)
		}
	}
}
