package access

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Piece is a post, or a comment with the post above it, as far as it decides who may see it. Of a post, Post is its own id.
type Piece struct {
	ID        string `db:"id"`
	Post      string `db:"post"`
	Community string `db:"community"`
	Author    string `db:"author"`
	Status    string `db:"status"`
	Unseen    bool   `db:"unseen"`
	Above
}

// Above is what of the post above a comment decides who may see the comment; of a post it is its own. A statement that lists
// pieces reads AboveColumns of the post p into it.
type Above struct {
	AboveAuthor string `db:"above_author"`
	AboveStatus string `db:"above_status"`
	AboveUnseen bool   `db:"above_unseen"`
}

// AboveColumns are the columns of a post p that Above holds.
const AboveColumns = "p.author AS above_author, p.status AS above_status, p.unseen AS above_unseen"

const (
	pieceOfPosts    = `SELECT p.id, p.id AS post, p.community, p.author, p.status, p.unseen, ` + AboveColumns + ` FROM posts p WHERE p.id = {:id}`
	pieceOfComments = `SELECT c.id, c.post, c.community, c.author, c.status, c.unseen, ` + AboveColumns + `
		FROM comments c JOIN posts p ON p.id = c.post WHERE c.id = {:id}`
)

// FindPiece reads a post or comment, whichever the collection says; an empty collection means either. It returns
// clinic.NotFound where there is none.
func FindPiece(app core.App, collection, id string) (Piece, error) {
	var p Piece
	query := pieceOfPosts
	if collection == clinic.Comments {
		query = pieceOfComments
	}
	err := Missing(app.DB().NewQuery(query).Bind(dbx.Params{"id": id}).One(&p))
	if err == clinic.NotFound && collection == "" {
		return FindPiece(app, clinic.Comments, id)
	}
	return p, err
}

// SeesPiece reports whether the viewer may know that a post or comment exists: a comment no more than the post above it.
func (v *Viewer) SeesPiece(p Piece) bool {
	return v.Sees(p.Community, p.Author, p.Status, p.Unseen) && v.Sees(p.Community, p.AboveAuthor, p.AboveStatus, p.AboveUnseen)
}

// Piece reads the post or comment that the path names. To who may not see it, it is not there.
func (e *Event) Piece(collection string) (Piece, error) {
	p, err := FindPiece(e.App, collection, e.Request.PathValue("id"))
	if err == nil && !e.Viewer.SeesPiece(p) {
		return Piece{}, clinic.NotFound
	}
	return p, err
}

// ByMember reads the active member that a record names at member and the piece that it names, and refuses the record with
// clinic.NotFound where that member may not see it: a rule for every writer, whoever asked at which door.
func (h *House) ByMember(e *core.RecordEvent, piece string) (*Viewer, Piece, error) {
	viewer, err := h.Member(e.Record.GetString("member"))
	if err != nil {
		return nil, Piece{}, err
	}
	p, err := FindPiece(e.App, "", piece)
	if err == clinic.NotFound || err == nil && (viewer == nil || !viewer.SeesPiece(p)) {
		return nil, p, Refuse(e.App, clinic.NotFound)
	}
	return viewer, p, err
}
