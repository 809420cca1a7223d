package moderation_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// room is a community with two at its desk, two patients, and people who are not at it.
type room struct {
	*hookstest.Clinic
	id                       string
	lead, moderator          *hookstest.Client
	author, other, caregiver *hookstest.Client
	provider, staff, outside *hookstest.Client
}

// newRoom opens the community. What is written with the word "secret" is held, as a check would hold it.
func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider(), moderator: c.Staff("moderate"), author: c.Patient(), other: c.Patient(), caregiver: c.Caregiver(),
		provider: c.Provider(), staff: c.Staff(), outside: c.Staff("moderate")}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.moderator, r.author, r.other, r.caregiver, r.provider, r.staff)
	c.Community(clinic.KindPractice, []*hookstest.Client{c.Provider()}, r.outside)
	c.HoldWord("secret")
	return r
}

type piece struct {
	ID, Post, Status, HTML, Body, Created, By, Reason, Note string
	Updated                                                 string
}

type thread struct {
	piece
	Comments struct{ Items []piece }
	Count    int `json:"comment_count"`
}

type feed struct {
	Items []struct {
		piece
		Comments    int
		LastComment string `json:"last_comment"`
	}
	Next *string
}

type held struct {
	ID, Source, Kind, Post, Comment, State, Lane, Reason, Note, Title, Excerpt, Seen, Why, HTML string
	Reports                                                                                     int
	Reasons                                                                                     []string
	SecondLookBy                                                                                string `json:"second_look_by"`
	Clause                                                                                      *struct{ Policy, Clause, Title string }
	Findings                                                                                    []struct{ Say, Clause string }
	Words                                                                                       struct{ Title, Body string }
	Author                                                                                      struct{ ID string }
	Can                                                                                         struct {
		Decide, Resubmit bool
		SecondLook       bool `json:"second_look"`
	}
	Said []struct {
		Reason, Words string
		By            struct{ ID string }
		Then          *struct{ Title, Body string }
	}
	History []struct {
		Kind, Reason, Note string
		By                 *struct{ ID string }
	}
	Earlier []struct{ ID, State string }
}

type list struct {
	Items  []held
	Next   string
	Counts map[string]int
}

func (r *room) write(t *testing.T, by *hookstest.Client, body string) piece {
	t.Helper()
	answer := by.Post("/communities/"+r.id+"/posts", map[string]any{"kind": "discussion", "title": "Title " + body[:3], "body": body})
	if answer.Status != http.StatusCreated && answer.Status != http.StatusAccepted {
		t.Fatalf("posting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[piece](answer)
}

func (r *room) comment(t *testing.T, by *hookstest.Client, post, body string) piece {
	t.Helper()
	answer := by.Post("/posts/"+post+"/comments", map[string]any{"body": body})
	if answer.Status != http.StatusCreated && answer.Status != http.StatusAccepted {
		t.Fatalf("commenting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[piece](answer)
}

// desk is what stands on somebody's desk.
func (r *room) desk(who *hookstest.Client, query string) list {
	return hookstest.Into[list](who.Get("/desk" + query))
}

// only is the one hold on the lead's desk, whole.
func (r *room) only(t *testing.T) held {
	t.Helper()
	items := r.desk(r.lead, "").Items
	if len(items) != 1 {
		t.Fatalf("%d holds wait: %+v", len(items), items)
	}
	return hookstest.Into[held](r.lead.Get("/desk/" + items[0].ID))
}

// own is the latest hold of somebody's own.
func own(t *testing.T, who *hookstest.Client) held {
	t.Helper()
	items := hookstest.Into[list](who.Get("/holds")).Items
	if len(items) == 0 {
		t.Fatal("the author has no hold")
	}
	return items[0]
}

func want(t *testing.T, r *hookstest.Response, status int) {
	t.Helper()
	if r.Status != status {
		t.Fatalf("%d %s, want %d", r.Status, r.Body, status)
	}
}

func refused(t *testing.T, r *hookstest.Response, status int, code string) {
	t.Helper()
	if r.Status != status || r.Code() != code {
		t.Errorf("%d %s, want %d %s", r.Status, r.Body, status, code)
	}
}
