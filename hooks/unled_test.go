package hooks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// The matrix of communities that are only read: every door that writes into one × why nobody may. The doors are taken from the house
// itself, so that a new one fails this test until somebody has decided whether it needs a lead.

// roomDoor is a request at a door that does something in a community, good in one that is led.
type roomDoor struct {
	door, by, about string // the door, who asks, and what its {id} names
	body            string
	// stays says why it is open also where nobody may write; empty: it is closed there.
	stays string
}

// roomDoors stand in the order in which they succeed one after the other.
var roomDoors = []roomDoor{
	{"POST /communities/{id}/posts", "author", "community", `{"body":"After."}`, ""},
	{"POST /posts/{id}/comments", "other", "question", `{"body":"After."}`, ""},
	{"PATCH /posts/{id}", "author", "question", `{"body":"Does tea help at night?"}`, ""},
	{"PATCH /comments/{id}", "other", "comment", `{"body":"With honey it does."}`, ""},
	{"PUT /posts/{id}/reactions/{kind}", "doctor", "question", "", ""},
	{"PUT /comments/{id}/reactions/{kind}", "doctor", "comment", "", ""},
	{"PUT /posts/{id}/helped", "author", "question", `{"comment":"{comment}"}`, ""},
	{"PUT /posts/{id}/top", "moderator", "notice", `{"on":true}`, ""},
	{"POST /posts/{id}/review", "doctor", "poll", `{"verdict":"accurate"}`, ""},
	{"POST /comments/{id}/review", "doctor", "reply", `{"verdict":"accurate"}`, ""},
	{"DELETE /posts/{id}/review", "doctor", "notice", "", ""},
	{"DELETE /comments/{id}/review", "doctor", "reviewed", "", ""},
	{"POST /polls/{id}/vote", "other", "poll", `{"choice":1}`, ""},
	{"POST /polls/{id}/end", "author", "poll", "", ""},
	{"POST /files", "author", "", `{"name":"b.png","bytes":10,"community":"{community}"}`, ""},
	{"PUT /files/{id}/content", "author", "begun", "{picture}", ""},
	{"PATCH /files/{id}", "author", "file", `{"alt":"A cup of tea"}`, ""},
	{"POST /holds/{id}/resubmit", "author", "held", `{"body":"Milder, zzheld."}`, ""},
	{"POST /desk/{id}/publish", "moderator", "held", `{"reason":"It is fine."}`, ""},

	{"DELETE /posts/{id}/reactions/{kind}", "other", "question", "", "what one gave can be taken back at any time"},
	{"DELETE /comments/{id}/reactions/{kind}", "author", "comment", "", "what one gave can be taken back at any time"},
	{"DELETE /files/{id}", "author", "file", "", "a picture of one's own can be taken back at any time"},
	{"POST /desk/{id}/return", "moderator", "returned", `{"reason":"It names somebody."}`, "keeps something out of sight"},
	{"POST /holds/{id}/second-look", "author", "returned", `{}`, "an appeal goes to the practice alone"},
	{"POST /desk/{id}/remove", "moderator", "removed", `{"reason":"It names somebody."}`, "keeps something out of sight"},
	{"POST /posts/{id}/report", "other", "question", `{"reason":"other"}`, "what harms somebody can always be reported"},
	{"POST /comments/{id}/report", "author", "comment", `{"reason":"other"}`, "what harms somebody can always be reported"},

	{"DELETE /comments/{id}", "other", "comment", "", ""},
	{"DELETE /posts/{id}", "author", "question", "", ""},
}

// beyondRooms are the reasons of owingDoors that hold here too: what is behind these doors puts nothing before other members.
var beyondRooms = []string{
	"a draft is read by its writer alone", "one's own mark, told to nobody", "one's own account", "marks as read", "stores nothing", "reads",
	"the way out", "the other way out", "can be taken back at any time", "goes to the practice alone", "goes to one member, who asked",
	"anyone may leave", "running the practice", "editing", "witnessing",
}

// unled is a community with everything in it that a door is about.
type unled struct {
	*hookstest.Clinic
	people  map[string]*hookstest.Client
	onlook  *hookstest.Client // who does nothing
	ids     map[string]string
	picture string
}

