package review_test

import (
	"net/http"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/review"
)

type shown struct {
	ID, Edited string
	Review     *struct {
		Verdict, Note, State, Correction, Until string
		By                                      struct{ Name, State string }
	}
	Linked []struct{ ID string }
}

type room struct {
	*hookstest.Clinic
	id                   string
	lead, other, patient *hookstest.Client
	post                 string
}

func newRoom(t *testing.T) *room {
	t.Helper()
	c := hookstest.New(t)
	r := &room{Clinic: c, lead: c.Provider(), other: c.Provider(), patient: c.Patient()}
	r.id = c.Community(clinic.KindCondition, []*hookstest.Client{r.lead}, r.other, r.patient)
	r.post = r.write(t, r.patient, "discussion")
	return r
}

func (r *room) write(t *testing.T, by *hookstest.Client, kind string) string {
	t.Helper()
	got := by.Post("/communities/"+r.id+"/posts", map[string]any{"kind": kind, "title": "Walking", "body": "It helped me to walk in the evening."})
	if got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	return hookstest.Into[shown](got).ID
}

func (r *room) comment(t *testing.T, by *hookstest.Client, post string) string {
	t.Helper()
	got := by.Post("/posts/"+post+"/comments", map[string]any{"body": "Walking helps most people, with some exceptions."})
	if got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	return hookstest.Into[shown](got).ID
}

func (r *room) give(who *hookstest.Client, fields map[string]any) *hookstest.Response {
	return who.Post("/posts/"+r.post+"/review", fields)
}

func (r *room) read(post string) shown { return hookstest.Into[shown](r.patient.Get("/posts/" + post)) }

func (r *room) pass(d time.Duration) {
	r.Pass(d)
	r.lead, r.other, r.patient = r.SignedIn(r.lead.ID), r.SignedIn(r.other.ID), r.SignedIn(r.patient.ID)
}

type list struct {
	Items []struct{ ID, Why, Post, Comment string }
}

func (r *room) list(who *hookstest.Client, query string) list {
	got := who.Get("/reviews" + query)
	if got.Status != http.StatusOK {
		return list{Items: []struct{ ID, Why, Post, Comment string }{{Why: string(got.Body)}}}
	}
	return hookstest.Into[list](got)
}

