package event_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// room is a community with a lead and patients in it, and people who are not.
type room struct {
	*hookstest.Clinic
	id, topic             string
	lead, patient, other  *hookstest.Client
	outsider, staff, desk *hookstest.Client
}

// newRoom opens it. What is written with the word "secret" is held, as a check would hold it.
func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider(), patient: c.Patient(), other: c.Patient(), outsider: c.Patient(), staff: c.Staff(), desk: c.Staff("moderate")}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.patient, r.other, r.desk)
	r.topic = "community:" + r.id
	c.HoldWord("secret")
	return r
}

func (r *room) write(t *testing.T, by *hookstest.Client, path, body string) string {
	t.Helper()
	answer := by.Post(path, map[string]any{"title": "", "body": body})
	if answer.Status != http.StatusCreated && answer.Status != http.StatusAccepted {
		t.Fatalf("writing: %d %s", answer.Status, answer.Body)
	}
	return hookstest.Into[struct{ ID string }](answer).ID
}

func (r *room) post(t *testing.T, body string) string {
	t.Helper()
	return r.write(t, r.other, "/communities/"+r.id+"/posts", body)
}

func (r *room) comment(t *testing.T, post, body string) string {
	t.Helper()
	return r.write(t, r.other, "/posts/"+post+"/comments", body)
}

// set changes a field of a record in the house's name.
func (r *room) set(t *testing.T, collection, id, field string, value any) {
	t.Helper()
	record, err := r.App.FindRecordById(collection, id)
	if err != nil {
		t.Fatal(err)
	}
	record.Set(field, value)
	record.Set(clinic.DecidedBy, clinic.Decision{Member: r.desk.ID})
	if err := r.House.Save(r.App, record); err != nil {
		t.Fatal(err)
	}
}

func (r *room) remove(t *testing.T, member *hookstest.Client) {
	t.Helper()
	record, err := r.App.FindFirstRecordByFilter(clinic.Memberships, "member = '"+member.ID+"' && community = '"+r.id+"'")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.House.Delete(r.App, record); err != nil {
		t.Fatal(err)
	}
}

// postPolicy posts a policy that everybody must acknowledge before anything else, from now on.
func (r *room) postPolicy(t *testing.T) {
	t.Helper()
	collection, err := r.App.FindCollectionByNameOrId(clinic.Policies)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(collection)
	record.Load(map[string]any{"slug": "a-new-one", "kind": "policy", "audience": "everyone", "status": "posted", "position": 90})
	if err := r.House.Save(r.App, record); err != nil {
		t.Fatal(err)
	}
	words := func(language string) policy.Words {
		return policy.Words{Language: language, Title: "A new one", Summary: "New.", Body: "It is new.", Reason: "new"}
	}
	edition := policy.Edition{Class: policy.Material, Texts: []policy.Words{words("en"), words("es")}}
	if _, err := policy.Publish(r.App, r.House, "a-new-one", edition); err != nil {
		t.Fatal(err)
	}
}

// expect fails unless the next event is this one. Its data are compared as they are: nothing else may stand in them.
func expect(t *testing.T, s *hookstest.Stream, event, data string) hookstest.Heard {
	t.Helper()
	got := s.Next()
	if got.Event != event || got.Data != data {
		t.Fatalf("heard %q %s, want %q %s", got.Event, got.Data, event, data)
	}
	return got
}

func ready(t *testing.T, s *hookstest.Stream) hookstest.Heard {
	t.Helper()
	if s.Status != http.StatusOK {
		t.Fatalf("no stream: %d %s", s.Status, s.Body)
	}
	got := s.Next()
	if got.Event != "ready" || got.ID == "" || !strings.HasPrefix(got.Data, `{"quiet":`) {
		t.Fatalf("heard %+v, want that it is ready", got)
	}
	return got
}

// moment gives what a door says of when a post was commented on last.
func (r *room) moment(post string) string {
	return hookstest.Into[struct {
		Last string `json:"last_comment"`
	}](r.lead.Get("/posts/" + post)).Last
}

