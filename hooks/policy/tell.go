package policy

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// The kinds of letters that this package writes. None says which policy it is about, nor any of its words.
const (
	letterClarified = "policy_clarified"
	letterMaterial  = "policy_material"
	letterReminder  = "policy_reminder"
)

// tell has letters written to everyone whom the new version concerns: of a clarification that there is something to read, of a
// material one by when to acknowledge it. A typo is nobody's to read.
func tell(e *access.Event, tx core.App, policy *core.Record, edition Edition, number int) error {
	kind := map[string]string{Clarification: letterClarified, Material: letterMaterial}[edition.Class]
	if kind == "" {
		return nil
	}
	return order(e.House, tx, policy, kind, number, edition.Due, e.House.Now(), edition.Author)
}

// letterTo is one letter in its reader's language.
func letterTo(house *access.House, row reportRow, kind, about string, due time.Time) mails.Letter {
	practice := house.Practice()
	with := map[string]any{"name": row.Name, "practice": practice.InMail(), "date": longDate(due.Local(), row.Wish)}
	say := func(part string) string { return messages.Say(row.Wish, "policy.letter."+kind+"."+part, with) }
	text := []string{say("text")}
	if !due.IsZero() {
		text = append(text, messages.Say(row.Wish, "policy.letter.until", with))
	}
	link := "/acknowledge"
	if kind == letterClarified {
		link = "/"
	}
	return mails.Letter{
		To: row.Email, Language: row.Wish, Kind: kind, About: about, Subject: say("subject"), Heading: say("heading"), Paragraphs: text,
		Action: &mails.Action{Label: messages.Say(row.Wish, "policy.letter.action", nil), Link: house.PublicURL() + link},
		Notes:  []string{messages.Say(row.Wish, "policy.letter.note", with)}, NotAfter: house.Now().AddDate(0, 0, 30),
	}
}

var monthNames = map[string][12]string{
	"es": {"enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"},
}

// longDate writes a day out, so that no reader takes the month for the day.
func longDate(t time.Time, language string) string {
	if months, ok := monthNames[language]; ok {
		return fmt.Sprintf("%d de %s de %d", t.Day(), months[t.Month()-1], t.Year())
	}
	return t.Format("January 2, 2006")
}

// remindEvery is how long a member is left alone after a reminder of one policy.
const remindEvery = 24 * time.Hour

// remind has a letter written to everyone who has not answered the newest version, but not two within a day.
func remind(e *access.Event) error {
	policy, r, err := asked(e)
	if err != nil {
		return err
	}
	if policy.GetString("status") != Posted {
		return IsWithdrawn
	}
	queued := 0
	err = e.App.RunInTransaction(func(tx core.App) error {
		now := e.House.Now()
		if queued, err = noteReminders(tx, policy, r, now); err != nil {
			return err
		}
		if queued > 0 {
			if err := order(e.House, tx, policy, letterReminder, r.number, time.Time{}, now, ""); err != nil {
				return err
			}
		}
		return e.House.Audit(tx, e.Actor().Audited(), "policy.remind", "policies/"+policy.Id, fmt.Sprintf("%s, %d letters", policy.GetString("slug"), queued))
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, map[string]int{"queued": queued})
}

// noteReminders marks whom a reminder of this moment is for, and counts them.
func noteReminders(tx core.App, policy *core.Record, r report, now time.Time) (int, error) {
	bound := params{"at": access.Date(now), "quiet": access.Date(now.Add(-remindEvery))}
	for name, value := range r.params {
		bound[name] = value
	}
	done, err := tx.DB().NewQuery(`INSERT OR REPLACE INTO policy_reminders (policy, member, at)
		SELECT {:policy}, q.id, {:at} FROM (` + r.sql + `) q WHERE q.state = 'missing' AND NOT EXISTS (SELECT 1 FROM policy_reminders m
			WHERE m.policy = {:policy} AND m.member = q.id AND m.at > {:quiet})`).Bind(bound).Execute()
	if err != nil {
		return 0, err
	}
	n, err := done.RowsAffected()
	return int(n), err
}

// newsItem is a clarification that a member has not read yet: nothing to accept, only to know.
type newsItem struct {
	Slug      string     `json:"slug" db:"slug"`
	Title     string     `json:"title" db:"title"`
	Number    int        `json:"number" db:"number"`
	Reason    string     `json:"reason" db:"reason"`
	Published *time.Time `json:"published" db:"-"`
	At        string     `json:"-" db:"published"`
	Audience  string     `json:"-" db:"audience"`
	Language  string     `json:"-" db:"language"`
}

// news lists what was said more clearly since the viewer last accepted or read each policy, for the home page.
func news(e *access.Event) error {
	var rows []newsItem
	err := e.App.DB().NewQuery(`SELECT p.slug, p.audience, v.title, v.number, v.reason, v.published, v.language FROM policies p
		JOIN policy_versions v ON v.policy = p.id AND v.number = (SELECT MAX(n.number) FROM policy_versions n
			WHERE n.policy = p.id AND n.class = 'clarification')
		WHERE p.status = 'posted' AND v.number > MAX(
			COALESCE((SELECT MAX(a.number) FROM acknowledgements a WHERE a.policy = p.id AND a.member = {:member}), 0),
			COALESCE((SELECT MAX(g.number) FROM authorization_events g WHERE g.policy = p.id AND g.member = {:member}), 0),
			COALESCE((SELECT s.number FROM policy_seen s WHERE s.policy = p.id AND s.member = {:member}), 0))
			AND v.published > (SELECT u.created FROM users u WHERE u.id = {:member})
		ORDER BY p.position, p.slug, v.language`).Bind(params{"member": e.Viewer.ID}).All(&rows)
	if err != nil {
		return err
	}
	out := page[newsItem]{Items: []newsItem{}}
	for _, row := range rows {
		if !clinic.Concerns(row.Audience, e.Viewer.Role) {
			continue
		}
		row.Published = at(row.At)
		switch last := len(out.Items) - 1; {
		case last < 0 || out.Items[last].Slug != row.Slug:
			out.Items = append(out.Items, row)
		case row.Language == e.Language():
			out.Items[last] = row
		}
	}
	return e.Write(http.StatusOK, out)
}

// seen takes {number}: the viewer has read the news of a policy up to that version.
func seen(e *access.Event) error {
	var form struct {
		Number int `json:"number"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	policy, err := managed(e.App, strings.TrimSpace(e.Request.PathValue("slug")))
	if err != nil {
		return err
	}
	latest, err := latestNumber(e.App, policy.Id)
	if err != nil {
		return err
	}
	if form.Number < 1 || form.Number > latest {
		return clinic.Faults(clinic.Invalid.At("number"))
	}
	_, err = e.App.DB().NewQuery(`INSERT INTO policy_seen (member, policy, number) VALUES ({:member}, {:policy}, {:number})
		ON CONFLICT (member, policy) DO UPDATE SET number = MAX(number, excluded.number)`).
		Bind(params{"member": e.Viewer.ID, "policy": policy.Id, "number": form.Number}).Execute()
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}
