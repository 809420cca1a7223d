package invitation

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// show fills a page of rows with their people, communities and timelines: three queries, however many rows.
func show(e *access.Event, app core.App, rows []row) ([]listed, error) {
	timelines, err := timelines(app, rows)
	if err != nil {
		return nil, err
	}
	people, err := people(e, app, rows, timelines)
	if err != nil {
		return nil, err
	}
	communities, err := everyRoom(app)
	if err != nil {
		return nil, err
	}
	out := []listed{}
	for _, r := range rows {
		item := listed{
			ID: r.ID, Email: r.Email, Role: clinic.Role(r.Role), Communities: []room{}, Language: r.Language, Status: Status(r.Status),
			NeedsCode: r.Code, Locked: r.Tries >= MaxTries, Returning: r.Returning != "", Member: r.Member, Batch: r.Batch,
			ProposedBy: people[r.ProposedBy], ApprovedBy: people[r.ApprovedBy], Created: access.Moment(r.Created),
			Expires: access.Moment(r.Expires), AskedAgain: access.Moment(r.AskedAgain), Timeline: []event{}, Can: r.can(e.Viewer),
		}
		var named []string
		_ = json.Unmarshal([]byte(r.Communities), &named) // an empty field names none
		for _, id := range named {
			if c, there := communities[id]; there && r.tells(e.Viewer, c) {
				item.Communities = append(item.Communities, room{ID: id, Name: c.Name})
			}
		}
		for _, line := range timelines[r.ID] {
			item.Timeline = append(item.Timeline, event{line.Kind, access.Moment(line.At), people[line.By], line.Detail, line.Reason})
		}
		// Expiry is a matter of time, not of the cron that writes it down.
		if Status(r.Status) == Expired && (len(item.Timeline) == 0 || item.Timeline[len(item.Timeline)-1].Kind != string(Expired)) {
			item.Timeline = append(item.Timeline, event{Kind: string(Expired), At: item.Expires})
		}
		out = append(out, item)
	}
	return out, nil
}

func (r row) can(v *access.Viewer) can {
	s := Status(r.Status)
	provider := v.Role == clinic.Provider
	hands := handsOut(v, clinic.Role(r.Role), r.Returning != "")
	_, resend := s.AfterResend(r.AskedAgain != "")
	return can{
		Approve: provider && s == Proposed, Resend: provider && hands && resend, Revoke: s.Revocable() && (provider || s == Proposed),
		Print: hands && s.Living(), Link: provider && hands && s.Living(),
	}
}

// line is an event as the database has it.
type line struct {
	Invitation string `db:"invitation"`
	Kind       string `db:"kind"`
	At         string `db:"at"`
	By         string `db:"by"`
	Detail     string `db:"detail"`
	Reason     string `db:"reason"`
}

func timelines(app core.App, rows []row) (map[string][]line, error) {
	ids := make([]any, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	var lines []line
	err := app.DB().Select("invitation", "kind", "at", "by", "detail", "reason").From(clinic.InvitationEvents).
		Where(dbx.In("invitation", ids...)).OrderBy("invitation", "created", "rowid").All(&lines)
	out := map[string][]line{}
	for _, l := range lines {
		out[l.Invitation] = append(out[l.Invitation], l)
	}
	return out, err
}

func people(e *access.Event, app core.App, rows []row, timelines map[string][]line) (map[string]*access.Person, error) {
	wanted := map[string]bool{}
	for _, r := range rows {
		wanted[r.ProposedBy], wanted[r.ApprovedBy] = true, true
		for _, l := range timelines[r.ID] {
			wanted[l.By] = true
		}
	}
	delete(wanted, "")
	var ids []any
	for id := range wanted {
		ids = append(ids, id)
	}
	var found []struct{ ID, Name, Role, Title, Status string }
	err := app.DB().Select("id", "name", "role", "title", "status").From(clinic.Users).Where(dbx.In("id", ids...)).All(&found)
	out := map[string]*access.Person{}
	for _, m := range found {
		person := access.NewPerson(e.Language(), m.ID, m.Name, m.Role, m.Title, m.Status)
		out[m.ID] = &person
	}
	return out, err
}

// tells reports whether the viewer is told that this invitation is for a community. It says what a patient has, so as in the
// list of people only who is in it is told, and admins; and who proposed it knows what they wrote.
func (r row) tells(v *access.Viewer, c room) bool {
	return v.In(c.ID) || v.Has(clinic.Admin) && v.Knows(c.ID, c.Kind, true) || r.ProposedBy == v.ID && v.Knows(c.ID, c.Kind, true)
}

func everyRoom(app core.App) (map[string]room, error) {
	var rows []room
	err := app.DB().Select("id", "name", "kind").From(clinic.Communities).All(&rows)
	out := map[string]room{}
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, err
}
