package search_test

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/hookstest"
	"kinward/hooks/search"
)

// The search walks its index from the newest row down: no table is read whole, and only the hits of one page are sorted.
func TestTheSearchReadsNoTableWhole(t *testing.T) {
	c := hookstest.New(t)
	for _, query := range search.Queries {
		var steps []struct {
			Detail string `db:"detail"`
		}
		err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + query).Bind(dbx.Params{"asked": "word", "before": 5, "communities": "[]"}).All(&steps)
		if err != nil {
			t.Fatal(err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
			whole := strings.HasPrefix(step.Detail, "SCAN ") && !strings.HasPrefix(step.Detail, "SCAN search_words VIRTUAL TABLE INDEX") &&
				step.Detail != "SCAN w" && step.Detail != "SCAN l" && !strings.HasPrefix(step.Detail, "SCAN json_each")
			if whole {
				t.Errorf("a table is read whole: %s", step.Detail)
			}
		}
		if strings.Count(plan, "TEMP B-TREE") > 1 {
			t.Errorf("more than one page is sorted:\n%s", plan)
		}
		t.Log(plan)
	}
}
