package notification

import (
	"encoding/json"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// told is one member who is told of something.
type told struct {
	viewer *access.Viewer
	kind   Kind
	wants  wants
	last   time.Time // when the last letter at once went to them
}

// tellable leaves of those whom a job concerns the ones who may see it now.
func (d *desk) tellable(about *subject, concerned []concern) ([]told, error) {
	var out []told
	var ids []string
	for _, c := range concerned {
		viewer, err := d.house.Member(c.Member)
		if err != nil {
			return nil, err
		}
		if viewer != nil && sees(viewer, about.waiting) {
			out = append(out, told{viewer: viewer, kind: ranks[c.Rank]})
			ids = append(ids, c.Member)
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	wishes, err := d.wishes(d.app, ids)
	if err != nil {
		return nil, err
	}
	lasts, err := d.lasts(ids)
	for i, t := range out {
		out[i].wants, out[i].last = wishes.of(t.viewer), lasts[t.viewer.ID]
	}
	return out, err
}

// lasts says when the last letter at once went to each of some members.
func (d *desk) lasts(members []string) (map[string]time.Time, error) {
	var rows []struct {
		Member string `db:"member"`
		Last   string `db:"last"`
	}
	err := d.app.DB().NewQuery("SELECT member, last FROM notification_letters WHERE cadence = 'now' AND member IN (SELECT value FROM json_each({:members}))").
		Bind(dbx.Params{"members": list(members)}).All(&rows)
	out := map[string]time.Time{}
	for _, row := range rows {
		out[row.Member] = access.ParseDate(row.Last)
	}
	return out, err
}

// list writes ids as SQLite's json_each reads them.
func list(ids []string) string {
	text, err := json.Marshal(ids)
	if err != nil {
		panic(err) // strings always marshal
	}
	return string(text)
}

// row is one notification as the statements below read it.
type row struct {
	ID     string `json:"id"`
	Member string `json:"member"`
	Kind   Kind   `json:"kind"`
	Page   bool   `json:"page"`
	Mail   string `json:"mail"`
	Push   bool   `json:"push"`
	Due    string `json:"due"`      // of the letter
	PushAt string `json:"push_due"` // of the message
}

// tell writes the notifications of a batch, in the caller's transaction, and sets when their letters and messages are due. A
// letter that is due already stays so. It returns what it wrote.
func (d *desk) tell(tx core.App, j job, about *subject, batch []told) ([]row, error) {
	rows := d.rows(batch)
	if len(rows) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return nil, err
	}
	actor := j.Actor
	if j.Kind == decided {
		actor = "" // who decided stands nowhere where the author looks
	}
	params := dbx.Params{"rows": string(text), "key": keyOf(j), "community": about.Community, "thread": about.Thread, "piece": about.ID,
		"actor": actor, "at": j.At}
	for _, statement := range []string{
		`INSERT OR IGNORE INTO notifications (id, member, key, kind, community, thread, piece, actor, at, page, mail, push)
			SELECT value ->> 'id', value ->> 'member', {:key}, value ->> 'kind', {:community}, {:thread}, {:piece}, {:actor}, {:at},
				value ->> 'page', value ->> 'mail', value ->> 'push' FROM json_each({:rows})`,
		`INSERT INTO notification_letters (member, cadence, due) SELECT value ->> 'member', value ->> 'mail', value ->> 'due'
			FROM json_each({:rows}) WHERE value ->> 'mail' != '' ON CONFLICT (member, cadence) DO UPDATE SET due = excluded.due WHERE due = ''`,
		`UPDATE push_subscriptions SET due = r.value ->> 'push_due', tries = 0 FROM json_each({:rows}) r
			WHERE push_subscriptions.member = r.value ->> 'member' AND r.value ->> 'push' AND push_subscriptions.due = ''`,
	} {
		if err := run(tx, statement, params); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// keyOf names what a member is told of once, whatever happens to it meanwhile.
func keyOf(j job) string {
	if j.Kind == edited {
		return said + ":" + j.Piece
	}
	return j.Kind + ":" + j.Piece + j.Event
}

// rows says by which ways each member of a batch is told, and when. Who wants to hear of a kind by no way gets none.
func (d *desk) rows(batch []told) []row {
	now, push := d.house.Now(), d.house.Practice().Push
	var out []row
	for _, t := range batch {
		ways := t.wants.Kinds[t.kind]
		r := row{ID: core.GenerateDefaultRandomId(), Member: t.viewer.ID, Kind: t.kind, Page: ways.Page, Push: ways.Push && push}
		if ways.Mail != Never && t.viewer.Confirmed {
			r.Mail, r.Due = ways.Mail, access.Date(t.wants.Due(ways.Mail, now, t.last, t.wants.zone))
		}
		if r.Push {
			r.PushAt = access.Date(t.wants.AfterQuiet(now, t.wants.zone))
		}
		if r.Page || r.Mail != "" || r.Push {
			out = append(out, r)
		}
	}
	return out
}
