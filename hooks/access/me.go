package access

import (
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
)

// Me is what GET /me answers, and every door that signs somebody in.
type Me struct {
	Member account `json:"member"`
	account
	Role        clinic.Role    `json:"role"`
	Rights      []clinic.Right `json:"rights"`
	Owes        []clinic.Owed  `json:"owes"`
	Communities []ownCommunity `json:"communities"`
	Session     SessionState   `json:"session"`
}

type account struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Title    string `json:"title"`
	Language string `json:"language"`
}

type ownCommunity struct {
	ID   string `json:"id" db:"id"`
	Name string `json:"name" db:"name"`
	Lead bool   `json:"lead" db:"lead"`
}

// SessionState is how long a session still lives, in whole seconds.
type SessionState struct {
	SignedIn bool      `json:"signed_in"`
	Left     int       `json:"idle_seconds_left"`
	Idle     int       `json:"idle_seconds"`
	Warn     int       `json:"warn_seconds"`
	Expires  time.Time `json:"expires"`
}

// SessionState is the state of this request's session. There must be a Viewer.
func (e *Event) SessionState() SessionState {
	s := e.Viewer.Session
	return SessionState{
		SignedIn: true, Left: int(s.Ends().Sub(e.House.Now()).Seconds()), Idle: int(s.Idle.Seconds()),
		Warn: int(clinic.IdleWarningBefore.Seconds()), Expires: s.Expires,
	}
}

// Me says who the Viewer is and what stands between them and the community. The communities' names are part of the
// community: they are told only once nothing blocks everything. There must be a Viewer.
func (e *Event) Me() (Me, error) {
	v := e.Viewer
	who := account{v.ID, v.Name, v.Email, v.Title, v.Language}
	out := Me{
		Member: who, account: who, Role: v.Role, Rights: v.Rights, Owes: v.Owing(e.House.Now()), Communities: []ownCommunity{}, Session: e.SessionState(),
	}
	if out.Rights == nil {
		out.Rights = []clinic.Right{}
	}
	if len(v.Blocking(clinic.BlocksAll, e.House.Now())) > 0 {
		return out, nil
	}
	err := e.App.DB().NewQuery(`SELECT c.id, c.name, m.lead FROM memberships m JOIN communities c ON c.id = m.community
		WHERE m.member = {:member} AND c.status = 'open' ORDER BY c.name COLLATE NOCASE LIMIT 200`).
		Bind(dbx.Params{"member": v.ID}).All(&out.Communities)
	return out, err
}
