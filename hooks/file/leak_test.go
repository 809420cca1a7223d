package file_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/hookstest"
)

// doors are the ways to what a file holds or tells.
var doors = []struct {
	path    string
	headers http.Header
}{{"", nil}, {"", http.Header{"Range": {"bytes=0-9"}}}, {"/thumbnail", nil}, {"/thumbnail", http.Header{"Range": {"bytes=0-9"}}}, {"/about", nil}, {"?save", nil}}

// open reports whether a file is given at a door.
func open(who *hookstest.Client, id string, path string, headers http.Header) bool {
	for _, method := range []string{"GET", "HEAD"} {
		if method == "HEAD" && path == "/about" {
			continue
		}
		r := who.Do(method, "/files/"+id+path, nil, headers)
		if method == "HEAD" && r.Status >= 400 {
			return false
		}
		if method == "GET" && r.Status >= 400 {
			return who.Do("HEAD", "/files/"+id+path, nil, headers).Status < 400
		}
	}
	return true
}

// set changes a post or comment as the house itself does, whoever may.
func set(t *testing.T, c *hookstest.Clinic, collection, id string, values map[string]any) {
	t.Helper()
	record, err := c.App.FindRecordById(collection, id)
	if err != nil {
		t.Fatal(err)
	}
	record.Load(values)
	record.Set(clinic.DecidedBy, clinic.Decision{})
	if err := c.App.Save(record); err != nil {
		t.Fatal(err)
	}
}

// TestWhoIsGivenAFile goes through every state of the piece that carries a file, every kind of caller, and every door.
func TestWhoIsGivenAFile(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader, moderator := c.Provider(), c.Patient(), c.Patient(), c.Staff("moderate")
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader, moderator)
	owing := c.Owing(clinic.Patient)
	c.Join(room, owing, false)
	ended := c.SignedIn(reader.ID)
	ended.Delete("/session")
	suspended := c.Patient()
	c.Join(room, suspended, false)
	lead.Post("/members/"+suspended.ID+"/suspend", map[string]string{"reason": "a test"})
	callers := map[string]*hookstest.Client{"lead": lead, "author": author, "reader": reader, "moderator": moderator, "owing": owing, "ended": ended,
		"suspended": suspended, "outsider": c.Patient(), "admin elsewhere": c.Founder(), "provider elsewhere": c.Provider(), "guest": c.Guest()}

	loose := upload(t, author, room, "a.jpg", photo(t)).ID
	inPost := upload(t, author, room, "b.jpg", photo(t)).ID
	p := post(t, author, room, map[string]any{"body": "beside it", "files": []string{inPost}})
	inText := upload(t, author, room, "c.jpg", photo(t)).ID
	q := post(t, author, room, map[string]any{"body": "in it ![x](/api/clinic/files/" + inText + ")"})
	inComment := upload(t, author, room, "d.jpg", photo(t)).ID
	comment := write(t, author, "POST", "/posts/"+q.ID+"/comments", map[string]any{"body": "a comment", "files": []string{inComment}})
	members := []string{"author", "lead", "moderator", "reader"}
	desk := []string{"author", "lead", "moderator"}

	look := func(state, id string, want []string) {
		t.Helper()
		for name, who := range callers {
			allowed := false
			for _, one := range want {
				allowed = allowed || one == name
			}
			for _, door := range doors {
				if got := open(who, id, door.path, door.headers); got != allowed {
					t.Errorf("%s: %s at %q %v: %v, want %v", state, name, door.path, door.headers, got, allowed)
				}
			}
		}
	}
	look("goes with nothing", loose, []string{"author"})
	look("beside a post", inPost, members)
	look("in a post's text", inText, members)
	look("beside a comment", inComment, members)

	set(t, c, clinic.Posts, p.ID, map[string]any{"status": clinic.Held})
	look("its post is held", inPost, desk)
	set(t, c, clinic.Posts, p.ID, map[string]any{"status": clinic.Shown})
	look("published again", inPost, members)
	if r := author.Patch("/posts/"+p.ID, map[string]any{"body": "without it", "files": []string{}}); r.Status != http.StatusOK {
		t.Fatalf("editing: %d %s", r.Status, r.Body)
	}
	look("only an earlier version shows it", inPost, desk)
	write(t, author, "PATCH", "/posts/"+p.ID, map[string]any{"body": "with it again", "files": []string{inPost}})
	look("it is back", inPost, members)
	lead.Do("DELETE", "/posts/"+p.ID, map[string]string{"reason": "a test"})
	look("its post is deleted", inPost, []string{"author"})

	set(t, c, clinic.Posts, q.ID, map[string]any{"status": clinic.Held})
	look("the post above its comment is held", inComment, desk)
	set(t, c, clinic.Posts, q.ID, map[string]any{"status": clinic.Shown})
	set(t, c, clinic.Comments, comment.ID, map[string]any{"status": clinic.Held})
	look("its comment is held", inComment, desk)
	author.Delete("/comments/" + comment.ID)
	look("its comment is deleted", inComment, []string{"author"})

	membership, err := c.App.FindFirstRecordByFilter(clinic.Memberships, "community = {:c} && member = {:m}", map[string]any{"c": room, "m": reader.ID})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.House.Delete(c.App, membership); err != nil {
		t.Fatal(err)
	}
	look("the reader has left", inText, desk)
	if err := c.App.Delete(must(c.App.FindRecordById(clinic.Comments, comment.ID))); err != nil {
		t.Fatal(err)
	}
	record, err := c.App.FindRecordById(clinic.Posts, q.ID)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.App.Delete(record); err != nil { // an operator, in the dashboard
		t.Fatal(err)
	}
	look("its post is gone", inText, []string{"author"})
}

