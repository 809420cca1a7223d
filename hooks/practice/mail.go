package practice

import (
	"net/http"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
	"kinward/hooks/messages"
)

// tryMail takes {to} and sends one letter at once, past the queue, while the admin waits. The answer has the relay's own
// words, and advice where it did not accept.
func (d desk) tryMail(e *access.Event) error {
	var form struct {
		To string `json:"to"`
	}
	if err := e.Bind(&form); err != nil {
		return err
	}
	to, fault := access.CheckAddress(form.To)
	if fault != nil {
		return clinic.Faults(fault.At("to"))
	}
	if err := e.House.Try("mail tests", 10, access.FreshFor); err != nil {
		return err
	}
	relay, _, err := mails.CurrentRelay(e.App, d.relay)
	if err != nil {
		return e.Write(http.StatusOK, tried{Advice: err.Error()})
	}
	lang := e.Language()
	reply, advice, err := mails.Try(e.Request.Context(), e.App, relay, mails.Letter{
		To: to, Language: lang, Kind: "mail_test", About: clinic.Practices,
		Subject:    messages.Say(lang, "practice.letter.test.subject", map[string]any{"practice": e.House.Practice().InMail()}),
		Heading:    messages.Say(lang, "practice.letter.test.heading", nil),
		Paragraphs: []string{messages.Say(lang, "practice.letter.test.text", nil)},
	})
	if err != nil {
		return err
	}
	return e.Write(http.StatusOK, tried{Accepted: advice == "", Reply: reply, Advice: advice})
}

type tried struct {
	Accepted bool   `json:"accepted"`
	Reply    string `json:"reply"`
	Advice   string `json:"advice"`
}
