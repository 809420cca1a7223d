package access

import (
	"database/sql"
	"encoding/json"
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// Face is what is shown of a member beside what they wrote, before it is said in a language.
type Face struct{ Name, Role, Title, Status string }

// Person is the member of an id and this face as others see them.
func (f Face) Person(id, language string) Person {
	return NewPerson(language, id, f.Name, f.Role, f.Title, f.Status)
}

// departed is shown where a member is not in the database: as one who has left.
var departed = Face{Status: clinic.Removed}

// faces remembers members by their id, in bounded memory: a page has many authors, and to look each up again costs as much as the
// page itself. A change raises the generation, so that what was read before it is not kept.
type faces struct {
	mu         sync.RWMutex
	generation uint64
	byID       map[string]Face
}

// mostFaces are some 8 MB.
const mostFaces = 40_000

// FacesQuery gives members by their ids. It names the index: left to itself, SQLite reads the whole table once it has counted a practice
// that had few members, and goes on so until it counts again.
const FacesQuery = `SELECT u.id, u.name, u.role, u.title, u.status FROM json_each(?1) r CROSS JOIN users u INDEXED BY sqlite_autoindex_users_1 ON u.id = r.value`

func (f *faces) forget(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.generation++
	delete(f.byID, id)
}

// recall puts the faces that are known into those that are wanted, and gives the ids of the others.
func (f *faces) recall(wanted map[string]Face) (unknown []string, generation uint64) {
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

func (f *faces) remember(read map[string]Face, generation uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.generation != generation {
		return
	}
	if f.byID == nil || len(f.byID)+len(read) > mostFaces {
		f.byID = make(map[string]Face, len(read))
	}
	for id, one := range read {
		f.byID[id] = one
	}
}

// keepFacesRight forgets whoever changes. It is bound before every capability, so that a page which is made anew because somebody
// changed shows them as they are.
func (h *House) keepFacesRight() {
	forget := func(e *core.RecordEvent) error {
		h.faces.forget(e.Record.Id)
		return e.Next()
	}
	h.app.OnRecordAfterCreateSuccess(clinic.Users).BindFunc(forget)
	h.app.OnRecordAfterUpdateSuccess(clinic.Users).BindFunc(forget)
	h.app.OnRecordAfterDeleteSuccess(clinic.Users).BindFunc(forget)
}

// Faces fills in the faces of the members whose ids are given, as the database has them: one query, and none where all are known. Who
// is not there has left.
func (h *House) Faces(of map[string]Face) error {
	for id := range of {
		of[id] = departed
	}
	unknown, generation := h.faces.recall(of)
	if len(unknown) == 0 {
		return nil
	}
	read, err := readFaces(h.app.ConcurrentDB().(*dbx.DB).DB(), unknown) // the app's own pool, never a transaction's
	if err != nil {
		return err
	}
	h.faces.remember(read, generation)
	for id, one := range read {
		of[id] = one
	}
	return nil
}

func readFaces(db *sql.DB, ids []string) (map[string]Face, error) {
	asked, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows, err := db.Query(FacesQuery, string(asked))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := make(map[string]Face, len(ids))
	for rows.Next() {
		var id string
		var one Face
		if err := rows.Scan(&id, &one.Name, &one.Role, &one.Title, &one.Status); err != nil {
			return nil, err
		}
		out[id] = one
	}
	return out, rows.Err()
}