// TestAFileTellsNothingWhereItIsNot: one's own words cannot take the file of another, nor tell whether it is there.
func TestNobodyTakesTheFileOfAnother(t *testing.T) {
	c := hookstest.New(t)
	author, other := c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, other)
	elsewhere := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, other)
	f := upload(t, author, room, "a.jpg", photo(t))
	none := "nothingthere000"
	for _, id := range []string{f.ID, none} {
		r := other.Post("/communities/"+room+"/posts", map[string]any{"body": "mine now", "files": []string{id}})
		if r.Code() != "files:file_not_there" {
			t.Errorf("with %s: %d %s", id, r.Status, r.Body)
		}
	}
	p := post(t, other, elsewhere, map[string]any{"body": "![x](/api/clinic/files/" + f.ID + ")"})
	q := post(t, other, elsewhere, map[string]any{"body": "![x](/api/clinic/files/" + none + ")"})
	if len(p.Files) != 0 || len(p.HTML) != len(q.HTML) {
		t.Errorf("what is there and what is not: %s and %s", p.HTML, q.HTML)
	}
	if r := other.Delete("/files/" + f.ID); r.Status != http.StatusNotFound {
		t.Errorf("deleting it: %d", r.Status)
	}
	if r := other.Patch("/files/"+f.ID, map[string]string{"alt": "mine"}); r.Status != http.StatusNotFound {
		t.Errorf("describing it: %d", r.Status)
	}
	post(t, author, room, map[string]any{"body": "now it is shown", "files": []string{f.ID}})
	if r := author.Post("/communities/"+room+"/posts", map[string]any{"body": "twice", "files": []string{f.ID}}); r.Code() != "files:file_not_there" {
		t.Errorf("shown twice: %d %s", r.Status, r.Body)
	}
	record := core.NewRecord(must(c.App.FindCollectionByNameOrId(clinic.Files)))
	record.Load(map[string]any{"owner": other.ID, "community": room, "status": "ready"})
	if err := c.App.Save(record); err == nil {
		t.Error("the dashboard makes a file")
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// TestWordsOfFilesAreChecked: what a check would find in a post it finds in a description too.
func TestWordsOfFilesAreChecked(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	f := upload(t, author, room, "a.jpg", photo(t))
	author.Patch("/files/"+f.ID, map[string]string{"alt": "My neighbor, call her: 212-867-5309"})
	r := author.Post("/communities/"+room+"/posts", map[string]any{"body": "Look at this, please.", "files": []string{f.ID}})
	findings := hookstest.Into[struct {
		Data map[string]struct {
			Params struct {
				Findings []struct{ Detector, Field string }
			}
		}
	}](r).Data["error"].Params.Findings
	found := map[string]bool{}
	for _, one := range findings {
		found[one.Field+" "+one.Detector] = true
	}
	if !found["files photo_link"] { // which holds the telephone number: one question is enough
		t.Errorf("%d: %v", r.Status, found)
	}
	author.Patch("/files/"+f.ID, map[string]string{"alt": "A tree"})
	post(t, author, room, map[string]any{"body": "Look at this, please.", "files": []string{f.ID}})
	if r := author.Patch("/files/"+f.ID, map[string]string{"alt": "Call her: 212-867-5309"}); r.Code() != "confirm_findings" {
		t.Errorf("said afterwards: %d %s", r.Status, r.Body)
	}
	if r := author.Patch("/files/"+f.ID, map[string]string{"alt": "A tree in spring"}); r.Status != http.StatusOK {
		t.Errorf("harmless words afterwards: %d %s", r.Status, r.Body)
	}
}

// TestWordsAfterLeaving: who is no longer in a community changes nothing that is read there, in a file's words neither.
func TestWordsAfterLeaving(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader := c.Provider(), c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader)
	shown, loose := upload(t, author, room, "a.jpg", photo(t)), upload(t, author, room, "b.jpg", photo(t))
	p := post(t, author, room, map[string]any{"body": "Look.", "files": []string{shown.ID}})
	if r := author.Patch("/files/"+shown.ID, map[string]string{"alt": "A tree"}); r.Status != http.StatusOK || !hookstest.Into[told](r).Can.Describe {
		t.Errorf("while there: %d %s", r.Status, r.Body)
	}
	if r := lead.Delete("/communities/" + room + "/members/" + author.ID); r.Status >= 400 {
		t.Fatalf("taking the author out: %d %s", r.Status, r.Body)
	}
	for name, form := range map[string]map[string]string{"alt": {"alt": "You all lie"}, "transcript": {"transcript": "You all lie"}, "nothing": {}} {
		if r := author.Patch("/files/"+shown.ID, form); r.Code() != "not_allowed" {
			t.Errorf("%s afterwards: %d %s", name, r.Status, r.Body)
		}
	}
	if r := author.Get("/files/" + shown.ID + "/about"); r.Status != http.StatusOK || hookstest.Into[told](r).Can.Describe {
		t.Errorf("one's own file is still one's own, and not to be described: %d %s", r.Status, r.Body)
	}
	seen := hookstest.Into[piece](reader.Get("/posts/" + p.ID))
	if len(seen.Files) != 1 || seen.Files[0].Alt != "A tree" {
		t.Errorf("the others read %+v", seen.Files)
	}
	if r := author.Patch("/files/"+loose.ID, map[string]string{"alt": "Mine alone"}); r.Status != http.StatusOK {
		t.Errorf("what goes with nothing: %d %s", r.Status, r.Body)
	}
	if r := author.Delete("/files/" + shown.ID); r.Status != http.StatusNoContent {
		t.Errorf("taking away what is one's own: %d %s", r.Status, r.Body)
	}
}

