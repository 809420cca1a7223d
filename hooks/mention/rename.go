package mention

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/markdown"
)

// renamed puts a member's new name in place of the old one wherever they are mentioned: of who was removed no name stays, neither
// in what is shown nor in what it said before.
func renamed(e *core.RecordEvent) error {
	before := e.Record.Original()
	was, status := before.GetString("name"), before.GetString("status")
	if err := e.Next(); err != nil {
		return err
	}
	name := e.Record.GetString("name")
	if was == name && (status == clinic.Removed) == (e.Record.GetString("status") == clinic.Removed) {
		return nil
	}
	for _, table := range []string{
		"SELECT t.id, t.body, t.community, t.author, 'posts' AS place FROM mentions m JOIN posts t ON t.id = m.piece WHERE m.member = {:member}",
		"SELECT t.id, t.body, t.community, t.author, 'comments' AS place FROM mentions m JOIN comments t ON t.id = m.piece WHERE m.member = {:member}",
		`SELECT v.id, v.body, m.community, v.author, 'post_versions' AS place FROM mentions m JOIN post_versions v ON v.post = m.piece WHERE m.member = {:member}
			AND v.comment = ''`,
		"SELECT v.id, v.body, m.community, v.author, 'post_versions' AS place FROM mentions m JOIN post_versions v ON v.comment = m.piece WHERE m.member = {:member}",
	} {
		if err := rename(e.App, table, e.Record.Id, name); err != nil {
			return err
		}
	}
	return nil
}

func rename(tx core.App, query, member, name string) error {
	var rows []struct {
		ID        string `db:"id"`
		Body      string `db:"body"`
		Community string `db:"community"`
		Author    string `db:"author"`
		Place     string `db:"place"`
	}
	if err := tx.DB().NewQuery(query).Bind(dbx.Params{"member": member}).All(&rows); err != nil {
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
