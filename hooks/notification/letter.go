package notification

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// reachable reports whether a letter or message may go to a viewer at all.
func (d *desk) reachable(v *access.Viewer) bool {
	return v != nil && len(v.Blocking(clinic.BlocksAll, d.house.Now())) == 0
}

// writeNext writes the letter that has been due the longest, or finds that there is nothing to say any more.
func (d *desk) writeNext(context.Context) (more bool, err error) {
	var due struct {
		Member  string `db:"member"`
		Cadence string `db:"cadence"`
	}
	now := d.house.Now()
	err = d.app.DB().NewQuery("SELECT member, cadence FROM notification_letters WHERE due != '' AND due <= {:now} ORDER BY due LIMIT 1").
		Bind(dbx.Params{"now": access.Date(now)}).One(&due)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	viewer, err := d.house.Member(due.Member)
	if err != nil {
		return false, err
	}
	if !d.reachable(viewer) || !viewer.Confirmed {
		return true, d.app.RunInTransaction(func(tx core.App) error { return written(tx, due.Member, due.Cadence, time.Time{}) })
	}
	return true, d.write(viewer, due.Cadence, now)
}

// write queues one letter for what waits and is still to be seen, in one transaction with the note that it no longer waits.
func (d *desk) write(viewer *access.Viewer, cadence string, now time.Time) error {
	wants, err := d.wantsOf(d.app, viewer)
	if err != nil {
		return err
	}
	if wants.Quiet(now, wants.zone) { // the server was down when it was due, or the member chose other hours since
		return run(d.app, "UPDATE notification_letters SET due = {:due} WHERE member = {:member} AND cadence = {:cadence}",
			dbx.Params{"member": viewer.ID, "cadence": cadence, "due": access.Date(wants.AfterQuiet(now, wants.zone))})
	}
	var rows []waiting
	err = d.app.DB().NewQuery(letterQuery).Bind(dbx.Params{"member": viewer.ID, "cadence": cadence}).All(&rows)
	if err != nil {
		return err
	}
	var seen []waiting
	for _, row := range rows {
		if sees(viewer, row) && wants.Kinds[row.Kind].Mail != Never {
			seen = append(seen, row)
		}
	}
	return d.app.RunInTransaction(func(tx core.App) error {
		if len(seen) == 0 {
			return written(tx, viewer.ID, cadence, time.Time{})
		}
		letter := d.letter(viewer, cadence, seen)
		letter.NotAfter = wants.UntilQuiet(now, wants.zone) // a relay that puts it off does not wake anybody
		if _, err := mails.Queue(tx, letter); err != nil && !errors.Is(err, mails.ErrAddress) {
			return err
		}
		return written(tx, viewer.ID, cadence, now)
	})
}

// written notes that nothing waits for a letter any more, and when one went; the zero time leaves that as it is.
func written(tx core.App, member, cadence string, at time.Time) error {
	params := dbx.Params{"member": member, "cadence": cadence, "at": ""}
	if !at.IsZero() {
		params["at"] = access.Date(at)
	}
	if err := run(tx, "UPDATE notifications SET mail = '' WHERE member = {:member} AND mail = {:cadence}", params); err != nil {
		return err
	}
	return run(tx, "UPDATE notification_letters SET due = '', last = CASE {:at} WHEN '' THEN last ELSE {:at} END WHERE member = {:member} AND cadence = {:cadence}", params)
}

// letterAbout is what mails.Letter.About says of a member's letters of one cadence; by it they can be taken back.
func letterAbout(member, cadence string) string { return "notifications/" + member + "/" + cadence }

// letter says that there is something, and nothing of what: neither community nor title, writer or words. It leads to a page
// that asks for a sign-in; of a single thing, to that.
func (d *desk) letter(v *access.Viewer, cadence string, seen []waiting) mails.Letter {
	practice := d.house.Practice()
	language := v.Language
	if language == "" {
		language = practice.Language
	}
	say := func(key string, params map[string]any) string {
		if params == nil {
			params = map[string]any{}
		}
		params["name"], params["practice"] = v.Name, practice.InMail()
		return messages.Say(language, "mails.notification."+key, params)
	}
	link := d.house.PublicURL() + "/notifications"
	if len(seen) == 1 {
		link += "/" + seen[0].ID
	}
	return mails.Letter{
		To: v.Email, Language: language, Kind: "notification_" + cadence, About: letterAbout(v.ID, cadence),
		Subject: say("subject", nil), Heading: say("heading", nil), Paragraphs: sentences(say, seen),
		Action:      &mails.Action{Label: say("action", nil), Link: link},
		Notes:       []string{say("why."+cadence, nil)},
		Unsubscribe: d.house.PublicURL() + clinic.APIPrefix + "/unsubscribe?t=" + d.stopToken(v.ID, cadence),
	}
}

// sentences says what kinds of things wait, and how many of each.
func sentences(say func(key string, params map[string]any) string, seen []waiting) []string {
	counts := map[Kind]int{}
	for _, w := range seen {
		counts[w.Kind]++
	}
	out := []string{say("hello", nil)}
	for _, kind := range Kinds {
		if n := counts[kind]; n > 0 {
			out = append(out, say("kind."+string(kind), map[string]any{"count": n}))
		}
	}
	return append(out, say("sign_in", nil))
}
