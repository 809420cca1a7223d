package home_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/home"
	"kinward/hooks/hookstest"
)

type place struct {
	*hookstest.Clinic
	lead, me, other, outside *hookstest.Client
	hearts, sugar, secret    string
}

func newPlace(t *testing.T) *place {
	t.Helper()
	c := hookstest.New(t)
	p := &place{Clinic: c, lead: c.Provider(), me: c.Patient(), other: c.Patient(), outside: c.Patient()}
	p.hearts = c.Community(clinic.KindCondition, []*hookstest.Client{p.lead}, p.me, p.other)
	p.sugar = c.Community(clinic.KindCondition, []*hookstest.Client{p.lead}, p.me, p.other)
	p.secret = c.Community(clinic.KindCondition, []*hookstest.Client{p.lead}, p.outside)
	return p
}

type seen struct {
	Since string
	New   struct {
		Items []struct{ ID, Title, Excerpt, Kind string }
		Next  string
	}
	Follows []struct {
		Post, First, Kind string
		Mine, More        bool
		Answers           int
	}
	Mentions []struct{ ID, Post, Kind string }
	Waits    []home.Waiting
}

func (s seen) titles() string {
	var out []string
	for _, one := range s.New.Items {
		out = append(out, one.Title)
	}
	return strings.Join(out, " ")
}

func (p *place) at(t *testing.T, who *hookstest.Client) seen {
	t.Helper()
	r := who.Get("/home")
	if r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	return hookstest.Into[seen](r)
}

func (p *place) made(t *testing.T, by *hookstest.Client, path, title, body string) string {
	t.Helper()
	p.Pass(time.Millisecond)
	by = p.SignedIn(by.ID) // the clock of some tests goes on for longer than a session lives without activity
	r := by.Post(path, map[string]any{"kind": "question", "title": title, "body": body})
	if r.Status != http.StatusCreated {
		t.Fatalf("%s: %d %s", path, r.Status, r.Body)
	}
	return hookstest.Into[struct{ ID string }](r).ID
}

func (p *place) post(t *testing.T, by *hookstest.Client, community, title string) string {
	t.Helper()
	return p.made(t, by, "/communities/"+community+"/posts", title, "Some words on the river.")
}

func (p *place) comment(t *testing.T, by *hookstest.Client, post, body string) string {
	t.Helper()
	return p.made(t, by, "/posts/"+post+"/comments", "", body)
}

