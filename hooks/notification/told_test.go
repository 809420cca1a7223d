package notification_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

func TestAnAnswerIsToldToWhomItConcerns(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	first := r.comment(r.other, post, "", "I do.")
	got := r.told(r.author)
	if len(got.Items) != 1 || got.Unread != 1 || got.Items[0].Kind != "answer" || got.Items[0].Thread.Name != "Stiff hands" ||
		got.Items[0].Actor.ID != r.other.ID || got.Items[0].To != "/posts/"+post+"?at="+first || got.Items[0].Read {
		t.Fatalf("%+v", got)
	}
	r.comment(r.author, post, first, "Thank you.")
	if got := r.kinds(r.other); got != "answer" {
		t.Errorf("whose comment was answered is told %q", got)
	}
	if got := r.told(r.author); len(got.Items) != 1 {
		t.Errorf("nobody is told of their own words: %+v", got)
	}
	for _, who := range []*hookstest.Client{r.third, r.lead, r.outside} {
		if got := r.kinds(who); got != "" {
			t.Errorf("somebody whom it does not concern is told %q", got)
		}
	}
}

func TestWhoFollowsOrIsNamedIsTold(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "discussion", "A walk", "Who comes along?")
	r.want(r.third.Put("/posts/"+post+"/follow", nil), 204)
	comment := r.comment(r.other, post, "", "I do, "+name(r.lead)+".")
	if got := r.kinds(r.third); got != "follow" {
		t.Errorf("who follows is told %q", got)
	}
	if got := r.kinds(r.lead); got != "mention" {
		t.Errorf("who is named is told %q", got)
	}
	r.want(r.other.Patch("/comments/"+comment, map[string]any{"body": "I do, " + name(r.lead) + " and " + name(r.third) + "."}), 200)
	if got := r.kinds(r.third); got != "follow" {
		t.Errorf("one comment is told once, also when it names somebody later: %q", got)
	}
}

// name is how a text names a member.
func name(who *hookstest.Client) string { return "@[Somebody](member:" + who.ID + ")" }

func TestWhoIsNamedInAPostAndLaterIsTold(t *testing.T) {
	r := newRoom(t)
	r.post(r.other, "discussion", "Good morning", "I am new here.") // so that others know them
	post := r.post(r.author, "discussion", "A walk", "Who comes along?")
	if got := r.kinds(r.other); got != "" {
		t.Fatalf("%q", got)
	}
	r.want(r.author.Patch("/posts/"+post, map[string]any{"title": "A walk", "body": "Do you come along, " + name(r.other) + "?"}), 200)
	got := r.told(r.other)
	if len(got.Items) != 1 || got.Items[0].Kind != "mention" || got.Items[0].To != "/posts/"+post {
		t.Errorf("%+v", got)
	}
}

func TestAnAnnouncementIsToldToEverybodyInBatches(t *testing.T) {
	before := notification.Batch(2)
	defer notification.Batch(before)
	r := newRoom(t)
	r.post(r.lead, "announcement", "Closed on Friday", "We are away.")
	if err := notification.Step(r.App); err != nil { // and then the process dies
		t.Fatal(err)
	}
	for _, who := range []*hookstest.Client{r.author, r.other, r.third} {
		if got := r.kinds(who); got != "announcement" {
			t.Errorf("%q", got)
		}
	}
	var rows, jobs int
	if err := r.App.DB().NewQuery("SELECT (SELECT COUNT(*) FROM notifications), (SELECT COUNT(*) FROM notification_jobs)").Row(&rows, &jobs); err != nil {
		t.Fatal(err)
	}
	if rows != 3 || jobs != 0 {
		t.Errorf("%d notifications, %d jobs", rows, jobs)
	}
	if got := r.kinds(r.outside) + r.kinds(r.lead); got != "" {
		t.Errorf("outside, or who wrote it: %q", got)
	}
}

