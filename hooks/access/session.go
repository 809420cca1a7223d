package access

import (
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Session is one sign-in on one device. The database keeps the hash of its token, the browser the token in an HttpOnly cookie.
type Session struct {
	ID, Member, Device string
	Started, Seen      time.Time
	Expires            time.Time     // absolute
	Fresh              time.Time     // when the password was last entered
	Idle               time.Duration // how long without activity ends it
}

// Ends is when the session ends if nothing more is done: automatic log-off, 45 CFR 164.312(a)(2)(iii).
func (s Session) Ends() time.Time {
	idle := s.Seen.Add(s.Idle)
	if idle.Before(s.Expires) {
		return idle
	}
	return s.Expires
}

// sessions remembers live sessions by the hash of their token, and the last activity of each, which the database learns once
// a minute.
type sessions struct {
	mu         sync.Mutex
	generation uint64
	byHash     map[string]*remembered
}

type remembered struct {
	Session
	stored time.Time // the activity that the database knows
}

// storeEvery is how much activity a crash may forget: a session then ends that much sooner.
const storeEvery = time.Minute

func (s *sessions) init() { s.byHash = map[string]*remembered{} }

func (s *sessions) forget(match func(Session) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.generation++
	for hash, session := range s.byHash {
		if match(session.Session) {
			delete(s.byHash, hash)
		}
	}
}

func (s *sessions) forgetEnded(now time.Time) {
	s.forget(func(session Session) bool { return now.After(session.Ends()) })
}

// background says that a request was made by the page itself, not by the person: it keeps no session alive.
func background(r *http.Request) bool { return r.Header.Get("X-Background") != "" }

// recognise finds the viewer behind the request's token. An ended session makes a guest, and the guard says the rest.
func (e *Event) recognise() error {
	token := e.House.token(e.Request)
	if len(token) != 43 { // clinic.NewToken's length: anything else is not one of ours
		return nil
	}
	var err error
	e.Viewer, err = e.House.behind(clinic.Hash(token), !e.quiet && !background(e.Request))
	return err
}

// live returns the session with this hash if it has not ended, and notes activity.
func (h *House) live(hash string, active bool) (*Session, error) {
	now := h.Now()
	h.session.mu.Lock()
	known, generation := h.session.byHash[hash], h.session.generation
	h.session.mu.Unlock()
	if known == nil {
		loaded, err := h.loadSession(hash)
		if err != nil || loaded == nil {
			return nil, err
		}
		known = &remembered{Session: *loaded, stored: loaded.Seen}
	}
	session, due := h.session.remember(hash, known, generation, now, active)
	if session == nil || !due {
		return session, nil
	}
	_, err := h.app.DB().NewQuery("UPDATE sessions SET seen = {:seen} WHERE id = {:id}").
		Bind(dbx.Params{"seen": Date(now), "id": session.ID}).Execute()
	return session, err
}

// remember keeps a session in memory, unless some ended since the generation that it was read in, and gives a copy of it: nil where it
// has ended. due says that its activity is to be stored. That is for the caller: who ends sessions waits for this lock inside a
// transaction, so nobody may wait for the database while they hold it.
func (s *sessions) remember(hash string, known *remembered, generation uint64, now time.Time, active bool) (session *Session, due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if now.After(known.Ends()) {
		delete(s.byHash, hash)
		return nil, false
	}
	if active && now.After(known.Seen) {
		known.Seen = now
	}
	if s.generation == generation {
		s.byHash[hash] = known
	}
	if due = active && now.Sub(known.stored) >= storeEvery; due {
		known.stored = now
	}
	copied := known.Session
	return &copied, due
}

func (h *House) loadSession(hash string) (*Session, error) {
	records, err := h.app.FindRecordsByFilter(clinic.Sessions, "token_hash = {:hash}", "", 1, 0, dbx.Params{"hash": hash})
	if err != nil || len(records) == 0 {
		return nil, err
	}
	session := readSession(records[0])
	return &session, nil
}

func readSession(r *core.Record) Session {
	return Session{
		ID: r.Id, Member: r.GetString("member"), Device: r.GetString("device"), Started: r.GetDateTime("created").Time(),
		Seen: r.GetDateTime("seen").Time(), Expires: r.GetDateTime("expires").Time(), Fresh: r.GetDateTime("fresh").Time(),
		Idle: time.Duration(r.GetInt("idle")) * time.Second,
	}
}

// Issue makes a session for a member and returns its token, which is nowhere else. Only after a password, an accepted
// invitation, or the set-up.
func (h *House) Issue(app core.App, member *core.Record, device string) (Session, string, error) {
	collection, err := app.FindCachedCollectionByNameOrId(clinic.Sessions)
	if err != nil {
		return Session{}, "", err
	}
	now, token := h.Now(), clinic.NewToken()
	record := core.NewRecord(collection)
	record.Load(map[string]any{
		"member": member.Id, "token_hash": clinic.Hash(token), "device": device, "seen": now, "fresh": now,
		"expires": now.Add(clinic.SessionLife), "idle": int(h.Practice().Idle(clinic.Role(member.GetString("role"))).Seconds()),
	})
	if err := h.Save(app, record); err != nil {
		return Session{}, "", err
	}
	return readSession(record), token, nil
}

// Start signs a member in on this request's device: a new session, its cookie in the answer, and the Viewer of this event.
// The session this browser had before is ended.
func (e *Event) Start(app core.App, member *core.Record) error {
	if e.Viewer != nil {
		if err := e.House.End(app, e.Viewer.Session.ID); err != nil {
			return err
		}
	}
	session, token, err := e.House.Issue(app, member, Device(e.Request.UserAgent()))
	if err != nil {
		return err
	}
	viewer, err := loadViewer(app, member.Id)
	if err != nil {
		return err
	}
	if viewer == nil {
		return clinic.SignInRequired
	}
	viewer.Session = session
	e.Viewer = viewer
	e.setCookie(token, int(clinic.SessionLife.Seconds()))
	return nil
}

// SignIn starts a session for a member whose password was right, unless what it was compared with has changed since.
func (e *Event) SignIn(member *core.Record) error {
	before := e.Viewer
	e.Viewer = nil
	err := e.App.RunInTransaction(func(tx core.App) error {
		if err := Unchanged(tx, member); err != nil {
			return err
		}
		return e.Start(tx, member)
	})
	if err != nil || before == nil {
		return err
	}
	return e.House.End(e.App, before.Session.ID) // not before the commit, or memory would learn it anew
}

// SignOut ends this request's session and takes its cookie back.
func (e *Event) SignOut() error {
	e.setCookie("", -1)
	if e.Viewer == nil {
		return nil
	}
	return e.House.End(e.App, e.Viewer.Session.ID)
}

// Refresh notes that the password was entered just now, for what asks for a fresh sign-in.
func (e *Event) Refresh() error {
	e.Viewer.Session.Fresh = e.House.Now()
	_, err := e.App.DB().NewQuery("UPDATE sessions SET fresh = {:fresh} WHERE id = {:id}").
		Bind(dbx.Params{"fresh": Date(e.House.Now()), "id": e.Viewer.Session.ID}).Execute()
	e.House.session.forget(func(s Session) bool { return s.ID == e.Viewer.Session.ID })
	return err
}

// Sessions lists a member's live sessions, the latest first.
func (h *House) Sessions(app core.App, member string) ([]Session, error) {
	records, err := app.FindRecordsByFilter(clinic.Sessions, "member = {:member} && expires > {:now}", "-created", 100, 0,
		dbx.Params{"member": member, "now": Date(h.Now())})
	if err != nil {
		return nil, err
	}
	out := []Session{}
	for _, record := range records {
		if session := readSession(record); h.Now().Before(session.Ends()) {
			out = append(out, session)
		}
	}
	return out, nil
}

// End ends one session.
func (h *House) End(app core.App, id string) error {
	_, err := app.DB().NewQuery("DELETE FROM sessions WHERE id = {:id}").Bind(dbx.Params{"id": id}).Execute()
	committed(app, func() {
		h.session.forget(func(s Session) bool { return s.ID == id })
		h.tell(Changed{Session: id})
	})
	return err
}

// EndAll ends every session of a member but one (or none: except may be empty).
func (h *House) EndAll(app core.App, member, except string) error {
	_, err := app.DB().NewQuery("DELETE FROM sessions WHERE member = {:member} AND id != {:except}").
		Bind(dbx.Params{"member": member, "except": except}).Execute()
	committed(app, func() { h.forgetSessions(member) })
	return err
}

func (h *House) forgetSessions(member string) {
	h.session.forget(func(s Session) bool { return s.Member == member })
	h.tell(Changed{Member: member})
}
