package policy

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// hand is who wrote or published something, as a row says it: a member, an operator at the dashboard, or the house itself.
type hand struct {
	Author   string `db:"author"`
	Operator bool   `db:"operator"`
}

// people reads the members behind ids, one query for all. Who was removed keeps no name.
func people(app core.App, language string, ids ...string) (map[string]access.Person, error) {
	out := map[string]access.Person{}
	if len(ids) == 0 {
		return out, nil
	}
	wanted := make([]any, len(ids))
	for i, id := range ids {
		wanted[i] = id
	}
	var rows []struct {
		ID     string `db:"id"`
		Name   string `db:"name"`
		Role   string `db:"role"`
		Title  string `db:"title"`
		Status string `db:"status"`
	}
	err := app.DB().Select("id", "name", "role", "title", "status").From(clinic.Users).Where(dbx.In("id", wanted...)).All(&rows)
	for _, r := range rows {
		out[r.ID] = access.NewPerson(language, r.ID, r.Name, r.Role, r.Title, r.Status)
	}
	return out, err
}

// shown names a hand, from the members that people found.
func (h hand) shown(language string, known map[string]access.Person) access.Person {
	switch person, found := known[h.Author]; {
	case h.Operator:
		return access.Person{Name: messages.Say(language, "policy.author.operator", nil), State: access.PersonActive}
	case found:
		return person
	case h.Author != "":
		return access.NewPerson(language, "", "", "", "", clinic.Removed)
	}
	return access.Person{Name: messages.Say(language, "policy.author.house", nil), State: access.PersonActive}
}

// author names one hand.
func author(app core.App, language string, h hand) (access.Person, error) {
	var ids []string
	if h.Author != "" {
		ids = []string{h.Author}
	}
	known, err := people(app, language, ids...)
	return h.shown(language, known), err
}