func done(t *testing.T, r *hookstest.Response) {
	t.Helper()
	if r.Status != http.StatusNoContent {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestWhatIsNewSinceLastTime(t *testing.T) {
	p := newPlace(t)
	p.post(t, p.other, p.hearts, "one")
	p.post(t, p.lead, p.sugar, "two")
	p.post(t, p.me, p.sugar, "mine")
	p.post(t, p.outside, p.secret, "secret")
	if got := p.at(t, p.me); got.titles() != "two one" || got.New.Items[0].Excerpt != "Some words on the river." {
		t.Errorf("the first look: %+v", got)
	}
	for range 3 { // looking changes nothing, and neither does staying
		p.Pass(10 * time.Minute)
		done(t, p.me.Put("/home/visit", nil))
		if got := p.at(t, p.me).titles(); got != "two one" {
			t.Errorf("during the visit: %q", got)
		}
	}
	p.post(t, p.other, p.hearts, "three")
	if got := p.at(t, p.me).titles(); got != "three two one" {
		t.Errorf("written meanwhile: %q", got)
	}
	p.Pass(25 * time.Hour)
	me := p.SignedIn(p.me.ID)
	if got := p.at(t, me).titles(); got != "three" {
		t.Errorf("a day later: %q", got)
	}
	done(t, me.Put("/home/visit", nil))
	p.Pass(31 * time.Minute)
	me = p.SignedIn(p.me.ID)
	if got := p.at(t, me).titles(); got != "" {
		t.Errorf("the visit after that: %q", got)
	}
}

func TestPagesOverAllCommunities(t *testing.T) {
	p := newPlace(t)
	want := []string{}
	for n := range 34 {
		community := p.hearts
		if n%3 == 0 {
			community = p.sugar
		}
		title := fmt.Sprint("t", n)
		p.post(t, p.other, community, title)
		want = append([]string{title}, want...)
	}
	got, cursor := []string{}, ""
	for range 10 {
		page := hookstest.Into[seen](p.me.Get("/home?before=" + cursor))
		got = append(got, strings.Fields(page.titles())...)
		if cursor = page.New.Next; cursor == "" {
			break
		}
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("%v, want %v", got, want)
	}
	if r := p.me.Get("/home?before=x"); r.Status != http.StatusBadRequest {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestWhatIsMutedAndBlockedIsLeftOut(t *testing.T) {
	p := newPlace(t)
	one, two := p.post(t, p.other, p.hearts, "one"), p.post(t, p.lead, p.hearts, "two")
	p.post(t, p.lead, p.sugar, "three")
	own := p.post(t, p.me, p.sugar, "mine")
	p.comment(t, p.other, own, "An answer.")
	done(t, p.me.Put("/posts/"+two+"/mute", nil))
	if got := p.at(t, p.me).titles(); got != "three one" {
		t.Errorf("a muted post: %q", got)
	}
	done(t, p.me.Put("/communities/"+p.sugar+"/mute", nil))
	if got := p.at(t, p.me); got.titles() != "one" || len(got.Follows) != 0 {
		t.Errorf("a muted community: %+v", got)
	}
	done(t, p.me.Delete("/communities/"+p.sugar+"/mute"))
	if got := p.at(t, p.me); len(got.Follows) != 1 {
		t.Errorf("not muted any more: %+v", got)
	}
	done(t, p.me.Put("/members/"+p.other.ID+"/block", nil))
	if got := p.at(t, p.me); got.titles() != "three" || len(got.Follows) != 0 {
		t.Errorf("who is blocked: %+v", got)
	}
	done(t, p.me.Delete("/members/"+p.other.ID+"/block"))
	record, err := p.App.FindRecordById(clinic.Posts, one)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Held)
	if err := p.App.Save(record); err != nil {
		t.Fatal(err)
	}
	for _, who := range []*hookstest.Client{p.me, p.lead} {
		if got := p.at(t, who).titles(); strings.Contains(got, "one") {
			t.Errorf("a held post: %q", got)
		}
	}
}

func TestAnswersToWhatIFollow(t *testing.T) {
	p := newPlace(t)
	own := p.post(t, p.me, p.hearts, "mine")
	theirs := p.post(t, p.other, p.hearts, "theirs")
	first := p.comment(t, p.other, own, "first")
	p.comment(t, p.lead, own, "second")
	p.comment(t, p.me, theirs, "my own words")
	got := p.at(t, p.me).Follows
	if len(got) != 1 || got[0].Post != own || !got[0].Mine || got[0].Answers != 2 || got[0].First != first || got[0].More {
		t.Fatalf("%+v", got)
	}
	p.comment(t, p.lead, theirs, "an answer")
	if got := p.at(t, p.me).Follows; len(got) != 2 || got[0].Post != theirs || got[0].Mine {
		t.Errorf("the latest first: %+v", got)
	}
	if r := p.other.Do("DELETE", "/comments/"+first, map[string]any{}); r.Status != http.StatusNoContent {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := p.at(t, p.me).Follows; got[1].Answers != 1 {
		t.Errorf("a deleted answer counts: %+v", got)
	}
	done(t, p.me.Put("/posts/"+own+"/seen", nil))
	if got := p.at(t, p.me).Follows; len(got) != 1 || got[0].Post != theirs {
		t.Errorf("seen: %+v", got)
	}
	for range 25 {
		p.comment(t, p.other, own, "more")
	}
	if got := p.at(t, p.me).Follows; got[0].Post != own && got[1].Post != own || !got[0].More && !got[1].More {
		t.Errorf("many: %+v", got)
	}
}

func TestMentionsWaitUntilTheyAreSeen(t *testing.T) {
	p := newPlace(t)
	p.post(t, p.me, p.hearts, "nobody calls who only reads")
	post := p.post(t, p.other, p.hearts, "one")
	comment := p.comment(t, p.other, post, "What do you say, @[me](member:"+p.me.ID+")?")
	if got := p.at(t, p.me).Mentions; len(got) != 1 || got[0].ID != comment || got[0].Post != post || got[0].Kind != "comment" {
		t.Fatalf("%+v", got)
	}
	if got := p.at(t, p.lead).Mentions; len(got) != 0 {
		t.Errorf("somebody else's: %+v", got)
	}
	done(t, p.me.Put("/posts/"+post+"/seen", nil))
	if got := p.at(t, p.me).Mentions; len(got) != 0 {
		t.Errorf("seen: %+v", got)
	}
	p.comment(t, p.other, post, "Again @[me](member:"+p.me.ID+")")
	done(t, p.me.Put("/members/"+p.other.ID+"/block", nil))
	if got := p.at(t, p.me).Mentions; len(got) != 0 {
		t.Errorf("of who is blocked: %+v", got)
	}
}

// A poll waits for a member until they have voted in it, and for nobody who is not there.
func TestAPollWaitsUntilOneHasVoted(t *testing.T) {
	p := newPlace(t)
	r := p.other.Post("/communities/"+p.hearts+"/posts", map[string]any{"kind": "poll", "title": "Which evening?", "body": "For the walk.",
		"poll": map[string]any{"choices": []string{"Monday", "Tuesday"}, "results": clinic.ResultsRunning,
			"ends": p.House.Now().Add(7 * 24 * time.Hour).UTC().Format(time.RFC3339)}})
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	poll := hookstest.Into[struct{ ID string }](r).ID
	if got := p.at(t, p.me).Waits; len(got) != 1 || got[0].Kind != "poll" || got[0].Post != poll || got[0].Title != "Which evening?" {
		t.Errorf("%+v", got)
	}
	for _, who := range []*hookstest.Client{p.other, p.outside} {
		if got := p.at(t, who).Waits; len(got) != 0 {
			t.Errorf("its author, and who is not there: %+v", got)
		}
	}
	if r := p.me.Post("/polls/"+poll+"/vote", map[string]any{"choice": 0}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if got := p.at(t, p.me).Waits; len(got) != 0 {
		t.Errorf("after the vote: %+v", got)
	}
	p.Pass(8 * 24 * time.Hour)
	if got := p.at(t, p.SignedIn(p.lead.ID)).Waits; len(got) != 0 {
		t.Errorf("when it is over: %+v", got)
	}
}

// Of what is written where a member is not, home tells nothing, and knows nothing of a member who left.
func TestHomeLeaksNothing(t *testing.T) {
	p := newPlace(t)
	before := string(p.outside.Get("/home").Body)
	post := p.post(t, p.me, p.hearts, "one")
	p.comment(t, p.other, post, "words")
	if got := string(p.outside.Get("/home").Body); cut(got) != cut(before) {
		t.Errorf("%s\n%s", before, got)
	}
	done(t, p.me.Delete("/communities/"+p.hearts+"/members/"+p.me.ID))
	if got := p.at(t, p.me); len(got.New.Items)+len(got.Follows)+len(got.Mentions) != 0 {
		t.Errorf("%+v", got)
	}
	if r := p.Guest().Get("/home"); r.Status != http.StatusUnauthorized {
		t.Errorf("a guest: %d", r.Status)
	}
}

// cut leaves the moment out, which goes on.
func cut(body string) string { _, rest, _ := strings.Cut(body, `"new"`); return rest }

func TestPlans(t *testing.T) {
	c := hookstest.New(t)
	if _, err := c.App.DB().NewQuery("ANALYZE").Execute(); err != nil {
		t.Fatal(err)
	}
	for name, query := range home.Queries {
		text := query.Text
		for i, value := range []string{"aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "2026-01-01 00:00:00.000Z", "aaaaaaaaaaaaaaa", "2025-01-01 00:00:00.000Z"} {
			text = strings.ReplaceAll(text, fmt.Sprint("?", i+1), "'"+value+"'")
		}
		plan := planOf(t, c.App, text)
		if !strings.Contains(plan, query.Index) || strings.Contains(plan, "TEMP B-TREE") || strings.Contains(strings.ReplaceAll(plan, "SCAN (subquery", ""), "SCAN") {
			t.Errorf("%s should use %s:\n%s", name, query.Index, plan)
		}
	}
}

func planOf(t *testing.T, app core.App, text string) string {
	t.Helper()
	var steps []struct {
		Detail string `db:"detail"`
	}
	if err := app.DB().NewQuery("EXPLAIN QUERY PLAN " + text).All(&steps); err != nil {
		t.Fatal(err)
	}
	plan := ""
	for _, step := range steps {
		plan += step.Detail + "\n"
	}
	return plan
}

// Who is mentioned under a post is not called there while the post is held.
func TestAMentionIsHiddenWithThePostAboveIt(t *testing.T) {
	p := newPlace(t)
	p.HoldWord("tobeheld")
	post := p.post(t, p.other, p.hearts, "A walk")
	p.comment(t, p.me, post, "Which way?")
	comment := p.comment(t, p.other, post, "This way, @[x](member:"+p.me.ID+").")
	if got := p.at(t, p.me).Mentions; len(got) != 1 || got[0].ID != comment {
		t.Fatalf("before: %+v", got)
	}
	if got := p.other.Patch("/posts/"+post, map[string]any{"title": "My neighbour", "body": "tobeheld"}); got.Status != http.StatusAccepted {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	if got := string(p.me.Get("/home").Body); strings.Contains(got, comment) || strings.Contains(got, "neighbour") {
		t.Error(got)
	}
}
