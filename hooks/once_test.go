package hooks_test

import (
	"bytes"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type fields = map[string]any

// creation is a request that makes something: who sends it, where, and what.
type creation struct {
	who  *hookstest.Client
	path string
	body any
}

// otherwiseOnce are the doors that make something and keep no answer under a key, and what stands for it.
var otherwiseOnce = map[string]string{
	"POST /setup":              "there is no member yet whose key it could be; the second time says that the practice is there",
	"POST /invitations/accept": "the letter's token is the key, and opens once; it signs in, which no kept answer may do",
	"PUT /files/{id}/content":  "a piece that is there already is answered as before",
}

// creations is one good request to each door that makes something.
func creations(t *testing.T) (*hookstest.Clinic, map[string]creation) {
	t.Helper()
	r := hookstest.NewRoom(t)
	admin, editor, owing := r.Founder(), r.Clinic.Staff("policies"), r.Owing(clinic.Patient)
	id := func(m *hookstest.Client, path string, body any) string {
		t.Helper()
		answer := m.Post(path, body)
		made := hookstest.Into[struct{ ID string }](answer).ID
		if answer.Status != http.StatusCreated || made == "" {
			t.Fatalf("POST %s: %d %s", path, answer.Status, answer.Body)
		}
		return made
	}
	post := id(r.Author, "/communities/"+r.ID+"/posts", fields{"kind": "discussion", "body": "A walk by the river."})
	comment := id(r.Other, "/posts/"+post+"/comments", fields{"body": "It was a good one."})
	invited := id(r.Lead, "/invitations", fields{"email": "first@people.example", "role": "patient"})
	text := hookstest.Into[struct{ SHA256 string }](r.Guest().Get("/policies/privacy?language=en"))
	cases := hookstest.Into[struct{ Items []struct{ ID string } }](r.Author.Get("/cases")).Items
	shipped := hookstest.Into[struct {
		Items []fields
	}](editor.Get("/manage/cases")).Items
	if len(cases) == 0 || len(shipped) == 0 {
		t.Fatal("there are no example cases")
	}
	return r.Clinic, map[string]creation{
		"POST /invitations":                             {r.Lead, "/invitations", fields{"email": "new@people.example", "role": "patient"}},
		"POST /invitations/import":                      {r.Lead, "/invitations/import", nil}, // its body is a form, below
		"POST /invitations/{id}/link":                   {r.Lead, "/invitations/" + invited + "/link", fields{}},
		"POST /members/{id}/invite-again":               {admin, "/members/" + r.Other.ID + "/invite-again", fields{"email": "elsewhere@people.example"}},
		"POST /cases/{id}/questions":                    {r.Author, "/cases/" + cases[0].ID + "/questions", fields{"question": "What if it is urgent?"}},
		"POST /manage/cases":                            {editor, "/manage/cases", likeCase(shipped[0], "another-case")},
		"POST /manage/policies":                         {editor, "/manage/policies", fields{"slug": "the-garden", "audience": "everyone", "title": "The garden", "kind": "policy"}},
		"POST /manage/policies/{slug}/publish":          {editor, "/manage/policies/privacy/publish", draft(t, editor, "privacy")},
		"POST /manage/policies/{slug}/acknowledgements": {r.Staff, "/manage/policies/privacy/acknowledgements", fields{"member": owing.ID, "number": 1, "sha256": text.SHA256, "language": "en", "method": "paper"}},
		"POST /communities":                             {r.Lead, "/communities", fields{"name": "A new room", "kind": "condition"}},
		"POST /communities/{id}/members":                {r.Lead, "/communities/" + r.ID + "/members", fields{"member": r.Outside.ID}},
		"POST /communities/{id}/posts":                  {r.Author, "/communities/" + r.ID + "/posts", fields{"kind": "discussion", "body": "Once."}},
		"POST /posts/{id}/comments":                     {r.Other, "/posts/" + post + "/comments", fields{"body": "Once."}},
		"POST /posts/{id}/review":                       {r.Lead, "/posts/" + post + "/review", fields{"verdict": "accurate"}},
		"POST /comments/{id}/review":                    {r.Lead, "/comments/" + comment + "/review", fields{"verdict": "accurate"}},
		"POST /posts/{id}/report":                       {r.Other, "/posts/" + post + "/report", fields{"reason": "conduct", "words": "This hurts."}},
		"POST /comments/{id}/report":                    {r.Author, "/comments/" + comment + "/report", fields{"reason": "conduct", "words": "This hurts."}},
		"POST /files":                                   {r.Author, "/files", fields{"name": "a.jpg", "bytes": 1000, "community": r.ID}},
	}
}

// likeCase is a case as an editor sends it, with what a shipped one says.
func likeCase(shipped fields, slug string) fields {
	form := fields{"slug": slug, "roles": []string{"staff"}} // whoever it asks writes again only after it
	for _, name := range []string{"policy", "clause", "position", "texts"} {
		form[name] = shipped[name]
	}
	return form
}

// draft saves another text of a policy, and is the request that publishes it.
func draft(t *testing.T, editor *hookstest.Client, slug string) fields {
	t.Helper()
	open := hookstest.Into[struct {
		Revision int
		Current  struct {
			Texts map[string]struct{ Title, Summary, Source string }
		}
	}](editor.Get("/manage/policies/" + slug))
	texts := fields{}
	for language, text := range open.Current.Texts {
		texts[language] = fields{"title": text.Title, "summary": text.Summary, "body": text.Source + "\n\nx"}
	}
	r := editor.Put("/manage/policies/"+slug+"/draft", fields{"revision": open.Revision, "texts": texts})
	if r.Status != http.StatusOK {
		t.Fatalf("saving a draft: %d %s", r.Status, r.Body)
	}
	return fields{"revision": hookstest.Into[struct{ Revision int }](r).Revision, "class": "clarification", "reason": fields{"en": "A test.", "es": "Una prueba."}}
}

// send sends the request under a key; a file goes as browsers send it, with another boundary each time.
func (m creation) send(key http.Header) *hookstest.Response {
	if m.body != nil {
		return m.who.Do("POST", m.path, m.body, key)
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, _ := form.CreateFormFile("file", "list.csv") // memory takes it
	fmt.Fprint(part, "email,role\nrow1@people.example,patient\nrow2@people.example,patient\n")
	form.Close()
	return m.who.Do("POST", m.path, body.String(), key, http.Header{"Content-Type": {form.FormDataContentType()}})
}

var createRow = regexp.MustCompile(`(?m)^\| ((?:POST|PUT) /\S*) \| \w+ \|.*\b201\b`)

// Every create answers the second time as the first, and makes nothing then. Which doors these are, docs/api.md says: a new one is tried
// here, or fails the test until somebody has decided.
func TestEveryCreateAnswersItsKeyAsTheFirstTime(t *testing.T) {
	c, all := creations(t)
	listed := []string{}
	for _, row := range createRow.FindAllStringSubmatch(read(t, "docs/api.md"), -1) {
		listed = append(listed, row[1])
		if _, tried := all[row[1]]; !tried && otherwiseOnce[row[1]] == "" {
			t.Errorf("%s answers 201, and is not tried", row[1])
		}
	}
	for door := range otherwiseOnce {
		if !slices.Contains(listed, door) {
			t.Errorf("%s is excepted, and answers no 201", door)
		}
	}
	for _, door := range slices.Sorted(maps.Keys(all)) {
		create, key := all[door], hookstest.Key()
		first := create.send(key)
		if first.Status != http.StatusCreated {
			t.Errorf("%s: %d %s", door, first.Status, first.Body)
			continue
		}
		before := rowCounts(t, c)
		again := create.send(key)
		if again.Status != first.Status || string(again.Body) != string(first.Body) {
			t.Errorf("%s once more: %d %s, at first %d %s", door, again.Status, again.Body, first.Status, first.Body)
		}
		if after := rowCounts(t, c); !maps.Equal(before, after) {
			t.Errorf("%s once more made something: %v, before %v", door, after, before)
		}
	}
}

// rowCounts says how many rows each table has.
func rowCounts(t *testing.T, c *hookstest.Clinic) map[string]int {
	t.Helper()
	var tables []string
	err := c.App.DB().NewQuery("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite%'").Column(&tables)
	if err != nil || len(tables) < 30 {
		t.Fatalf("%d tables, %v", len(tables), err)
	}
	out := map[string]int{}
	for _, table := range tables {
		if strings.HasPrefix(table, "search_") || strings.HasPrefix(table, "words") {
			continue // written afterwards, by a worker
		}
		var n int
		if err := c.App.DB().NewQuery("SELECT COUNT(*) FROM [[" + table + "]]").Row(&n); err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}