func newUnled(t *testing.T, c *hookstest.Clinic) *unled {
	t.Helper()
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	s := &unled{Clinic: c, ids: map[string]string{}, onlook: c.Caregiver(), picture: picture.String()}
	s.people = map[string]*hookstest.Client{"lead": c.Provider(), "doctor": c.Provider(), "moderator": c.Staff("moderate"), "author": c.Patient(),
		"other": c.Patient()}
	s.ids["community"] = c.Community(clinic.KindCondition, []*hookstest.Client{s.people["lead"]}, s.people["doctor"], s.people["moderator"],
		s.people["author"], s.people["other"], s.onlook)
	made := func(as, by, method, path string, body any) {
		t.Helper()
		r := s.people[by].Do(method, path, body)
		if r.Status >= 300 {
			t.Fatalf("%s %s: %d %s", method, path, r.Status, r.Body)
		}
		if as != "" {
			s.ids[as] = hookstest.Into[struct{ ID string }](r).ID
		}
	}
	posts := "/communities/" + s.ids["community"] + "/posts"
	made("question", "author", "POST", posts, map[string]any{"kind": "question", "body": "Does tea help?"})
	made("comment", "other", "POST", "/posts/"+s.ids["question"]+"/comments", map[string]any{"body": "It does."})
	made("notice", "moderator", "POST", posts, map[string]any{"kind": "announcement", "body": "We are closed on Monday."})
	made("reviewed", "other", "POST", "/posts/"+s.ids["notice"]+"/comments", map[string]any{"body": "And on Tuesday?"})
	made("reply", "other", "POST", "/posts/"+s.ids["notice"]+"/comments", map[string]any{"body": "Thank you."})
	made("poll", "author", "POST", posts, map[string]any{"kind": "poll", "title": "When shall we meet?", "poll": map[string]any{
		"choices": []string{"At noon", "In the evening"}, "ends": c.House.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339), "results": "running"}})
	made("", "doctor", "POST", "/posts/"+s.ids["notice"]+"/review", map[string]any{"verdict": "accurate"})
	made("", "doctor", "POST", "/comments/"+s.ids["reviewed"]+"/review", map[string]any{"verdict": "accurate"})
	made("", "other", "PUT", "/posts/"+s.ids["question"]+"/reactions/helpful", nil)
	made("", "author", "PUT", "/comments/"+s.ids["comment"]+"/reactions/helpful", nil)
	for _, name := range []string{"begun", "file"} {
		made(name, "author", "POST", "/files", map[string]any{"name": "a.png", "bytes": len(s.picture), "community": s.ids["community"]})
	}
	made("", "author", "PUT", "/files/"+s.ids["file"]+"/content?from=0", s.picture)
	r := confirmed(s.people["author"], posts, map[string]any{"body": "A picture.", "files": []string{s.ids["file"]}})
	if s.ids["pictured"] = hookstest.Into[struct{ ID string }](r).ID; r.Status != http.StatusCreated {
		t.Fatalf("a picture: %d %s", r.Status, r.Body)
	}
	for _, name := range []string{"held", "returned", "removed"} {
		made("", "author", "POST", posts, map[string]any{"body": "Tea, zzheld, " + name + "."})
		for _, hold := range hookstest.Into[struct{ Items []struct{ ID string } }](s.people["author"].Get("/holds")).Items {
			if s.ids["held"] != hold.ID && s.ids["returned"] != hold.ID {
				s.ids[name] = hold.ID
			}
		}
	}
	return s
}

// try asks at a door as a member would.
func (s *unled) try(is roomDoor) *hookstest.Response {
	method, path, _ := strings.Cut(is.door, " ")
	path = strings.NewReplacer("{id}", s.ids[is.about], "{kind}", "helpful").Replace(path)
	if strings.HasSuffix(path, "/content") {
		path += "?from=0"
	}
	var body any
	if is.body != "" {
		body = strings.NewReplacer("{comment}", s.ids["comment"], "{community}", s.ids["community"], "{picture}", s.picture).Replace(is.body)
	}
	return s.people[is.by].Do(method, path, body)
}

