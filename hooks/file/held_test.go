package file_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

const secret = "quagmire"

// spoken is what a file can be told of in words, each with the word that a check holds.
var spoken = map[string]struct {
	name  string
	words map[string]string
}{
	"the description of a picture": {"boat.jpg", map[string]string{"alt": "A boat in the " + secret}},
	"the description of a sound":   {"talk.mp3", map[string]string{"alt": "A talk about the " + secret}},
	"what is said in a sound":      {"talk.mp3", map[string]string{"transcript": "First,\n\nmind the " + secret + "."}},
	"captions":                     {"talk.mp3", map[string]string{"captions": "WEBVTT\n\n00:00.000 --> 00:01.500\n<v Ana>Mind the\n" + secret + ".\n", "captions_language": "es"}},
}

// words is a room in which a check of a posted policy holds a word, with what one test needs of it.
type words struct {
	*hookstest.Room
	t *testing.T
}

func newWords(t *testing.T) *words {
	t.Helper()
	c := hookstest.New(t)
	c.Quiet()
	c.CheckWords(map[string]string{secret: "hold"})
	return &words{c.Room(), t}
}

// loose uploads a file, and says of it what is given; nobody else sees it yet.
func (w *words) loose(who *hookstest.Client, name string, says map[string]string) string {
	w.t.Helper()
	content := talk()
	if strings.HasSuffix(name, ".jpg") {
		content = photo(w.t)
	}
	id := upload(w.t, who, w.ID, name, content).ID
	if r := who.Patch("/files/"+id, says); r.Status != http.StatusOK {
		w.t.Fatalf("its words, while nobody sees it: %d %s", r.Status, r.Body)
	}
	return id
}

// waits reports whether the desk has one thing more than before that a check found in a file, and nobody but its author reads the word.
func (w *words) waits(when string, before, more int) {
	w.t.Helper()
	if got := w.holds(); got != before+more {
		w.t.Errorf("%s: %d things wait, %d before", when, got, before)
	}
	for _, path := range []string{"/communities/" + w.ID + "/posts", "/communities/" + w.ID + "/files"} {
		if r := w.Other.Get(path); r.Status != http.StatusOK || strings.Contains(string(r.Body), secret) {
			w.t.Errorf("%s: %s tells another %d %s", when, path, r.Status, r.Body)
		}
	}
	if r := w.Other.Post("/search", map[string]any{"q": secret}); r.Status != http.StatusOK || strings.Contains(strings.ReplaceAll(string(r.Body), `"`+secret+`"`, ""), "<mark>") {
		w.t.Errorf("%s: search tells another %d %s", when, r.Status, r.Body)
	}
}

