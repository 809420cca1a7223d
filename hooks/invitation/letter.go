package invitation

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// The kinds of letters that this package writes.
const (
	letterInvitation = "invitation"
	letterRequest    = "invitation_request"
	letterMoved      = "account_moved"
)

// joinLink carries the token in the fragment: it reaches no server, log, Referer or scanner.
func joinLink(house *access.House, token string) string { return house.PublicURL() + "/join#" + token }

// wording is what the letter says, mailed or printed, in the invitation's language. Nothing in it tells of health: no
// community, no condition, nothing but who invites, where the practice can be reached, and what to do.
type wording struct {
	Heading    string
	Paragraphs []string
	Label      string
	Code       string // empty where no code is asked for
	Notes      []string
}

func (i invitation) wording(practice, inviter string) wording {
	lang := i.language()
	say := func(key string, params map[string]any) string {
		return messages.Say(lang, "invitation.letter."+key, params)
	}
	who := map[string]any{"inviter": inviter, "practice": practice}
	w := wording{Label: say("action", nil)}
	switch {
	case i.returning() != "":
		w.Heading = say("heading_returning", nil)
		w.Paragraphs = []string{say("returning", who), say("steps_returning", nil)}
	case i.role() == clinic.Outside:
		w.Heading = say("heading", who)
		w.Paragraphs = []string{say("invites_outside", who), say("steps", nil)}
	case i.role().Works():
		w.Heading = say("heading", who)
		w.Paragraphs = []string{say("invites_to_work", who), say("steps", nil)}
	default:
		w.Heading = say("heading", who)
		w.Paragraphs = []string{say("invites", who), say("steps", nil), say("pseudonym", nil)}
	}
	if i.needsCode() {
		w.Code = say("code", nil)
	}
	w.Notes = []string{
		say("until", map[string]any{"date": messages.Day(i.expires().Local(), lang), "email": i.email()}),
		say("unexpected", nil),
	}
	return w
}

// mail makes a further token and queues the letter that carries it.
func (i invitation) mail(house *access.House, tx core.App, inviter *core.Record) error {
	token := clinic.NewToken()
	if err := i.token(house, tx, ByMail, token); err != nil {
		return err
	}
	practice := house.Practice().InMail()
	name := formal(inviter.GetString("name"), inviter.GetString("title"))
	w := i.wording(practice, name)
	if w.Code != "" {
		w.Paragraphs = append(w.Paragraphs, w.Code)
	}
	_, err := mails.Queue(tx, mails.Letter{
		To: i.email(), Language: i.language(), Kind: letterInvitation, About: i.subject(),
		Subject: messages.Say(i.language(), "invitation.letter.subject", map[string]any{"inviter": name, "practice": practice}),
		Heading: w.Heading, Paragraphs: w.Paragraphs, Notes: w.Notes,
		Action:   &mails.Action{Label: w.Label, Link: joinLink(house, token)},
		NotAfter: i.expires(),
	})
	if errors.Is(err, mails.ErrAddress) {
		return clinic.Faults(clinic.AddressInvalid.At("email"))
	}
	return err
}
