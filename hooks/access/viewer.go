package access

import (
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Viewer is who is asking: what the doors need of a member, kept in memory and dropped whenever a record that it was made
// from changes. It is shared between requests: never change it.
type Viewer struct {
	ID, Name, Email, Title, Language string
	Role                             clinic.Role
	Rights                           []clinic.Right
	// Confirmed says that whoever reads mail at Email has shown that they are this member. Nothing but what was asked for goes elsewhere.
	Confirmed bool
	// Communities are those the member is in; the value says whether they lead it.
	Communities map[string]bool
	// Owes is what stands between the member and the community, dates included; Owing and Blocking say what counts now.
	Owes []clinic.Owed
	// Session is the one of this request; a Viewer from Member has the zero Session.
	Session Session
}

// Has reports whether the viewer was given a right; admin implies the others.
func (v *Viewer) Has(right clinic.Right) bool {
	return slices.Contains(v.Rights, right) || slices.Contains(v.Rights, clinic.Admin)
}

// In reports whether the viewer is a member of a community.
func (v *Viewer) In(community string) bool { _, in := v.Communities[community]; return in }

// Knows reports whether the viewer may know that a community of this kind exists. That a practice runs a programme for
// substance use is its own secret (42 CFR Part 2 section 2.13(c)): nobody outside of it is told, admins included. What providers have
// among themselves is theirs; an admin must be able to hand it over. Patients and caregivers know what they are in.
func (v *Viewer) Knows(community, kind string, open bool) bool {
	switch {
	case v.In(community):
		return true
	case kind == clinic.KindSubstanceUse:
		return false
	case v.Has(clinic.Admin):
		return true
	case !open, kind == clinic.KindProgramme:
		return false
	case kind == clinic.KindProviderRoom:
		return v.Role == clinic.Provider
	}
	return v.Role.Works()
}

// Leads reports whether the viewer is an active lead provider of a community.
func (v *Viewer) Leads(community string) bool {
	return v.Role == clinic.Provider && v.Communities[community]
}

// Owing lists what the viewer owes now, due or not yet.
func (v *Viewer) Owing(now time.Time) []clinic.Owed {
	out := []clinic.Owed{}
	for _, owed := range v.Owes {
		if owed.From == nil || !now.Before(*owed.From) {
			out = append(out, owed)
		}
	}
	return out
}

// Blocking lists what the viewer owes now that blocks at least this much. What is due later blocks nothing yet.
func (v *Viewer) Blocking(what string, now time.Time) []clinic.Owed {
	var out []clinic.Owed
	for _, owed := range v.Owes {
		if owed.Due != nil && now.Before(*owed.Due) {
			continue
		}
		if owed.Blocks == clinic.BlocksAll || what == clinic.BlocksWrite {
			out = append(out, owed)
		}
	}
	return out
}

// members remembers viewers by their id. A change raises the generation, so that what was read before it is not kept.
type members struct {
	mu         sync.RWMutex
	generation uint64
	byID       map[string]*Viewer
}

// mostRemembered bounds the memory that viewers take; the busiest practice has far fewer signed in at once.
const mostRemembered = 20_000

func (m *members) init() { m.byID = map[string]*Viewer{} }

func (m *members) forget(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generation++
	delete(m.byID, id)
}

func (m *members) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generation++
	clear(m.byID)
}

func (m *members) recall(id string) (*Viewer, uint64) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.byID[id], m.generation
}

func (m *members) remember(v *Viewer, generation uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.generation != generation {
		return
	}
	if len(m.byID) >= mostRemembered {
		clear(m.byID)
	}
	m.byID[v.ID] = v
}

// Member returns an active member as the doors see them, or nil if there is none.
func (h *House) Member(id string) (*Viewer, error) {
	known, generation := h.members.recall(id)
	if known != nil {
		return known, nil
	}
	v, err := loadViewer(h.app, id)
	if v != nil && err == nil {
		h.members.remember(v, generation)
	}
	return v, err
}

