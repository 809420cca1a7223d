package policy

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// memberViewed is how the audit record says that somebody looked at a member's account; the member reads it on their own record.
const memberViewed = "member.view"

// personItem is a posted text that concerns one member, and what they said of it.
type personItem struct {
	Slug      string         `json:"slug"`
	Title     string         `json:"title"`
	Kind      string         `json:"kind"`
	Number    int            `json:"number"`    // the newest version
	Languages []string       `json:"languages"` // those it can be read in
	State     string         `json:"state"`
	Said      int            `json:"said"` // the version that they said it of
	At        *time.Time     `json:"at"`
	Language  string         `json:"language"`
	Method    string         `json:"method"`
	Witness   *access.Person `json:"witness"`
	Note      string         `json:"note"`
	Can       personCan      `json:"can"`
}

type personCan struct {
	Record bool `json:"record"`
}

// policiesOf tells who works here how a member stands to each posted text that concerns them, so that what was given on paper or said
// on the phone can be noted where the person is. Who looked goes on the audit record, once an hour.
func policiesOf(e *access.Event) error {
	member, err := e.App.FindRecordById(clinic.Users, e.Request.PathValue("id"))
	if err != nil || member.GetString("status") == clinic.Removed {
		return clinic.NotFound
	}
	policies, err := e.App.FindRecordsByFilter(clinic.Policies, "status = 'posted'", "position,slug", 0, 0)
	if err != nil {
		return err
	}
	out := page[personItem]{Items: []personItem{}}
	for _, policy := range policies {
		if !clinic.Concerns(policy.GetString("audience"), clinic.Role(member.GetString("role"))) {
			continue
		}
		item, published, err := standing(e, policy, member)
		if err != nil {
			return err
		}
		if published {
			out.Items = append(out.Items, item)
		}
	}
	if member.Id != e.Viewer.ID {
		if err := e.House.AuditOnce(e.App, e.Viewer.ID, memberViewed, clinic.Users+"/"+member.Id, time.Hour); err != nil {
			return err
		}
	}
	return e.Write(http.StatusOK, out)
}

// standing is how a member stands to one policy; not published says that it has no version yet.
func standing(e *access.Event, policy, member *core.Record) (item personItem, published bool, err error) {
	texts, err := query(e.App, brief+"WHERE p.id = {:policy} AND"+atLatest+"ORDER BY v.language", params{"policy": policy.Id})
	if err != nil || len(texts) == 0 {
		return item, false, err
	}
	text := choose(texts, e.Language(), e.House.Practice().Language)
	item = personItem{Slug: text.Slug, Title: text.Title, Kind: text.Kind, Number: text.Number, State: stateMissing}
	for _, v := range texts {
		item.Languages = append(item.Languages, v.Language)
	}
	r, err := reportOf(e.App, e.House.Now(), policy, text.Number)
	if err != nil {
		return item, false, err
	}
	bound := params{"one": member.Id}
	for name, value := range r.params {
		bound[name] = value
	}
	var rows []reportRow
	if err := e.App.DB().NewQuery("SELECT * FROM (" + r.sql + ") WHERE id = {:one}").Bind(bound).All(&rows); err != nil {
		return item, false, err
	}
	said, err := itemsOf(e, rows)
	if err != nil {
		return item, false, err
	}
	for _, s := range said { // one, or none of who is suspended
		item.State, item.Said, item.At, item.Language, item.Method, item.Witness, item.Note = s.State, s.Number, s.At, s.Language, s.Method, s.Witness, s.Note
	}
	item.Can.Record = item.State != stateDone && member.Id != e.Viewer.ID && member.GetString("status") == clinic.Active
	return item, true, nil
}
