package review_test

import (
	"strings"
	"testing"

	"kinward/hooks/hookstest"
	"kinward/hooks/review"
)

// TestPlans: the lists seek in an index for each of a provider's communities, and read no table through.
func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	for name, query := range map[string]struct {
		text    string
		indexes []string
	}{
		"reviewed": {review.ReviewedQuery, []string{"posts_reviews (community=? AND review_until>? AND review_until<?)", "comments_reviews (community=? AND review_until>? AND review_until<?)"}},
		"waiting":  {review.WaitingQuery, []string{"posts_unreviewed (community=? AND (created,id)>(?,?))"}},
	} {
		var steps []struct {
			Detail string `db:"detail"`
		}
		text := query.text
		for param, value := range map[string]string{"{:rooms}": `'["a"]'`, "{:from}": "'2026'", "{:upto}": "'2027'", "{:at}": "''", "{:after}": "''", "{:me}": "'b'", "{:most}": "31"} {
			text = strings.ReplaceAll(text, param, value)
		}
		if err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + text).All(&steps); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
		}
		for _, index := range query.indexes {
			if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN p") || strings.Contains(plan, "SCAN u") {
				t.Errorf("%s should use %s:\n%s", name, index, plan)
			}
		}
	}
}