func loadViewer(app core.App, id string) (*Viewer, error) {
	record, err := app.FindRecordById(clinic.Users, id)
	if err != nil || record.GetString("status") != clinic.Active {
		return nil, nil // no such active member: to the doors both are a guest
	}
	v := &Viewer{
		ID: id, Name: record.GetString("name"), Email: record.Email(), Title: record.GetString("title"),
		Language: record.GetString("language"), Role: clinic.Role(record.GetString("role")), Communities: map[string]bool{},
		Confirmed: record.Verified(),
	}
	for _, right := range record.GetStringSlice("rights") {
		v.Rights = append(v.Rights, clinic.Right(right))
	}
	var rows []struct {
		Community string `db:"community"`
		Lead      bool   `db:"lead"`
	}
	err = app.DB().Select("community", "lead").From(clinic.Memberships).Where(dbx.HashExp{"member": id}).All(&rows)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		v.Communities[row.Community] = row.Lead
	}
	if v.Owes, err = owes(app, id, v.Role, record.GetInt("stint")); err != nil {
		return nil, err
	}
	cases, err := owesCases(app, id, v.Role, record.GetString("stint_began"))
	v.Owes = append(v.Owes, cases...)
	return v, err
}

// keepMembersRight drops what is remembered whenever a record changes that it was made from, and ends the sessions of who
// may no longer come in.
func (h *House) keepMembersRight() {
	about := func(field string) func(e *core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			member := e.Record.GetString(field)
			h.members.forget(member)
			h.tell(Changed{Member: member})
			return e.Next()
		}
	}
	all := func(e *core.RecordEvent) error {
		h.members.forgetAll()
		h.tell(Changed{})
		return e.Next()
	}
	for collection, forget := range map[string]func(e *core.RecordEvent) error{
		clinic.Users: about("id"), clinic.Memberships: about("member"), clinic.Acknowledgements: about("member"),
		clinic.PolicyRefusals: about("member"), clinic.Authorizations: about("member"), clinic.Policies: all, clinic.PolicyVersions: all,
		clinic.CaseAnswers: about("member"), clinic.Cases: all, clinic.CaseVersions: all,
	} {
		h.app.OnRecordAfterCreateSuccess(collection).BindFunc(forget)
		h.app.OnRecordAfterUpdateSuccess(collection).BindFunc(forget)
		h.app.OnRecordAfterDeleteSuccess(collection).BindFunc(forget)
	}
	h.app.OnRecordUpdate(clinic.Users).BindFunc(h.endWhenChanged)
	h.app.OnRecordAfterUpdateSuccess(clinic.Users).BindFunc(func(e *core.RecordEvent) error {
		h.forgetSessions(e.Record.Id) // those that still live are read from the database again
		return e.Next()
	})
}

// endWhenChanged ends every session of a member whose state, role, rights, address or password changes, and the links that
// wait in a mailbox where state, address or password do, within the same transaction; the one session that made the change
// may be started anew by its action.
func (h *House) endWhenChanged(e *core.RecordEvent) error {
	before := e.Record.Original().Clone()
	if err := e.Next(); err != nil { // PocketBase refreshes the token key of a changed password on its way
		return err
	}
	changed := before.TokenKey() != e.Record.TokenKey() || before.GetString("status") != e.Record.GetString("status")
	if changed { // a link that was asked for with the old password, or sent to the old address, opens nothing any more
		_, err := e.App.DB().NewQuery("DELETE FROM account_tokens WHERE member = {:member} AND spent = ''").
			Bind(dbx.Params{"member": e.Record.Id}).Execute()
		if err != nil {
			return err
		}
	}
	for _, field := range []string{"role", "email"} {
		changed = changed || before.GetString(field) != e.Record.GetString(field)
	}
	// Of a list GetString gives nothing at all.
	changed = changed || !slices.Equal(before.GetStringSlice("rights"), e.Record.GetStringSlice("rights"))
	if !changed {
		return nil
	}
	return h.EndAll(e.App, e.Record.Id, "")
}

// Writable returns a fault while nobody may write in a community: it has no active lead provider, or it is archived.
func Writable(app core.App, community string) error {
	var state struct {
		Open bool `db:"open"`
		Led  bool `db:"led"`
	}
	err := app.DB().NewQuery(`SELECT c.status = 'open' AS open, EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.member
			WHERE m.community = c.id AND m.lead = TRUE AND u.role = 'provider' AND u.status = 'active') AS led
		FROM communities c WHERE c.id = {:community}`).Bind(dbx.Params{"community": community}).One(&state)
	switch {
	case err != nil:
		return Missing(err)
	case !state.Open:
		return clinic.Archived
	case !state.Led:
		return clinic.WithoutLead
	}
	return nil
}
