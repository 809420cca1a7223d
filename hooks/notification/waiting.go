package notification

import (
	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// waiting is one notification that a letter or a message is due for, or that stands in the list, with the state of what it is
// about: of a comment, the post above as well.
type waiting struct {
	ID          string `db:"id"`
	Kind        Kind   `db:"kind"`
	Community   string `db:"community"`
	Author      string `db:"author"`
	Status      string `db:"status"`
	Unseen      bool   `db:"unseen"`
	AboveAuthor string `db:"above_author"`
	AboveStatus string `db:"above_status"`
	AboveUnseen bool   `db:"above_unseen"`
}

// sees reports whether a viewer may be told of something, as it is now.
func sees(v *access.Viewer, w waiting) bool {
	if w.Author == "" || w.Status == clinic.Deleted {
		return false // gone for good, or a tombstone, to which nobody needs to be led
	}
	return v.Sees(w.Community, w.Author, w.Status, w.Unseen) &&
		(w.AboveAuthor == "" || v.Sees(w.Community, w.AboveAuthor, w.AboveStatus, w.AboveUnseen))
}

// The parts of what is asked of notifications. Package access is asked about each row that comes.
const (
	// state gives the columns of waiting. Of a hold only its author is told, so that it counts as theirs and is seen by nobody
	// else; what is gone altogether has no author.
	state = `n.id, n.kind, n.community, COALESCE(p.author, c.author, h.author, '') AS author, COALESCE(p.status, c.status, 'held') AS status,
		COALESCE(p.unseen, c.unseen, TRUE) AS unseen, COALESCE(t.author, '') AS above_author, COALESCE(t.status, '') AS above_status,
		COALESCE(t.unseen, FALSE) AS above_unseen`
	// joined is a notification with what it is about and the post above.
	joined = ` FROM notifications n LEFT JOIN posts p ON p.id = n.piece LEFT JOIN comments c ON c.id = n.piece
		LEFT JOIN holds h ON h.id = n.piece LEFT JOIN posts t ON t.id = n.thread`
	// wanted leaves out what a member has muted since, and whose writer they have blocked.
	wanted = ` WHERE n.member = {:member}
		AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.member = n.member AND b.blocked = n.actor)
		AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = n.member AND m.post = n.thread)
		AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.member = n.member AND m.community = n.community)`

	// countQuery gives what is unread; a larger number of it tells nobody more.
	countQuery = "SELECT " + state + joined + wanted + " AND n.page = 1 AND n.read = '' ORDER BY n.at DESC, n.id DESC LIMIT 100"
	// letterQuery gives what waits for a letter; more than its limit is "many" to anybody. That mail is not empty is said because
	// SQLite does not know it of a parameter, and has an index of those rows alone.
	letterQuery = "SELECT " + state + joined + wanted + " AND n.mail = {:cadence} AND n.mail != '' AND n.read = '' ORDER BY n.at DESC LIMIT 200"
	// pushQuery gives what waits for a message.
	pushQuery = "SELECT " + state + joined + wanted + " AND n.push = 1 AND n.read = '' LIMIT 200"
	// listQuery gives a page of the list, and one more; oneQuery one entry of it.
	listQuery = entries + joined + withActor + wanted + " AND n.page = 1 AND (n.at, n.id) < ({:at}, {:id}) ORDER BY n.at DESC, n.id DESC LIMIT 31"
	oneQuery  = entries + joined + withActor + wanted + " AND n.id = {:id}"

	entries = "SELECT n.at, n.read, n.thread, n.piece, n.actor, " + state + `, COALESCE(t.title, '') AS title,
		COALESCE((SELECT k.name FROM communities k WHERE k.id = n.community), '') AS community_name,
		COALESCE(u.name, '') AS name, COALESCE(u.role, '') AS role, COALESCE(u.title, '') AS actor_title, COALESCE(u.status, '') AS actor_status`
	// The index is named because SQLite reads the whole table once it has counted a practice that had few members.
	withActor = " LEFT JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = n.actor"
)
