package moderation_test

import (
	"fmt"
	"strings"
	"testing"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

func TestSeveralReportsAreOneThing(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "hard words")
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct", "words": "This hurts me."}), 201)
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct", "words": "Again."}), 201)
	want(t, r.author.Patch("/posts/"+post.ID, map[string]any{"body": "soft words"}), 200)
	crisis := r.caregiver.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "crisis"})
	want(t, crisis, 201)
	if told := hookstest.Into[struct{ Phone, Emergency string }](crisis); told.Phone == "" || told.Emergency == "" {
		t.Errorf("who reports a crisis is told where to call: %s", crisis.Body)
	}
	hold := r.only(t)
	if hold.Reports != 2 || hold.Source != "report" || hold.Lane != "crisis" || len(hold.Said) != 2 || len(hold.Reasons) != 2 {
		t.Errorf("one thing with a count: %+v", hold)
	}
	if hold.Words.Body != "soft words" || hold.Said[0].Then == nil || hold.Said[0].Then.Body != "hard words" || hold.Said[1].Then != nil {
		t.Errorf("what it said at the moment of each report: %+v", hold.Said)
	}
	if got := hookstest.Into[piece](r.other.Get("/posts/" + post.ID)); got.Status != "shown" {
		t.Errorf("a report alone hides nothing: %+v", got)
	}
}

func TestNeitherSideLearnsOfTheOther(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "hard words")
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct", "words": "This hurts me."}), 201)
	hold := r.only(t)
	nothing := func(when string) {
		t.Helper()
		for _, path := range channels(r, post.ID, "") {
			if body := string(r.author.Get(path).Body); strings.Contains(body, "hurts") || strings.Contains(body, hold.ID) || strings.Contains(body, r.other.ID) {
				t.Errorf("%s: %s tells the author of a report: %s", when, path, body)
			}
		}
	}
	nothing("reported")
	refused(t, r.author.Get("/holds/"+hold.ID), 404, "not_found")
	refused(t, r.author.Post("/holds/"+hold.ID+"/second-look", map[string]any{}), 404, "not_found")
	want(t, r.lead.Post("/desk/"+hold.ID+"/publish", map[string]any{"reason": "Hard, and allowed."}), 200)
	nothing("found to be in order")
	told := string(r.other.Get("/reports").Body)
	if !strings.Contains(told, `"looked_at":"2`) || strings.Contains(told, "published") || strings.Contains(told, "allowed") {
		t.Errorf("who reported learns that it was looked at, and no more: %s", told)
	}

	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct"}), 201)
	again := r.only(t)
	if again.ID == hold.ID || len(again.Earlier) != 1 || again.Earlier[0].State != "published" {
		t.Errorf("reported anew, with what was decided before: %+v", again)
	}
	want(t, r.lead.Post("/desk/"+again.ID+"/return", map[string]any{"reason": "Please say it softer.", "policy": "community-guidelines", "clause": "kindness"}), 200)
	mine := own(t, r.author)
	if mine.State != "returned" || mine.Reason != "Please say it softer." || mine.Clause == nil || mine.Clause.Title == "" || !mine.Can.Resubmit {
		t.Errorf("the author reads the reason and the rule: %+v", mine)
	}
	if body := string(r.author.Get("/holds").Body); strings.Contains(body, r.other.ID) || strings.Contains(body, r.lead.ID) || strings.Contains(body, `"reports"`) {
		t.Errorf("and nobody's name: %s", body)
	}
	refused(t, r.other.Get("/posts/"+post.ID), 404, "not_found")
}

func TestAReportOnTheDesksOwnWriting(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.lead, "hard words")
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct"}), 201)
	hold := hookstest.Into[list](r.moderator.Get("/desk")).Items[0]
	refused(t, r.lead.Get("/desk/"+hold.ID), 404, "not_found")
	refused(t, r.lead.Post("/desk/"+hold.ID+"/publish", because), 404, "not_found")
	if got := r.desk(r.lead, ""); len(got.Items) != 0 || got.Counts["open"] != 0 {
		t.Errorf("a lead does not learn that they were reported: %+v", got)
	}
}

func TestReportsAreChecked(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "hard words")
	at := "/posts/" + post.ID + "/report"
	refused(t, r.other.Post(at, map[string]any{}), 400, "reason:required")
	refused(t, r.other.Post(at, map[string]any{"reason": "boring"}), 400, "reason:invalid")
	refused(t, r.other.Post(at, map[string]any{"reason": "other", "words": strings.Repeat("é", 501)}), 400, "words:too_long")
	refused(t, r.author.Post(at, map[string]any{"reason": "other"}), 409, "report_of_own_writing")
	refused(t, r.outside.Post(at, map[string]any{"reason": "other"}), 404, "not_found")
	want(t, r.lead.Do("DELETE", "/posts/"+post.ID, map[string]any{"reason": "x"}), 204)
	refused(t, r.other.Post(at, map[string]any{"reason": "other"}), 404, "not_found")
}

