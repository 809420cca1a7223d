package follow

import (
	"net/http"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// mark is one thing to keep or let go: the collection, and the fields that name it. It is not there (clinic.NotFound) to who may
// not see what it is about.
type mark struct {
	collection string
	fields     dbx.Params
}

type marker func(e *access.Event) (mark, error)

func follows(e *access.Event) (mark, error) {
	piece, err := e.Piece(clinic.Posts)
	return mark{clinic.Follows, dbx.Params{"post": piece.ID}}, err
}

func savesOf(collection string) marker {
	return func(e *access.Event) (mark, error) {
		piece, err := e.Piece(collection)
		return mark{clinic.Saves, dbx.Params{"piece": piece.ID}}, err
	}
}

func mutesPost(e *access.Event) (mark, error) {
	piece, err := e.Piece(clinic.Posts)
	return mark{clinic.Mutes, dbx.Params{"post": piece.ID, "community": ""}}, err
}

func mutesCommunity(e *access.Event) (mark, error) { // its guard asked for the membership
	return mark{clinic.Mutes, dbx.Params{"post": "", "community": e.Request.PathValue("id")}}, nil
}

// blocks takes a member whom the viewer can meet; the record event says so.
func blocks(e *access.Event) (mark, error) {
	return mark{clinic.Blocks, dbx.Params{"blocked": e.Request.PathValue("id")}}, nil
}

// unblocks is for anyone who was blocked once, met or not.
func unblocks(e *access.Event) (mark, error) { return blocks(e) }

// put makes a mark of the viewer's. Made twice it is there once.
func (d *desk) put(of marker) access.Handler {
	return d.change(of, func(tx core.App, m mark, before *core.Record) error {
		if before != nil {
			return nil
		}
		collection, err := tx.FindCachedCollectionByNameOrId(m.collection)
		if err != nil {
			return err
		}
		record := core.NewRecord(collection)
		record.Load(m.fields)
		return d.house.Save(tx, record)
	})
}

// drop takes a mark of the viewer's away, if it is there.
func (d *desk) drop(of marker) access.Handler {
	return d.change(of, func(tx core.App, _ mark, before *core.Record) error {
		if before == nil {
			return nil
		}
		return d.house.Delete(tx, before)
	})
}

func (d *desk) change(of marker, do func(tx core.App, m mark, before *core.Record) error) access.Handler {
	return func(e *access.Event) error {
		m, err := of(e)
		if err != nil {
			return err
		}
		m.fields["member"] = e.Viewer.ID
		err = e.App.RunInTransaction(func(tx core.App) error {
			before, err := find(tx, m)
			if err != nil {
				return err
			}
			return do(tx, m, before)
		})
		if err != nil {
			return err
		}
		return e.Write(http.StatusNoContent, nil)
	}
}

// find reads a mark, or nil.
func find(tx core.App, m mark) (*core.Record, error) {
	var found []*core.Record
	err := tx.RecordQuery(m.collection).AndWhere(dbx.HashExp(m.fields)).Limit(1).All(&found)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

// seen notes that the viewer has read a thread: nothing in it is new to them any more, and no mention of them waits there.
func (d *desk) seen(e *access.Event) error {
	piece, err := e.Piece(clinic.Posts)
	if err != nil {
		return err
	}
	params := dbx.Params{"member": e.Viewer.ID, "post": piece.ID, "now": access.Date(d.house.Now())}
	var waits bool // most threads are opened with nothing new: then nothing is written
	err = e.App.DB().NewQuery(`SELECT EXISTS (SELECT 1 FROM follows WHERE member = {:member} AND post = {:post} AND news != '')
		OR EXISTS (SELECT 1 FROM mentions WHERE post = {:post} AND member = {:member} AND read = '')`).Bind(params).Row(&waits)
	if err != nil {
		return err
	}
	if waits {
		err = e.App.RunInTransaction(func(tx core.App) error {
			return all(tx, []string{
				"UPDATE follows SET news = '' WHERE member = {:member} AND post = {:post}",
				"UPDATE mentions SET read = {:now} WHERE post = {:post} AND member = {:member} AND read = ''",
			}, params)
		})
	}
	if err != nil {
		return err
	}
	return e.Write(http.StatusNoContent, nil)
}
