package reaction

import (
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// A person presses a few of these in a minute; a program presses more.
const (
	mostGiven   = 120
	givenWithin = time.Minute
)

// answer is how a piece stands after the viewer has given or taken back a reaction.
type answer struct {
	Reactions map[string]int `json:"reactions"`
	Mine      []string       `json:"mine"`
}

// put gives a reaction. Given twice it is given once.
func (d *desk) put(collection string) access.Handler {
	return d.change(collection, func(e *access.Event, tx core.App, piece access.Piece, kind string, before *core.Record) error {
		if before != nil {
			return nil
		}
		found, err := tx.FindCachedCollectionByNameOrId(clinic.Reactions)
		if err != nil {
			return err
		}
		record := core.NewRecord(found)
		record.Load(map[string]any{"member": e.Viewer.ID, "piece": piece.ID, "kind": kind})
		return d.house.Save(tx, record)
	})
}

// drop takes a reaction back. What was not given stays not given.
func (d *desk) drop(collection string) access.Handler {
	return d.change(collection, func(e *access.Event, tx core.App, _ access.Piece, _ string, before *core.Record) error {
		if before == nil {
			return nil
		}
		return d.house.Delete(tx, before)
	})
}

type step func(e *access.Event, tx core.App, piece access.Piece, kind string, before *core.Record) error

func (d *desk) change(collection string, do step) access.Handler {
	return func(e *access.Event) error {
		piece, err := e.Piece(collection)
		if err != nil {
			return err
		}
		kind := e.Request.PathValue("kind")
		if fault := Kind(kind); fault != nil {
			return clinic.Faults(fault)
		}
		if e.Request.Method == http.MethodPut { // it is a number and no words: it waits for nothing that one owes
			if err := access.Writable(e.App, piece.Community); err != nil {
				return err
			}
		}
		if err := d.house.Try("reactions of "+e.Viewer.ID, mostGiven, givenWithin); err != nil {
			return err
		}
		var out answer
		err = e.App.RunInTransaction(func(tx core.App) error {
			before, err := mine(tx, e.Viewer.ID, piece.ID, kind)
			if err != nil {
				return err
			}
			if err := do(e, tx, piece, kind, before); err != nil {
				return err
			}
			out, err = read(tx, collection, piece.ID, e.Viewer.ID)
			return err
		})
		if err != nil {
			return err
		}
		return e.Write(http.StatusOK, out)
	}
}

// mine reads a member's reaction of a kind to a piece, or nil.
func mine(tx core.App, member, piece, kind string) (*core.Record, error) {
	found, err := tx.FindRecordsByFilter(clinic.Reactions, "member = {:member} && piece = {:piece} && kind = {:kind}", "", 1, 0,
		dbx.Params{"member": member, "piece": piece, "kind": kind})
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func read(tx core.App, collection, piece, member string) (answer, error) {
	var kept string
	out := answer{Mine: []string{}}
	params := dbx.Params{"piece": piece, "member": member}
	if err := tx.DB().NewQuery("SELECT reactions FROM " + collection + " WHERE id = {:piece}").Bind(params).Row(&kept); err != nil {
		return out, err
	}
	out.Reactions = Counts(kept)
	err := tx.DB().NewQuery("SELECT kind FROM reactions WHERE member = {:member} AND piece = {:piece} ORDER BY kind").Bind(params).Column(&out.Mine)
	return out, err
}