// holds counts what waits because a check found the word; one's own work is on no desk of one's own, so no desk is asked.
func (w *words) holds() (n int) {
	w.t.Helper()
	err := w.App.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE clause = {:clause} AND known = TRUE AND state IN ('open', 'resubmitted')").
		Bind(dbx.Params{"clause": secret}).Row(&n)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// TestAPieceWaitsForTheWordsOfItsFiles: at every door by which a file gets before others, what it says is read as the piece is.
func TestAPieceWaitsForTheWordsOfItsFiles(t *testing.T) {
	w := newWords(t)
	posts := "/communities/" + w.ID + "/posts"
	operator := w.Operator()
	collections := "/api/collections/"
	doors := map[string]func(who *hookstest.Client, file, shown, comment string) *hookstest.Response{
		"a new post": func(who *hookstest.Client, file, _, _ string) *hookstest.Response {
			return who.Post(posts, map[string]any{"body": "Look.", "files": []string{file}})
		},
		"a new post, in its text": func(who *hookstest.Client, file, _, _ string) *hookstest.Response {
			return who.Post(posts, map[string]any{"body": "Look: ![a thing](/api/clinic/files/" + file + ")"})
		},
		"a new comment": func(who *hookstest.Client, file, shown, _ string) *hookstest.Response {
			return who.Post("/posts/"+shown+"/comments", map[string]any{"body": "Look.", "files": []string{file}})
		},
		"a post that is changed": func(who *hookstest.Client, file, shown, _ string) *hookstest.Response {
			return who.Patch("/posts/"+shown, map[string]any{"files": []string{file}})
		},
		"a comment that is changed, in its text": func(who *hookstest.Client, file, _, comment string) *hookstest.Response {
			return who.Patch("/comments/"+comment, map[string]any{"body": "![a thing](/api/clinic/files/" + file + ")"})
		},
		"a post that a superuser writes": func(who *hookstest.Client, file, _, _ string) *hookstest.Response {
			return operator.Post(collections+"posts/records", map[string]any{"community": w.ID, "author": who.ID, "kind": "discussion", "body": "![a thing](/api/clinic/files/" + file + ")"})
		},
		"a comment that a superuser changes": func(_ *hookstest.Client, file, _, comment string) *hookstest.Response {
			return operator.Patch(collections+"comments/records/"+comment, map[string]any{"body": "![a thing](/api/clinic/files/" + file + ")"})
		},
	}
	for _, who := range []*hookstest.Client{w.Author, w.Lead} {
		for what, said := range spoken {
			for door, bring := range doors {
				shown := post(t, who, w.ID, map[string]any{"body": "Good morning."}).ID
				comment := write(t, who, "POST", "/posts/"+shown+"/comments", map[string]any{"body": "And good night."}).ID
				file, before := w.loose(who, said.name, said.words), w.holds()
				r := bring(who, file, shown, comment)
				if got := hookstest.Into[piece](r); r.Status >= 300 || got.Status != clinic.Held {
					t.Errorf("%s, by %s: %d %s", what, door, r.Status, r.Body)
				}
				w.waits(what+", by "+door, before, 1)
				if r := w.Other.Get("/files/" + file + "/about"); r.Status != http.StatusNotFound {
					t.Errorf("%s, by %s: the file tells another %d %s", what, door, r.Status, r.Body)
				}
			}
		}
	}
}

// TestWordsThatComeToAShownFileWait: its own door has them wait, whoever describes it, and the others lead nowhere.
func TestWordsThatComeToAShownFileWait(t *testing.T) {
	w := newWords(t)
	operator := w.Operator()
	settings := w.App.Settings()
	settings.Batch.Enabled = true
	if err := w.App.Save(settings); err != nil {
		t.Fatal(err)
	}
	for what, said := range spoken {
		for _, who := range []*hookstest.Client{w.Author, w.Lead} { // who put it there, and who leads there
			file := w.loose(w.Author, said.name, map[string]string{"alt": "Harmless"})
			p := post(t, w.Author, w.ID, map[string]any{"body": "Look.", "files": []string{file}})
			before := w.holds()
			if r := who.Patch("/files/"+file, said.words); r.Status != http.StatusAccepted {
				t.Errorf("%s: %d %s", what, r.Status, r.Body)
			}
			w.waits(what, before, 1)
			if seen := hookstest.Into[piece](w.Other.Get("/posts/" + p.ID)); seen.Status != clinic.Shown || len(seen.Files) != 1 || seen.Files[0].Alt != "Harmless" || seen.Files[0].Captions != "" {
				t.Errorf("%s: meanwhile another reads %+v", what, seen)
			}
			record := "/api/collections/files/records/" + file
			for name, r := range map[string]*hookstest.Response{
				"a superuser":   operator.Patch(record, said.words),
				"a batch":       operator.Post("/api/batch", map[string]any{"requests": []any{map[string]any{"method": "PATCH", "url": record, "body": said.words}}}),
				"its author":    w.Author.Patch(record, said.words),
				"who may not":   w.Other.Patch("/files/"+file, said.words),
				"staff as such": w.Staff.Patch("/files/"+file, said.words),
			} {
				if r.Status < 400 {
					t.Errorf("%s, by %s: %d %s", what, name, r.Status, r.Body)
				}
			}
			w.waits(what+", by the doors that lead nowhere", before, 1)
		}
	}
}

// TestAHeldPieceIsMendedWithTheSameFile: other words for the piece alone do not let go what its file says.
func TestAHeldPieceIsMendedWithTheSameFile(t *testing.T) {
	w := newWords(t)
	for what, said := range spoken {
		file, before := w.loose(w.Author, said.name, said.words), w.holds()
		p := post(t, w.Author, w.ID, map[string]any{"body": "Look.", "files": []string{file}})
		holds := hookstest.Into[struct {
			Items []struct{ ID, Post string }
		}](w.Author.Get("/holds")).Items
		if len(holds) == 0 || holds[0].Post != p.ID {
			t.Fatalf("%s: the author has %+v", what, holds)
		}
		if r := w.Lead.Post("/desk/"+holds[0].ID+"/return", map[string]any{"reason": "A test."}); r.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", what, r.Status, r.Body)
		}
		if r := w.Author.Post("/holds/"+holds[0].ID+"/resubmit", map[string]any{"body": "Look again."}); r.Status >= 300 {
			t.Errorf("%s: %d %s", what, r.Status, r.Body)
		}
		w.waits(what+", mended", before, 1)
	}
}
