package post_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// The first page of a list may be one that was made before; a page that begins at a cursor is read from the database each
// time. These cursors begin where the first page does.
var (
	aboveAll = base64.RawURLEncoding.EncodeToString([]byte("2999-12-31 00:00:00.000Zzzzzzzzzzzzzzzz"))
	belowAll = base64.RawURLEncoding.EncodeToString([]byte("1999-12-31 00:00:00.000Z000000000000000"))
)

// sameAsRead compares what each reader gets with what the database has.
func (r *room) sameAsRead(t *testing.T, after string, posts []string) {
	t.Helper()
	for name, who := range map[string]*hookstest.Client{"author": r.patient, "member": r.other, "staff": r.staff} {
		feed := "/communities/" + r.id + "/posts"
		compare(t, after+": the feed of the "+name, who.Get(feed), who.Get(feed+"?before="+aboveAll))
		for _, id := range posts {
			compare(t, after+": a thread of the "+name, who.Get("/posts/"+id), who.Get("/posts/"+id+"?after="+belowAll))
		}
		for _, item := range hookstest.Into[page[entry]](who.Get(feed)).Items {
			if may := r.writable(t) && item.Status == clinic.Shown; item.Can.Comment != may {
				t.Errorf("%s: the %s may answer: %v, want %v", after, name, item.Can.Comment, may)
			}
			r.sameFace(t, after, item.Author)
		}
	}
}