// looks is the community as everybody sees it, page by page.
func (s *unled) looks() (pages []string) {
	for _, path := range []string{"/communities/{community}", "/communities/{community}/posts", "/communities/{community}/files", "/posts/{question}",
		"/posts/{notice}", "/posts/{poll}", "/posts/{pictured}"} {
		for name, id := range s.ids {
			path = strings.Replace(path, "{"+name+"}", id, 1)
		}
		sorted, err := json.Marshal(hookstest.Into[any](s.onlook.Get(path))) // the names in an answer stand in no order
		pages = append(pages, fmt.Sprint(path, " ", string(sorted), err))
	}
	return pages
}

// changed tells the first page that is not as it was; empty if all are.
func changed(before, after []string) string {
	for i := range before {
		if before[i] != after[i] {
			return before[i] + "\n" + after[i]
		}
	}
	return ""
}

func TestEveryDoorThatChangesSomethingNeedsALeadOrSaysWhyNot(t *testing.T) {
	doors := changing(hookstest.Empty(t))
	for _, door := range doors {
		inRooms := slices.ContainsFunc(roomDoors, func(is roomDoor) bool { return is.door == door })
		if !inRooms && !slices.Contains(beyondRooms, owingDoors[door]) {
			t.Errorf("%s changes something, and nobody decided whether it does so in a community without a lead (roomDoors, beyondRooms)", door)
		}
	}
	for _, is := range roomDoors {
		if !slices.Contains(doors, is.door) {
			t.Errorf("%s is decided on, and is not there", is.door)
		}
	}
	for _, reason := range beyondRooms {
		if !slices.ContainsFunc(doors, func(door string) bool { return owingDoors[door] == reason }) {
			t.Errorf("%q is no door's reason", reason)
		}
	}
}

func TestEveryDoorOfACommunityThatIsOnlyRead(t *testing.T) {
	c := hookstest.New(t)
	c.HoldWord("zzheld")
	for code, shutting := range map[string]func(s *unled) *hookstest.Response{
		"": nil,
		"community_without_lead": func(s *unled) *hookstest.Response {
			return c.Founder().Post("/members/"+s.people["lead"].ID+"/suspend", map[string]string{"reason": "away"})
		},
		"community_archived": func(s *unled) *hookstest.Response {
			return s.people["lead"].Patch("/communities/"+s.ids["community"], map[string]string{"status": "archived"})
		},
	} {
		s := newUnled(t, c)
		if shutting != nil {
			if r := shutting(s); r.Status != http.StatusOK {
				t.Fatalf("%s: %d %s", code, r.Status, r.Body)
			}
			s.knockBeyond(t, code)
		}
		before := s.looks()
		for _, is := range roomDoors {
			r := s.try(is)
			shut := code != "" && is.stays == ""
			switch {
			case shut && (r.Status != http.StatusConflict || r.Code() != code):
				t.Errorf("%s: %s: %d %s", code, is.door, r.Status, r.Body)
			case !shut && r.Status >= 300:
				t.Errorf("%q: %s: %d %s", code, is.door, r.Status, r.Body)
			}
			after := s.looks()
			if left := changed(before, after); shut && left != "" {
				t.Errorf("%s: %s changes what everybody sees:\n%s", code, is.door, left)
			}
			before = after
		}
	}
}

// knockBeyond tries what is said to do nothing in a community, about what is there: everybody sees it as before.
func (s *unled) knockBeyond(t *testing.T, code string) {
	t.Helper()
	before := s.looks()
	for _, door := range changing(s.Clinic) {
		if endsSession.MatchString(door) || slices.ContainsFunc(roomDoors, func(is roomDoor) bool { return is.door == door }) {
			continue
		}
		method, path, _ := strings.Cut(door, " ")
		for prefix, name := range map[string]string{"/communities/{id}": "community", "/posts/{id}": "question", "/comments/{id}": "comment"} {
			if strings.HasPrefix(path, prefix) {
				path = strings.Replace(path, "{id}", s.ids[name], 1)
			}
		}
		path = pathValue.ReplaceAllString(path, "nothingthere000")
		for _, by := range []string{"author", "doctor", "moderator"} {
			if r := s.people[by].Do(method, path, "{}"); r.Code() == code || r.Status >= 500 {
				t.Errorf("%s: %s for the %s: %d %s", code, door, by, r.Status, r.Body)
			}
		}
		after := s.looks()
		if left := changed(before, after); left != "" {
			t.Errorf("%s: %s changes what everybody sees:\n%s", code, door, left)
		}
		before = after
	}
}
