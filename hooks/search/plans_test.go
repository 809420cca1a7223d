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
	var steps []struct {
		Detail string `db:"detail"`
	}
	err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + search.HitsQuery).Bind(dbx.Params{"asked": "word", "before": 5}).All(&steps)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		whole := strings.HasPrefix(step.Detail, "SCAN ") && !strings.HasPrefix(step.Detail, "SCAN search_words VIRTUAL TABLE INDEX") &&
			!strings.HasPrefix(step.Detail, "SCAN w")
		if whole {
			t.Errorf("a table is read whole: %s", step.Detail)
		}
	}
	t.Log(steps)
}
