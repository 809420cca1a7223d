package main

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
)

// TestASeededPracticeIsSound: what is measured is a practice as Kinward would have made it, only faster.
func TestASeededPracticeIsSound(t *testing.T) {
	size := sizes{Members: 200, Communities: 4, Posts: 300, Comments: 5_000}
	dir := filepath.Join(t.TempDir(), "seed")
	known, err := seed(dir, size)
	if err != nil {
		t.Fatal(err)
	}
	app, house, err := open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer app.ClearBootstrap()
	for question, want := range map[string]int{
		"SELECT COUNT(*) FROM users":       size.Members + 1, // and the founder
		"SELECT COUNT(*) FROM communities": size.Communities,
		"SELECT COUNT(*) FROM posts":       size.Posts,
		"SELECT COUNT(*) FROM comments":    size.Comments,
		"SELECT COUNT(*) FROM posts p WHERE comments != (SELECT COUNT(*) FROM comments c WHERE c.post = p.id)":                                         0,
		"SELECT COUNT(*) FROM posts p WHERE last_comment != COALESCE((SELECT MAX(created) FROM comments c WHERE c.post = p.id), '')":                   0,
		"SELECT COUNT(*) FROM communities c WHERE posts != (SELECT COUNT(*) FROM posts p WHERE p.community = c.id)":                                    0,
		"SELECT COUNT(*) FROM comments c JOIN comments p ON p.id = c.parent WHERE p.parent != '' OR p.post != c.post OR p.created > c.created":         0,
		"SELECT COUNT(*) FROM posts p WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.member = p.author AND m.community = p.community)":          0,
		"SELECT COUNT(*) FROM comments c JOIN posts p ON p.id = c.post WHERE c.community != p.community OR c.created < p.created":                      0,
		"SELECT COUNT(*) FROM communities c WHERE (SELECT COUNT(*) FROM memberships m WHERE m.community = c.id AND m.lead) != 2":                       0,
		"SELECT COUNT(*) FROM users u WHERE u.email != 'founder@practice.example' AND NOT EXISTS (SELECT 1 FROM acknowledgements WHERE member = u.id)": 0,
		"SELECT COUNT(*) FROM users u WHERE u.role = 'patient' AND NOT EXISTS (SELECT 1 FROM authorization_events WHERE member = u.id)":                0,
	} {
		var got int
		if err := app.DB().NewQuery(question).Row(&got); err != nil || got != want {
			t.Errorf("%s: %d, want %d, %v", question, got, want, err)
		}
	}
	var bodies []struct {
		Body string `db:"body"`
		HTML string `db:"html"`
	}
	if err := app.DB().Select("body", "html").From("comments").Limit(500).All(&bodies); err != nil {
		t.Fatal(err)
	}
	for _, row := range bodies {
		if _, err := checked(paragraph{row.Body, row.HTML}); err != nil {
			t.Error(err)
		}
	}
	for _, m := range known.Members {
		if v, err := house.Member(m.ID); err != nil || len(v.Blocking(clinic.BlocksWrite, time.Now())) != 0 {
			t.Fatalf("%s cannot write: %+v, %v", m.ID, v, err)
		}
		for _, community := range m.Communities {
			var in bool
			err := app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM memberships WHERE member = {:m} AND community = {:c})").
				Bind(dbx.Params{"m": m.ID, "c": community}).Row(&in)
			if err != nil || !in {
				t.Errorf("%s is not in %s, %v", m.ID, community, err)
			}
		}
	}
	again, err := seed(dir, size)
	if err != nil || len(again.Members) != len(known.Members) {
		t.Errorf("made anew: %v", err)
	}
}