func TestWhoReviews(t *testing.T) {
	r := newRoom(t)
	accurate := map[string]any{"verdict": "accurate"}
	staff := r.Staff("moderate")
	r.Join(r.id, staff, false)
	for name, c := range map[string]struct {
		who  *hookstest.Client
		code string
	}{"a patient": {r.patient, "not_allowed"}, "staff": {staff, "not_allowed"}, "a provider from outside": {r.Provider(), "not_found"}} {
		if got := r.give(c.who, accurate); got.Code() != c.code {
			t.Errorf("%s: %d %s", name, got.Status, got.Code())
		}
	}
	own := r.write(t, r.lead, "article")
	if got := r.lead.Post("/posts/"+own+"/review", accurate); got.Code() != "review_own_writing" {
		t.Errorf("one's own: %d %s", got.Status, got.Code())
	}
	for name, c := range map[string]struct {
		fields map[string]any
		code   string
	}{
		"no verdict":              {map[string]any{}, "verdict:invalid"},
		"a note without words":    {map[string]any{"verdict": "note", "note": " "}, "note:required"},
		"without a correction":    {map[string]any{"verdict": "corrected"}, "correction:required"},
		"corrected by a patient":  {map[string]any{"verdict": "corrected", "correction": r.comment(t, r.patient, r.post)}, "correction:correction_by_provider_only"},
		"corrected elsewhere":     {map[string]any{"verdict": "corrected", "correction": r.comment(t, r.lead, own)}, "correction:correction_by_provider_only"},
		"until yesterday":         {map[string]any{"verdict": "accurate", "until": "2001-01-01T00:00:00Z"}, "until:invalid"},
		"of another text":         {map[string]any{"verdict": "accurate", "edited": "2001-01-01T00:00:00.000Z"}, "review_text_changed"},
		"withdrawn by the way in": {map[string]any{"verdict": "withdrawn"}, "verdict:invalid"},
	} {
		if got := r.give(r.lead, c.fields); got.Code() != c.code {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	if got := r.give(r.lead, accurate); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if seen := r.read(r.post).Review; seen == nil || seen.Verdict != "accurate" || seen.State != "in_force" || seen.By.Name == "" {
		t.Errorf("%+v", seen)
	}
}

func TestAReviewEndsByItselfAndComesBack(t *testing.T) {
	r := newRoom(t)
	r.give(r.lead, map[string]any{"verdict": "note", "note": "Ask first if your heart is weak."})
	if got := r.list(r.other, ""); len(got.Items) != 0 {
		t.Errorf("a new one waits already: %+v", got)
	}
	if got := r.list(r.other, "?state=in_force"); len(got.Items) != 1 {
		t.Errorf("it is in force: %+v", got)
	}
	r.read(r.post) // a page that is made now must not outlive the review
	r.pass(review.ValidFor - review.ComesBack + time.Hour)
	if got := r.list(r.other, ""); len(got.Items) != 1 || got.Items[0].Why != "soon" || r.read(r.post).Review == nil {
		t.Errorf("before its end: %+v", got)
	}
	r.pass(review.ComesBack)
	if seen := r.read(r.post).Review; seen != nil {
		t.Errorf("after its end: %+v", seen)
	}
	if got := r.list(r.other, ""); len(got.Items) != 1 || got.Items[0].Why != "expired" || got.Items[0].ID != r.post {
		t.Errorf("it does not come back: %+v", got)
	}
	r.give(r.other, map[string]any{"verdict": "accurate"})
	if got := r.list(r.other, ""); len(got.Items) != 0 || r.read(r.post).Review == nil {
		t.Errorf("reviewed again: %+v", got)
	}
	history := hookstest.Into[struct {
		Items []struct{ Verdict, SHA256 string }
	}](r.lead.Get("/posts/" + r.post + "/reviews"))
	if len(history.Items) != 2 || history.Items[0].SHA256 != review.Fingerprint("Walking", "It helped me to walk in the evening.") {
		t.Errorf("what was said: %+v", history)
	}
}

func TestAnEditedTextIsNotPassedOffAsReviewed(t *testing.T) {
	r := newRoom(t)
	comment := r.comment(t, r.patient, r.post)
	r.give(r.lead, map[string]any{"verdict": "accurate"})
	r.lead.Post("/comments/"+comment+"/review", map[string]any{"verdict": "accurate"})
	r.patient.Patch("/posts/"+r.post, map[string]any{"body": "Walking heals everything."})
	r.patient.Patch("/comments/"+comment, map[string]any{"body": "It heals everything."})
	if seen := r.read(r.post).Review; seen == nil || seen.State != "edited" {
		t.Errorf("%+v", seen)
	}
	got := r.list(r.other, "?community="+r.id)
	if len(got.Items) != 2 || got.Items[0].Why != "edited" || got.Items[1].Why != "edited" {
		t.Errorf("%+v", got)
	}
	edited := r.read(r.post).Edited
	if got := r.give(r.lead, map[string]any{"verdict": "accurate", "edited": edited}); got.Status != http.StatusCreated {
		t.Errorf("of the new text: %d %s", got.Status, got.Body)
	}
	if got := r.lead.Delete("/posts/" + r.post + "/review"); got.Status != http.StatusNoContent || r.read(r.post).Review != nil {
		t.Errorf("taken back: %d", got.Status)
	}
	if got := r.lead.Delete("/posts/" + r.post + "/review"); got.Code() != "review_not_there" {
		t.Errorf("taken back twice: %d %s", got.Status, got.Code())
	}
	// Neither does the dashboard put a mark on a text.
	record, err := r.App.FindRecordById(clinic.Posts, r.post)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("review", `{"verdict":"accurate","by":"`+r.lead.ID+`","until":"2999-01-01 00:00:00.000Z"}`)
	if err := r.App.Save(record); err != nil || r.read(r.post).Review != nil {
		t.Errorf("marked in the dashboard: %v %+v", err, r.read(r.post).Review)
	}
}

func TestACorrectionStandsUnderWhatIsWrong(t *testing.T) {
	r := newRoom(t)
	correction := r.comment(t, r.lead, r.post)
	if got := r.give(r.lead, map[string]any{"verdict": "corrected", "correction": correction}); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	seen := r.read(r.post)
	if seen.Review == nil || seen.Review.Correction != correction || len(seen.Linked) != 1 || seen.Linked[0].ID != correction {
		t.Errorf("%+v", seen)
	}
	r.pass(review.ValidFor + time.Hour)
	if seen := r.read(r.post); seen.Review == nil || seen.Review.State != "expired" {
		t.Errorf("a year later it is still wrong: %+v", seen.Review)
	}
	if got := r.lead.Delete("/comments/" + correction); got.Status != http.StatusNoContent {
		t.Fatal(got.Status)
	}
	if seen := r.read(r.post); seen.Review != nil || len(seen.Linked) != 0 {
		t.Errorf("corrected by nothing: %+v", seen)
	}
}

type offered struct {
	Corrections []struct {
		ID, Excerpt, At string
		Held            bool
	}
}

// TestACorrectionThatWasHeldIsLinkedLater: a check stops it, and it can be named once the desk let it go. What others wrote is never
// offered, nor what is no correction of this piece.
func TestACorrectionThatWasHeldIsLinkedLater(t *testing.T) {
	r := newRoom(t)
	moderator := r.Staff("moderate")
	r.Join(r.id, moderator, false)
	own := func(who *hookstest.Client, path string) offered {
		return hookstest.Into[offered](who.Get(path + "/reviews"))
	}
	r.comment(t, r.patient, r.post)
	r.comment(t, r.lead, r.write(t, r.patient, "discussion")) // under another post
	of := "/posts/" + r.post
	if got := own(r.lead, of); len(got.Corrections) != 0 {
		t.Errorf("before anything was written: %+v", got)
	}
	written := r.lead.Post(of+"/comments", map[string]any{"body": "Nobody should take 40 units of insulin before a walk."})
	if written.Status != http.StatusAccepted {
		t.Fatalf("it is not held: %d %s", written.Status, written.Body)
	}
	correction := hookstest.Into[shown](written).ID
	corrected := map[string]any{"verdict": "corrected", "correction": correction}
	if got := r.give(r.lead, corrected); got.Code() != "correction_waits" {
		t.Errorf("while it waits: %d %s", got.Status, got.Body)
	}
	if got := own(r.lead, of); len(got.Corrections) != 1 || !got.Corrections[0].Held {
		t.Errorf("that it waits is not told: %+v", got)
	}
	if got := own(r.other, of); len(got.Corrections) != 0 {
		t.Errorf("what a colleague wrote is offered, held besides: %+v", got)
	}
	desk := hookstest.Into[struct {
		Items []struct{ ID, Comment string }
	}](moderator.Get("/desk"))
	if len(desk.Items) != 1 || desk.Items[0].Comment != correction {
		t.Fatalf("on the desk: %+v", desk)
	}
	if got := moderator.Post("/desk/"+desk.Items[0].ID+"/publish", map[string]any{"reason": "It names no dose to take."}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if r.read(r.post).Review != nil {
		t.Error("a provider's mark was put without the provider")
	}
	got := own(r.lead, of)
	if len(got.Corrections) != 1 || got.Corrections[0].Held || got.Corrections[0].ID != correction || got.Corrections[0].At == "" ||
		got.Corrections[0].Excerpt != "Nobody should take 40 units of insulin before a walk." {
		t.Errorf("published, it is not offered: %+v", got)
	}
	if got := own(r.lead, "/comments/"+r.comment(t, r.patient, r.post)); len(got.Corrections) != 1 {
		t.Errorf("as the correction of a comment: %+v", got)
	}
	if got := own(r.other, "/comments/"+correction); len(got.Corrections) != 0 {
		t.Errorf("as its own correction: %+v", got)
	}
	if got := r.give(r.lead, corrected); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if seen := r.read(r.post); seen.Review == nil || seen.Review.Correction != correction || len(seen.Linked) != 1 {
		t.Errorf("%+v", seen)
	}
}

func TestWhatWaitsForAFirstReview(t *testing.T) {
	r := newRoom(t)
	article := r.write(t, r.other, "article")
	if got := r.list(r.lead, "?state=waiting"); len(got.Items) != 1 || got.Items[0].ID != article || got.Items[0].Why != "waiting" {
		t.Errorf("%+v", got)
	}
	if got := r.list(r.other, "?state=waiting"); len(got.Items) != 0 {
		t.Errorf("one's own: %+v", got)
	}
	if got := r.list(r.Provider(), "?state=waiting"); len(got.Items) != 0 {
		t.Errorf("from outside: %+v", got)
	}
	if got := r.Provider().Get("/reviews?community=" + r.id); got.Status != http.StatusNotFound {
		t.Errorf("a community of others: %d", got.Status)
	}
	r.lead.Post("/posts/"+article+"/review", map[string]any{"verdict": "accurate"})
	if got := r.list(r.lead, "?state=waiting"); len(got.Items) != 0 {
		t.Errorf("reviewed: %+v", got)
	}
}

func TestANameThatIsGoneStandsForNothing(t *testing.T) {
	r := newRoom(t)
	r.give(r.other, map[string]any{"verdict": "accurate"})
	if got := r.Founder().Post("/members/"+r.other.ID+"/remove", map[string]any{"reason": "left"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if seen := r.read(r.post).Review; seen != nil {
		t.Errorf("%+v", seen)
	}
	if got := r.list(r.lead, ""); len(got.Items) != 1 {
		t.Errorf("it does not come back: %+v", got)
	}
}

func TestWhoIsNoProviderAnyMoreStandsForNothing(t *testing.T) {
	r := newRoom(t)
	r.give(r.other, map[string]any{"verdict": "accurate"})
	r.Become(r.other, clinic.Staff)
	if seen := r.read(r.post).Review; seen != nil {
		t.Errorf("%+v", seen)
	}
	if got := r.list(r.lead, ""); len(got.Items) != 1 {
		t.Errorf("it does not come back: %+v", got)
	}
}

func TestTheRecordOfReviewsOnlyGrows(t *testing.T) {
	r := newRoom(t)
	r.give(r.lead, map[string]any{"verdict": "accurate"})
	line, err := r.App.FindFirstRecordByData(clinic.Reviews, "post", r.post)
	if err != nil {
		t.Fatal(err)
	}
	line.Set("verdict", "corrected")
	if err := r.House.Save(r.App, line); err == nil {
		t.Error("a line was changed")
	}
	if err := r.House.Delete(r.App, line); err == nil {
		t.Error("a line was deleted")
	}
	for _, statement := range []string{"UPDATE reviews SET verdict = 'corrected'", "DELETE FROM reviews"} {
		if _, err := r.App.DB().NewQuery(statement).Execute(); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
}

// To a provider who does not decide there, a comment is not there while the post above it is held.
func TestACommentIsHiddenWithThePostAboveIt(t *testing.T) {
	r := newRoom(t)
	r.HoldWord("tobeheld")
	comment := r.comment(t, r.patient, r.post)
	form := map[string]any{"verdict": "accurate", "until": r.House.Now().Add(10 * 24 * time.Hour).UTC().Format(time.RFC3339)}
	if got := r.lead.Post("/comments/"+comment+"/review", form); got.Status != http.StatusCreated {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := r.list(r.other, ""); len(got.Items) != 1 {
		t.Fatalf("before: %+v", got)
	}
	if got := r.patient.Patch("/posts/"+r.post, map[string]any{"body": "tobeheld"}); got.Status != http.StatusAccepted {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := r.list(r.other, ""); len(got.Items) != 0 {
		t.Errorf("the list: %+v", got)
	}
	for name, got := range map[string]*hookstest.Response{"the history": r.other.Get("/comments/" + comment + "/reviews"),
		"a review": r.other.Post("/comments/"+comment+"/review", form), "withdrawing": r.other.Delete("/comments/" + comment + "/review")} {
		if got.Status != http.StatusNotFound {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	if got := r.list(r.lead, ""); len(got.Items) != 1 {
		t.Errorf("the desk: %+v", got)
	}
}
