package post_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/post"
)

// kept is what of a post these tests look at beside its words.
type kept struct {
	ID, Kind, Title, Until, Helped, Updated string
	Top                                     bool
	Can                                     struct{ Top, Helped, Review bool }
}

type kinds struct {
	Top, Items []kept
	Next       *string
}

func (r *room) feed(who *hookstest.Client, view string) kinds {
	return hookstest.Into[kinds](who.Get("/communities/" + r.id + "/posts" + view))
}

func (r *room) post(t *testing.T, by *hookstest.Client, fields map[string]any) kept {
	t.Helper()
	got := by.Post("/communities/"+r.id+"/posts", fields)
	if got.Status != http.StatusCreated {
		t.Fatalf("%v: %d %s", fields, got.Status, got.Body)
	}
	return hookstest.Into[kept](got)
}

func ids(of []kept) (out []string) {
	for _, one := range of {
		out = append(out, one.ID)
	}
	return out
}

func TestWhoMayWriteWhichKind(t *testing.T) {
	r := newRoom(t)
	staff, moderator, provider := r.Staff(), r.Staff("moderate"), r.Provider()
	for _, member := range []*hookstest.Client{staff, moderator, provider} {
		r.Join(r.id, member, false)
	}
	who := map[string]*hookstest.Client{"patient": r.patient, "staff": staff, "moderator": moderator, "provider": provider, "lead": r.lead}
	for kind, refused := range map[string]map[string]string{
		"discussion":   {},
		"question":     {},
		"article":      {"patient": "kind:article_by_practice_only"},
		"announcement": {"patient": "kind:announcement_by_practice_only", "staff": "kind:announcement_by_practice_only", "provider": "kind:announcement_by_practice_only"},
	} {
		for name, client := range who {
			got := client.Post("/communities/"+r.id+"/posts", map[string]any{"kind": kind, "title": "A title", "body": "words"})
			if got.Code() != refused[name] {
				t.Errorf("%s by %s: %d %q, want %q", kind, name, got.Status, got.Code(), refused[name])
			}
			// And behind the doors.
			_, err := r.operator(t, clinic.Posts, map[string]any{"community": r.id, "author": client.ID, "kind": kind, "title": "A title", "body": "words"})
			if (err != nil) != (refused[name] != "") {
				t.Errorf("%s by %s at the record: %v", kind, name, err)
			}
		}
	}
	if got := r.lead.Post("/communities/"+r.id+"/posts", map[string]any{"kind": "article", "body": "words"}); got.Code() != "title:required" {
		t.Errorf("an article without a title: %d %s", got.Status, got.Code())
	}
}

func TestAnAnnouncementStandsOnTopUntilItsDate(t *testing.T) {
	r := newRoom(t)
	r.Stop()
	r.write(t, r.patient, "older", "older")
	until := r.House.Now().Add(48 * time.Hour).UTC().Format(time.RFC3339)
	made := r.post(t, r.lead, map[string]any{"kind": "announcement", "title": "Flu shots", "body": "Monday", "until": until})
	r.Pass(time.Minute)
	r.write(t, r.patient, "newer", "newer")
	seen := r.feed(r.other, "")
	if len(seen.Top) != 1 || seen.Top[0].ID != made.ID || !seen.Top[0].Top || len(seen.Items) != 3 {
		t.Fatalf("on top: %+v", seen)
	}
	// Nobody writes anything at that moment: the page that was made before is over by itself.
	r.Pass(48 * time.Hour)
	r.patient = r.SignedIn(r.patient.ID)
	if seen := r.feed(r.patient, ""); len(seen.Top) != 0 || len(seen.Items) != 3 || seen.Items[1].Top {
		t.Errorf("after its date: %+v", seen)
	}
	r.lead = r.SignedIn(r.lead.ID)
	again := r.post(t, r.lead, map[string]any{"kind": "announcement", "body": "Closed on Friday"})
	if again.Until == "" {
		t.Error("without a date it would stand there for good")
	}
	path := "/posts/" + again.ID + "/top"
	if got := r.patient.Put(path, map[string]any{"on": false}); got.Status != http.StatusForbidden {
		t.Errorf("taken down by a patient: %d", got.Status)
	}
	if got := r.lead.Put(path, map[string]any{"on": false}); got.Status != http.StatusOK || len(r.feed(r.patient, "").Top) != 0 {
		t.Errorf("taken down: %d %s", got.Status, got.Body)
	}
	for _, date := range []string{"2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"} {
		if got := r.lead.Put(path, map[string]any{"on": true, "until": date}); got.Code() != "until:date_not_ahead" {
			t.Errorf("%s: %d %s", date, got.Status, got.Code())
		}
	}
}