// TestAJobDoneTwiceTellsOnce: whatever becomes of a job, of a process or of a clock, nobody is told of one thing twice.
func TestAJobDoneTwiceTellsOnce(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	comment := r.comment(r.other, post, "", "I do.")
	for range 3 {
		r.told(r.author)
		_, err := r.App.DB().NewQuery("INSERT INTO notification_jobs (kind, piece, event, actor, at) VALUES ('said', {:piece}, '', {:actor}, '2027-01-01 00:00:00.000Z')").
			Bind(dbx.Params{"piece": comment, "actor": r.other.ID}).Execute()
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := r.told(r.author); len(got.Items) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsHeldIsToldWhenItAppears(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	comment := r.comment(r.other, post, "", "a secret number")
	if got := r.kinds(r.author); got != "" {
		t.Fatalf("told %q of what is held", got)
	}
	record, err := r.App.FindRecordById(clinic.Comments, comment)
	if err != nil {
		t.Fatal(err)
	}
	hold := hookstest.Into[struct{ Items []thing }](r.lead.Get("/desk")).Items[0].ID
	r.want(r.lead.Do("POST", "/desk/"+hold+"/publish", map[string]any{"reason": "It is in order."}, hookstest.Key()), 200)
	if got := r.kinds(r.author); got != "answer" {
		t.Errorf("when it appears: %q", got)
	}
	if got := r.kinds(r.other); got != "decision" {
		t.Errorf("its author is told %q", got)
	}
	record.Set("body", "more secret numbers")
	if err := r.App.Save(record); err != nil {
		t.Fatal(err)
	}
	if got := r.told(r.author); len(got.Items) != 0 || got.Unread != 0 {
		t.Errorf("held once more, it is not told of: %+v", got)
	}
}

func TestADecisionIsToldWithoutWhoDecided(t *testing.T) {
	r := newRoom(t)
	r.post(r.author, "discussion", "Something", "a secret number")
	hold := hookstest.Into[struct{ Items []thing }](r.lead.Get("/desk")).Items[0].ID
	r.want(r.lead.Do("POST", "/desk/"+hold+"/return", map[string]any{"reason": "Please leave the number out."}, hookstest.Key()), 200)
	got := r.told(r.author)
	if len(got.Items) != 1 || got.Items[0].Kind != "decision" || got.Items[0].Actor != nil || got.Items[0].To != "/holds/"+hold || got.Items[0].Thread.Name != "" {
		t.Fatalf("%+v", got)
	}
	if n := r.letters(r.author); n != 0 {
		t.Errorf("the desk writes that letter itself; %d more", n)
	}
	r.leave(r.author)
	if got := r.told(r.author); len(got.Items) != 0 || got.Unread != 0 {
		t.Errorf("who left the community sees nothing of it: %+v", got)
	}
}

func TestWhatHelpedAndWhatWasReviewedIsTold(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	comment := r.comment(r.other, post, "", "Warm water.")
	r.want(r.author.Put("/posts/"+post+"/helped", map[string]any{"comment": comment}), 200)
	if got := r.kinds(r.other); got != "helpful" {
		t.Errorf("whose answer helped is told %q", got)
	}
	r.want(r.lead.Do("POST", "/comments/"+comment+"/review", map[string]any{"verdict": "accurate"}, hookstest.Key()), 201)
	got := r.told(r.other)
	if len(got.Items) != 2 || got.Items[0].Kind != "review" || got.Items[0].Actor.ID != r.lead.ID || got.Items[0].To != "/posts/"+post+"?at="+comment {
		t.Errorf("whose answer was reviewed is told %+v", got)
	}
	r.want(r.lead.Delete("/comments/"+comment+"/review"), 204)
	r.want(r.author.Put("/posts/"+post+"/helped", map[string]any{"comment": ""}), 200)
	if got := r.kinds(r.other); got != "review" {
		t.Errorf("a mark that was taken back is told of no more: %q", got)
	}
}

func TestMutedAndBlockedAreNotTold(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	for name, quiet := range map[string]func(){
		"a muted post":      func() { r.want(r.author.Put("/posts/"+post+"/mute", nil), 204) },
		"a muted community": func() { r.want(r.author.Put("/communities/"+r.id+"/mute", nil), 204) },
		"a blocked writer":  func() { r.want(r.author.Put("/members/"+r.other.ID+"/block", nil), 204) },
	} {
		r.comment(r.other, post, "", "before "+name)
		if got := r.told(r.author); len(got.Items) != 1 || got.Unread != 1 {
			t.Fatalf("before %s: %+v", name, got)
		}
		quiet()
		r.comment(r.other, post, "", "after "+name)
		if got := r.told(r.author); len(got.Items) != 0 || got.Unread != 0 {
			t.Errorf("after %s: %+v", name, got)
		}
		for _, statement := range []string{"DELETE FROM mutes", "DELETE FROM blocks", "DELETE FROM notifications"} {
			if _, err := r.App.DB().NewQuery(statement).Execute(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestReading(t *testing.T) {
	r := newRoom(t)
	first, second := r.post(r.author, "question", "One", "One?"), r.post(r.author, "question", "Two", "Two?")
	for i := range 3 {
		r.comment(r.other, first, "", fmt.Sprint("one ", i))
		r.comment(r.other, second, "", fmt.Sprint("two ", i))
	}
	got := r.told(r.author)
	if got.Unread != 6 {
		t.Fatalf("%+v", got)
	}
	unread := func(body map[string]any) int {
		answer := r.author.Post("/notifications/read", body)
		r.want(answer, 200)
		return hookstest.Into[page](answer).Unread
	}
	if n := unread(map[string]any{"ids": []string{got.Items[0].ID}}); n != 5 {
		t.Errorf("after one: %d", n)
	}
	if n := unread(map[string]any{"thread": first}); n != 2 {
		t.Errorf("after a thread: %d", n)
	}
	r.want(r.other.Post("/notifications/read", map[string]any{"thread": second, "ids": []string{got.Items[0].ID}}), 200)
	if n := hookstest.Into[page](r.author.Get("/notifications/unread")).Unread; n != 2 {
		t.Errorf("somebody else read mine: %d", n)
	}
	if n := unread(map[string]any{"all": true}); n != 0 {
		t.Errorf("after all: %d", n)
	}
	if r.letters(r.author); r.letters(r.author) != 0 {
		t.Error("what was read needs no letter")
	}
	r.refused(r.author.Post("/notifications/read", map[string]any{"ids": make([]string, 201)}), 400, "ids:too_long")
}

func TestTheListGoesOnAndTellsNobodyElse(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "One", "One?")
	for i := range 33 {
		if i%8 == 7 {
			r.Pass(time.Hour) // nobody writes so much at once
			r.other, r.author = r.SignedIn(r.other.ID), r.SignedIn(r.author.ID)
		}
		r.comment(r.other, post, "", fmt.Sprint("answer ", i))
	}
	got := r.told(r.author)
	if len(got.Items) != 30 || got.Next == "" || got.Unread != 33 {
		t.Fatalf("%d items, next %q, %d unread", len(got.Items), got.Next, got.Unread)
	}
	seen := map[string]bool{}
	for _, one := range got.Items {
		seen[one.ID] = true
	}
	further := hookstest.Into[page](r.author.Get("/notifications?before=" + got.Next))
	for _, one := range further.Items {
		if seen[one.ID] {
			t.Errorf("%s comes twice", one.ID)
		}
	}
	if len(further.Items) != 3 || further.Next != "" {
		t.Errorf("%+v", further)
	}
	r.refused(r.author.Get("/notifications?before=nonsense"), 400, "before:invalid")
	r.want(r.author.Get("/notifications/"+got.Items[0].ID), 200)
	r.refused(r.other.Get("/notifications/"+got.Items[0].ID), 404, "not_found")
	if body := string(r.author.Get("/notifications").Body); strings.Contains(body, "answer 3\"") {
		t.Error("the list repeats what was written")
	}
}
