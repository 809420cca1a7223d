package check_test

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"slices"
	"testing"
	"time"

	"kinward/hooks/check"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// sent puts a picture of some size into the house, with a description, and gives its id.
func sent(t *testing.T, who *hookstest.Client, community, name, alt string, side int) string {
	t.Helper()
	var drawn bytes.Buffer
	must(t, png.Encode(&drawn, image.NewGray(image.Rect(0, 0, side, side))))
	made := who.Post("/files", map[string]any{"name": name, "bytes": drawn.Len(), "community": community})
	id := hookstest.Into[answer](made).ID
	if r := who.Do("PUT", "/files/"+id+"/content?from=0", drawn.String()); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if r := who.Patch("/files/"+id, map[string]any{"alt": alt}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return id
}

// ids are those of findings, in their order.
func ids(findings []check.Finding) []string {
	out := make([]string, len(findings))
	for i, f := range findings {
		out[i] = f.ID
	}
	return out
}

// TestAPreviewFindsWhatSendingFinds: in the words, in what can be chosen, and in what each of the files says, new or changed.
func TestAPreviewFindsWhatSendingFinds(t *testing.T) {
	c := hookstest.New(t)
	alone(t, c)
	publish(t, c, "tried", []rule{{"detector": "word", "whose": []string{"patient"}, "action": "say", "words": []string{"marshmallow"}}})
	lead, author := c.Provider(), c.Patient()
	room := c.Community(clinic.KindCondition, []*hookstest.Client{lead}, author)
	first, second := sent(t, author, room, "a.png", "A marshmallow", 8), sent(t, author, room, "b.png", "A marshmallow", 9)
	inText := sent(t, author, room, "marshmallow.png", "One more", 10)
	quoted := sent(t, author, room, "marshmallow too.png", "", 11)
	other := author.Post("/communities/"+room+"/posts", map[string]any{"body": "Another.", "files": []string{quoted}})
	if other.Status != http.StatusCreated {
		t.Fatalf("%d %s", other.Status, other.Body)
	}
	body := "I like a marshmallow ![](/api/clinic/files/" + inText + ") and ![](/api/clinic/files/" + quoted + ")"
	choices := []string{" ", "Tea", " a   marshmallow "}
	files := []string{first, second}

	looked := hookstest.Into[answer](author.Post("/preview", map[string]any{"title": " Marshmallow? ", "text": body, "community": room, "choices": choices, "files": files})).Findings
	posted := author.Post("/communities/"+room+"/posts", map[string]any{"kind": "poll", "title": " Marshmallow? ", "body": body, "files": files, "poll": map[string]any{
		"choices": choices, "ends": c.House.Now().Add(time.Hour).UTC().Format(time.RFC3339)}})
	found := hookstest.Into[answer](posted).Findings
	if posted.Status != http.StatusCreated || !slices.Equal(ids(looked), ids(found)) {
		t.Errorf("%d %s\npreview %+v\nsending %+v", posted.Status, posted.Body, looked, found)
	}
	where := map[string]int{}
	for _, f := range looked {
		where[f.Field+" "+f.FileName]++
	}
	for _, want := range []string{"title ", "body ", "choices ", "files a.png", "files b.png", "files marshmallow.png"} {
		if where[want] != 1 {
			t.Errorf("%q: %d in %v", want, where[want], where)
		}
	}
	if slices.Sort(ids(looked)); len(looked) != 6 {
		t.Errorf("%d findings: %v", len(looked), where)
	}

	// Changed: what it carries already counts, where it is named.
	id := hookstest.Into[answer](posted).ID
	change := map[string]any{"body": "No more of it.", "files": files}
	edited := hookstest.Into[answer](author.Patch("/posts/"+id, change)).Findings
	asked := map[string]any{"title": "Marshmallow?", "text": "No more of it.", "community": room, "choices": choices, "files": files, "post": id}
	again := hookstest.Into[answer](author.Post("/preview", asked)).Findings
	if len(again) != 4 || !slices.Equal(ids(again), ids(edited)) {
		t.Errorf("preview %+v\nediting %+v", again, edited)
	}
	delete(asked, "post")
	if now := hookstest.Into[answer](author.Post("/preview", asked)).Findings; len(now) != 2 {
		t.Errorf("as a new one, without the files of another piece: %+v", now)
	}
	// A stranger's preview says nothing of the files of others.
	if now := hookstest.Into[answer](lead.Post("/preview", asked)).Findings; len(now) != 0 {
		t.Errorf("somebody else's: %+v", now)
	}
	asked["files"] = slices.Repeat([]string{first}, 21)
	if r := author.Post("/preview", asked); r.Code() != "files:too_long" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
