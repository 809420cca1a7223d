package post_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// everyone is each kind of caller at a community's doors.
func (r *room) everyone(t *testing.T) map[string]*hookstest.Client {
	t.Helper()
	owing, suspended, moderator := r.Owing(clinic.Patient), r.Patient(), r.Staff("moderate")
	for _, member := range []*hookstest.Client{owing, suspended, moderator} {
		r.Join(r.id, member, false)
	}
	r.set(t, clinic.Users, suspended.ID, "status", clinic.Suspended)
	return map[string]*hookstest.Client{
		"guest": r.guest, "owing": owing, "suspended": suspended, "author": r.patient, "member": r.other, "lead": r.lead,
		"moderator": moderator, "outside staff": r.staff, "outsider": r.outsider, "outside admin": r.Founder(),
	}
}

// set changes one field of a record in the house's name.
func (r *room) set(t *testing.T, collection, id, field string, value any) {
	t.Helper()
	record, err := r.App.FindRecordById(collection, id)
	if err != nil {
		t.Fatal(err)
	}
	record.Set(field, value)
	if err := r.House.Save(r.App, record); err != nil {
		t.Fatal(err)
	}
}

type want map[string]int

// shut is what a door of a community answers to those outside of it.
func shut(inside want) want {
	out := want{"guest": 401, "owing": 403, "suspended": 401, "outside staff": 404, "outsider": 404, "outside admin": 404}
	for who, status := range inside {
		out[who] = status
	}
	return out
}

func TestEveryDoorForEveryRole(t *testing.T) {
	r := newRoom(t)
	all := r.everyone(t)
	text := map[string]any{"body": "words"}
	reason := map[string]any{"reason": "names a person"}
	post := r.write(t, r.patient, "A title", "A body")
	comment := r.comment(t, r.patient, post.ID, "A comment", "")
	inside := func(status int) want {
		return shut(want{"author": status, "member": status, "lead": status, "moderator": status})
	}
	authorOnly := shut(want{"author": 200, "member": 403, "lead": 403, "moderator": 403})
	keepers := shut(want{"author": 200, "member": 403, "lead": 200, "moderator": 200})
	for _, door := range []struct {
		method, path string
		body         any
		want         want
	}{
		{"GET", "/communities/" + r.id + "/posts", nil, inside(200)},
		{"POST", "/communities/" + r.id + "/posts", text, inside(201)},
		{"GET", "/posts/" + post.ID, nil, inside(200)},
		{"GET", "/posts/" + post.ID + "/comments", nil, inside(200)},
		{"POST", "/posts/" + post.ID + "/comments", text, inside(201)},
		{"PATCH", "/posts/" + post.ID, text, authorOnly},
		{"PATCH", "/comments/" + comment.ID, text, authorOnly},
		{"GET", "/posts/" + post.ID + "/versions", nil, keepers},
		{"GET", "/comments/" + comment.ID + "/versions", nil, keepers},
		{"POST", "/preview", map[string]any{"text": "words"}, want{"guest": 401, "owing": 403, "suspended": 401, "author": 200, "member": 200,
			"lead": 200, "moderator": 200, "outside staff": 200, "outsider": 200, "outside admin": 200}},
		{"GET", "/drafts", nil, want{"guest": 401, "owing": 200, "suspended": 401, "author": 200, "outsider": 200}},
	} {
		for who, status := range door.want {
			if got := all[who].Do(door.method, door.path, door.body); got.Status != status {
				t.Errorf("%s %s as %s: %d %s, want %d", door.method, door.path, who, got.Status, got.Code(), status)
			}
		}
	}
	for _, collection := range []string{"posts", "comments"} {
		for who, status := range shut(want{"member": 403, "author": 204, "lead": 204, "moderator": 204}) {
			var id string
			if collection == "comments" {
				id = r.comment(t, r.patient, post.ID, "to delete", "").ID
			} else {
				id = r.write(t, r.patient, "", "to delete").ID
			}
			if got := all[who].Do("DELETE", "/"+collection+"/"+id, reason); got.Status != status {
				t.Errorf("DELETE %s as %s: %d %s, want %d", collection, who, got.Status, got.Code(), status)
			}
		}
	}
}

func TestNobodyWritesInACommunityWithoutALead(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "before")
	comment := r.comment(t, r.patient, post.ID, "before", "")
	writes := func(code string) {
		t.Helper()
		for path, method := range map[string]string{
			"/communities/" + r.id + "/posts": "POST", "/posts/" + post.ID + "/comments": "POST", "/posts/" + post.ID: "PATCH",
			"/comments/" + comment.ID: "PATCH",
		} {
			if got := r.patient.Do(method, path, map[string]any{"body": "after"}); got.Status != http.StatusConflict || got.Code() != code {
				t.Errorf("%s %s: %d %s, want %s", method, path, got.Status, got.Code(), code)
			}
		}
		for _, path := range []string{"/posts/" + post.ID, "/comments/" + comment.ID} {
			if got := r.patient.Delete(path); got.Code() != code {
				t.Errorf("DELETE %s: %d %s, want %s", path, got.Status, got.Code(), code)
			}
		}
	}
	r.set(t, clinic.Users, r.lead.ID, "status", clinic.Suspended)
	writes("community_without_lead")
	seen := hookstest.Into[thread](r.patient.Get("/posts/" + post.ID))
	if seen.ID != post.ID || seen.Can.Comment || seen.Can.Edit || seen.Can.Delete {
		t.Errorf("reading goes on, and says that nobody may write: %+v", seen)
	}
	r.set(t, clinic.Users, r.lead.ID, "status", clinic.Active)
	r.set(t, clinic.Communities, r.id, "status", "archived")
	writes("community_archived")
	r.set(t, clinic.Communities, r.id, "status", "open")
	if seen := hookstest.Into[thread](r.patient.Get("/posts/" + post.ID)); !seen.Can.Comment || !seen.Can.Edit {
		t.Errorf("after the lead is back: %+v", seen.Can)
	}
	r.write(t, r.patient, "", "after")
}

func TestWhoLeftTheCommunitySeesNothingOfIt(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "mine")
	if r.patient.Get("/posts/"+post.ID).Status != 200 {
		t.Fatal("the author reads their post")
	}
	if got := r.lead.Delete("/communities/" + r.id + "/members/" + r.patient.ID); got.Status != 204 {
		t.Fatal(got.Status)
	}
	for _, path := range []string{"/posts/" + post.ID, "/communities/" + r.id, "/communities/" + r.id + "/posts", "/posts/" + post.ID + "/versions"} {
		if got := r.patient.Get(path); got.Status != 404 {
			t.Errorf("GET %s: %d", path, got.Status)
		}
	}
	if feed := hookstest.Into[page[entry]](r.other.Get("/communities/" + r.id + "/posts")); len(feed.Items) != 1 {
		t.Error("what they wrote stays")
	}
}

func TestWhatRemovedMembersWroteStaysUnderANeutralName(t *testing.T) {
	r := newRoom(t)
	r.comment(t, r.patient, r.write(t, r.patient, "", "mine").ID, "mine too", "")
	if got := r.Founder().Post("/members/"+r.patient.ID+"/remove", map[string]any{"reason": "moved away"}); got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	for language, name := range map[string]string{"en": "Former member", "es": "Persona que ya no es miembro"} {
		feed := hookstest.Into[page[entry]](r.other.Get("/communities/" + r.id + "/posts?language=" + language))
		if author := feed.Items[0].Author; author.Name != name || author.State != "left" || author.ID != "" {
			t.Errorf("%s: %+v", language, author)
		}
	}
}
