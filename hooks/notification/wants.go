package notification

import (
	"encoding/json"
	"maps"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// wants is how one member wants to be told, and the time zone that their clock is in.
type wants struct {
	Choices
	zone *time.Location
	name string // of the time zone; empty until the member's own is known
}

// wishes are the choices of some members, as far as they made any.
type wishes struct {
	chosen map[string]struct{ choices, zone string }
	usual  *time.Location
}

// wishes reads what members chose.
func (d *desk) wishes(app core.App, members []string) (wishes, error) {
	var rows []struct {
		Member  string `db:"member"`
		Choices string `db:"choices"`
		Zone    string `db:"zone"`
	}
	err := app.DB().NewQuery("SELECT member, choices, zone FROM notification_choices WHERE member IN (SELECT value FROM json_each({:members}))").
		Bind(dbx.Params{"members": list(members)}).All(&rows)
	out := wishes{chosen: map[string]struct{ choices, zone string }{}}
	for _, row := range rows {
		out.chosen[row.Member] = struct{ choices, zone string }{row.Choices, row.Zone}
	}
	if err != nil {
		return out, err
	}
	out.usual, err = d.usualZone(app)
	return out, err
}

// of gives what a member wants: what they chose, on what their role begins with.
func (w wishes) of(v *access.Viewer) wants {
	out := wants{Choices: Defaults(v.Role), zone: w.usual}
	chosen, is := w.chosen[v.ID]
	if !is {
		return out
	}
	own := Defaults(v.Role)
	own.Kinds = nil
	if json.Unmarshal([]byte(chosen.choices), &own) == nil {
		kinds := out.Kinds
		maps.Copy(kinds, own.Kinds)
		out.Choices = own
		out.Kinds = kinds
	}
	if zone := Zone(chosen.zone); zone != nil {
		out.zone, out.name = zone, chosen.zone
	}
	return out
}

// usualZone is the time zone that most members have: whoever's own is not known yet most likely lives there too. Before
// anybody's is known it is the server's.
func (d *desk) usualZone(app core.App) (*time.Location, error) {
	var names []string
	err := app.DB().NewQuery("SELECT zone FROM notification_choices WHERE zone != '' GROUP BY zone ORDER BY COUNT(*) DESC, zone LIMIT 1").Column(&names)
	if err == nil && len(names) == 1 {
		if zone := Zone(names[0]); zone != nil {
			return zone, nil
		}
	}
	return time.Local, err
}

// wantsOf is what one member wants.
func (d *desk) wantsOf(app core.App, v *access.Viewer) (wants, error) {
	all, err := d.wishes(app, []string{v.ID})
	return all.of(v), err
}

// keep stores what a member chose.
func keep(tx core.App, member string, w wants, now time.Time) error {
	text, err := json.Marshal(w.Choices)
	if err != nil {
		return err
	}
	return run(tx, `INSERT INTO notification_choices (member, choices, zone, updated) VALUES ({:member}, {:choices}, {:zone}, {:now})
		ON CONFLICT (member) DO UPDATE SET choices = excluded.choices, zone = excluded.zone, updated = excluded.updated`,
		dbx.Params{"member": member, "choices": string(text), "zone": w.name, "now": access.Date(now)})
}