func TestWhatWasReportedAndThenDeletedIsStillLookedAt(t *testing.T) {
	r := newRoom(t)
	post := r.write(t, r.author, "hard words")
	want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "conduct"}), 201)
	want(t, r.author.Delete("/posts/"+post.ID), 204)
	hold := r.only(t)
	if hold.Words.Body != "hard words" || hold.HTML != "" {
		t.Errorf("%+v", hold)
	}
	refused(t, r.lead.Post("/desk/"+hold.ID+"/return", because), 409, "hold_piece_gone")
	want(t, r.lead.Post("/desk/"+hold.ID+"/remove", because), 200)
}

func TestTheDeskGoesOnByPages(t *testing.T) {
	r := newRoom(t)
	for i := range 35 {
		body := fmt.Sprintf("secret %d", i)
		if i == 30 {
			post := r.write(t, r.author, "hard words")
			want(t, r.other.Post("/posts/"+post.ID+"/report", map[string]any{"reason": "crisis"}), 201)
		}
		r.write(t, r.author, body)
	}
	seen, at := []string{}, "?state=waiting"
	for pages := 0; at != "" && pages < 5; pages++ {
		page := r.desk(r.lead, at)
		for _, item := range page.Items {
			seen = append(seen, item.ID)
		}
		at = ""
		if page.Next != "" {
			at = "?before=" + page.Next
		}
		if pages == 0 && (page.Items[0].Lane != "crisis" || page.Items[1].Excerpt != "secret 0" || page.Counts["waiting"] != 36) {
			t.Errorf("a crisis first, then the oldest: %+v", page.Items[:2])
		}
	}
	unique := map[string]bool{}
	for _, id := range seen {
		unique[id] = true
	}
	if len(seen) != 36 || len(unique) != 36 {
		t.Errorf("%d things, %d of them different", len(seen), len(unique))
	}
	for _, path := range []string{"/desk?before=x", "/desk?state=x", "/holds?before=x", "/reports?before=x"} {
		if got := r.lead.Get(path); got.Status != 400 {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
	if got := r.desk(r.lead, "?community=nothingthere000"); len(got.Items) != 0 {
		t.Error("another community's")
	}
	if got := r.desk(r.lead, "?source=report"); len(got.Items) != 1 {
		t.Error("reports alone")
	}
}

func TestWhatHappenedStaysOnRecord(t *testing.T) {
	r := newRoom(t)
	r.write(t, r.author, "secret number")
	want(t, r.lead.Post("/desk/"+r.only(t).ID+"/publish", because), 200)
	operator := r.Operator()
	for _, collection := range []string{clinic.HoldEvents, clinic.Holds, clinic.Reports} {
		records, err := r.App.FindAllRecords(collection)
		if err != nil {
			t.Fatal(err)
		}
		for _, record := range records {
			if got := operator.Do("PATCH", "/api/collections/"+collection+"/records/"+record.Id, map[string]any{"reason": "other"}); got.Status < 400 {
				t.Errorf("%s was changed: %s", collection, got.Body)
			}
			if got := operator.Do("DELETE", "/api/collections/"+collection+"/records/"+record.Id, nil); got.Status < 400 {
				t.Errorf("%s was deleted: %s", collection, got.Body)
			}
			if collection == clinic.HoldEvents {
				record.Set("reason", "other")
				if err := r.House.Save(r.App, record); err == nil {
					t.Error("the house itself changed what happened")
				}
			}
		}
		if got := operator.Do("POST", "/api/collections/"+collection+"/records", map[string]any{"state": "open", "kind": "open"}); got.Status < 400 {
			t.Errorf("%s was written: %s", collection, got.Body)
		}
	}
	for _, statement := range []string{"UPDATE hold_events SET reason = 'x'", "DELETE FROM hold_events", "INSERT OR REPLACE INTO hold_events SELECT * FROM hold_events"} {
		if _, err := r.App.DB().NewQuery(statement).Execute(); err == nil {
			t.Errorf("%s went through", statement)
		}
	}
	if _, broken, err := r.House.VerifyAudit(r.App); err != nil || broken != 0 {
		t.Errorf("the audit record: %d, %v", broken, err)
	}
}
