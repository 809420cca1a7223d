package search_test

import (
	"strings"
	"testing"
)

// Posted policies are public, and are found by their words like everything else; a withdrawn one is not.
func TestPostedPoliciesAreFound(t *testing.T) {
	h := newHouse(t)
	slugs := func(asked map[string]any) (out []string) {
		for _, one := range look(t, h.heron, asked).Policies {
			out = append(out, one.Slug)
		}
		return out
	}
	got := look(t, h.heron, map[string]any{"q": "guidelines"}).Policies
	if len(got) == 0 || got[0].Slug != "community-guidelines" || got[0].Title == "" {
		t.Fatalf("%+v", got)
	}
	if got := look(t, h.heron, map[string]any{"q": "emergenc", "kind": "policy"}); len(got.Policies) == 0 || !strings.Contains(got.Policies[0].Excerpt, "<mark>") || len(got.Items) != 0 {
		t.Errorf("policies alone: %+v", got)
	}
	for _, asked := range []map[string]any{{"q": "guidlines"}, {"q": "gudielines", "kind": "policy"}} {
		if got := look(t, h.heron, asked).Policies; len(got) == 0 || got[0].Slug != "community-guidelines" || !strings.Contains(got[0].Excerpt, "<mark>") {
			t.Errorf("%v, with a typing error: %+v", asked, got)
		}
	}
	for _, asked := range []map[string]any{{"q": "guidelines", "mine": true}, {"q": "guidelines", "community": h.hearts}, {"q": "guidelines", "kind": "comment"},
		{"q": "guidelines xylophones"}, {"q": "guidlines xylophones"}, {"q": "g"}, {"q": "gdl"}} {
		if got := slugs(asked); len(got) != 0 {
			t.Errorf("%v: %v", asked, got)
		}
	}
	h.Withdraw("community-guidelines")
	if got := slugs(q("guidelines")); len(got) > 0 && got[0] == "community-guidelines" {
		t.Errorf("a withdrawn one is found: %v", got)
	}
}