// TestWordsThatCameBeforeThePost: what was looked at as nobody's to read does not get onto a post that was written meanwhile.
func TestWordsThatCameBeforeThePost(t *testing.T) {
	c := hookstest.New(t)
	author := c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author)
	f := upload(t, author, room, "a.jpg", photo(t))
	if file.Moved(c.App, c.House, f.ID, author.ID, "A tree") {
		t.Error("it went nowhere")
	}
	p := post(t, author, room, map[string]any{"body": "Look.", "files": []string{f.ID}})
	if !file.Moved(c.App, c.House, f.ID, author.ID, "Call her: 212-867-5309") {
		t.Error("words that no check has seen are stored")
	}
	if seen := hookstest.Into[piece](author.Get("/posts/" + p.ID)); len(seen.Files) != 1 || seen.Files[0].Alt != "A tree" {
		t.Errorf("the post has %+v", seen.Files)
	}
}

// TestQuotedFilesTellNothing: whoever quotes the address of another's file gets its size while everyone may see it, and never its words.
func TestQuotedFilesTellNothing(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader := c.Provider(), c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader)
	beside, under := upload(t, author, room, "a.jpg", photo(t)).ID, upload(t, author, room, "b.jpg", photo(t)).ID
	p := post(t, author, room, map[string]any{"body": "Some words", "files": []string{beside}})
	comment := write(t, author, "POST", "/posts/"+p.ID+"/comments", map[string]any{"body": "a comment", "files": []string{under}})
	for _, id := range []string{beside, under} {
		if r := author.Patch("/files/"+id, map[string]string{"alt": "Quagmire"}); r.Status != http.StatusOK {
			t.Fatalf("its words: %d %s", r.Status, r.Body)
		}
	}
	quote := func(when, id string, sized bool) {
		t.Helper()
		html := post(t, reader, room, map[string]any{"body": when + " ![my words](/api/clinic/files/" + id + ")"}).HTML
		if strings.Contains(html, "Quagmire") || !strings.Contains(html, "my words") || strings.Contains(html, "width=") != sized {
			t.Errorf("%s, quoted: %s", when, html)
		}
	}
	quote("shown", beside, true)
	quote("shown", under, true)
	set(t, c, clinic.Comments, comment.ID, map[string]any{"status": clinic.Held})
	quote("its comment is held", under, false)
	set(t, c, clinic.Comments, comment.ID, map[string]any{"status": clinic.Shown})
	set(t, c, clinic.Posts, p.ID, map[string]any{"status": clinic.Held})
	quote("its post is held", beside, false)
	quote("the post above its comment is held", under, false)
	set(t, c, clinic.Posts, p.ID, map[string]any{"status": clinic.Shown})
	write(t, author, "PATCH", "/posts/"+p.ID, map[string]any{"body": "without it", "files": []string{}})
	quote("only an earlier version shows it", beside, false)
	write(t, author, "PATCH", "/posts/"+p.ID, map[string]any{"body": "with it again", "files": []string{beside}})
	author.Delete("/posts/" + p.ID)
	quote("its post is deleted", beside, false)
}
