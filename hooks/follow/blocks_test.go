package follow_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/hookstest"
)

// TestWhomOneBlockedIsListedByPages: to the end, the latest first, each once.
func TestWhomOneBlockedIsListedByPages(t *testing.T) {
	r := newRoom(t)
	_, err := r.App.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 45)
		INSERT INTO users (id, name, role, status, email, tokenKey, password, created, updated)
		SELECT printf('neighbor%07d', i), 'Neighbor', 'patient', 'active', printf('n%d@x.example', i), printf('token%025d', i), 'x', '', '' FROM n`).Execute()
	if err == nil { // three at a time in one moment
		_, err = r.App.DB().NewQuery(`INSERT INTO blocks (id, member, blocked, created) SELECT 'b' || substr(id, 2), {:member}, id,
			printf('2026-01-%02d 10:00:00.000Z', substr(id, -7) / 3 + 1) FROM users WHERE name = 'Neighbor'`).Bind(dbx.Params{"member": r.Other.ID}).Execute()
	}
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var lengths []int
	for next, path := "", "/blocks"; ; path = "/blocks?before=" + next {
		page := hookstest.Into[struct {
			Items []struct{ ID string }
			Next  string
		}](r.Other.Get(path))
		for _, one := range page.Items {
			got = append(got, one.ID)
		}
		lengths = append(lengths, len(page.Items))
		if next = page.Next; next == "" {
			break
		}
	}
	for i, id := range got {
		if want := fmt.Sprintf("neighbor%07d", 45-i); id != want {
			t.Fatalf("at %d stands %s, want %s", i, id, want)
		}
	}
	if !slices.Equal(lengths, []int{20, 20, 5}) {
		t.Errorf("the pages are of %v", lengths)
	}
	want(t, r.Other.Get("/blocks?before=x"), http.StatusBadRequest, "before:invalid")
	done(t, r.Other.Put("/members/"+r.Author.ID+"/block", nil))
	if first := hookstest.Into[struct{ Items []struct{ ID string } }](r.Other.Get("/blocks")).Items[0].ID; first != r.Author.ID {
		t.Errorf("%s stands first, and not who was blocked last", first)
	}
}
