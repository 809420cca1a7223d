package search_test

import (
	"fmt"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// An index that was made before its rows said where they stand is filled anew: what was written is found as before, in its order,
// and by nobody else; and what is changed and deleted afterwards is followed.
func TestTheIndexOfAnOlderPracticeIsFilled(t *testing.T) {
	h := newHouse(t)
	first := post(t, h.heron, h.hearts, "River", "The river is high.")
	post(t, h.maple, h.sugar, "River", "Another river.")
	comment := made(t, h.lead.Post("/posts/"+first+"/comments", map[string]any{"body": "Which river?"}))
	gone := post(t, h.heron, h.hearts, "River", "A river that dries up.")
	before := ids(look(t, h.heron, q("river")))

	runner := core.NewMigrationsRunner(h.App, core.AppMigrations)
	for applied := 1; applied == 1; { // later ones go first
		if _, err := runner.Down(1); err != nil {
			t.Fatal(err)
		}
		if err := h.App.DB().NewQuery("SELECT count(*) FROM _migrations WHERE file = '0025_search_numbers.go'").Row(&applied); err != nil {
			t.Fatal(err)
		}
	}
	older := post(t, h.heron, h.hearts, "River", "Written before the upgrade, the river again.")
	if _, err := runner.Up(); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(look(t, h.heron, q("river"))), append([]string{older}, before...); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after the upgrade %v, want %v", got, want)
	}
	if got := h.heron.Do("PATCH", "/posts/"+first, map[string]any{"title": "Creek", "body": "The creek is high."}); got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := h.heron.Do("DELETE", "/posts/"+gone, nil); got.Status >= 300 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	newest := post(t, h.heron, h.hearts, "River", "The newest river.")
	if got, want := ids(look(t, h.heron, q("river"))), []string{newest, older, comment}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("after a change %v, want %v", got, want)
	}
	if got := ids(look(t, h.maple, q("river"))); len(got) != 1 {
		t.Errorf("another community finds %v", got)
	}
}

func ids(f found) []string {
	var out []string
	for _, item := range f.Items {
		out = append(out, item.ID)
	}
	return out
}
