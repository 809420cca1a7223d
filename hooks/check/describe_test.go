package check_test

import (
	"net/http"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// described is a file as the doors of its words tell of it.
type described struct {
	ID, Alt string
	Files   []described // of a post
	Waiting *struct {
		Hold, State     string
		Alt, Transcript *string
	}
	Findings []struct{ ID, Action, Field string }
}

// bench is a shown picture, in a room where a word says what a check does about it.
type bench struct {
	*hookstest.Clinic
	t                    *testing.T
	lead, author, reader *hookstest.Client
	room, post, file     string
}

func newBench(t *testing.T) *bench {
	t.Helper()
	c := hookstest.New(t)
	alone(t, c)
	var rules []rule
	for _, action := range everyAction {
		rules = append(rules, rule{"detector": "word", "whose": []string{"patient", "provider"}, "action": action, "words": []string{"zz" + action}})
	}
	publish(t, c, "tried", rules)
	b := &bench{Clinic: c, t: t, lead: c.Provider(), author: c.Patient(), reader: c.Patient()}
	b.room = c.Community(clinic.KindCondition, []*hookstest.Client{b.lead}, b.author, b.reader)
	b.file = sent(t, b.author, b.room, "a.png", "A tree", 8)
	r := b.author.Post("/communities/"+b.room+"/posts", map[string]any{"body": "Look.", "files": []string{b.file}})
	if r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	b.post = hookstest.Into[answer](r).ID
	return b
}

// says puts words to the picture, and compares the answer, what the reader reads then, and the state of what waits.
func (b *bench) says(who *hookstest.Client, form map[string]any, status int, code, shown, waits string) described {
	b.t.Helper()
	r := who.Patch("/files/"+b.file, form)
	got := hookstest.Into[described](r)
	state := ""
	if got.Waiting != nil {
		state = got.Waiting.State
	}
	if r.Status != status || r.Code() != code || state != waits {
		b.t.Errorf("%v: %d %s", form, r.Status, r.Body)
	}
	b.reads(shown)
	return got
}

func (b *bench) reads(shown string) {
	b.t.Helper()
	if read := hookstest.Into[described](b.reader.Get("/posts/" + b.post)); len(read.Files) != 1 || read.Files[0].Alt != shown {
		b.t.Errorf("the reader reads %+v, want %q", read.Files, shown)
	}
	if about := hookstest.Into[described](b.reader.Get("/files/" + b.file + "/about")); about.Alt != shown || about.Waiting != nil {
		b.t.Errorf("the reader is told %+v", about)
	}
}

func (b *bench) decides(hold, what string, status int) {
	b.t.Helper()
	if r := b.lead.Post("/desk/"+hold+"/"+what, map[string]any{"reason": "A test."}); r.Status != status {
		b.t.Errorf("%s: %d %s", what, r.Status, r.Body)
	}
}

// TestWordsForAShownFileAreAskedAsPostsAre: each action of a check does to them what it does to a post.
func TestWordsForAShownFileAreAskedAsPostsAre(t *testing.T) {
	b := newBench(t)
	alt := func(words string, confirm ...string) map[string]any {
		return map[string]any{"alt": words, "confirm": confirm}
	}
	if got := b.says(b.author, alt("An oak, zzsay"), 200, "", "An oak, zzsay", ""); len(got.Findings) != 1 || got.Findings[0].Field != "alt" {
		t.Errorf("%+v", got.Findings)
	}
	for _, one := range []struct{ word, code string }{{"zzask", "confirm_findings"}, {"zzcall", "offer_callback"}} {
		b.says(b.author, alt("An oak, zzsay"), 200, "", "An oak, zzsay", "")
		r := b.author.Patch("/files/"+b.file, alt("An elm, "+one.word))
		findings := hookstest.Into[refused](r).Data.Error.Params.Findings
		if r.Status != http.StatusConflict || r.Code() != one.code || len(findings) != 1 {
			t.Fatalf("%s: %d %s", one.word, r.Status, r.Body)
		}
		b.reads("An oak, zzsay")
		b.says(b.author, alt("An elm, "+one.word, findings[0].ID), 200, "", "An elm, "+one.word, "")
	}
	b.says(b.author, alt("A yew, zzstop"), 422, "stopped_by_policy", "An elm, zzcall", "")
	b.says(b.lead, alt("A yew, zzstop"), 422, "stopped_by_policy", "An elm, zzcall", "") // a lead is held to what a lead is held to
	loose := sent(t, b.author, b.room, "b.png", "zzstop zzhold", 9)
	if r := b.author.Get("/files/" + loose + "/about"); hookstest.Into[described](r).Alt != "zzstop zzhold" {
		t.Errorf("what nobody sees is looked at when it is posted: %s", r.Body)
	}
}

// TestWordsForAShownFileAreHeld: the desk has them, and what is shown stays, until a person lets them go.
func TestWordsForAShownFileAreHeld(t *testing.T) {
	b := newBench(t)
	alt := func(words string) map[string]any { return map[string]any{"alt": words} }
	first := b.says(b.author, map[string]any{"alt": "A fir, zzhold", "transcript": "It is green."}, 202, "", "A tree", "open")
	hold := first.Waiting.Hold
	if *first.Waiting.Alt != "A fir, zzhold" || *first.Waiting.Transcript != "It is green." {
		t.Errorf("%+v", first.Waiting)
	}
	if about := hookstest.Into[described](b.lead.Get("/files/" + b.file + "/about")); about.Waiting != nil || about.Alt != "A tree" {
		t.Errorf("what waits is its writer's: %+v", about)
	}
	type seen struct {
		Kind, File, State, Excerpt, Title string
		Words                             struct{ Alt, Transcript *string }
		Described                         described
		Findings                          []struct{ Field string }
		Can                               struct{ Decide, Describe, Resubmit bool }
	}
	desk := hookstest.Into[struct{ Items []seen }](b.lead.Get("/desk")).Items
	if len(desk) != 1 || desk[0].Kind != "file" || desk[0].File != b.file || desk[0].Title != "a.png" || desk[0].Excerpt != "A fir, zzhold It is green." {
		t.Errorf("the desk has %+v", desk)
	}
	whole := hookstest.Into[seen](b.lead.Get("/desk/" + hold))
	if *whole.Words.Alt != "A fir, zzhold" || whole.Described.Alt != "A tree" || !whole.Can.Decide || len(whole.Findings) != 1 || whole.Findings[0].Field != "alt" {
		t.Errorf("%+v", whole)
	}
	if r := b.reader.Get("/holds/" + hold); r.Status != http.StatusNotFound {
		t.Errorf("a reader: %d", r.Status)
	}
	own := hookstest.Into[seen](b.author.Get("/holds/" + hold))
	if own.Can.Resubmit || !own.Can.Describe || *own.Words.Alt != "A fir, zzhold" {
		t.Errorf("%+v", own)
	}
	if r := b.author.Post("/holds/"+hold+"/resubmit", map[string]any{"body": "Another text."}); r.Code() != "hold_cannot_mend" {
		t.Errorf("mending it as a text: %d %s", r.Status, r.Body)
	}

	b.says(b.author, alt("A fir"), 202, "", "A tree", "open")      // what waits, waits for a person
	b.says(b.lead, alt("A tall tree"), 200, "", "A tall tree", "") // and is in nobody's way
	b.says(b.author, alt("A fir, zzstop"), 422, "stopped_by_policy", "A tall tree", "")
	b.decides(hold, "publish", 200)
	b.reads("A fir")
	if about := hookstest.Into[struct {
		Words string `json:"transcript_text"`
	}](b.reader.Get("/files/" + b.file + "/about")); about.Words != "It is green." {
		t.Errorf("the transcript: %+v", about)
	}

	again := b.says(b.author, alt("A pine, zzhold"), 202, "", "A fir", "open").Waiting.Hold
	b.says(b.author, alt("A fir"), 200, "", "A fir", "") // taken back
	if got := hookstest.Into[seen](b.author.Get("/holds/" + again)); got.State != "withdrawn" {
		t.Errorf("taken back: %+v", got)
	}

	back := b.says(b.author, alt("A pine, zzhold"), 202, "", "A fir", "open").Waiting.Hold
	b.decides(back, "return", 200)
	b.reads("A fir")
	b.says(b.author, alt("A larch, zzhold"), 202, "", "A fir", "resubmitted")
	b.decides(back, "remove", 200)
	b.reads("A fir")
	if r := b.author.Post("/holds/"+back+"/second-look", map[string]any{}); r.Status != http.StatusOK && r.Code() != "hold_nobody_else" {
		t.Errorf("a second look: %d %s", r.Status, r.Body)
	}

	leads := b.says(b.lead, alt("A palm, zzhold"), 202, "", "A fir", "open").Waiting.Hold
	b.decides(leads, "publish", 403) // nobody decides on their own words
	waits := func(when string, want int) {
		t.Helper()
		var n int
		must(t, b.App.DB().NewQuery("SELECT COUNT(*) FROM holds WHERE state IN ('open', 'resubmitted', 'returned')").Row(&n))
		if n != want {
			t.Errorf("%s: %d wait, want %d", when, n, want)
		}
	}
	waits("before", 1)
	if r := b.author.Delete("/posts/" + b.post); r.Status != http.StatusNoContent {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	waits("its post is deleted", 0)
}

// TestWordsOfADeletedFileWaitNoLonger.
func TestWordsOfADeletedFileWaitNoLonger(t *testing.T) {
	b := newBench(t)
	hold := b.says(b.author, map[string]any{"alt": "A fir, zzhold"}, 202, "", "A tree", "open").Waiting.Hold
	if r := b.author.Delete("/files/" + b.file); r.Status != http.StatusNoContent {
		t.Errorf("%d %s", r.Status, r.Body)
	}
	if r := b.lead.Post("/desk/"+hold+"/publish", map[string]any{"reason": "A test."}); r.Code() != "hold_decided" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
