package mails

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"golang.org/x/net/html"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// Transport makes every letter that PocketBase itself would send go through the queue, in our layout. Those it is known to
// send are written anew in the reader's language; any other keeps its own words. Call it where the app is served, and
// not in Register: bound there it would also go before the mailer of PocketBase's own test app.
func Transport(app core.App) {
	app.OnMailerRecordPasswordResetSend().BindFunc(instead(resetLetter))
	app.OnMailerRecordOTPSend().BindFunc(instead(codeLetter))
	app.OnMailerRecordAuthAlertSend().BindFunc(instead(alertLetter))
	app.OnMailerSend().BindFunc(func(e *core.MailerEvent) error {
		return queueAll(e.App, e.Message, foreignLetter(e.Message)) // no e.Next(): nothing else may send it
	})
}

// instead puts our letter in the place of PocketBase's, which still does what it does once a letter is on its way.
func instead(write func(e *core.MailerRecordEvent, say func(string) string) Letter) func(*core.MailerRecordEvent) error {
	return func(e *core.MailerRecordEvent) error {
		language := e.Record.GetString("language")
		if practice, err := practiceOf(e.App); language == "" && err == nil && practice != nil {
			language = practice.GetString("language")
		}
		l := write(e, func(key string) string { return messages.Say(language, "mails.own."+key, nil) })
		l.Language, l.About, l.Urgent = language, e.Record.Collection().Name+"/"+e.Record.Id, true
		e.Mailer = queueing{e.App, l}
		return e.Next()
	}
}

// queueing is a PocketBase mailer that puts a letter of ours into the queue, whatever message it is given.
type queueing struct {
	app    core.App
	letter Letter
}

var _ mailer.Mailer = queueing{}

func (q queueing) Send(m *mailer.Message) error { return queueAll(q.app, m, q.letter) }

// queueAll queues one letter for each address of a message.
func queueAll(app core.App, m *mailer.Message, l Letter) error {
	if len(m.Attachments)+len(m.InlineAttachments) > 0 {
		return errors.New("letters carry no attachments")
	}
	for _, to := range slices.Concat(m.To, m.Cc, m.Bcc) {
		l.To = to.Address
		if _, err := Queue(app, l); err != nil {
			return err
		}
	}
	return nil
}

// resetLetter leads an operator to the dashboard, where PocketBase's token counts, and a member to our own page, where a
// fresh letter with our own link can be asked for.
func resetLetter(e *core.MailerRecordEvent, say func(string) string) Letter {
	l := Letter{
		Kind: "operator_reset", Subject: say("reset.subject"), Heading: say("reset.subject"),
		Paragraphs: []string{say("reset.operator")}, Notes: []string{say("reset.ignore")},
	}
	base := publicURL(e.App)
	token, _ := e.Meta["token"].(string)
	l.Action = &Action{say("reset.button"), base + "/_/#/auth/confirm-password-reset/" + token}
	if !e.Record.IsSuperuser() {
		l.Kind, l.Paragraphs = "password_reset", []string{say("reset.member")}
		l.Action.Link = base + "/forgotten"
	}
	l.NotAfter = after(e.App, e.Record.Collection().PasswordResetToken.DurationTime())
	return l
}

func codeLetter(e *core.MailerRecordEvent, say func(string) string) Letter {
	code, _ := e.Meta["password"].(string)
	return Letter{
		Kind: "one_time_code", Subject: say("code.subject"), Heading: say("code.heading"), Paragraphs: []string{code},
		Notes: []string{say("code.ignore")}, NotAfter: after(e.App, e.Record.Collection().OTP.DurationTime()),
	}
}

func alertLetter(e *core.MailerRecordEvent, say func(string) string) Letter {
	info, _ := e.Meta["info"].(string)
	return Letter{
		Kind: "new_device", Subject: say("alert.subject"), Heading: say("alert.subject"),
		Paragraphs: []string{say("alert.text"), html.UnescapeString(info)}, Notes: []string{say("alert.ignore")},
	}
}

func after(app core.App, d time.Duration) time.Time {
	if o, err := officeOf(app); err == nil && d > 0 {
		return o.now().Add(d)
	}
	return time.Time{}
}

// publicURL is where the practice's page is, without a slash at its end.
func publicURL(app core.App) string {
	o, err := officeOf(app)
	if err != nil {
		return ""
	}
	practice, _ := practiceOf(app)
	if at := o.letterhead(practice, Letter{}, Relay{}).url; at != "" {
		return at
	}
	return strings.TrimRight(app.Settings().Meta.AppURL, "/")
}

// foreignLetter takes a message that somebody else composed apart into blocks: its paragraphs, and its first link.
func foreignLetter(m *mailer.Message) Letter {
	l := Letter{Kind: "other", Subject: m.Subject, Heading: m.Subject, Language: clinic.DefaultLanguage}
	if strings.TrimSpace(m.Subject) == "" {
		l.Subject, l.Heading = "Kinward", "Kinward"
	}
	if m.HTML == "" {
		l.Paragraphs = paragraphs(m.Text)
		return l
	}
	l.Paragraphs, l.Action = blocksOf(m.HTML)
	return l
}

func paragraphs(text string) (out []string) {
	for block := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if block = strings.TrimSpace(block); block != "" {
			out = append(out, block)
		}
	}
	return out
}
