package access

import (
	"maps"
	"slices"
	"strings"

	"kinward/hooks/clinic"
)

// Desk lets in who may decide on what others wrote, somewhere: leads, members of a community with the right moderate, and
// admins, who step in where nobody else is left. What of the desk each of them sees, the doors ask for each thing.
var Desk = also("Desk", func(v *Viewer) bool { return v.Has(clinic.Admin) || len(v.Desks()) > 0 })

// Moderates reports whether the viewer decides on what others wrote in a community that they are in.
func (v *Viewer) Moderates(community string) bool {
	return v.Leads(community) || v.In(community) && v.Has(clinic.Moderate)
}

// Desks lists the communities that the viewer moderates, in a fixed order.
func (v *Viewer) Desks() []string {
	out := slices.Collect(maps.Keys(v.Communities))
	out = slices.DeleteFunc(out, func(community string) bool { return !v.Moderates(community) })
	slices.Sort(out)
	return out
}

// Sees reports whether the viewer may know that a post or comment of a community exists. A held one is seen by its author and
// by those who decide; so is the mark of one that was removed before anybody else had seen it.
func (v *Viewer) Sees(community, author, status string, unseen bool) bool {
	hidden := status == clinic.Held || unseen
	return v.In(community) && (!hidden || author == v.ID || v.Moderates(community))
}

// Who may decide on a hold, as SQL over a row h of holds and a row u of users. Nobody decides on their own writing. A second
// look is another person's than who decided before. Where no such person sits at the desk of the community, an admin of the
// practice decides, in the community or not: the only other choice would be that nobody does. Of a programme for substance use nothing
// leaves it (42 CFR 2.13(a)): there nobody does, until the admin is let in.
var (
	// MayDecide says whether the user u may decide on the hold h.
	MayDecide = "(" + fresh("u") + " AND (" + atDesk("u") + " OR " + admins("u") +
		" AND NOT EXISTS (SELECT 1 FROM users o WHERE " + atDesk("o") + " AND " + fresh("o") + ")))"
	// SecondLookBy names who would look a second time at the hold h: 'desk', 'admin', or '' if there is nobody.
	SecondLookBy = "CASE WHEN EXISTS (SELECT 1 FROM users u WHERE " + atDesk("u") + " AND " + undecided("u") + ") THEN 'desk'" +
		" WHEN EXISTS (SELECT 1 FROM users u WHERE " + admins("u") + " AND " + undecided("u") + ") THEN 'admin' ELSE '' END"
)

func atDesk(u string) string {
	return as(u, `u.status = 'active' AND u.id != h.author AND EXISTS (SELECT 1 FROM memberships m WHERE m.member = u.id
		AND m.community = h.community AND (m.lead = TRUE AND u.role = 'provider' OR u.rights LIKE '%"moderate"%' OR u.rights LIKE '%"admin"%'))`)
}

func admins(u string) string {
	return as(u, `u.status = 'active' AND u.id != h.author AND u.rights LIKE '%"admin"%' AND NOT EXISTS (SELECT 1 FROM communities k
		WHERE k.id = h.community AND k.kind = 'substance_use' AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.member = u.id AND m.community = k.id))`)
}

// undecided: this user has not decided on the hold before.
func undecided(u string) string {
	return as(u, `NOT EXISTS (SELECT 1 FROM hold_events d WHERE d.hold = h.id AND d.by = u.id AND d.kind IN ('published', 'returned', 'removed'))`)
}

func fresh(u string) string { return "(h.state != 'second_look' OR " + undecided(u) + ")" }

// as gives the row of users that a condition is about another name.
func as(u, condition string) string { return strings.ReplaceAll(condition, "u.", u+".") }

// Decider is somebody who may decide on a hold, as a letter needs them.
type Decider struct {
	ID       string `db:"id"`
	Name     string `db:"name"`
	Email    string `db:"email"`
	Language string `db:"language"`
}
