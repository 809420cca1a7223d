// Package access says who may come in and what they may see. Every capability asks here and nowhere else.
//
// It promises: a route exists only with a guard; a session that has ended, a member who was suspended or whose role changed,
// is out with the next request; a member who has not acknowledged the policies that apply reads nothing of the community;
// and what the house keeps itself (members, invitations, sessions, policies' versions) is written by the house alone, whatever
// door a writer came through.
package access

import (
	"context"
	"net/netip"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// House is what the capabilities share: the key, the clock, where the practice is reached, and who is signed in.
// It is made once, by hooks.Register.
type House struct {
	Key clinic.Key
	// Now is the clock; rules take time from it, so that a test can set it.
	Now func() time.Time
	// Dev leaves the dashboard's collection editor open. Never set on a practice's server.
	Dev bool

	app      core.App
	mu       sync.RWMutex
	place    place
	doors    []Door
	declared map[string]bool // their patterns
	told     []func(Changed)
	noticed  []func(member string)
	members  members
	faces    faces
	session  sessions
	tries    throttle
	saved    practice
}

// place is where the process is reached; serve sets it before the first request.
type place struct {
	url        string
	named      bool // by who started the process: goes before the practice's setting
	proxies    []netip.Prefix
	superusers []netip.Prefix
}

// Options are what a House is made from. A zero Now means the system's clock.
type Options struct {
	Key clinic.Key
	Now func() time.Time
	Dev bool
}

// New makes the House and binds what must hold for every writer.
func New(app core.App, options Options) *House {
	if options.Now == nil {
		options.Now = time.Now
	}
	h := &House{Key: options.Key, Now: options.Now, Dev: options.Dev, app: app, declared: map[string]bool{}}
	h.members.init()
	h.session.init()
	h.tries.init(h.Now)
	h.place.url = "http://127.0.0.1:8090"
	lock(app)
	h.keepMembersRight()
	h.keepFacesRight()
	h.keepPracticeRight()
	h.closeDoors()
	h.auditOperators()
	h.tidy()
	return h
}

// Reached says where the practice is: the public URL, without a slash at its end, and which proxies and operators' addresses
// are trusted. Called by serve before the first request.
func (h *House) Reached(url string, proxies, superusers []netip.Prefix) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.place = place{url: url, proxies: proxies, superusers: superusers}
}

func (h *House) where() place {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.place
}

type byHouse struct{}

// Save writes a record in the house's own name: the only way to write what the house keeps itself. Of a record that is there
// already only the fields that were changed are written: one that was read a moment ago, as before a password was hashed,
// takes nothing back that somebody else changed since.
func (h *House) Save(app core.App, record *core.Record) error {
	record.IgnoreUnchangedFields(true)
	return app.SaveWithContext(context.WithValue(context.Background(), byHouse{}, true), record)
}

// Delete removes a record in the house's own name.
func (h *House) Delete(app core.App, record *core.Record) error {
	return app.DeleteWithContext(context.WithValue(context.Background(), byHouse{}, true), record)
}

// ByHouse reports whether a record event comes from House.Save or House.Delete: what else writes to a collection that others may
// write too leaves alone the fields that are the house's.
func ByHouse(e *core.RecordEvent) bool { return e.Context.Value(byHouse{}) != nil }

// kept are the collections that only the house writes. Letters and their attempts are kept by package mails likewise.
var kept = []string{
	clinic.Users, clinic.Practices, clinic.Sessions, clinic.AccountTokens, clinic.AuditEntries, clinic.Communities, clinic.Memberships,
	clinic.Invitations, clinic.InvitationTokens, clinic.InvitationEvents, clinic.PolicyVersions, clinic.Acknowledgements,
	clinic.Cases, clinic.CaseVersions, clinic.CaseAnswers, clinic.CaseQuestions, clinic.CaseDrafts,
	clinic.PolicyDrafts, clinic.PolicyRefusals, clinic.PolicyEvents, clinic.PolicyMailings, clinic.Authorizations, clinic.PostVersions, clinic.Drafts,
	clinic.Holds, clinic.HoldEvents, clinic.Reports, clinic.Reviews, clinic.Files,
	clinic.Reactions, clinic.Follows, clinic.Saves, clinic.Mutes, clinic.Blocks, clinic.Mentions, clinic.Renames, clinic.Visits,
}

// lock refuses any write to what the house keeps that did not come through House.Save or House.Delete: the dashboard's, a
// batch's, an import's. It stands at the record event because every writer passes there.
func lock(app core.App) {
	guard := func(e *core.RecordEvent) error {
		if e.Context.Value(byHouse{}) == nil {
			return Refuse(e.App, clinic.OnlyByHouse)
		}
		return e.Next()
	}
	app.OnRecordCreate(kept...).BindFunc(guard)
	app.OnRecordUpdate(kept...).BindFunc(guard)
	app.OnRecordDelete(kept...).BindFunc(guard)
}

// tidy removes ended sessions, spent tokens and old idempotency keys every hour, in one statement each.
func (h *House) tidy() {
	h.app.Cron().MustAdd("kinward_tidy", "7 * * * *", func() {
		now := h.Now()
		for _, statement := range []string{
			"DELETE FROM sessions WHERE expires < {:date}",
			"DELETE FROM account_tokens WHERE expires < {:date}",
			"DELETE FROM idempotency_keys WHERE expires < {:unix}",
		} {
			params := dbx.Params{"date": Date(now), "unix": now.Unix()}
			if _, err := h.app.DB().NewQuery(statement).Bind(params).Execute(); err != nil {
				h.app.Logger().Error("tidying up", "statement", statement, "error", err)
			}
		}
		h.session.forgetEnded(now)
		h.tries.forget(now)
	})
}

// Date writes a time as the database keeps it, so that text order is time order.
func Date(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000Z") }

// ParseDate reads what Date wrote; an empty or damaged one gives the zero time.
func ParseDate(s string) time.Time {
	t, _ := time.Parse("2006-01-02 15:04:05.000Z", s)
	return t
}

// Moment turns what Date wrote into RFC 3339, as the doors answer; an empty one stays empty.
func Moment(s string) string {
	if len(s) < 11 {
		return ""
	}
	return s[:10] + "T" + s[11:]
}
