package practice

import (
	"net/http"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/mails"
)

type step struct {
	Key    string `json:"key"`
	Done   bool   `json:"done"`
	Detail string `json:"detail"`
}

// checklist tells an admin what of the set-up is done: the practice's words, its provider, mail, the policies, and the first
// community. It is open to an admin who has not acknowledged the policies yet: it says nothing of the community.
func (d desk) checklist(e *access.Event) error {
	if !e.Viewer.Has(clinic.Admin) {
		return clinic.Forbidden
	}
	p := e.House.Practice()
	policies, err := e.App.CountRecords(clinic.Policies, dbx.HashExp{"status": "posted"})
	if err != nil {
		return err
	}
	communities, err := e.App.CountRecords(clinic.Communities, dbx.HashExp{"status": "open"})
	if err != nil {
		return err
	}
	relay, from, err := mails.CurrentRelay(e.App, d.relay)
	steps := []step{
		{"practice", p.Phone != "" && p.Hours != "", p.Name},
		{"provider", true, e.Viewer.Name},
		{"mail", err == nil && from != mails.FromNowhere, relay.Host},
		{"policies", policies > 0, ""},
		{"community", communities > 0, ""},
	}
	done := true
	for _, s := range steps {
		done = done && s.Done
	}
	return e.Write(http.StatusOK, map[string]any{"items": steps, "next": "", "done": done})
}
