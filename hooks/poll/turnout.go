package poll

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

type group = clinic.TurnoutGroup

// grouped tells roles apart only where each group has Batch members: smaller roles are put together, and with the smallest of the others
// until they are enough. Of a group of three, "one is missing" would be about a person.
func grouped(roles []group) []group {
	slices.SortFunc(roles, func(a, b group) int { return cmp.Or(b.Members-a.Members, cmp.Compare(a.Roles[0], b.Roles[0])) })
	var out []group
	rest := group{}
	for _, g := range roles {
		if g.Members >= Batch {
			out = append(out, g)
		} else {
			rest = joined(rest, g)
		}
	}
	for rest.Members > 0 && rest.Members < Batch && len(out) > 0 {
		rest, out = joined(out[len(out)-1], rest), out[:len(out)-1]
	}
	if rest.Members > 0 {
		out = append(out, rest)
	}
	if len(out) < 2 {
		return []group{}
	}
	return out
}

func joined(a, b group) group {
	return group{Roles: slices.Concat(a.Roles, b.Roles), Members: a.Members + b.Members, Missing: a.Missing + b.Missing}
}

// turnouts remembers what was counted, since it is asked for with every look at a poll, and a community can be large.
type turnouts struct {
	mu    sync.Mutex
	known map[string]counted
}

type counted struct {
	at time.Time
	is *clinic.Turnout
}

const (
	rememberedFor  = time.Minute
	mostRemembered = 500
)

func (t *turnouts) forget(post string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.known, post)
}

func (t *turnouts) recall(post string, now time.Time) *clinic.Turnout {
	t.mu.Lock()
	defer t.mu.Unlock()
	if found, there := t.known[post]; there && now.Sub(found.at) < rememberedFor {
		return found.is
	}
	return nil
}

func (t *turnouts) remember(post string, now time.Time, is *clinic.Turnout) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.known) >= mostRemembered {
		clear(t.known)
	}
	t.known[post] = counted{now, is}
}

// turnout is the count of the active members of a poll's community, and of those who have not voted.
func (d *desk) turnout(s *state) (*clinic.Turnout, error) {
	now := d.house.Now()
	if known := d.turnouts.recall(s.Post, now); known != nil {
		return known, nil
	}
	out, err := count(d.app, s)
	if err == nil {
		d.turnouts.remember(s.Post, now, out)
	}
	return out, err
}

func count(app core.App, s *state) (*clinic.Turnout, error) {
	var rows []struct {
		Role    string `db:"role"`
		Members int    `db:"members"`
		Missing int    `db:"missing"`
	}
	err := app.DB().NewQuery(`SELECT u.role, COUNT(*) AS members, SUM(v.voter IS NULL) AS missing
		FROM memberships m JOIN users u ON u.id = m.member LEFT JOIN poll_voters v ON v.post = {:post} AND v.voter = m.member
		WHERE m.community = {:community} AND u.status = 'active' GROUP BY u.role`).
		Bind(dbx.Params{"post": s.Post, "community": s.Community}).All(&rows)
	if err != nil {
		return nil, err
	}
	out := &clinic.Turnout{}
	var roles []group
	for _, r := range rows {
		roles = append(roles, group{Roles: []clinic.Role{clinic.Role(r.Role)}, Members: r.Members, Missing: r.Missing})
		out.Members += r.Members
		out.Missing += r.Missing
	}
	out.Groups = grouped(roles)
	err = app.DB().NewQuery("SELECT COUNT(*) FROM poll_voters WHERE post = {:post}").Bind(dbx.Params{"post": s.Post}).Row(&out.Voted)
	return out, err
}
