package post_test

import (
	"net/http"
	"strings"
	"testing"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// room is a community with a lead, a patient in it, and people who are not.
type room struct {
	*hookstest.Clinic
	id                     string
	lead, patient, staff   *hookstest.Client
	outsider, other, guest *hookstest.Client
}

func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider(), patient: c.Patient(), staff: c.Staff(), outsider: c.Patient(), other: c.Patient(), guest: c.Guest()}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.patient, r.other)
	return r
}

type piece struct {
	ID, Status, HTML, Kind, By, Reason, Parent, Created, Edited, Updated string
	Title, Body                                                          string
	Author                                                               access.Person
	Mine                                                                 bool
	Can                                                                  struct{ Edit, Delete, Comment bool }
	Findings                                                             []any
}

type entry struct {
	piece
	Comments    int
	LastComment string `json:"last_comment"`
}

type page[T any] struct {
	Items []T
	Next  *string
}

type thread struct {
	piece
	Comments page[piece]
	Count    int `json:"comment_count"`
}

func (r *room) write(t *testing.T, by *hookstest.Client, title, body string) entry {
	t.Helper()
	answer := by.Post("/communities/"+r.id+"/posts", map[string]any{"kind": "discussion", "title": title, "body": body})
	if answer.Status != http.StatusCreated {
		t.Fatalf("posting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[entry](answer)
}

func (r *room) comment(t *testing.T, by *hookstest.Client, id, body, parent string) piece {
	t.Helper()
	answer := by.Post("/posts/"+id+"/comments", map[string]any{"body": body, "parent": parent})
	if answer.Status != http.StatusCreated {
		t.Fatalf("commenting: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[piece](answer)
}

func TestPostReadComment(t *testing.T) {
	r := newRoom(t)
	made := r.write(t, r.patient, "  Sore   hands ", "# Hello\n\n<b>mornings</b> are **hard**")
	if made.Title != "Sore hands" || made.Status != "shown" || !made.Mine || made.Findings == nil {
		t.Errorf("the answer to a post: %+v", made)
	}
	if !strings.Contains(made.HTML, "<h3>Hello</h3>") || !strings.Contains(made.HTML, "&lt;b&gt;mornings") || !strings.Contains(made.HTML, "<strong>hard</strong>") {
		t.Errorf("rendered: %s", made.HTML)
	}
	comment := r.comment(t, r.lead, made.ID, "Warm water helps.", "")
	reply := r.comment(t, r.patient, made.ID, "Thank you!", comment.ID)
	feed := hookstest.Into[page[entry]](r.lead.Get("/communities/" + r.id + "/posts"))
	if len(feed.Items) != 1 || feed.Items[0].Comments != 2 || feed.Items[0].LastComment != reply.Created || feed.Next != nil {
		t.Errorf("feed: %+v", feed)
	}
	seen := hookstest.Into[thread](r.patient.Get("/posts/" + made.ID))
	if len(seen.Comments.Items) != 2 || seen.Body == "" || seen.Count != 2 || seen.Comments.Items[1].Parent != comment.ID {
		t.Errorf("thread: %+v", seen)
	}
	if seen.Comments.Items[0].Body != "" || seen.Comments.Items[1].Body != "Thank you!" {
		t.Error("the source goes to its author only")
	}
}