func TestLeadsPinAtMostThree(t *testing.T) {
	r := newRoom(t)
	var all []string
	for range 4 {
		all = append(all, r.write(t, r.patient, "a", "b").ID)
		r.Pass(time.Second)
	}
	pin := func(who *hookstest.Client, id string, on bool) *hookstest.Response {
		r.Pass(time.Second)
		return who.Put("/posts/"+id+"/top", map[string]any{"on": on})
	}
	if got := pin(r.patient, all[0], true); got.Status != http.StatusForbidden {
		t.Errorf("pinned by its author: %d", got.Status)
	}
	for _, id := range all[:3] {
		if got := pin(r.lead, id, true); got.Status != http.StatusOK {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	}
	if got := pin(r.lead, all[3], true); got.Code() != "pins_full" {
		t.Errorf("a fourth: %d %s", got.Status, got.Code())
	}
	if got := pin(r.lead, all[0], true); got.Status != http.StatusOK {
		t.Errorf("the first once more: %d", got.Status)
	}
	if top := ids(r.feed(r.other, "").Top); len(top) != 3 || top[0] != all[2] || top[2] != all[0] {
		t.Errorf("the last pinned stands first: %v", top)
	}
	pin(r.lead, all[1], false)
	r.patient.Delete("/posts/" + all[2])
	if top := ids(r.feed(r.other, "").Top); len(top) != 1 || top[0] != all[0] {
		t.Errorf("one taken down and one deleted: %v", top)
	}
	// The dashboard does not pin: that goes past the limit and past who may.
	record, err := r.App.FindRecordById(clinic.Posts, all[3])
	if err != nil {
		t.Fatal(err)
	}
	record.Set("pinned", r.House.Now())
	if err := r.App.Save(record); err != nil || len(r.feed(r.other, "").Top) != 1 {
		t.Errorf("pinned in the dashboard: %v %+v", err, r.feed(r.other, "").Top)
	}
}

func TestPinningDisturbsNoEdit(t *testing.T) {
	r := newRoom(t)
	made := r.write(t, r.patient, "a", "b")
	r.lead.Put("/posts/"+made.ID+"/top", map[string]any{"on": true})
	if got := r.patient.Patch("/posts/"+made.ID, map[string]any{"body": "c", "updated": made.Updated}); got.Status != http.StatusOK {
		t.Errorf("an edit that began before: %d %s", got.Status, got.Code())
	}
	if top := r.feed(r.other, "").Top; len(top) != 1 {
		t.Errorf("the edit unpinned it: %+v", top)
	}
}

func TestTheAskerMarksWhatHelped(t *testing.T) {
	r := newRoom(t)
	asked := r.post(t, r.patient, map[string]any{"kind": "question", "title": "Walks", "body": "What do you eat before?"})
	helped := func(who *hookstest.Client, comment string) *hookstest.Response {
		return who.Put("/posts/"+asked.ID+"/helped", map[string]any{"comment": comment})
	}
	unanswered := func() []string { return ids(r.feed(r.other, "?view=unanswered").Items) }
	if got := unanswered(); len(got) != 1 {
		t.Errorf("a new question waits: %v", got)
	}
	r.comment(t, r.patient, asked.ID, "I mean in the evening", "")
	if got := unanswered(); len(got) != 1 {
		t.Errorf("the asker's own words are no answer: %v", got)
	}
	answer := r.comment(t, r.other, asked.ID, "Half a banana", "")
	if got := unanswered(); len(got) != 0 {
		t.Errorf("answered: %v", got)
	}
	if got := helped(r.other, answer.ID); got.Status != http.StatusForbidden {
		t.Errorf("by another: %d", got.Status)
	}
	elsewhere := r.comment(t, r.other, r.write(t, r.patient, "", "x").ID, "y", "")
	if got := helped(r.patient, elsewhere.ID); got.Code() != "comment:comment_elsewhere" {
		t.Errorf("elsewhere: %d %s", got.Status, got.Code())
	}
	if got := helped(r.patient, answer.ID); hookstest.Into[kept](got).Helped != answer.ID {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	linked := hookstest.Into[struct {
		Helped string
		Linked []struct{ ID string }
	}](r.lead.Get("/posts/" + asked.ID))
	if linked.Helped != answer.ID || len(linked.Linked) != 1 || linked.Linked[0].ID != answer.ID {
		t.Errorf("what a reader gets: %+v", linked)
	}
	if got := helped(r.patient, ""); hookstest.Into[kept](got).Helped != "" {
		t.Errorf("taken back: %s", got.Body)
	}
	helped(r.patient, answer.ID)
	r.other.Delete("/comments/" + answer.ID)
	if got := r.feed(r.other, "").Items; got[len(got)-1].Helped != "" || len(unanswered()) != 1 {
		t.Errorf("the comment that helped is gone: %+v, waiting %v", got, unanswered())
	}
	if got := r.patient.Put("/posts/"+r.write(t, r.patient, "", "x").ID+"/helped", map[string]any{"comment": ""}); got.Code() != "not_a_question" {
		t.Errorf("of a discussion: %d %s", got.Status, got.Code())
	}
	if got := r.patient.Get("/communities/" + r.id + "/posts?view=hidden"); got.Code() != "view:invalid" {
		t.Errorf("a view there is not: %d %s", got.Status, got.Code())
	}
}

func TestWhatIsSavedHere(t *testing.T) {
	r := newRoom(t)
	saved, about := r.write(t, r.patient, "kept", "x").ID, r.write(t, r.patient, "talked about", "y").ID
	r.write(t, r.patient, "neither", "z")
	comment := r.comment(t, r.patient, about, "a comment", "").ID
	for _, path := range []string{"/posts/" + saved + "/save", "/posts/" + about + "/save", "/comments/" + comment + "/save"} {
		if got := r.other.Put(path, nil); got.Status != http.StatusNoContent {
			t.Fatalf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	if got := ids(r.feed(r.other, "?view=saved").Items); len(got) != 2 || got[0] != about || got[1] != saved {
		t.Errorf("%v", got)
	}
	if got := r.feed(r.lead, "?view=saved").Items; len(got) != 0 {
		t.Errorf("what another saved: %v", got)
	}
	var steps []struct {
		Detail string `db:"detail"`
	}
	text := post.SavedQuery
	for i, value := range []string{"a", "b", "c", "d"} {
		text = strings.ReplaceAll(text, "?"+string(rune('1'+i)), "'"+value+"'")
	}
	if err := r.App.DB().NewQuery("EXPLAIN QUERY PLAN " + text).All(&steps); err != nil {
		t.Fatal(err)
	}
	plan := ""
	for _, step := range steps {
		plan += step.Detail + "\n"
	}
	if !strings.Contains(plan, "SEARCH p USING INDEX sqlite_autoindex_posts_1 (id=?)") || !strings.Contains(plan, "SEARCH s USING") || strings.Contains(plan, "SCAN") {
		t.Errorf("what is saved is read by way of\n%s", plan)
	}
}
