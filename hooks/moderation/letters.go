package moderation

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// A letter says that there is something to look at and where: no community, no word of what was written, no reason.

// betweenLetters is how long the desk of a community is left in peace after a letter.
const betweenLetters = time.Hour

// tell writes to those who may decide in a community what waits there, once for all that has come since the last letter, and
// not again within the hour. What comes meanwhile is told by tellLate when the hour is over.
func (d *desk) tell(tx core.App, community string) error {
	var row struct {
		Last string `db:"last"`
	}
	err := tx.DB().NewQuery("SELECT COALESCE(MAX(told), '') AS last FROM holds WHERE community = {:community}").
		Bind(dbx.Params{"community": community}).One(&row)
	now := d.house.Now()
	if err != nil || now.Sub(access.ParseDate(row.Last)) < betweenLetters {
		return err
	}
	var people []access.Decider
	err = tx.DB().NewQuery("SELECT DISTINCT u.id, u.name, u.email, u.language FROM holds h JOIN users u ON " + access.MayDecide +
		" WHERE h.community = {:community} AND " + waiting + " AND h.told = '' ORDER BY u.id").
		Bind(dbx.Params{"community": community}).All(&people)
	if err != nil {
		return err
	}
	for _, who := range people {
		if err := d.write(tx, who, "desk", clinic.Communities+"/"+community, "/desk"); err != nil {
			return err
		}
	}
	_, err = tx.DB().NewQuery("UPDATE holds AS h SET told = {:now} WHERE h.community = {:community} AND " + waiting + " AND h.told = ''").
		Bind(dbx.Params{"community": community, "now": access.Date(now)}).Execute()
	return err
}

// tellLate writes to the desks on which something waits that nobody was told of.
func (d *desk) tellLate() {
	var communities []string
	err := d.app.DB().NewQuery("SELECT DISTINCT h.community FROM holds h WHERE " + waiting + " AND h.told = ''").Column(&communities)
	for _, community := range communities {
		if err == nil {
			err = d.app.RunInTransaction(func(tx core.App) error { return d.tell(tx, community) })
		}
	}
	if err != nil {
		d.app.Logger().Error("telling the desk what waits", "error", err)
	}
}

// answer tells an author that somebody has looked at what they wrote. Who has left is told nothing.
func (d *desk) answer(tx core.App, hold *core.Record) error {
	author, err := tx.FindRecordById(clinic.Users, hold.GetString("author"))
	if err != nil || author.GetString("status") != clinic.Active {
		return access.Missing(err)
	}
	who := access.Decider{ID: author.Id, Name: author.GetString("name"), Email: author.Email(), Language: author.GetString("language")}
	return d.write(tx, who, "answer", clinic.Holds+"/"+hold.Id, "/holds/"+hold.Id)
}

func (d *desk) write(tx core.App, to access.Decider, kind, about, path string) error {
	practice := d.house.Practice()
	lang := to.Language
	if lang == "" {
		lang = practice.Language
	}
	say := func(part string) string {
		return messages.Say(lang, "moderation.letter."+kind+"."+part, map[string]any{
			"name": to.Name, "practice": practice.InMail(), "phone": practice.Phone,
		})
	}
	_, err := mails.Queue(tx, mails.Letter{
		To: to.Email, Language: lang, Kind: "moderation_" + kind, About: about, Subject: say("subject"), Heading: say("heading"),
		Paragraphs: []string{say("text")}, Notes: []string{say("note")},
		Action: &mails.Action{Label: say("action"), Link: d.house.PublicURL() + path},
	})
	return err
}
