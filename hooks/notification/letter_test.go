package notification_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mails/mailstest"
	"kinward/hooks/notification"
)

func TestALetterSaysNothingButThatThereIsSomething(t *testing.T) {
	r := newRoom(t)
	r.House.Reached("https://clinic.example.org", nil, nil)
	mail := r.Mail()
	r.always(r.author)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	comment := r.comment(r.other, post, "", "Ibuprofen helped me.")
	got := r.told(r.author)
	letter := mail.To(t, r.author.Email)
	room, err := r.App.FindRecordById(clinic.Communities, r.id)
	if err != nil {
		t.Fatal(err)
	}
	writer, err := r.App.FindRecordById(clinic.Users, r.other.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"Stiff", "hands", "buprofen", "helped me", room.GetString("name"), writer.GetString("name"), post, comment, r.id, r.other.ID} {
		for part, text := range map[string]string{"subject": letter.Subject, "text": letter.Text, "page": letter.HTML, "headers": string(letter.Data)} {
			if strings.Contains(text, word) {
				t.Errorf("its %s says %q:\n%s", part, word, text)
			}
		}
	}
	if letter.Link() != "https://clinic.example.org/notifications/"+got.Items[0].ID || !strings.Contains(letter.Text, "Someone answered you.") {
		t.Errorf("it leads to %s and says\n%s", letter.Link(), letter.Text)
	}
	stop := strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>")
	if !strings.HasPrefix(stop, "https://clinic.example.org/api/clinic/unsubscribe?t=") || letter.Header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("List-Unsubscribe: %s, %s", stop, letter.Header.Get("List-Unsubscribe-Post"))
	}
	if !strings.Contains(letter.Text, stop) || !strings.Contains(letter.HTML, stop[:80]) {
		t.Error("its foot does not say how to stop it")
	}
}

func TestABusyThreadIsFewLetters(t *testing.T) {
	r := newRoom(t)
	r.always(r.author)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "first")
	if n := r.letters(r.author); n != 1 {
		t.Fatalf("%d letters for the first answer", n)
	}
	for i := range 7 {
		r.comment(r.third, post, "", fmt.Sprint("more ", i))
		r.Pass(time.Minute)
		if n := r.letters(r.author); n != 1 {
			t.Fatalf("%d letters after %d minutes", n, i+1)
		}
	}
	r.Pass(notification.Bundle - 7*time.Minute)
	if n := r.letters(r.author); n != 2 {
		t.Errorf("%d letters when the half hour is over", n)
	}
	r.Pass(24 * time.Hour)
	if n := r.letters(r.author); n != 2 {
		t.Errorf("%d letters with nothing new", n)
	}
}

func TestADailyLetterGathersADay(t *testing.T) {
	r := newRoom(t)
	mail := r.Mail()
	r.wish(r.author, notification.Daily, 0, 0)
	hour := r.House.Now().UTC().Add(3 * time.Hour).Hour()
	r.want(r.author.Patch("/me/notifications", map[string]any{"hour": hour}), 200)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	for i := range 4 {
		r.comment(r.other, post, "", fmt.Sprint("answer ", i))
	}
	if n := r.letters(r.author); n != 0 {
		t.Fatalf("%d letters before their hour", n)
	}
	r.Pass(3 * time.Hour)
	if n := r.letters(r.author); n != 1 {
		t.Fatalf("%d letters at their hour", n)
	}
	letter := mail.To(t, r.author.Email)
	if !strings.Contains(letter.Text, "4 times") || !strings.HasSuffix(letter.Link(), "/notifications") {
		t.Errorf("%s\n%s", letter.Link(), letter.Text)
	}
	r.Pass(48 * time.Hour)
	if n := r.letters(r.author); n != 1 {
		t.Errorf("%d letters with nothing new", n)
	}
}

func TestNothingIsSentInQuietHours(t *testing.T) {
	r := newRoom(t)
	hour := r.House.Now().UTC().Hour()
	r.wish(r.author, notification.AtOnce, hour, (hour+2)%24)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	if n := r.letters(r.author); n != 0 {
		t.Fatalf("%d letters in quiet hours", n)
	}
	r.Pass(2 * time.Hour)
	if n := r.letters(r.author); n != 1 {
		t.Errorf("%d letters when they are over", n)
	}
}

