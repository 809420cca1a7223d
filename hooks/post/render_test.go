package post_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestWhatIsWrittenIsRendered(t *testing.T) {
	r := newRoom(t)
	for name, c := range map[string]struct {
		body string
		has  []string
		not  []string
	}{
		"raw HTML is text":                    {`<script>alert(1)</script><img src=x onerror=alert(1)>`, []string{"&lt;script&gt;", "&lt;img"}, []string{"<script", "<img"}},
		"headings stand below the page's own": {"# One\n\n## Two", []string{"<h3>One</h3>", "<h4>Two</h4>"}, []string{"<h1", "<h2"}},
		"links carry their marks": {"[a](https://example.org) and https://example.org/b", []string{
			`<a href="https://example.org" rel="nofollow noopener noreferrer ugc" target="_blank">a</a>`, `href="https://example.org/b"`}, nil},
		"no script address": {"[a](javascript:alert(1))", nil, []string{"<a", "href"}},
		"no remote image":   {"![scan](https://tracker.example/x.png)", []string{`href="https://tracker.example/x.png"`, "scan"}, []string{"<img"}},
		"tables":            {"| a | b |\n|:--|--:|\n| 1 | 2 |", []string{"<table>", `<th align="left">a</th>`, `<td align="right">2</td>`}, nil},
		"task lists":        {"- [x] walk\n- [ ] swim", []string{`<input checked="" disabled="" type="checkbox">`, "swim"}, nil},
		"strikethrough":     {"~~no~~ yes", []string{"<del>no</del>"}, nil},
	} {
		made, comment := r.confirmed(t, c.body)
		stored, err := r.App.FindRecordById(clinic.Posts, made.ID)
		if err != nil {
			t.Fatal(err)
		}
		preview := hookstest.Into[piece](r.patient.Post("/preview", map[string]any{"text": c.body}))
		for _, html := range []string{made.HTML, comment.HTML, stored.GetString("html"), preview.HTML} {
			if html != made.HTML {
				t.Errorf("%s: rendered differently: %q, %q", name, html, made.HTML)
			}
			for _, part := range c.has {
				if !strings.Contains(html, part) {
					t.Errorf("%s: %q lacks %q", name, html, part)
				}
			}
			for _, part := range c.not {
				if strings.Contains(html, part) {
					t.Errorf("%s: %q has %q", name, html, part)
				}
			}
		}
	}
}

// confirmed writes a post and a comment under it with the same words, and posts them in spite of what a check asks.
func (r *room) confirmed(t *testing.T, body string) (entry, piece) {
	t.Helper()
	found := hookstest.Into[struct{ Findings []struct{ ID string } }](r.patient.Post("/preview", map[string]any{"text": body, "community": r.id}))
	var ids []string
	for _, one := range found.Findings {
		ids = append(ids, one.ID)
	}
	made := hookstest.Into[entry](r.patient.Post("/communities/"+r.id+"/posts", map[string]any{"body": body, "confirm": ids}))
	return made, hookstest.Into[piece](r.other.Post("/posts/"+made.ID+"/comments", map[string]any{"body": body, "confirm": ids}))
}

