package file

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

const (
	// unusedFor is how long a file waits for a piece that carries it, longer while a draft does.
	unusedFor = 24 * time.Hour
	// outlives is how long the files of a tombstone, and those that only an earlier version shows, can be had again: a decision of
	// the desk is looked at a second time within this time.
	outlives = 90 * 24 * time.Hour
	// atOnce is how many files go in one sweep: the database is kept for moments.
	atOnce = 200
)

// sweep takes away, every hour, what was put there and is used by nothing.
func (d *desk) sweep() {
	if err := d.sweepRows(); err != nil {
		d.app.Logger().Error("Sweeping files", "error", err)
	}
	if err := d.sweepFolder(); err != nil {
		d.app.Logger().Error("Sweeping files that were on their way", "error", err)
	}
}

func (d *desk) sweepRows() error {
	now := d.house.Now()
	var ids []string
	err := d.app.DB().NewQuery(`SELECT id FROM (
			SELECT f.id FROM files f WHERE f.post = '' AND f.updated < {:unused} AND NOT EXISTS (SELECT 1 FROM drafts w WHERE w.member = f.owner
				AND (instr(w.files, f.id) > 0 OR instr(w.body, f.id) > 0))
			UNION ALL
			SELECT f.id FROM files f JOIN posts p ON p.id = f.post WHERE f.comment = '' AND f.updated < {:old} AND p.updated < {:old}
				AND (p.status = 'deleted' OR f.current = FALSE)
			UNION ALL
			SELECT f.id FROM files f JOIN comments c ON c.id = f.comment WHERE f.updated < {:old} AND c.updated < {:old}
				AND (c.status = 'deleted' OR f.current = FALSE)
		) LIMIT {:most}`).
		Bind(dbx.Params{"unused": access.Date(now.Add(-unusedFor)), "old": access.Date(now.Add(-outlives)), "most": atOnce}).Column(&ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		record, err := d.app.FindRecordById(clinic.Files, id)
		if err != nil {
			continue // it went meanwhile
		}
		if err := d.house.Delete(d.app, record); err != nil {
			return err
		}
		d.clear(id)
	}
	return nil
}

// sweepFolder takes away what a crash left in the folder of files on their way.
func (d *desk) sweepFolder() error {
	folder := filepath.Join(d.app.DataDir(), uploads)
	entries, err := os.ReadDir(folder)
	if err != nil {
		if os.IsNotExist(err) {
			return nil
		}
		return err
	}
	for _, entry := range entries {
		id, _, _ := strings.Cut(entry.Name(), ".")
		var waits bool
		err := d.app.DB().NewQuery("SELECT EXISTS (SELECT 1 FROM files WHERE id = {:id} AND status = 'uploading')").Bind(dbx.Params{"id": id}).Row(&waits)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if waits || err != nil || time.Since(info.ModTime()) < time.Hour {
			continue
		}
		d.sweepUp(entry.Name())
	}
	return nil
}
