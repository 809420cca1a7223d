package hookstest

import (
	"maps"
	"slices"
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
	return New(t).Room()
}

// Room opens one in a practice that is there already.
func (c *Clinic) Room() *Room {
	c.t.Helper()
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

// CheckWords posts a policy with a clause for each word, which says what is done about it (say, ask, hold, stop, call) whoever writes it.
// Call it once, before there are members, who would have to accept it, and Quiet before it where nothing else is to be found.
func (c *Clinic) CheckWords(actions map[string]string) {
	c.t.Helper()
	policies, err := c.App.FindCollectionByNameOrId(clinic.Policies)
	c.must(err)
	policy := core.NewRecord(policies)
	policy.Load(map[string]any{"slug": "words", "audience": clinic.Everyone, "position": 90, "status": "posted", "kind": "policy"})
	c.must(c.App.Save(policy))
	versions, err := c.App.FindCollectionByNameOrId(clinic.PolicyVersions)
	c.must(err)
	for _, language := range clinic.Languages {
		var body string
		var checks []map[string]any
		for _, word := range slices.Sorted(maps.Keys(actions)) { // in both languages the same clauses in the same order
			action := actions[word]
			body += "1. A clause about a word. {#" + word + "}\n"
			checks = append(checks, map[string]any{"clause": word, "detector": "word", "words": []string{word}, "whose": clinic.RuledRoles,
				"where":  []string{},
				"action": action, "say": "Said in " + language + "."})
		}
		record := core.NewRecord(versions)
		record.Load(map[string]any{"policy": policy.Id, "number": 1, "language": language, "title": "Words in " + language, "class": "material",
			"reason": "for a test", "published": c.House.Now(), "source": body, "markdown": body,
			"checks": checks, "source_checks": checks, "strip": map[string]string{}, "source_strip": map[string]string{}})
		c.must(c.House.Save(c.App, record))
	}
}

// Quiet withdraws every policy that is posted, with its checks.
func (c *Clinic) Quiet() {
	c.t.Helper()
	all, err := c.App.FindAllRecords(clinic.Policies)
	c.must(err)
	for _, one := range all {
		c.Withdraw(one.GetString("slug"))
	}
}
