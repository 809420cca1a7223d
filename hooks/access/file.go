package access

import "kinward/hooks/clinic"

// Standing is what of a post or comment decides who may see it.
type Standing struct {
	Author, Status string
	Unseen         bool
}

// Carried is what of a file, and of the post or comment that carries it, decides who may see the file.
type Carried struct {
	Owner, Community string
	// Piece carries the file; nil while none does. Post is the one above, where Piece is a comment.
	Piece, Post *Standing
	// Current: the piece shows it now. One that an earlier version showed is for those who may read that version.
	Current bool
}

// SeesFile reports whether the viewer may know that a file exists: whoever put it there, and who sees the piece that carries it.
// With the piece's tombstone it is gone for everyone else at once.
func (v *Viewer) SeesFile(f Carried) bool {
	switch {
	case f.Owner == v.ID:
		return true
	case f.Piece == nil, f.Piece.Status == clinic.Deleted, !v.sees(f.Community, f.Piece):
		return false
	case f.Post != nil && !v.sees(f.Community, f.Post):
		return false
	}
	return f.Current || v.Moderates(f.Community)
}

func (v *Viewer) sees(community string, s *Standing) bool {
	return v.Sees(community, s.Author, s.Status, s.Unseen)
}
