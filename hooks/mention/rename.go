package mention

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// A new name is put in place of the old one wherever its member is mentioned: of who was removed no name stays, neither in what is
// shown nor in what it said before. That may be thousands of texts: what is stored with the name is one row, and the texts are put
// right afterwards, some in each transaction, which also notes how far it came.

// renameBatch is how many pieces one transaction puts right.
const renameBatch = 50

const (
	renameLooksAgain = 10 * time.Minute // for clocks that jump and machines that sleep
	renameTriesAgain = time.Minute      // after a failure, which the log has
)

// renamed notes in the transaction of a change that a member's name is another now.
func (d *desk) renamed(e *core.RecordEvent) error {
	before, app := e.Record.Original(), e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := e.Next(); err != nil {
			return err
		}
		if before.GetString("name") == e.Record.GetString("name") &&
			(before.GetString("status") == clinic.Removed) == (e.Record.GetString("status") == clinic.Removed) {
			return nil
		}
		return d.note(tx, e.Record.Id)
	})
}

// note stores that a member's mentions are to be put right, from the first one.
func (d *desk) note(tx core.App, member string) error {
	record, err := tx.FindFirstRecordByData(clinic.Renames, "member", member)
	if errors.Is(err, sql.ErrNoRows) {
		var collection *core.Collection
		if collection, err = tx.FindCachedCollectionByNameOrId(clinic.Renames); err == nil {
			record = core.NewRecord(collection)
			record.Set("member", member)
		}
	}
	if err != nil {
		return err
	}
	record.Set("reached", "")
	return d.house.Save(tx, record)
}

// Rename puts new names in place of old ones until ctx is done: at once those that a dead process left, and then whenever there is
// one. Run it once for a data folder, and keep the app open until it returned.
func Rename(ctx context.Context, app core.App) error {
	d, ok := app.Store().Get(inStore).(*desk)
	if !ok {
		return errors.New("mention: Register was not called for this app")
	}
	for {
		again := renameLooksAgain
		if err := d.renameAll(ctx); err != nil {
			app.Logger().Error("new names wait", "error", err)
			again = renameTriesAgain
		}
		timer := time.NewTimer(again)
		select {
		case <-ctx.Done():
		case <-d.bell:
		case <-timer.C:
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// renameAll puts right all that is noted now.
func (d *desk) renameAll(ctx context.Context) error {
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = d.renameNext(); err != nil {
			return err
		}
	}
	return nil
}

// ring wakes who renames, after the commit.
func (d *desk) ring(e *core.RecordEvent) error {
	select {
	case d.bell <- struct{}{}:
	default:
	}
	return e.Next()
}

// renameNext puts the next pieces right in which the member is mentioned whose name was noted first.
func (d *desk) renameNext() (more bool, err error) {
	err = d.app.RunInTransaction(func(tx core.App) error {
		var job, name string
		err := tx.DB().NewQuery("SELECT r.id, COALESCE(u.name, '') FROM renames r LEFT JOIN users u ON u.id = r.member ORDER BY r.created, r.id LIMIT 1").Row(&job, &name)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		more = true
		record, err := tx.FindRecordById(clinic.Renames, job)
		if err != nil {
			return err
		}
		member, pieces := record.GetString("member"), []string{}
		err = tx.DB().NewQuery("SELECT piece FROM mentions WHERE member = {:member} AND piece > {:reached} ORDER BY piece LIMIT {:most}").
			Bind(dbx.Params{"member": member, "reached": record.GetString("reached"), "most": renameBatch}).Column(&pieces)
		if err != nil {
			return err
		}
		if err := rename(tx, pieces, member, name); err != nil {
			return err
		}
		if len(pieces) < renameBatch {
			return d.house.Delete(tx, record)
		}
		record.Set("reached", pieces[len(pieces)-1])
		return d.house.Save(tx, record)
	})
	return more, err
}

// namedTexts gives the texts of some pieces: as they are shown, and as they were before.
const namedTexts = `SELECT t.id, t.body, t.community, t.author, 'posts' AS place FROM json_each({:pieces}) p JOIN posts t ON t.id = p.value
	UNION ALL SELECT t.id, t.body, t.community, t.author, 'comments' FROM json_each({:pieces}) p JOIN comments t ON t.id = p.value
	UNION ALL SELECT v.id, v.body, t.community, v.author, 'post_versions' FROM json_each({:pieces}) p JOIN posts t ON t.id = p.value
		JOIN post_versions v ON v.post = t.id AND v.comment = ''
	UNION ALL SELECT v.id, v.body, t.community, v.author, 'post_versions' FROM json_each({:pieces}) p JOIN comments t ON t.id = p.value
		JOIN post_versions v ON v.comment = t.id`

func rename(tx core.App, pieces []string, member, name string) error {
	asked, err := json.Marshal(pieces)
	if err != nil {
		return err
	}
	var rows []struct {
		ID        string `db:"id"`
		Body      string `db:"body"`
		Community string `db:"community"`
		Author    string `db:"author"`
		Place     string `db:"place"`
	}
	if err := tx.DB().NewQuery(namedTexts).Bind(dbx.Params{"pieces": string(asked)}).All(&rows); err != nil {
		return err
	}
	for _, row := range rows {
		body := markdown.Rename(row.Body, member, name)
		if body == row.Body {
			continue
		}
		html := markdown.RenderNaming(body, func(member string) (string, bool) { return access.Mentionable(tx, row.Community, row.Author, member) })
		err := run(tx, "UPDATE "+row.Place+" SET body = {:body}, html = {:html} WHERE id = {:id}", dbx.Params{"body": body, "html": html, "id": row.ID})
		if err != nil {
			return err
		}
	}
	return nil
}
