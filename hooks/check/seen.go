package check

import (
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// seen keeps the names that writers may see. Who works here sees every member's; a patient or caregiver sees the names that
// stand on posts and comments in their communities, and those of the leads, and learns of no other by a finding.
type seen struct {
	mu          sync.RWMutex
	generation  uint64
	all         *Names
	ofCommunity map[string]*Names
	authors     map[string]map[string]bool // by community, to know when a new name appears
}

func newSeen() *seen {
	return &seen{ofCommunity: map[string]*Names{}, authors: map[string]map[string]bool{}}
}

func (s *seen) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	s.all = nil
	clear(s.ofCommunity)
	clear(s.authors)
}

// watch forgets names when one changes, appears or goes.
func (s *seen) watch(app core.App) {
	all := func(e *core.RecordEvent) error { s.forget(); return e.Next() }
	for _, collection := range []string{clinic.Users, clinic.Memberships} {
		app.OnRecordAfterCreateSuccess(collection).BindFunc(all)
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(all)
	}
	app.OnRecordAfterUpdateSuccess(clinic.Memberships).BindFunc(all)
	app.OnRecordAfterUpdateSuccess(clinic.Users).BindFunc(func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if before.GetString("name") != e.Record.GetString("name") || before.GetString("status") != e.Record.GetString("status") {
			s.forget()
		}
		return e.Next()
	})
	app.OnRecordAfterCreateError(clinic.Users).BindFunc(func(e *core.RecordErrorEvent) error { s.forget(); return e.Next() })
	written := func(e *core.RecordEvent) error {
		s.mu.RLock()
		known, kept := s.authors[e.Record.GetString("community")]
		appears := kept && !known[e.Record.GetString("author")] || !e.Record.IsNew() && e.Record.Original().GetString("status") != e.Record.GetString("status")
		s.mu.RUnlock()
		if appears {
			s.forget()
		}
		return e.Next()
	}
	for _, collection := range []string{clinic.Posts, clinic.Comments} {
		app.OnRecordAfterCreateSuccess(collection).BindFunc(written)
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(written)
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(all)
	}
}

// by gives the names that a member of a role may see in a community; without one, in any.
func (s *seen) by(app core.App, role clinic.Role, community string) (*Names, error) {
	everyone := role.Works()
	s.mu.RLock()
	known, generation := s.all, s.generation
	if !everyone {
		known = s.ofCommunity[community]
	}
	s.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	list, authors, err := readNames(app, everyone, community)
	if err != nil {
		return nil, err
	}
	names := NewNames(list)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.generation != generation:
	case everyone:
		s.all = names
	default:
		s.ofCommunity[community], s.authors[community] = names, authors
	}
	return names, nil
}

const (
	allNames = `SELECT id, name FROM users WHERE status != 'removed'`
	// seenNames are those that stand on what is shown in a community, and its leads'.
	seenNames = `SELECT u.id, u.name FROM users u WHERE u.status != 'removed' AND u.id IN (
		SELECT author FROM posts WHERE status = 'shown' AND ({:community} = '' OR community = {:community})
		UNION SELECT author FROM comments WHERE status = 'shown' AND ({:community} = '' OR community = {:community})
		UNION SELECT member FROM memberships WHERE lead = TRUE AND ({:community} = '' OR community = {:community}))`
)

func readNames(app core.App, everyone bool, community string) ([]Name, map[string]bool, error) {
	statement := allNames
	if !everyone {
		statement = seenNames
	}
	var rows []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	if err := app.DB().NewQuery(statement).Bind(dbx.Params{"community": community}).All(&rows); err != nil {
		return nil, nil, err
	}
	list, authors := make([]Name, 0, len(rows)), make(map[string]bool, len(rows))
	for _, row := range rows {
		list = append(list, Name{row.ID, row.Name})
		authors[row.ID] = true
	}
	return list, authors, nil
}

// own are the practice's telephone numbers and addresses, in the form in which texts are read.
func own(p access.Practice) []string {
	var out []string
	for _, said := range []string{p.Phone, p.Emergency, p.CrisisLine, p.Address, p.URL} {
		if said = strings.TrimSpace(said); said != "" {
			out = append(out, string(fold(said).bytes))
		}
	}
	return out
}
