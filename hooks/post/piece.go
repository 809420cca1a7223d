package post

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
)

// piece is a post, or a comment (then Post says of which), whole, as the one who changes it needs it.
type piece struct {
	ID          string `db:"id"`
	Community   string `db:"community"`
	Post        string `db:"post"`
	Parent      string `db:"parent"`
	Author      string `db:"author"`
	Kind        string `db:"kind"`
	Title       string `db:"title"`
	Body        string `db:"body"`
	HTML        string `db:"html"`
	Status      string `db:"status"`
	Created     string `db:"created"`
	Updated     string `db:"updated"`
	Edited      string `db:"edited"`
	Unseen      bool   `db:"unseen"`
	Comments    int    `db:"comments"`
	Answers     int    `db:"answers"` // comments of others than its author
	LastComment string `db:"last_comment"`
	Reactions   string `db:"reactions"`
}

// readPost returns a post, or clinic.NotFound.
func readPost(app core.App, id string) (*piece, error) {
	return readPiece(app, `SELECT id, community, '' AS post, '' AS parent, author, kind, title, body, html, status, unseen, created, updated, edited,
		comments, answers, last_comment, reactions FROM posts WHERE id = {:id}`, id)
}

// readComment returns a comment, or clinic.NotFound.
func readComment(app core.App, id string) (*piece, error) {
	return readPiece(app, `SELECT id, community, post, parent, author, '' AS kind, '' AS title, body, html, status, unseen, created, updated, edited,
		0 AS comments, 0 AS answers, '' AS last_comment, reactions FROM comments WHERE id = {:id}`, id)
}

func readPiece(app core.App, query, id string) (*piece, error) {
	var p piece
	if err := app.DB().NewQuery(query).Bind(dbx.Params{"id": id}).One(&p); err != nil {
		return nil, access.Missing(err)
	}
	return &p, nil
}

// keepVersion stores what a piece said until now.
func keepVersion(tx core.App, p *piece) error {
	post, comment, at := p.ID, "", p.Created
	if p.Post != "" {
		post, comment = p.Post, p.ID
	}
	if p.Edited != "" {
		at = p.Edited
	}
	return run(tx, `INSERT INTO post_versions (id, post, comment, author, title, body, html, created, updated)
		VALUES ({:id}, {:post}, {:comment}, {:author}, {:title}, {:body}, {:html}, {:at}, {:at})`,
		dbx.Params{"id": core.GenerateDefaultRandomId(), "post": post, "comment": comment, "author": p.Author, "title": p.Title,
			"body": p.Body, "html": p.HTML, "at": at})
}