func TestAMemberHearsWhatHappens(t *testing.T) {
	r := newRoom(t)
	feed := r.patient.Listen(r.topic)
	ready(t, feed)
	post := r.post(t, "Pacing helps me.")
	expect(t, feed, "new", `{"topic":"`+r.topic+`","post":"`+post+`","comments":0}`)
	thread := r.lead.Listen("post:" + post)
	ready(t, thread)
	comment := r.comment(t, post, "Me too.")
	last := r.moment(post)
	expect(t, feed, "counts", `{"topic":"`+r.topic+`","post":"`+post+`","comments":1,"last_comment":"`+last+`"}`)
	expect(t, thread, "new", `{"topic":"post:`+post+`","post":"`+post+`","comment":"`+comment+`","comments":1,"last_comment":"`+last+`"}`)
	if got := r.other.Patch("/comments/"+comment, map[string]any{"body": "Me as well."}); got.Status != http.StatusOK {
		t.Fatalf("editing: %d %s", got.Status, got.Body)
	}
	expect(t, thread, "changed", `{"topic":"post:`+post+`","post":"`+post+`","comment":"`+comment+`","comments":1,"last_comment":"`+last+`"}`)
	if got := r.other.Delete("/comments/" + comment); got.Status != http.StatusNoContent {
		t.Fatalf("deleting: %d %s", got.Status, got.Body)
	}
	expect(t, feed, "counts", `{"topic":"`+r.topic+`","post":"`+post+`","comments":0}`)
	expect(t, thread, "changed", `{"topic":"post:`+post+`","post":"`+post+`","comment":"`+comment+`","comments":0}`)
	if got := r.other.Delete("/posts/" + post); got.Status != http.StatusNoContent {
		t.Fatalf("deleting: %d %s", got.Status, got.Body)
	}
	expect(t, feed, "gone", `{"topic":"`+r.topic+`","post":"`+post+`","comments":0}`)
	expect(t, thread, "changed", `{"topic":"post:`+post+`","post":"`+post+`","comments":0}`)
}

// TestWhatIsHeldMakesNoEvent: not when it is written, changed or taken away, and not to its author either; it is new when it appears.
func TestWhatIsHeldMakesNoEvent(t *testing.T) {
	r := newRoom(t)
	post := r.post(t, "open")
	feed, thread, own := r.patient.Listen(r.topic), r.patient.Listen("post:"+post), r.other.Listen(r.topic+" post:"+post)
	for _, s := range []*hookstest.Stream{feed, thread, own} {
		ready(t, s)
	}
	held, answer := r.post(t, "secret"), r.comment(t, post, "secret answer")
	if got := r.other.Patch("/posts/"+held, map[string]any{"body": "secret still"}); got.Status >= 300 {
		t.Fatalf("editing: %d %s", got.Status, got.Body)
	}
	marker := r.post(t, "marker")
	for _, s := range []*hookstest.Stream{feed, own} {
		if got := s.Next(); !strings.Contains(got.Data, marker) {
			t.Errorf("heard of what is held: %+v", got)
		}
	}
	r.set(t, clinic.Posts, held, "status", clinic.Shown)
	expect(t, feed, "new", `{"topic":"`+r.topic+`","post":"`+held+`","comments":0}`)
	r.set(t, clinic.Comments, answer, "status", clinic.Shown)
	if got := thread.Next(); got.Event != "new" || !strings.Contains(got.Data, answer) {
		t.Errorf("an answer that appears: %+v", got)
	}
	// Held again: gone to all, and with it the thread's stream.
	r.set(t, clinic.Posts, post, "status", clinic.Held)
	if got := feed.Until("gone"); len(got) == 0 || !strings.Contains(got[len(got)-1].Data, post) {
		t.Errorf("a post that is held again: %+v", got)
	}
	if got := thread.Until("ended"); len(got) != 2 || got[0].Event != "gone" {
		t.Errorf("its thread: %+v", got)
	}
	r.set(t, clinic.Comments, answer, "body", "another text")
	next := r.post(t, "another marker")
	if got := feed.Next(); !strings.Contains(got.Data, next) {
		t.Errorf("heard of a comment under a held post: %+v", got)
	}
}

