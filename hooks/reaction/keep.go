package reaction

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// What stands in this file holds for every writer of a reaction, and keeps the numbers right in the same transaction.

// given refuses a reaction that its member may not give: to what they cannot see, what is not shown, or their own.
func (d *desk) given(e *core.RecordEvent) error {
	r := e.Record
	if fault := Kind(r.GetString("kind")); fault != nil {
		return access.Refuse(e.App, fault)
	}
	viewer, piece, err := d.house.ByMember(e, r.GetString("piece"))
	switch {
	case err != nil:
		return err
	case piece.Author == viewer.ID:
		return access.Refuse(e.App, Own)
	case piece.Status != clinic.Shown:
		return access.Refuse(e.App, NotShown)
	}
	r.Set("post", piece.Post)
	r.Set("community", piece.Community)
	return counted(e, r.GetString("piece"))
}

func takenBack(e *core.RecordEvent) error { return counted(e, e.Record.GetString("piece")) }

// counted stores or removes a reaction and counts its piece's anew, both or neither.
func counted(e *core.RecordEvent, piece string) error {
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := e.Next(); err != nil {
			return err
		}
		for _, table := range []string{clinic.Posts, clinic.Comments} {
			err := run(tx, "UPDATE "+table+` SET reactions = (SELECT json_group_object(kind, n) FROM
				(SELECT kind, COUNT(*) AS n FROM reactions WHERE piece = {:piece} GROUP BY kind)) WHERE id = {:piece}`, dbx.Params{"piece": piece})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// goneWith takes the reactions away with a post or comment that the dashboard removes for good.
func goneWith(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return run(e.App, "DELETE FROM reactions WHERE piece = {:piece}", dbx.Params{"piece": e.Record.Id})
}

// leftBehind takes a member who leaves a community off the reactions that they gave there. The numbers stay: if they fell when
// somebody leaves, who compares them would learn what that person had marked.
func leftBehind(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	return run(e.App, `UPDATE reactions SET member = '-' || lower(hex(randomblob(7))) WHERE member = {:member} AND community = {:community}`,
		dbx.Params{"member": e.Record.GetString("member"), "community": e.Record.GetString("community")})
}

func run(app core.App, statement string, params dbx.Params) error {
	_, err := app.DB().NewQuery(statement).Bind(params).Execute()
	return err
}
