package file_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/file"
	"kinward/hooks/hookstest"
)

type shelf struct {
	Items []struct {
		ID, Kind, Name, Alt, Post, Comment, Title, Created string
		Author                                             struct{ ID, Name, Role string }
	}
	Next string
}

func shelfOf(t *testing.T, who *hookstest.Client, room, query string) shelf {
	t.Helper()
	r := who.Get("/communities/" + room + "/files" + query)
	if r.Status != http.StatusOK {
		t.Fatalf("the files of a community: %d %s", r.Status, r.Body)
	}
	return hookstest.Into[shelf](r)
}

func (s shelf) ids() (ids []string) {
	for _, one := range s.Items {
		ids = append(ids, one.ID)
	}
	return ids
}

// talk is a sound of a few kilobytes.
func talk() []byte {
	return bytes.Repeat(append([]byte{0xff, 0xfb, 0x90, 0x00}, bytes.Repeat([]byte{0x11}, 413)...), 40)
}

func TestTheFilesOfACommunity(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader := c.Provider(), c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader)
	elsewhere := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author)
	if got := shelfOf(t, reader, room, ""); got.Items == nil || len(got.Items) != 0 || got.Next != "" {
		t.Errorf("before anything is there: %+v", got)
	}
	waits := upload(t, author, room, "waits.jpg", photo(t)).ID // put there first, posted last
	beside := upload(t, author, room, "beside.jpg", photo(t)).ID
	author.Patch("/files/"+beside, map[string]string{"alt": "A boat"})
	first := post(t, author, room, map[string]any{"title": "At sea", "body": "Look.", "files": []string{beside}}).ID
	said := upload(t, lead, room, "talk.mp3", talk()).ID
	answer := write(t, lead, "POST", "/posts/"+first+"/comments", map[string]any{"body": "Listen.", "files": []string{said}}).ID
	inText := upload(t, author, room, "in it.jpg", photo(t)).ID
	second := post(t, author, room, map[string]any{"body": "![a tree](/api/clinic/files/" + inText + ")"}).ID
	post(t, author, elsewhere, map[string]any{"body": "there", "files": []string{upload(t, author, elsewhere, "there.jpg", photo(t)).ID}})
	post(t, reader, room, map[string]any{"body": "quoted ![x](/api/clinic/files/" + beside + ")"})
	third := post(t, author, room, map[string]any{"body": "at last", "files": []string{waits}}).ID

	got := shelfOf(t, reader, room, "")
	if !slices.Equal(got.ids(), []string{waits, inText, said, beside}) {
		t.Fatalf("the newest first they are %+v", got.Items)
	}
	for i, want := range []struct{ post, comment, title, by, alt string }{{third, "", "", author.ID, ""}, {second, "", "", author.ID, ""},
		{first, answer, "At sea", lead.ID, ""}, {first, "", "At sea", author.ID, "A boat"}} {
		if one := got.Items[i]; one.Post != want.post || one.Comment != want.comment || one.Title != want.title || one.Author.ID != want.by ||
			one.Author.Name == "" || one.Alt != want.alt || one.Created == "" {
			t.Errorf("%s is told of as %+v, want %+v", one.Name, one, want)
		}
	}
	for kind, want := range map[string][]string{"picture": {waits, inText, beside}, "audio": {said}, "video": nil, "pdf": nil} {
		if got := shelfOf(t, reader, room, "?kind="+kind).ids(); !slices.Equal(got, want) {
			t.Errorf("of the kind %s there are %v, want %v", kind, got, want)
		}
	}
	for query, code := range map[string]string{"?kind=folder": "kind:invalid", "?before=x": "before:invalid"} {
		if r := reader.Get("/communities/" + room + "/files" + query); r.Code() != code {
			t.Errorf("%s: %d %s", query, r.Status, r.Body)
		}
	}
}

func TestThePagesOfACommunitysFiles(t *testing.T) {
	c := hookstest.New(t)
	author, reader := c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, reader)
	all := map[string]bool{}
	for n := range 6 {
		var ids []string
		for i := range 9 {
			id := upload(t, author, room, fmt.Sprintf("talk %d %d.mp3", n, i), talk()).ID
			ids, all[id] = append(ids, id), true
		}
		post(t, author, room, map[string]any{"body": "Listen.", "files": ids})
	}
	for _, kind := range []string{"", "&kind=audio"} {
		seen, pages, before := map[string]bool{}, []int{}, ""
		for {
			page := shelfOf(t, reader, room, "?before="+url.QueryEscape(before)+kind)
			pages = append(pages, len(page.Items))
			for _, id := range page.ids() {
				if seen[id] {
					t.Errorf("%s comes twice", id)
				}
				seen[id] = true
			}
			if before = page.Next; before == "" {
				break
			}
		}
		if len(seen) != len(all) || !slices.Equal(pages, []int{24, 24, 6}) {
			t.Errorf("%q: %d of %d, by %v", kind, len(seen), len(all), pages)
		}
	}
}

