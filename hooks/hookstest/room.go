package hookstest

import (
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Room is a practice with a community about a condition, people of each role in it, and a patient who is in another one.
type Room struct {
	*Clinic
	ID            string // the community
	Lead          *Client
	Staff         *Client
	Author, Other *Client // patients
	Caregiver     *Client
	Outside       *Client
}

// NewRoom opens it for one test.
func NewRoom(t *testing.T) *Room {
	t.Helper()
	c := New(t)
	r := &Room{Clinic: c, Lead: c.Provider(), Staff: c.Staff(), Author: c.Patient(), Other: c.Patient(), Caregiver: c.Caregiver(), Outside: c.Patient()}
	r.ID = c.Community(clinic.KindCondition, []*Client{r.Lead}, r.Staff, r.Author, r.Other, r.Caregiver)
	c.Community(clinic.KindPractice, []*Client{c.Provider()}, r.Outside)
	return r
}

// HoldWord keeps every post and comment with a word in it, and such a description of a shown file, for a person to look at, as a check
// does, until somebody at the desk has decided.
func (c *Clinic) HoldWord(word string) {
	hold := func(e *core.RecordEvent) error {
		_, decided := e.Record.Get(clinic.DecidedBy).(clinic.Decision)
		if !decided && e.Record.GetString("status") != clinic.Deleted && strings.Contains(e.Record.GetString("body"), word) {
			e.Record.Set("status", clinic.Held)
			e.Record.Set(clinic.FoundIn, []map[string]any{{"id": "f1", "check": "identifier", "family": "identifier", "detector": "phone",
				"clause": "no-names", "policy": "privacy", "policy_title": "Privacy", "action": "hold", "start": 0, "end": 6, "say": "This looks like a number."}})
		}
		return e.Next()
	}
	c.App.OnRecordUpdate(clinic.Files).BindFunc(func(e *core.RecordEvent) error {
		_, described := e.Record.Get(clinic.DescribedBy).(clinic.Describer)
		if described && e.Record.GetString("post") != "" && strings.Contains(e.Record.GetString("alt"), word) {
			e.Record.Set(clinic.KeptBack, clinic.Waits{})
		}
		return e.Next()
	})
	c.App.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(hold)
	c.App.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(hold)
}
