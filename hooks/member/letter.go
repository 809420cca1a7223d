package member

import (
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// write queues one of this capability's letters in the member's language. Its words are the catalogue's
// "member.letter.KIND.…"; the action is left out where link is empty.
func write(e *access.Event, app core.App, member *core.Record, to, kind, link string, life time.Duration) error {
	lang := member.GetString("language")
	say := func(part string) string {
		return messages.Say(lang, "member.letter."+kind+"."+part, map[string]any{
			"name": member.GetString("name"), "practice": e.House.Practice().InMail(), "phone": e.House.Practice().Phone,
		})
	}
	letter := mails.Letter{
		To: to, Language: lang, Kind: kind, About: clinic.Users + "/" + member.Id, Subject: say("subject"), Heading: say("heading"),
		Paragraphs: []string{say("text")}, Notes: []string{say("note")}, Urgent: true,
	}
	if link != "" {
		letter.Action = &mails.Action{Label: say("action"), Link: link}
		letter.NotAfter = e.House.Now().Add(life)
	}
	_, err := mails.Queue(app, letter)
	return err
}
