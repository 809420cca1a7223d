package notification

import (
	"net/http"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

// chosen is what GET /me/notifications answers.
type chosen struct {
	Choices
	Order     []Kind    `json:"order"`     // of the kinds, as a page lists them
	Zone      string    `json:"zone"`      // empty until the member's own is known
	Confirmed bool      `json:"confirmed"` // whether letters may go to the member's address
	Push      pushState `json:"push"`
	Preview   preview   `json:"preview"`
}

// preview is a letter as it would come, so that a member sees what stands in their mailbox.
type preview struct {
	From    string   `json:"from"`
	Subject string   `json:"subject"`
	Heading string   `json:"heading"`
	Text    []string `json:"text"`
}

// choices shows the viewer how they are told.
func (d *desk) choices(e *access.Event) error {
	wants, err := d.wantsOf(e.App, e.Viewer)
	if err != nil {
		return err
	}
	push, err := d.pushState(e)
	if err != nil {
		return err
	}
	letter := d.letter(e.Viewer, Daily, []waiting{{Kind: Answer}, {Kind: Answer}, {Kind: Announcement}})
	return e.Write(http.StatusOK, chosen{
		Choices: wants.Choices, Order: Kinds, Zone: wants.name, Confirmed: e.Viewer.Confirmed, Push: push,
		Preview: preview{d.house.Practice().InMail(), letter.Subject, letter.Heading, letter.Paragraphs},
	})
}

// choiceForm holds what the request wants changed; what is absent stays. Guessed is a time zone that the page is in: it counts
// only while none is known.
type choiceForm struct {
	Kinds   map[Kind]Channels `json:"kinds"`
	Hour    *int              `json:"hour"`
	Weekday *int              `json:"weekday"`
	From    *int              `json:"quiet_from"`
	To      *int              `json:"quiet_to"`
	Zone    *string           `json:"zone"`
	Guessed string            `json:"zone_guessed"`
}

// apply puts the form into what a member wants, or says what is wrong with it.
func (f choiceForm) apply(w *wants) error {
	for kind, channels := range f.Kinds {
		if kind == Decided {
			channels.Mail = Never
		}
		w.Kinds[kind] = channels
	}
	for to, from := range map[*int]*int{&w.Hour: f.Hour, &w.Weekday: f.Weekday, &w.From: f.From, &w.To: f.To} {
		if from != nil {
			*to = *from
		}
	}
	faults := w.Check()
	if f.Zone == nil && w.name == "" && Zone(f.Guessed) != nil {
		f.Zone = &f.Guessed
	}
	if f.Zone != nil {
		if zone := Zone(*f.Zone); zone != nil {
			w.zone, w.name = zone, *f.Zone
		} else {
			faults = append(faults, ZoneUnknown.At("zone"))
		}
	}
	return clinic.Faults(faults...)
}

// choose changes how the viewer is told, from now on and for what waits already, and answers as GET does.
func (d *desk) choose(e *access.Event) error {
	var form choiceForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	err := e.App.RunInTransaction(func(tx core.App) error {
		wants, err := d.wantsOf(tx, e.Viewer)
		if err != nil {
			return err
		}
		if err := form.apply(&wants); err != nil {
			return err
		}
		return d.settle(tx, e.Viewer.ID, wants)
	})
	if err != nil {
		return err
	}
	ring(d.bell)
	return d.choices(e)
}

// settle stores what a member wants and lets what waits wait for the letters that they want now, each at its new time. A letter
// in the queue whose cadence nobody wants any more is taken back.
func (d *desk) settle(tx core.App, member string, w wants) error {
	now := d.house.Now()
	if err := keep(tx, member, w, now); err != nil {
		return err
	}
	used := map[string]bool{}
	for kind, ways := range w.Kinds {
		mail := ways.Mail
		if mail == Never {
			mail = ""
		}
		used[ways.Mail] = true
		err := run(tx, "UPDATE notifications SET mail = {:mail} WHERE member = {:member} AND mail != '' AND kind = {:kind}",
			dbx.Params{"mail": mail, "member": member, "kind": string(kind)})
		if err != nil {
			return err
		}
	}
	lasts, err := d.lasts([]string{member})
	if err != nil {
		return err
	}
	for _, cadence := range Cadences[1:] {
		due := access.Date(w.Due(cadence, now, lasts[member], w.zone))
		err := run(tx, `INSERT INTO notification_letters (member, cadence, due) SELECT {:member}, {:cadence}, {:due}
			WHERE EXISTS (SELECT 1 FROM notifications WHERE member = {:member} AND mail = {:cadence})
			ON CONFLICT (member, cadence) DO UPDATE SET due = excluded.due`, dbx.Params{"member": member, "cadence": cadence, "due": due})
		if err != nil {
			return err
		}
		if used[cadence] {
			continue
		}
		if _, err := mails.Cancel(tx, letterAbout(member, cadence)); err != nil {
			return err
		}
	}
	return nil
}

// isCadence reports whether a text names a letter that can be stopped.
func isCadence(text string) bool { return text != Never && slices.Contains(Cadences, text) }