func TestWhatCannotBeWritten(t *testing.T) {
	r := newRoom(t)
	long := strings.Repeat("é", clinic.MaxPostBytes/2) + "x" // one byte too many, though half as many characters
	about := r.write(t, r.patient, "", "a post").ID
	elsewhere := r.comment(t, r.patient, r.write(t, r.patient, "", "another").ID, "there", "")
	reply := r.comment(t, r.patient, about, "reply", r.comment(t, r.patient, about, "top", "").ID)
	posts, comments := "/communities/"+r.id+"/posts", "/posts/"+about+"/comments"
	for name, c := range map[string]struct {
		path string
		body any
		code string
	}{
		"nothing":                   {posts, map[string]any{"title": "Only a title"}, "body:required"},
		"only what cannot be seen":  {posts, map[string]any{"body": " \n\t\u200b\u2060\u00a0\n"}, "body:required"},
		"too long":                  {posts, map[string]any{"body": long}, "body:too_long"},
		"a title too long":          {posts, map[string]any{"title": strings.Repeat("é", clinic.MaxTitleRunes+1), "body": "x"}, "title:too_long"},
		"a title that turns around": {posts, map[string]any{"title": "a\u202eb", "body": "x"}, "title:invalid"},
		"no such kind":              {posts, map[string]any{"kind": "advert", "body": "x"}, "kind:invalid"},
		"a patient's announcement":  {posts, map[string]any{"kind": "announcement", "body": "x"}, "kind:announcement_by_practice_only"},
		"a nul":                     {posts, map[string]any{"body": "a\u0000b"}, "body:text_unreadable"},
		"a wrong type":              {posts, map[string]any{"body": 1}, "body:invalid"},
		"no JSON":                   {posts, "{", "bad_request"},
		"a comment with nothing":    {comments, map[string]any{"body": ""}, "body:required"},
		"a comment too long":        {comments, map[string]any{"body": long}, "body:too_long"},
		"an answer elsewhere":       {comments, map[string]any{"body": "x", "parent": elsewhere.ID}, "parent:parent_elsewhere"},
		"an answer to an answer":    {comments, map[string]any{"body": "x", "parent": reply.ID}, "parent:parent_elsewhere"},
		"an answer to nothing":      {comments, map[string]any{"body": "x", "parent": "nothingthere000"}, "parent:parent_elsewhere"},
	} {
		got := r.patient.Post(c.path, c.body)
		if got.Code() != c.code || got.Status/100 != 4 {
			t.Errorf("%s: %d %s, want %s", name, got.Status, got.Body, c.code)
		}
	}
	fault := hookstest.Into[struct {
		Data map[string]struct{ Params map[string]int }
	}](r.patient.Post(posts, map[string]any{"body": long})).Data["body"]
	if fault.Params["max"] != clinic.MaxPostBytes || fault.Params["is"] != clinic.MaxPostBytes+1 {
		t.Errorf("the writer is told how much fits: %v", fault.Params)
	}
	if got := r.lead.Post(posts, map[string]any{"kind": "announcement", "body": "Closed on Friday"}); got.Status != http.StatusCreated {
		t.Errorf("a provider's announcement: %d %s", got.Status, got.Body)
	}
}

// what a request may not say for itself
func TestTheServerDecidesWhoAndWhat(t *testing.T) {
	r := newRoom(t)
	made := hookstest.Into[entry](r.patient.Post("/communities/"+r.id+"/posts", map[string]any{
		"body": "mine", "html": "<script>", "author": r.lead.ID, "status": "deleted", "comments": 99, "created": "2001-01-01 00:00:00.000Z",
		"id": "aaaaaaaaaaaaaaa", "community": "x"}))
	if made.HTML != "<p>mine</p>\n" || made.Author.ID != r.patient.ID || made.Status != "shown" || made.Comments != 0 ||
		made.ID == "aaaaaaaaaaaaaaa" || strings.HasPrefix(made.Created, "2001") {
		t.Errorf("%+v", made)
	}
}

// operator saves as the dashboard does: through the record events and nothing else.
func (r *room) operator(t *testing.T, collection string, fields map[string]any) (*core.Record, error) {
	t.Helper()
	found, err := r.App.FindCollectionByNameOrId(collection)
	if err != nil {
		t.Fatal(err)
	}
	record := core.NewRecord(found)
	record.Load(fields)
	return record, r.App.Save(record)
}

