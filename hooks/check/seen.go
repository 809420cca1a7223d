package check

import (
	"strings"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// roll keeps the names of all members. It is read when somebody writes, after a member came, went or changed their name.
type roll struct {
	mu         sync.RWMutex
	generation uint64
	names      *Names
}

func (r *roll) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.names = nil
}

func (r *roll) watch(app core.App) {
	forget := func(e *core.RecordEvent) error { r.forget(); return e.Next() }
	app.OnRecordAfterCreateSuccess(clinic.Users).BindFunc(forget)
	app.OnRecordAfterDeleteSuccess(clinic.Users).BindFunc(forget)
	app.OnRecordAfterUpdateSuccess(clinic.Users).BindFunc(func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if before.GetString("name") != e.Record.GetString("name") || before.GetString("status") != e.Record.GetString("status") {
			r.forget()
		}
		return e.Next()
	})
	app.OnRecordAfterCreateError(clinic.Users).BindFunc(func(e *core.RecordErrorEvent) error { r.forget(); return e.Next() })
}

// now gives the names as they are. Within a transaction that changes members they may be those from before it.
func (r *roll) now(app core.App) (*Names, error) {
	r.mu.RLock()
	known, generation := r.names, r.generation
	r.mu.RUnlock()
	if known != nil {
		return known, nil
	}
	var list []Name
	if err := app.DB().Select("id AS member", "name").From(clinic.Users).Where(dbx.Not(dbx.HashExp{"status": clinic.Removed})).All(&list); err != nil {
		return nil, err
	}
	names := NewNames(list)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation == generation {
		r.names = names
	}
	return names, nil
}

// sight says whom a writer may know. Who works here knows every member. A patient or caregiver knows whose name stands on
// something that is shown in their community, and its leads, and learns of no other by a finding.
type sight struct {
	acquaintance *acquaintance
	everyone     bool
	communities  []string
	failed       error
}

// first gives the first of those who have one name whom the writer may know.
func (s *sight) first(members []string) (string, bool) {
	if s.everyone {
		return members[0], true
	}
	for _, community := range s.communities {
		member, err := s.acquaintance.first(community, members)
		if s.failed = err; err != nil || member != "" {
			return member, err == nil
		}
	}
	return "", false
}

// sightOf says whom a writer of a role may know in a community or, without one, in all that they are in. Without a writer, as
// where a text is only tried, it is every community.
func (c *Checker) sightOf(app core.App, role clinic.Role, self, community string) (*sight, error) {
	s := &sight{acquaintance: &c.acquaintance, everyone: role.Works(), communities: []string{community}}
	if s.everyone || community != "" {
		return s, nil
	}
	query := app.DB().Select("id").From(clinic.Communities)
	if self != "" {
		query = app.DB().Select("community").From(clinic.Memberships).Where(dbx.HashExp{"member": self})
	}
	s.communities = []string{}
	return s, query.Column(&s.communities)
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
