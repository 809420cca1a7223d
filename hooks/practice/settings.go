package practice

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

type settingsAnswer struct {
	Words
	URL         string `json:"url"`      // what links in letters begin with
	URLFrom     string `json:"url_from"` // start, settings or server
	IdleStaff   int    `json:"idle_staff"`
	IdlePatient int    `json:"idle_patient"`
	Relay       string `json:"relay"` // the password masked
	RelayFrom   string `json:"relay_from"`
	RelayAdvice string `json:"relay_advice"`
	Push        bool   `json:"push"`
}

// settings shows an admin what can be set.
func (d desk) settings(e *access.Event) error {
	p := e.House.Practice()
	answer := settingsAnswer{
		Words: Words{
			Name: p.Name, MailName: p.MailName, Phone: p.Phone, Address: p.Address, Hours: p.Hours, Emergency: p.Emergency,
			HoursOther: p.HoursOther, EmergencyOther: p.EmergencyOther, CrisisLine: p.CrisisLine, Language: p.Language, Accent: p.Accent,
		},
		URL: e.House.PublicURL(), URLFrom: e.House.PublicURLFrom(),
		IdleStaff: int(p.IdleStaff / time.Minute), IdlePatient: int(p.IdlePatient / time.Minute), Push: p.Push,
	}
	relay, from, err := mails.CurrentRelay(e.App, d.relay)
	answer.RelayFrom = from
	switch {
	case err != nil:
		answer.RelayAdvice = err.Error()
	case from == mails.FromNowhere:
		answer.RelayAdvice = mails.Advice(e.Language(), mails.NoRelay, relay)
	default:
		answer.Relay = relay.String()
	}
	return e.Write(http.StatusOK, answer)
}

// settingsForm holds what the request wants changed; what is absent stays.
type settingsForm struct {
	Name           *string `json:"name"`
	MailName       *string `json:"mail_name"`
	Phone          *string `json:"phone"`
	Address        *string `json:"address"`
	Hours          *string `json:"hours"`
	Emergency      *string `json:"emergency"`
	HoursOther     *string `json:"hours_other"`
	EmergencyOther *string `json:"emergency_other"`
	CrisisLine     *string `json:"crisis_line"`
	Language       *string `json:"language"`
	Accent         *string `json:"accent"`
	IdleStaff      *int    `json:"idle_staff"`
	IdlePatient    *int    `json:"idle_patient"`
	Relay          *string `json:"relay"`
	URL            *string `json:"url"` // empty: as the server was started
	Push           *bool   `json:"push"`
}

// turnsLetters reports whether the form changes which way letters go or where their links lead. These links open accounts.
func (f *settingsForm) turnsLetters() bool { return f.Relay != nil || f.URL != nil }

func (f *settingsForm) words() map[string]*string {
	return map[string]*string{
		"name": f.Name, "mail_name": f.MailName, "phone": f.Phone, "address": f.Address, "hours": f.Hours, "emergency": f.Emergency,
		"hours_other": f.HoursOther, "emergency_other": f.EmergencyOther, "crisis_line": f.CrisisLine, "language": f.Language, "accent": f.Accent,
	}
}

// apply writes the form into the practice's record, or says what is wrong with which field.
func (f *settingsForm) apply(e *access.Event, record *core.Record) error {
	var words Words
	for field, text := range words.Fields() {
		*text = record.GetString(field)
	}
	if f.Language != nil && strings.TrimSpace(*f.Language) != words.Language {
		words.turn()
	}
	for field, text := range words.Fields() {
		if wish := f.words()[field]; wish != nil {
			*text = *wish
		}
	}
	faults := words.Faults()
	for field, text := range words.Fields() {
		record.Set(field, *text)
	}
	for field, minutes := range map[string]*int{"idle_staff": f.IdleStaff, "idle_patient": f.IdlePatient} {
		if minutes != nil {
			faults = append(faults, checkIdle(field, *minutes))
			record.Set(field, *minutes)
		}
	}
	if f.URL != nil {
		at, ok := access.CheckPublicURL(*f.URL)
		if !ok && strings.TrimSpace(*f.URL) != "" {
			faults = append(faults, urlWrong.At("url"))
		}
		if locksOut(e, at) {
			faults = append(faults, urlNotHere.With("url", at).At("url"))
		}
		record.Set("url", at)
	}
	if f.Push != nil {
		record.Set("push", *f.Push)
	}
	if f.Relay != nil {
		relay, err := mails.ParseRelay(*f.Relay)
		var wrong mails.RelayError
		if errors.As(err, &wrong) {
			faults = append(faults, relayWrong.At("relay").With("advice", wrong.In(e.Language())))
		} else if err != nil {
			return err
		}
		record.Set("relay", mails.SealRelay(e.House.Key, relay))
	}
	return clinic.Faults(faults...)
}

// locksOut reports whether a browser that reads the page by plain HTTP, as its Origin says, would set a public URL with https: the cookie of
// such a practice is for https only, so that nobody could sign in where this page is read, and whether the new address works is not known.
func locksOut(e *access.Event, url string) bool {
	return strings.HasPrefix(url, "https://") && strings.HasPrefix(e.Request.Header.Get("Origin"), "http://") &&
		e.House.PublicURLFrom() != access.URLFromStart
}

// change takes any of the settings and answers with all of them. A new relay or public URL asks for a fresh sign-in: letters
// carry links that open accounts. Between http and https the session's cookie changes with the URL, and all others sign in anew. New
// words are published in the policies that name them, by the policies' own record event.
func (d desk) change(e *access.Event) error {
	var form settingsForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	record, err := e.House.PracticeRecord(e.App)
	if err != nil {
		return err
	}
	if form.Relay != nil && strings.Contains(*form.Relay, mails.Masked) {
		form.Relay = nil // what was shown came back as it was
	}
	if form.turnsLetters() {
		if err := e.Fresh(); err != nil {
			return err
		}
	}
	if err := form.apply(e, record); err != nil {
		return err
	}
	cookie := e.CookieName()
	err = e.App.RunInTransaction(func(tx core.App) error {
		if err := e.House.Save(tx, record); err != nil {
			return err
		}
		detail := ""
		if form.URL != nil {
			detail = strings.TrimSpace("url " + record.GetString("url"))
		}
		return e.House.Audit(tx, e.Viewer.ID, "practice.settings", clinic.Practices+"/"+record.Id, detail)
	})
	if err != nil {
		return err
	}
	if form.Relay != nil {
		mails.Wake(e.App)
	}
	if err := e.CookieRenamed(cookie); err != nil {
		return err
	}
	return d.settings(e)
}