func TestTheDashboardsWritesAreRenderedAndHeldToTheRules(t *testing.T) {
	r := newRoom(t)
	record, err := r.operator(t, clinic.Posts, map[string]any{"community": r.id, "author": r.patient.ID, "kind": "question",
		"body": "<b>raw</b>", "html": "<script>alert(1)</script>", "comments": 7, "status": "deleted", "edited": "2001-01-01 00:00:00.000Z"})
	if err != nil {
		t.Fatal(err)
	}
	if record.GetString("html") != "<p>&lt;b&gt;raw&lt;/b&gt;</p>\n" || record.GetInt("comments") != 0 || record.GetString("status") != "shown" ||
		!record.GetDateTime("edited").IsZero() {
		t.Errorf("stored: %v", record.PublicExport())
	}
	comment, err := r.operator(t, clinic.Comments, map[string]any{"post": record.Id, "author": r.patient.ID, "body": "# x", "community": "elsewhere000000"})
	if err != nil || comment.GetString("html") != "<h3>x</h3>\n" || comment.GetString("community") != r.id {
		t.Errorf("a comment: %v %v", err, comment.PublicExport())
	}
	for name, fields := range map[string]map[string]any{
		"an author outside":        {"community": r.id, "author": r.outsider.ID, "body": "x"},
		"no such author":           {"community": r.id, "author": "nothingthere000", "body": "x"},
		"no such community":        {"community": "nothingthere000", "author": r.patient.ID, "body": "x"},
		"a patient's announcement": {"community": r.id, "author": r.patient.ID, "kind": "announcement", "body": "x"},
		"too long":                 {"community": r.id, "author": r.patient.ID, "body": strings.Repeat("x", clinic.MaxPostBytes+1)},
		"nothing":                  {"community": r.id, "author": r.patient.ID, "body": ""},
	} {
		if _, err := r.operator(t, clinic.Posts, fields); err == nil {
			t.Errorf("%s was stored", name)
		}
	}
	before := record.GetString("html")
	record.Set("html", "<script>alert(1)</script>")
	if err := r.App.Save(record); err != nil || record.GetString("html") != before {
		t.Errorf("html was changed to %q, %v", record.GetString("html"), err)
	}
	for field, value := range map[string]string{"author": r.lead.ID, "community": r.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.patient), "kind": "poll"} {
		changed, err := r.App.FindRecordById(clinic.Posts, record.Id)
		if err != nil {
			t.Fatal(err)
		}
		changed.Set(field, value)
		if err := r.App.Save(changed); err == nil {
			t.Errorf("%s was changed", field)
		}
	}
	for _, collection := range []string{clinic.PostVersions, clinic.Drafts} {
		if _, err := r.operator(t, collection, map[string]any{"author": r.patient.ID, "member": r.patient.ID, "place": "post:" + record.Id}); err == nil {
			t.Errorf("%s were written by hand", collection)
		}
	}
}

func TestCountsStayRightWhateverADashboardDoes(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.patient, "", "a post")
	first, second := r.comment(t, r.patient, post.ID, "one", ""), r.comment(t, r.other, post.ID, "two", "")
	answer := r.comment(t, r.other, post.ID, "answer", first.ID)
	stale, err := r.App.FindRecordById(clinic.Posts, post.ID) // opened in the dashboard
	if err != nil {
		t.Fatal(err)
	}
	r.comment(t, r.other, post.ID, "three", "")
	stale.Set("title", "Seen to")
	stale.Set("comments", 1000)
	if err := r.App.Save(stale); err != nil {
		t.Fatal(err)
	}
	r.counts(t, post.ID, 4)
	for _, id := range []string{first.ID, answer.ID} {
		record, err := r.App.FindRecordById(clinic.Comments, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := r.App.Delete(record); err != nil {
			t.Fatal(err)
		}
	}
	r.counts(t, post.ID, 2)
	if got := r.other.Delete("/comments/" + second.ID); got.Status != 204 {
		t.Fatal(got.Status)
	}
	r.counts(t, post.ID, 1)
}

// counts compares what is kept of a post and its community with what is there.
func (r *room) counts(t *testing.T, post string, comments int) {
	t.Helper()
	var row struct {
		Kept   int    `db:"comments"`
		Last   string `db:"last_comment"`
		There  string `db:"there"`
		Posts  int    `db:"posts"`
		Shown  int    `db:"shown"`
		Newest string `db:"last_post"`
	}
	err := r.App.DB().NewQuery(`SELECT p.comments, p.last_comment, c.posts, c.last_post,
		(SELECT COALESCE(MAX(created), '') FROM comments WHERE post = p.id AND status = 'shown') AS there,
		(SELECT COUNT(*) FROM posts WHERE community = c.id AND status = 'shown') AS shown
		FROM posts p JOIN communities c ON c.id = p.community WHERE p.id = {:id}`).Bind(map[string]any{"id": post}).One(&row)
	if err != nil {
		t.Fatal(err)
	}
	if row.Kept != comments || row.Last != row.There || row.Posts != row.Shown || (row.Newest == "") != (row.Shown == 0) {
		t.Errorf("kept: %+v, want %d comments", row, comments)
	}
}
