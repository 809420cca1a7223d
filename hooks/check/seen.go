package check

import (
	"slices"
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
	listed     *listed
}

// listed are the names of all members, and who of them works here.
type listed struct {
	names *Names
	works map[string]bool
}

func (r *roll) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.listed = nil
}

func (r *roll) watch(app core.App) {
	forget := func(e *core.RecordEvent) error { r.forget(); return e.Next() }
	app.OnRecordAfterCreateSuccess(clinic.Users).BindFunc(forget)
	app.OnRecordAfterDeleteSuccess(clinic.Users).BindFunc(forget)
	app.OnRecordAfterUpdateSuccess(clinic.Users).BindFunc(func(e *core.RecordEvent) error {
		before := e.Record.Original()
		if slices.ContainsFunc([]string{"name", "status", "role"}, func(field string) bool { return before.GetString(field) != e.Record.GetString(field) }) {
			r.forget()
		}
		return e.Next()
	})
	app.OnRecordAfterCreateError(clinic.Users).BindFunc(func(e *core.RecordErrorEvent) error { r.forget(); return e.Next() })
}

// now gives the names as they are. Within a transaction that changes members they may be those from before it.
func (r *roll) now(app core.App) (*listed, error) {
	r.mu.RLock()
	before, generation := r.listed, r.generation
	r.mu.RUnlock()
	if before != nil {
		return before, nil
	}
	var rows []struct {
		Name
		Role clinic.Role `db:"role"`
	}
	if err := app.DB().Select("id AS member", "name", "role").From(clinic.Users).Where(dbx.Not(dbx.HashExp{"status": clinic.Removed})).All(&rows); err != nil {
		return nil, err
	}
	list, works := make([]Name, len(rows)), map[string]bool{}
	for i, row := range rows {
		list[i] = row.Name
		if row.Role.Works() {
			works[row.Member] = true
		}
	}
	now := &listed{NewNames(list), works}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation == generation {
		r.listed = now
	}
	return now, nil
}

// sight says whose name a writer is not to write, of those whom they may know. Who works here knows every member, and may name
// colleagues, who stand there by name for everyone. Others, an outside doctor among them, know whose name stands on something that is
// shown in their community, and its leads, and learn of no other by a finding.
type sight struct {
	works        map[string]bool
	acquaintance *acquaintance
	everyone     bool
	communities  []string
	failed       error
}

// first gives the first of those who have one name whom the writer may know.
func (s *sight) first(members []string) (string, bool) {
	if s.everyone {
		at := slices.IndexFunc(members, func(member string) bool { return !s.works[member] })
		if at < 0 {
			return "", false
		}
		return members[at], true
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
	for _, said := range []string{p.Phone, p.Emergency, p.EmergencyOther, p.CrisisLine, p.Address, p.URL} {
		if said = strings.TrimSpace(said); said != "" {
			out = append(out, string(fold(said).bytes))
		}
	}
	return out
}
