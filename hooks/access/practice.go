package access

import (
	"cmp"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Practice is what every page and letter says of the practice.
type Practice struct {
	Name, MailName, Phone, Address, CrisisLine, Language, Accent, URL string
	// Hours and Emergency are said in the practice's Language; the others in the other one, and empty where they are said only once. What
	// a reader is shown, In tells.
	Hours, HoursOther, Emergency, EmergencyOther string
	Founder                                      string
	IdleStaff, IdlePatient                       time.Duration
	// Push says that the practice lets members have push messages, which go through the company that made their browser.
	Push bool
	// SetUp is false until the first set-up has ended.
	SetUp bool
}

// Idle is how long a session of this role lives without activity.
func (p Practice) Idle(role clinic.Role) time.Duration {
	if role.Professional() {
		return p.IdleStaff
	}
	return p.IdlePatient
}

// InMail is the name that letters use: the neutral one where the practice's own name would tell too much.
func (p Practice) InMail() string {
	if p.MailName != "" {
		return p.MailName
	}
	return p.Name
}

// In is the practice as a reader of a language is shown it: its hours and what to do in an emergency in that language, or as the practice
// says them where it says them in one language only. Nothing of the other language is left in it.
func (p Practice) In(language string) Practice {
	if language == p.Language {
		p.Hours, p.Emergency = cmp.Or(p.Hours, p.HoursOther), cmp.Or(p.Emergency, p.EmergencyOther)
	} else {
		p.Hours, p.Emergency = cmp.Or(p.HoursOther, p.Hours), cmp.Or(p.EmergencyOther, p.Emergency)
	}
	p.HoursOther, p.EmergencyOther = "", ""
	return p
}

type practice struct {
	mu         sync.RWMutex
	generation uint64
	known      *Practice
}

// Practice returns what is known of the practice; before the set-up, the defaults.
func (h *House) Practice() Practice {
	h.saved.mu.RLock()
	known, generation := h.saved.known, h.saved.generation
	h.saved.mu.RUnlock()
	if known != nil {
		return *known
	}
	read := Practice{Language: clinic.DefaultLanguage, IdleStaff: clinic.IdleStaff, IdlePatient: clinic.IdlePatient}
	record, err := h.PracticeRecord(h.app)
	if err != nil {
		return read
	}
	read.fill(record)
	h.saved.mu.Lock()
	defer h.saved.mu.Unlock()
	if h.saved.generation == generation { // else it was changed while it was read
		h.saved.known = &read
	}
	return read
}

// PracticeRecord returns the one record of the practice, or sql.ErrNoRows before the set-up.
func (h *House) PracticeRecord(app core.App) (*core.Record, error) {
	return app.FindFirstRecordByFilter(clinic.Practices, "set_up != ''")
}

func (p *Practice) fill(r *core.Record) {
	p.Name, p.MailName, p.Phone = r.GetString("name"), r.GetString("mail_name"), r.GetString("phone")
	p.Address, p.Hours, p.Emergency = r.GetString("address"), r.GetString("hours"), r.GetString("emergency")
	p.HoursOther, p.EmergencyOther = r.GetString("hours_other"), r.GetString("emergency_other")
	p.CrisisLine = r.GetString("crisis_line")
	p.Accent, p.URL, p.Founder = r.GetString("accent"), r.GetString("url"), r.GetString("founder")
	p.Push = r.GetBool("push")
	if language := r.GetString("language"); language != "" {
		p.Language = language
	}
	if minutes := r.GetInt("idle_staff"); minutes > 0 {
		p.IdleStaff = time.Duration(minutes) * time.Minute
	}
	if minutes := r.GetInt("idle_patient"); minutes > 0 {
		p.IdlePatient = time.Duration(minutes) * time.Minute
	}
	p.SetUp = true
}

// keepPracticeRight forgets the practice when its record changes.
func (h *House) keepPracticeRight() {
	forget := func(e *core.RecordEvent) error {
		h.saved.mu.Lock()
		h.saved.generation++
		h.saved.known = nil
		h.saved.mu.Unlock()
		return e.Next()
	}
	h.app.OnRecordAfterCreateSuccess(clinic.Practices).BindFunc(forget)
	h.app.OnRecordAfterUpdateSuccess(clinic.Practices).BindFunc(forget)
}
