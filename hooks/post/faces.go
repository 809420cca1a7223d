package post

import (
	"database/sql"
	"encoding/json"
	"sync"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// face is what is shown of a member beside what they wrote, before it is said in a language.
type face struct{ name, role, title, status string }

// of is a face as others see it.
func (f face) of(id, language string) access.Person {
	return access.NewPerson(language, id, f.name, f.role, f.title, f.status)
}

// nobody is shown where an author is not in the database: as one who has left.
var nobody = face{status: clinic.Removed}

// faces remembers members by their id, in bounded memory: a page has many authors, and to look each up again costs as much as the
// page itself. Whoever changes is forgotten before the pages are that they stand on (changes.watch). A change raises the
// generation, so that what was read before it is not kept.
type faces struct {
	mu         sync.RWMutex
	generation uint64
	byID       map[string]face
}

// mostFaces are some 8 MB.
const mostFaces = 40_000

// facesQuery gives members by their ids.
const facesQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM json_each(?1) r CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = r.value`

func (f *faces) forget(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.generation++
	delete(f.byID, id)
}

// recall puts the faces that are known into those that are wanted, and gives the ids of the others.
func (f *faces) recall(wanted map[string]face) (unknown []string, generation uint64) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for id := range wanted {
		if known, ok := f.byID[id]; ok {
			wanted[id] = known
		} else {
			unknown = append(unknown, id)
		}
	}
	return unknown, f.generation
}

func (f *faces) remember(read map[string]face, generation uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation != generation {
		return
	}
	if f.byID == nil || len(f.byID)+len(read) > mostFaces {
		f.byID = make(map[string]face, len(read))
	}
	for id, one := range read {
		f.byID[id] = one
	}
}

// nameAuthors puts beside each line who wrote it, and beside each review who made it: one query for a page, and none where all of
// them are known.
func (d *desk) nameAuthors(lines []line) error {
	wanted := make(map[string]face, len(lines))
	for i := range lines {
		wanted[lines[i].author] = nobody
		if r := lines[i].reviewed; r != nil {
			wanted[r.By] = nobody
		}
	}
	unknown, generation := d.changes.faces.recall(wanted)
	if len(unknown) > 0 {
		read, err := readFaces(d.reader(), unknown)
		if err != nil {
			return err
		}
		d.changes.faces.remember(read, generation)
		for id, one := range read {
			wanted[id] = one
		}
	}
	for i := range lines {
		lines[i].by = wanted[lines[i].author]
		if r := lines[i].reviewed; r != nil {
			r.by = wanted[r.By]
		}
	}
	return nil
}

func readFaces(db *sql.DB, ids []string) (map[string]face, error) {
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(facesQuery, string(asked))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[string]face, len(ids))
	for rows.Next() {
		var id string
		var one face
		if err := rows.Scan(&id, &one.name, &one.role, &one.title, &one.status); err != nil {
			return nil, err
		}
		out[id] = one
	}
	return out, rows.Err()
}