func TestWhoMayListen(t *testing.T) {
	r := newRoom(t)
	held, open := r.post(t, "secret"), r.post(t, "open")
	owing := r.Owing(clinic.Patient)
	r.Join(r.id, owing, false)
	for _, try := range []struct {
		name, topics, code string
		who                *hookstest.Client
	}{
		{"a guest", r.topic, "sign_in_required", r.Guest()},
		{"who owes", r.topic, "policy_acknowledgement_required", owing},
		{"an outsider", r.topic, "not_found", r.outsider},
		{"an outsider at a post", "post:" + open, "not_found", r.outsider},
		{"an admin who is not in it", r.topic, "not_found", r.Founder()},
		{"staff who are not in it", "post:" + open, "not_found", r.staff},
		{"a member, of a held post", "post:" + held, "not_found", r.patient},
		{"a member, one of two", r.topic + " post:" + held, "not_found", r.patient},
		{"of nothing there", "post:nothingthere000", "not_found", r.patient},
		{"of no topic", "since=1", "topic:required", r.patient},
		{"of another kind", "practice:" + r.other.ID, "topic:invalid", r.patient},
		{"of nobody", "member:", "topic:invalid", r.patient},
		{"another member's own", "member:" + r.other.ID, "not_found", r.patient},
		{"another member's own, the lead", "member:" + r.other.ID, "not_found", r.lead},
		{"another member's own, an admin", "member:" + r.other.ID, "not_found", r.Founder()},
		{"one's own, who owes", "member:" + owing.ID, "policy_acknowledgement_required", owing},
		{"one's own", "member:" + r.outsider.ID, "", r.outsider},
		{"of too many", manyTopics(), "topic:too_long", r.patient},
		{"a member", r.topic + " post:" + open, "", r.patient},
		{"the author, of a held post", "post:" + held, "", r.other},
		{"the desk, of a held post", "post:" + held, "", r.desk},
	} {
		s := try.who.Listen(try.topics)
		if got := s.Code(); got != try.code || (try.code == "") != (s.Status == http.StatusOK) {
			t.Errorf("%s: %d %q, want %q", try.name, s.Status, got, try.code)
		}
	}
	if got := r.patient.Do("HEAD", "/events?topic="+r.topic, nil); got.Status != http.StatusOK {
		t.Errorf("HEAD: %d", got.Status)
	}
}

func manyTopics() string {
	var out strings.Builder
	for i := range 41 {
		out.WriteString("topic=post:" + string(rune('a'+i%26)) + string(rune('a'+i/26)) + "&")
	}
	return out.String()
}

// TestAStreamEndsWithTheRight: whatever takes the right away ends the stream, and nothing written after it is heard.
func TestAStreamEndsWithTheRight(t *testing.T) {
	for name, take := range map[string]func(t *testing.T, r *room){
		"membership": func(t *testing.T, r *room) { r.remove(t, r.patient) },
		"suspension": func(t *testing.T, r *room) { r.set(t, clinic.Users, r.patient.ID, "status", clinic.Suspended) },
		"sign-out": func(t *testing.T, r *room) {
			if got := r.patient.Delete("/session"); got.Status != http.StatusNoContent {
				t.Fatal(got.Status)
			}
		},
		"signed out elsewhere": func(t *testing.T, r *room) {
			if got := r.SignedIn(r.patient.ID).Delete("/sessions"); got.Status != http.StatusNoContent {
				t.Fatal(got.Status)
			}
		},
		"the end of the idle time": func(_ *testing.T, r *room) { r.Pass(31 * time.Minute) },
		"a policy that blocks reading": func(t *testing.T, r *room) {
			r.postPolicy(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			s, stays := r.patient.Listen(r.topic), r.other.Listen(r.topic)
			ready(t, s)
			ready(t, stays)
			begun := time.Now()
			take(t, r)
			lead := r.SignedIn(r.lead.ID)
			post := ""
			if name == "membership" || name == "suspension" || name == "sign-out" {
				post = r.write(t, lead, "/communities/"+r.id+"/posts", "after")
			}
			heard := s.Until("nothing of that name")
			if took := time.Since(begun); took > 3*time.Second {
				t.Errorf("it took %s", took)
			}
			if len(heard) == 0 || heard[len(heard)-1] != (hookstest.Heard{Event: "ended", Data: "{}"}) {
				t.Errorf("heard %+v", heard)
			}
			for _, one := range heard {
				if one.Event == "new" {
					t.Errorf("heard of what was written after it: %+v", one)
				}
			}
			if post == "" {
				return
			}
			if got := stays.Until("new"); !strings.Contains(got[len(got)-1].Data, post) {
				t.Errorf("who may still listen hears %+v", got)
			}
		})
	}
}

// TestAStreamLosesATopic: who is no longer in one community goes on hearing of another.
func TestAStreamLosesATopic(t *testing.T) {
	r := newRoom(t)
	second := r.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.patient)
	s := r.patient.Listen(r.topic + " community:" + second)
	ready(t, s)
	r.remove(t, r.patient)
	expect(t, s, "ended", `{"topic":"`+r.topic+`"}`)
	r.post(t, "unheard")
	post := r.write(t, r.lead, "/communities/"+second+"/posts", "heard")
	expect(t, s, "new", `{"topic":"community:`+second+`","post":"`+post+`","comments":0}`)
}