// sameFace compares who is shown beside a post with the database itself: pages that are read share what is known of their authors.
func (r *room) sameFace(t *testing.T, after string, shown access.Person) {
	t.Helper()
	if shown.ID == "" {
		return // a tombstone
	}
	is, err := r.App.FindRecordById(clinic.Users, shown.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := access.NewPerson("en", is.Id, is.GetString("name"), is.GetString("role"), is.GetString("title"), is.GetString("status"))
	if shown != want {
		t.Errorf("%s: %+v is shown, and is %+v", after, shown, want)
	}
}

// writable asks the database itself whether one can write in the community.
func (r *room) writable(t *testing.T) (yes bool) {
	t.Helper()
	err := r.App.DB().NewQuery(`SELECT c.status = 'open' AND EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.member
		WHERE m.community = c.id AND m.lead AND u.status = 'active') FROM communities c WHERE c.id = {:id}`).
		Bind(map[string]any{"id": r.id}).Row(&yes)
	if err != nil {
		t.Fatal(err)
	}
	return yes
}

func compare(t *testing.T, what string, kept, read *hookstest.Response) {
	t.Helper()
	if kept.Status != read.Status || string(kept.Body) != string(read.Body) {
		t.Errorf("%s:\n%d %s\nbut the database has\n%d %s", what, kept.Status, kept.Body, read.Status, read.Body)
	}
}

// TestNobodyReadsAnOldPage does what changes a page in every way there is, in random order, and compares after each.
func TestNobodyReadsAnOldPage(t *testing.T) {
	r := newRoom(t)
	second, third := r.Provider(), r.Provider()
	r.Join(r.id, second, true)
	r.staff = r.Staff("moderate")
	r.Join(r.id, r.staff, false)
	random := rand.New(rand.NewPCG(1, 2))
	posts := []string{r.write(t, r.patient, "first", "first").ID}
	comments := []string{r.comment(t, r.other, posts[0], "first", "").ID}
	one := func(of []string) string { return of[random.IntN(len(of))] }
	suspended, leads := false, false
	n := 0
	changes := map[string]func(){
		"a post": func() {
			if answer := r.patient.Post("/communities/"+r.id+"/posts", map[string]any{"body": "words"}); answer.Status == http.StatusCreated {
				posts = append(posts, hookstest.Into[piece](answer).ID)
			}
		},
		"a comment": func() {
			if answer := r.other.Post("/posts/"+one(posts)+"/comments", map[string]any{"body": "words"}); answer.Status == http.StatusCreated {
				comments = append(comments, hookstest.Into[piece](answer).ID)
			}
		},
		"an edit":           func() { r.patient.Patch("/posts/"+one(posts), map[string]any{"body": fmt.Sprint("edited ", n)}) },
		"an edited comment": func() { r.other.Patch("/comments/"+one(comments), map[string]any{"body": fmt.Sprint("edited ", n)}) },
		"a deleted post":    func() { r.patient.Delete("/posts/" + one(posts)) },
		"a deleted comment": func() { r.lead.Do("DELETE", "/comments/"+one(comments), map[string]any{"reason": "why"}) },
		"another name":      func() { r.set(t, clinic.Users, r.patient.ID, "name", fmt.Sprint("Name ", n)) },
		"another title":     func() { r.set(t, clinic.Users, r.lead.ID, "title", fmt.Sprint("Dr. ", n)) },
		"a lead steps down": func() { r.lead.Post("/communities/"+r.id+"/lead", map[string]any{"to": second.ID, "step_down": true}) },
		"a lead comes back": func() { second.Post("/communities/"+r.id+"/lead", map[string]any{"to": r.lead.ID, "step_down": true}) },
		"a suspended author": func() {
			suspended = !suspended
			r.set(t, clinic.Users, second.ID, "status", map[bool]string{true: clinic.Suspended, false: clinic.Active}[suspended])
		},
		"a third lead":      func() { r.Founder().Post("/communities/"+r.id+"/lead", map[string]any{"to": third.ID}) },
		"a third lead goes": func() { r.Founder().Delete("/communities/" + r.id + "/members/" + third.ID) },
		"a suspended lead": func() {
			leads = !leads
			r.set(t, clinic.Users, r.lead.ID, "status", map[bool]string{true: clinic.Suspended, false: clinic.Active}[leads])
			if !leads {
				r.lead = r.SignedIn(r.lead.ID)
			}
		},
		"a closed community":  func() { r.set(t, clinic.Communities, r.id, "status", one([]string{"open", "archived", "open"})) },
		"the dashboard":       func() { r.touch(t, clinic.Posts, one(posts)) },
		"the dashboard again": func() { r.touch(t, clinic.Comments, one(comments)) },
	}
	var names []string
	for name := range changes {
		names = append(names, name)
	}
	for n = range 150 {
		name := names[random.IntN(len(names))]
		changes[name]()
		if !suspended { // a suspension ends sessions
			second = r.SignedIn(second.ID)
		}
		r.sameAsRead(t, name, posts[max(0, len(posts)-2):])
	}
}

// touch saves a record as the dashboard would, with other words.
func (r *room) touch(t *testing.T, collection, id string) {
	t.Helper()
	record, err := r.App.FindRecordById(collection, id)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("body", record.GetString("body")+" more")
	_ = r.App.Save(record) // a deleted one is refused, which is no matter here
}

func TestAnUnchangedPageIsNotSentAgain(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "words").ID
	for _, path := range []string{"/communities/" + r.id + "/posts", "/posts/" + post} {
		first := r.other.Get(path)
		tag := first.Header.Get("ETag")
		if tag == "" || first.Header.Get("Cache-Control") != "private, no-store" {
			t.Fatalf("%s: %v", path, first.Header)
		}
		since := http.Header{"If-None-Match": {tag}}
		if got := r.other.Do("GET", path, nil, since); got.Status != http.StatusNotModified || len(got.Body) != 0 {
			t.Errorf("%s unchanged: %d %s", path, got.Status, got.Body)
		}
		if got := r.patient.Do("GET", path, nil, since); got.Status != http.StatusOK {
			t.Errorf("%s: what its author sees is another page: %d", path, got.Status)
		}
		if got := r.outsider.Do("GET", path, nil, since); got.Status != http.StatusNotFound {
			t.Errorf("%s: a known name opens nothing: %d", path, got.Status)
		}
		r.comment(t, r.patient, post, "something new", "")
		got := r.other.Do("GET", path, nil, since)
		if got.Status != http.StatusOK || got.Header.Get("ETag") == tag {
			t.Errorf("%s changed: %d", path, got.Status)
		}
		plain := r.other.Do("GET", path, nil, http.Header{"Accept-Encoding": {"identity"}})
		if string(plain.Body) != string(got.Body) || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: compressed and plain differ", path)
		}
		r.Pass(time.Second)
	}
}
