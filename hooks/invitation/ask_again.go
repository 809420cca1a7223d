package invitation

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// askAgain tells the practice that the holder of an invitation that no longer works would like a new one. It always says
// what happens next, and says it once a day to the practice however often it is asked.
func askAgain(e *access.Event) error {
	var form holder
	i, err := knock(e, &form, &form.Token)
	if err != nil {
		return turnedAway(e, err)
	}
	say, err := i.askAgain(e)
	if err != nil {
		return turnedAway(e, err)
	}
	practice := e.House.Practice()
	return e.Write(http.StatusOK, map[string]any{
		"message":  messages.Say(e.Language(), "invitation.asked."+say, map[string]any{"practice": practice.Name}),
		"practice": contact{Name: practice.Name, Phone: practice.Phone},
	})
}

// askAgain returns which of the answers fits: the practice was told, or there is nothing to ask for.
func (i invitation) askAgain(e *access.Event) (string, error) {
	say := "told"
	err := e.App.RunInTransaction(func(tx core.App) error {
		now := e.House.Now()
		again, err := find(tx, i.Id)
		if err != nil {
			return err
		}
		inviter, active, err := again.inviter(tx)
		if err != nil {
			return err
		}
		switch refusal(again.at(now), again.tries(), active) {
		case nil:
			say = "works"
			return nil
		case Used:
			say = "used"
			return nil
		case WasRevoked, Unknown:
			say = "call"
			return nil
		}
		if last := again.GetDateTime("asked_again").Time(); now.Sub(last) < 24*time.Hour {
			return nil
		}
		again.Set("asked_again", now)
		if err := e.House.Save(tx, again.Record); err != nil {
			return err
		}
		if err := again.note(e.House, tx, AskedAgain, "", "", ""); err != nil {
			return err
		}
		return tellPractice(tx, e.House, inviter, active)
	})
	return say, err
}

// tellPractice writes to the inviter, or, when they are no longer an active provider, to the admins. The letter names nobody:
// the list of invitations does.
func tellPractice(tx core.App, house *access.House, inviter *core.Record, active bool) error {
	readers := []*core.Record{inviter}
	if !active {
		var err error
		readers, err = tx.FindRecordsByFilter(clinic.Users, "status = 'active' && role = 'provider' && rights ?~ 'admin'", "created", 5, 0)
		if err != nil {
			return err
		}
	}
	for _, reader := range readers {
		lang := reader.GetString("language")
		say := func(key string) string { return messages.Say(lang, "invitation.request."+key, nil) }
		_, err := mails.Queue(tx, mails.Letter{
			To: reader.Email(), Language: lang, Kind: letterRequest, About: clinic.Users + "/" + reader.Id,
			Subject: say("subject"), Heading: say("heading"), Paragraphs: []string{say("text")},
			Action: &mails.Action{Label: say("action"), Link: house.PublicURL() + "/invitations"},
		})
		if err != nil {
			return err
		}
	}
	return nil
}
