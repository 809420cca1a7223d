package member

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"golang.org/x/crypto/bcrypt"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// leaving is the outcome of a refused policy that ends the account, as the policies' record says it.
const leaving = "leaving"

// unknown is the hash of a password that nobody knows, made once: hashing in a transaction would keep others from writing.
var unknown = sync.OnceValue(func() string {
	hash, err := bcrypt.GenerateFromPassword([]byte(security.RandomString(60)), bcrypt.DefaultCost)
	if err != nil {
		panic(err) // sixty characters always hash
	}
	return string(hash)
})

// leaveOnRefusal ends a member's account in the transaction in which they refuse a policy and choose to leave. What holds for being
// removed holds here: the last admin and the only lead of a community hand over first.
func leaveOnRefusal(house *access.House) func(e *core.RecordEvent) error {
	return func(e *core.RecordEvent) error {
		if err := e.Next(); err != nil || e.Record.GetString("outcome") != leaving {
			return err
		}
		member, err := e.App.FindRecordById(clinic.Users, e.Record.GetString("member"))
		if err != nil {
			return err
		}
		if err := staysLed(e.App, member); err != nil {
			return err
		}
		if err := writeFarewell(house, e.App, member); err != nil {
			return err
		}
		member.SetRaw(core.FieldNamePassword, &core.PasswordFieldValue{Hash: unknown()})
		if err := forget(house, e.App, member); err != nil {
			return err
		}
		return house.Audit(e.App, member.Id, "member.leave", clinic.Users+"/"+member.Id, "")
	}
}

// writeFarewell tells the member at their own address that the account is closed, while it is still known.
func writeFarewell(house *access.House, tx core.App, member *core.Record) error {
	lang, practice := member.GetString("language"), house.Practice()
	say := func(part string) string {
		return messages.Say(lang, "member.letter.left."+part, map[string]any{"practice": practice.InMail(), "phone": practice.Phone})
	}
	_, err := mails.Queue(tx, mails.Letter{
		To: member.Email(), Language: lang, Kind: "member_left", About: clinic.Users + "/" + member.Id, Subject: say("subject"), Heading: say("heading"),
		Paragraphs: []string{say("text")}, Notes: []string{say("note")},
	})
	return err
}