// TestWhoMayNotSeeItAnyMoreIsToldNothing: between what happened and the letter the member loses what lets them see it.
func TestWhoMayNotSeeItAnyMoreIsToldNothing(t *testing.T) {
	for name, lose := range map[string]func(t *testing.T, r *room, post, comment string){
		"left the community": func(t *testing.T, r *room, _, _ string) { r.leave(r.author) },
		"was suspended": func(t *testing.T, r *room, _, _ string) {
			r.want(r.lead.Post("/members/"+r.author.ID+"/suspend", map[string]string{"reason": "a test"}), 200)
		},
		"was removed": func(t *testing.T, r *room, _, _ string) {
			r.want(r.Founder().Post("/members/"+r.author.ID+"/remove", map[string]string{"reason": "a test"}), 200)
		},
		"the comment was deleted": func(t *testing.T, r *room, _, comment string) {
			r.want(r.other.Delete("/comments/"+comment), 204)
		},
		"the comment was held": func(t *testing.T, r *room, _, comment string) {
			r.want(r.other.Patch("/comments/"+comment, map[string]any{"body": "secret now"}), 202)
		},
		"the post above was held": func(t *testing.T, r *room, post, _ string) {
			_, err := r.App.DB().NewQuery("UPDATE posts SET author = {:other}, status = 'held' WHERE id = {:id}").
				Bind(dbx.Params{"other": r.other.ID, "id": post}).Execute() // one's own, one would see
			if err != nil {
				t.Fatal(err)
			}
		},
		"owes an acknowledgement": func(t *testing.T, r *room, _, _ string) {
			_, err := r.App.DB().NewQuery(`UPDATE policies SET audience = 'patients', kind = 'policy' WHERE id IN (SELECT policy FROM policy_versions LIMIT 1)`).Execute()
			if err == nil {
				_, err = r.App.DB().NewQuery("DROP TRIGGER acknowledgements_never_go").Execute()
			}
			if err == nil {
				_, err = r.App.DB().NewQuery("DELETE FROM acknowledgements WHERE member = {:id}").Bind(dbx.Params{"id": r.author.ID}).Execute()
			}
			if err == nil {
				var record, missing = r.App.FindRecordById(clinic.Users, r.author.ID)
				if err = missing; err == nil {
					record.Set("hue", 7)
					err = r.House.Save(r.App, record) // what is remembered of them is dropped
				}
			}
			if err != nil {
				t.Fatal(err)
			}
		},
		"has read it": func(t *testing.T, r *room, _, _ string) {
			r.want(r.author.Post("/notifications/read", map[string]any{"all": true}), 200)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRoom(t)
			r.wish(r.author, notification.Daily, 0, 0)
			r.want(r.author.Patch("/me/notifications", map[string]any{"hour": r.House.Now().UTC().Add(3 * time.Hour).Hour()}), 200)
			post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
			comment := r.comment(r.other, post, "", "an answer")
			if n := r.letters(r.author); n != 0 {
				t.Fatalf("%d letters already", n)
			}
			lose(t, r, post, comment)
			r.Pass(4 * time.Hour)
			if n := r.letters(r.author); n != 0 {
				t.Errorf("%d letters", n)
			}
			r.Pass(48 * time.Hour)
			if n := r.letters(r.author); n != 0 {
				t.Errorf("%d letters later", n)
			}
		})
	}
}