// TestWhichFilesAreListed: whatever becomes of what carries it, a file is listed for a member if they are given it at its own door and
// everybody else there is, too. What is held is listed for nobody, its author and the desk included.
func TestWhichFilesAreListed(t *testing.T) {
	c := hookstest.New(t)
	lead, author, reader, moderator := c.Provider(), c.Patient(), c.Patient(), c.Staff("moderate")
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author, reader, moderator)
	c.HoldWord("tobeheld")
	inPost, inComment, waiting := upload(t, author, room, "a.jpg", photo(t)).ID, upload(t, author, room, "b.jpg", photo(t)).ID, upload(t, author, room, "c.jpg", photo(t)).ID
	p := post(t, author, room, map[string]any{"title": "Quagmire", "body": "one", "files": []string{inPost}})
	comment := write(t, author, "POST", "/posts/"+p.ID+"/comments", map[string]any{"body": "two", "files": []string{inComment}})
	held := post(t, author, room, map[string]any{"body": "three tobeheld", "files": []string{waiting}})

	look := func(state string, want ...string) {
		t.Helper()
		for name, who := range map[string]*hookstest.Client{"lead": lead, "author": author, "reader": reader, "moderator": moderator} {
			r := who.Get("/communities/" + room + "/files")
			got := hookstest.Into[shelf](r).ids()
			if !slices.Equal(got, want) {
				t.Errorf("%s: the %s is told of %v, want %v", state, name, got, want)
			}
			if name == "reader" {
				for _, id := range []string{inPost, inComment, waiting} {
					if given := open(who, id, "", nil); given != slices.Contains(got, id) {
						t.Errorf("%s: listed %v, and given %v", state, slices.Contains(got, id), given)
					}
				}
			}
		}
	}
	put := func(collection, id, status string) { set(t, c, collection, id, map[string]any{"status": status}) }
	look("two are shown, one was never seen", inComment, inPost)
	put(clinic.Posts, held.ID, clinic.Shown)
	look("it is published, and is the newest", waiting, inComment, inPost)
	put(clinic.Posts, p.ID, clinic.Held)
	look("the post is held, with what stands under it", waiting)
	put(clinic.Posts, p.ID, clinic.Shown)
	put(clinic.Comments, comment.ID, clinic.Held)
	look("the comment is held", waiting, inPost)
	put(clinic.Comments, comment.ID, clinic.Shown)
	write(t, author, "PATCH", "/posts/"+p.ID, map[string]any{"body": "without it", "files": []string{}})
	look("only an earlier version shows it", waiting, inComment)
	write(t, author, "PATCH", "/posts/"+p.ID, map[string]any{"body": "with it again", "files": []string{inPost}})
	look("it is back in its place", waiting, inComment, inPost)
	lead.Do("DELETE", "/posts/"+p.ID, map[string]string{"reason": "a test"})
	look("its post is a tombstone, and the comment under it stays", waiting, inComment)
	if r := reader.Get("/communities/" + room + "/files"); strings.Contains(string(r.Body), "Quagmire") {
		t.Errorf("the title of a deleted post: %s", r.Body)
	}
	set(t, c, clinic.Posts, p.ID, map[string]any{"status": clinic.Shown, "title": "Quagmire", "body": "taken back"})
	look("it is taken back with what it carried", waiting, inComment, inPost)
	author.Delete("/comments/" + comment.ID)
	look("the comment is deleted", waiting, inPost)
	author.Delete("/files/" + inPost)
	look("the file itself is deleted", waiting)
	if err := c.App.Delete(must(c.App.FindRecordById(clinic.Posts, held.ID))); err != nil {
		t.Fatal(err)
	}
	look("its post is gone for good")
}

func TestListedFilesOfWhomOneHasBlocked(t *testing.T) {
	c := hookstest.New(t)
	author, reader := c.Patient(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{c.Provider()}, author, reader)
	id := upload(t, author, room, "a.jpg", photo(t)).ID
	p := post(t, author, room, map[string]any{"body": "Look.", "files": []string{id}})
	reader.Put("/posts/"+p.ID+"/mute", nil)
	if got := shelfOf(t, reader, room, "").ids(); len(got) != 1 {
		t.Errorf("of a muted post, which stands in the feed: %v", got)
	}
	if r := reader.Put("/members/"+author.ID+"/block", nil); r.Status >= 400 {
		t.Fatalf("blocking: %d %s", r.Status, r.Body)
	}
	if got := shelfOf(t, reader, room, "").ids(); len(got) != 0 {
		t.Errorf("of one whom the reader has blocked: %v", got)
	}
	if got := shelfOf(t, author, room, "").ids(); len(got) != 1 {
		t.Errorf("for the one who is blocked nothing changes: %v", got)
	}
}

// TestPlans: a page of files seeks in an index, in the order in which it is shown, and neither reads a whole table nor sorts.
func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("ANALYZE").Execute(); err != nil {
		t.Fatal(err)
	}
	for index, query := range file.Queries {
		var steps []struct {
			Detail string `db:"detail"`
		}
		params := dbx.Params{"community": "c", "me": "m", "at": "~", "id": ""}
		if strings.Contains(query, "{:kind}") {
			params["kind"] = "picture"
		}
		if err := c.App.DB().NewQuery("EXPLAIN QUERY PLAN " + query).Bind(params).All(&steps); err != nil {
			t.Fatal(err)
		}
		plan := ""
		for _, step := range steps {
			plan += step.Detail + "\n"
		}
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("it should use %s:\n%s", index, plan)
		}
	}
}
