package check

import (
	"sync"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// acquaintance keeps who is known in a community: its leads, and whose name stands on something that is shown there. A name that
// stands in a text may be that of hundreds of members, so that asking the database about each cost more than all else of a post.
// It is read, a community at a time, when a patient names somebody there for the first time after a start.
type acquaintance struct {
	app core.App
	mu  sync.Mutex
	in  map[string]*known
}

// known is who is known in one community.
type known struct {
	mu      sync.Mutex
	members map[string]bool // nil: not read yet
	doubted []string        // of whom something has changed since
}

const (
	// knownQuery lists who is known in a community: an index of authors for each table holds all of it.
	knownQuery = `SELECT member FROM memberships WHERE community = {:community} AND lead = TRUE
		UNION SELECT author FROM posts WHERE community = {:community} AND status = 'shown'
		UNION SELECT author FROM comments WHERE community = {:community} AND status = 'shown'`
	// knowsQuery says whether one member is.
	knowsQuery = `SELECT EXISTS (SELECT 1 FROM memberships WHERE community = {:community} AND member = {:member} AND lead = TRUE)
		OR EXISTS (SELECT 1 FROM posts WHERE community = {:community} AND status = 'shown' AND author = {:member})
		OR EXISTS (SELECT 1 FROM comments WHERE community = {:community} AND status = 'shown' AND author = {:member})`
)

// watch follows what makes members known, or unknown again, once it is committed.
func (a *acquaintance) watch(app core.App) {
	a.app, a.in = app, map[string]*known{}
	for collection, field := range map[string]string{clinic.Posts: "author", clinic.Comments: "author", clinic.Memberships: "member"} {
		changed := func(e *core.RecordEvent) error {
			a.changed(e.Record.GetString("community"), e.Record.GetString(field), e.Record.GetString("status") == "shown")
			return e.Next()
		}
		app.OnRecordAfterCreateSuccess(collection).BindFunc(changed)
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(changed)
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(func(e *core.RecordEvent) error {
			a.changed(e.Record.GetString("community"), e.Record.GetString(field), false)
			return e.Next()
		})
	}
}

// changed puts a member in doubt, unless all that has happened is that someone who is known has written once more.
func (a *acquaintance) changed(community, member string, wrote bool) {
	a.mu.Lock()
	k := a.in[community]
	a.mu.Unlock()
	if k == nil {
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !wrote || !k.members[member] {
		k.doubted = append(k.doubted, member)
	}
}

// first gives the first of some members who is known in a community, or none. It reads what is committed.
func (a *acquaintance) first(community string, members []string) (string, error) {
	a.mu.Lock()
	k := a.in[community]
	if k == nil {
		k = &known{}
		a.in[community] = k
	}
	a.mu.Unlock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := k.refresh(a.app.ConcurrentDB(), community); err != nil {
		return "", err
	}
	for _, member := range members {
		if k.members[member] {
			return member, nil
		}
	}
	return "", nil
}

func (k *known) refresh(db dbx.Builder, community string) error {
	if k.members == nil {
		var found []string
		if err := db.NewQuery(knownQuery).Bind(dbx.Params{"community": community}).Column(&found); err != nil {
			return err
		}
		k.members, k.doubted = make(map[string]bool, len(found)), nil
		for _, member := range found {
			k.members[member] = true
		}
	}
	for len(k.doubted) > 0 {
		member, is := k.doubted[0], false
		if err := db.NewQuery(knowsQuery).Bind(dbx.Params{"community": community, "member": member}).Row(&is); err != nil {
			return err
		}
		if is {
			k.members[member] = true
		} else {
			delete(k.members, member)
		}
		k.doubted = k.doubted[1:]
	}
	return nil
}
