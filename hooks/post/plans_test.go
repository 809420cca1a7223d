package post_test

import (
	"strings"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/post"
)

// TestPlans: what people wait for seeks in an index, in the order in which it is shown, and never reads a whole table nor sorts.
func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("ANALYZE").Execute(); err != nil {
		t.Fatal(err)
	}
	for name, query := range post.Queries {
		var steps []struct {
			Detail string `db:"detail"`
		}
		text := query.Text
		for i, value := range []string{"aaaaaaaaaaaaaaa", "2026-01-01 00:00:00.000Z", "aaaaaaaaaaaaaaa", "2025-01-01 00:00:00.000Z", "aaaaaaaaaaaaaaa"} {
			text = strings.ReplaceAll(text, "?"+string(rune('1'+i)), "'"+value+"'")
		}
		if err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + text).All(&steps); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
		}
		plan = strings.ReplaceAll(plan, "SCAN r VIRTUAL TABLE", "LIST") // of the ids that were asked for
		if !strings.Contains(plan, query.Index) || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("%s should use %s:\n%s", name, query.Index, plan)
		}
	}
}
