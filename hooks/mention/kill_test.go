package mention_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mention"
)

// The points at which a process that renames halts, and is killed as it stands.
const (
	atStored    = "stored"    // texts are put right and how far it came is stored, and not committed
	atCommitted = "committed" // a batch is committed
	atDone      = "done"      // the last texts are put right, and not committed
)

func TestMain(m *testing.M) {
	hookstest.Worker(renameUntilDone)
	m.Run()
}

// renameUntilDone is what serve does with new names, in a process that can be killed.
func renameUntilDone(app core.App, passed func(point string)) error {
	ctx, end := context.WithCancel(context.Background())
	defer end()
	after := func(at string, then func()) func(e *core.RecordEvent) error {
		return func(e *core.RecordEvent) error {
			err := e.Next()
			passed(at)
			then()
			return err
		}
	}
	app.OnRecordUpdate(clinic.Renames).BindFunc(after(atStored, func() {}))
	app.OnRecordAfterUpdateSuccess(clinic.Renames).BindFunc(after(atCommitted, func() {}))
	app.OnRecordDelete(clinic.Renames).BindFunc(after(atDone, func() {}))
	app.OnRecordAfterDeleteSuccess(clinic.Renames).BindFunc(after("", end))
	return mention.Rename(ctx, app)
}

// TestANewNameSurvivesKillNine: wherever the process dies that puts a new name where its member is mentioned, the next one goes on,
// and in the end no text says the old one.
func TestANewNameSurvivesKillNine(t *testing.T) {
	r := newRoom(t)
	r.post(t, r.Other, "Good morning.") // who has written nothing there cannot be called
	first := r.post(t, r.Author, "Thank you, "+call(r.Other))
	_, err := r.App.DB().NewQuery(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {:more})
		INSERT INTO posts (id, community, author, kind, status, title, body, html, created, updated)
		SELECT printf('copy%011d', i), community, author, kind, status, title, body, html, created, updated FROM posts, n WHERE id = {:id}`).
		Bind(dbx.Params{"id": first.ID, "more": 2 * mention.RenameBatch}).Execute()
	if err == nil {
		_, err = r.App.DB().NewQuery(`INSERT INTO mentions (id, piece, post, community, member, author, created, updated)
			SELECT p.id, p.id, p.id, p.community, m.member, m.author, m.created, m.updated FROM posts p, mentions m WHERE m.piece = {:id} AND p.id LIKE 'copy%'`).
			Bind(dbx.Params{"id": first.ID}).Execute()
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Other.Patch("/me", map[string]any{"name": "Birch Lane"}); got.Status != 200 {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	folder := r.Folder()
	left := func() (old, now, jobs int) {
		folder.Query(`SELECT (SELECT count(*) FROM posts WHERE html LIKE '%@Maple Street%' OR body LIKE '%[Maple Street]%'),
			(SELECT count(*) FROM posts WHERE html LIKE '%@Birch Lane<%' AND body LIKE '%@[Birch Lane](member:%'), (SELECT count(*) FROM renames)`, &old, &now, &jobs)
		return old, now, jobs
	}
	all := 2*mention.RenameBatch + 1
	if old, now, jobs := left(); old != all || now != 0 || jobs != 1 {
		t.Fatalf("in the request %d texts were put right, %d wait; %d jobs", now, old, jobs)
	}
	for i, halts := range []string{atStored, atCommitted, atStored, atCommitted, atDone} {
		if !folder.Run(halts + " 1") {
			t.Fatalf("nothing was killed at %d, %q", i, halts)
		}
		if old, now, jobs := left(); old+now != all || jobs != 1 {
			t.Errorf("killed at %q: %d old and %d new of %d, %d jobs", halts, old, now, all, jobs)
		}
	}
	if folder.Run("") {
		t.Fatal("the last one was killed")
	}
	if old, now, jobs := left(); old != 0 || now != all || jobs != 0 {
		t.Errorf("in the end %s", strings.TrimSpace(fmt.Sprintln(old, "old", now, "new of", all, "and", jobs, "jobs")))
	}
}