// TestNothingIsSentToAnUnconfirmedAddress: who came with a printed letter is told in the page alone, until they confirm.
func TestNothingIsSentToAnUnconfirmedAddress(t *testing.T) {
	r := newRoom(t)
	mail := r.Mail()
	r.always(r.author)
	confirm := func(is bool) {
		record, err := r.App.FindRecordById(clinic.Users, r.author.ID)
		if err == nil {
			record.SetVerified(is)
			err = r.House.Save(r.App, record)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	confirm(false)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	if got := r.told(r.author); got.Unread != 1 || r.letters(r.author) != 0 {
		t.Fatalf("%+v, %d letters", got, r.letters(r.author))
	}
	if got := hookstest.Into[struct{ Confirmed bool }](r.author.Get("/me/notifications")); got.Confirmed {
		t.Error("the page says that it is confirmed")
	}
	r.want(r.author.Post("/me/email", map[string]any{"email": r.author.Email, "password": hookstest.Password}), 202)
	link := mail.To(t, r.author.Email).Link()
	_, token, _ := strings.Cut(link, "#")
	r.want(r.Guest().Post("/me/email/confirm", map[string]any{"token": token}), 200)
	if got := hookstest.Into[struct{ Confirmed bool }](r.author.Get("/me/notifications")); !got.Confirmed {
		t.Fatal("it is not confirmed, or confirming signed the member out")
	}
	r.comment(r.other, post, "", "another answer")
	if n := r.letters(r.author); n != 1 {
		t.Errorf("%d letters once it is confirmed", n)
	}
}

func TestStopping(t *testing.T) {
	r := newRoom(t)
	r.House.Reached(r.URL, nil, nil)
	mail := r.Mail()
	r.always(r.author)
	r.want(r.author.Patch("/me/notifications", map[string]any{"kinds": map[string]any{"announcement": map[string]any{"page": true, "mail": "weekly"}}}), 200)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	r.work()
	path := stopPath(t, mail, r.author.Email)

	wishes := func() string {
		got := hookstest.Into[struct {
			Kinds map[string]struct{ Mail string }
		}](r.author.Get("/me/notifications"))
		return got.Kinds["answer"].Mail + " " + got.Kinds["announcement"].Mail
	}
	for range 3 { // as scanners do, with GET and HEAD
		for _, method := range []string{"GET", "HEAD"} {
			answer := r.Guest().Do(method, path, nil)
			if answer.Status != 303 || !strings.HasPrefix(answer.Header.Get("Location"), "/unsubscribe#") {
				t.Errorf("%s: %d %s", method, answer.Status, answer.Header.Get("Location"))
			}
		}
	}
	if got := wishes(); got != "now weekly" {
		t.Fatalf("looking at the link changed something: %s", got)
	}
	// As RFC 8058 section 3.2 has it: no cookie, no session, a form.
	answer := r.Guest().Do("POST", path, "List-Unsubscribe=One-Click", map[string][]string{"Content-Type": {"application/x-www-form-urlencoded"}})
	if answer.Status != 200 || !strings.Contains(string(answer.Body), `"stopped":"now"`) {
		t.Fatalf("%d %s", answer.Status, answer.Body)
	}
	if got := wishes(); got != "off weekly" {
		t.Errorf("after it: %s", got)
	}
	for range 19 {
		r.want(r.Guest().Do("POST", path, "List-Unsubscribe=One-Click"), 200)
	}
	r.refused(r.Guest().Do("POST", path, "List-Unsubscribe=One-Click"), 429, "rate_limited")
	var lines int
	err := r.App.DB().NewQuery("SELECT COUNT(*) FROM audit_entries WHERE action = 'notifications.stop'").Row(&lines)
	if err != nil || lines != 1 {
		t.Errorf("asked twenty times, it stands in the record %d times: %v", lines, err)
	}
	r.Pass(time.Hour)
	r.other, r.author = r.SignedIn(r.other.ID), r.SignedIn(r.author.ID)
	r.comment(r.other, post, "", "another answer")
	if n := r.letters(r.author); n != 1 {
		t.Errorf("%d letters after stopping", n)
	}
	if got := r.told(r.author); got.Unread != 2 {
		t.Errorf("the page goes on telling: %+v", got)
	}
	for _, wrong := range []string{"", "x", path[strings.Index(path, "=")+1:][:40], strings.Repeat("a", 300)} {
		r.refused(r.Guest().Post("/unsubscribe?t="+wrong, map[string]any{}), 404, "stop_link_unknown")
	}
	if location := r.Guest().Get("/unsubscribe?t=%0d%0aX:%20y").Header.Get("Location"); location != "/unsubscribe" {
		t.Errorf("leads to %q", location)
	}
}

// stopPath is where the letter to somebody says that letters can be stopped.
func stopPath(t *testing.T, mail *mailstest.Catcher, to string) string {
	t.Helper()
	letter := mail.To(t, to)
	_, path, found := strings.Cut(strings.Trim(letter.Header.Get("List-Unsubscribe"), "<>"), "/api/clinic")
	if !found {
		t.Fatalf("no List-Unsubscribe: %v", letter.Header)
	}
	return path
}

// TestStoppingTakesBackWhatWaits: a letter that no relay has taken yet does not go any more.
func TestStoppingTakesBackWhatWaits(t *testing.T) {
	r := newRoom(t)
	r.always(r.author)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	if n := r.letters(r.author); n != 1 { // no relay is there, so that it waits
		t.Fatalf("%d letters", n)
	}
	r.wish(r.author, notification.Never, 0, 0)
	var status string
	if err := r.App.DB().NewQuery("SELECT status FROM letters WHERE kind = 'notification_now'").Row(&status); err != nil || status != "cancelled" {
		t.Errorf("it is %s, %v", status, err)
	}
}

func TestChoices(t *testing.T) {
	r := newRoom(t)
	type chosen struct {
		Kinds     map[string]notification.Channels
		Zone      string
		Hour      int
		Confirmed bool
		Preview   struct{ From, Subject string }
	}
	before := hookstest.Into[chosen](r.author.Get("/me/notifications"))
	if before.Kinds["answer"].Mail != "daily" || before.Zone != "" || !before.Confirmed || before.Preview.From != "Riverside Family Practice" || before.Preview.Subject == "" {
		t.Errorf("a patient begins with %+v", before)
	}
	if lead := hookstest.Into[chosen](r.lead.Get("/me/notifications")); lead.Kinds["answer"].Mail != "now" {
		t.Errorf("a provider begins with %+v", lead)
	}
	r.want(r.author.Patch("/me/notifications", map[string]any{"zone_guessed": "America/Chicago"}), 200)
	r.want(r.author.Patch("/me/notifications", map[string]any{"zone_guessed": "Asia/Tokyo", "hour": 9}), 200)
	after := hookstest.Into[chosen](r.author.Get("/me/notifications"))
	if after.Zone != "America/Chicago" || after.Hour != 9 || after.Kinds["answer"].Mail != "daily" {
		t.Errorf("the first guess counts: %+v", after)
	}
	r.want(r.author.Patch("/me/notifications", map[string]any{"zone": "Asia/Tokyo", "kinds": map[string]any{"decision": map[string]any{"mail": "now"}}}), 200)
	if after := hookstest.Into[chosen](r.author.Get("/me/notifications")); after.Zone != "Asia/Tokyo" || after.Kinds["decision"].Mail != "off" {
		t.Errorf("a choice counts, and the desk's letters are not doubled: %+v", after)
	}
	for field, wrong := range map[string]map[string]any{
		"zone:time_zone_unknown": {"zone": "Mars/Olympus"}, "hour:invalid": {"hour": 24}, "weekday:invalid": {"weekday": 7},
		"quiet_from:invalid": {"quiet_from": -1}, "kinds:invalid": {"kinds": map[string]any{"answer": map[string]any{"mail": "hourly"}}},
	} {
		r.refused(r.author.Patch("/me/notifications", wrong), 400, field)
	}
}

func TestOldNotificationsAreTakenAway(t *testing.T) {
	r := newRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	r.comment(r.author, post, "", "and another thing")
	r.told(r.author)
	r.want(r.author.Post("/notifications/read", map[string]any{"all": true}), 200)
	r.comment(r.other, post, "", "one more")
	r.work()
	count := func() (n int) {
		if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM notifications WHERE member = '" + r.author.ID + "'").Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		pass time.Duration
		left int
	}{{29 * 24 * time.Hour, 2}, {2 * 24 * time.Hour, 1}, {60 * 24 * time.Hour, 0}} {
		r.Pass(c.pass)
		notification.Purge(r.App)
		if n := count(); n != c.left {
			t.Errorf("after %s more %d are left, want %d", c.pass, n, c.left)
		}
	}
}
