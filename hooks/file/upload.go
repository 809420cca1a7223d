package file

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// leastFree is the room on the disk that files leave: for the database, its log, and for backups.
const leastFree = 1 << 30

// How many files one member may begin within paceOf.
const (
	mostBegun = 200
	paceOf    = 10 * time.Minute
)

type beginForm struct {
	Name      string `json:"name"`
	Bytes     int64  `json:"bytes"`
	Community string `json:"community"` // where it will be shown
}

// begin makes room for a file that the viewer is about to send.
func (d *desk) begin(e *access.Event) error {
	var form beginForm
	if err := e.Bind(&form); err != nil {
		return err
	}
	if !e.Viewer.In(form.Community) {
		return clinic.Faults(clinic.Invalid.At("community"))
	}
	if err := e.MayWrite(form.Community); err != nil {
		return err
	}
	switch {
	case form.Bytes <= 0:
		return Empty
	case form.Bytes > MaxVideo:
		return TooLarge.With("max", MB(MaxVideo)).With("is", MB(form.Bytes))
	}
	return e.Once(func(tx core.App) (int, any, error) {
		if err := d.house.Try("files of "+e.Viewer.ID, mostBegun, paceOf); err != nil {
			return 0, nil, err
		}
		if err := d.room(e, tx, form.Bytes); err != nil {
			return 0, nil, err
		}
		collection, err := tx.FindCachedCollectionByNameOrId(clinic.Files)
		if err != nil {
			return 0, nil, err
		}
		record := core.NewRecord(collection)
		record.Load(map[string]any{"owner": e.Viewer.ID, "community": form.Community, "status": uploading, "name": Name(form.Name, ""), "bytes": form.Bytes})
		if err := d.house.Save(tx, record); err != nil {
			return 0, nil, err
		}
		return http.StatusCreated, map[string]any{"id": record.Id, "url": clinic.APIPrefix + "/files/" + record.Id, "received": 0, "bytes": form.Bytes, "max_chunk": MaxChunk}, nil
	})
}

// room returns a fault where a file of this size has no place: of the member's, of the practice's, or on the disk.
func (d *desk) room(e *access.Event, tx core.App, bytes int64) error {
	var sums struct {
		Mine int64 `db:"mine"`
		All  int64 `db:"total"`
		Open int   `db:"open"`
	}
	err := tx.DB().NewQuery(`SELECT COALESCE(SUM(CASE WHEN owner = {:owner} THEN bytes END), 0) AS mine, COALESCE(SUM(bytes), 0) AS total,
		COALESCE(SUM(owner = {:owner} AND status = 'uploading'), 0) AS open FROM files`).Bind(dbx.Params{"owner": e.Viewer.ID}).One(&sums)
	most, phone := OfMember(e.Viewer.Role), d.house.Practice().Phone
	switch {
	case err != nil:
		return err
	case sums.Open >= mostOpen:
		return ManyUploads.With("max", mostOpen)
	case sums.Mine+bytes > most:
		return MemberFull.With("used", MB(sums.Mine)).With("max", MB(most))
	case sums.All+bytes > d.most:
		return PracticeFull.With("phone", phone)
	}
	// It lies there as it came, cleaned, and copied to its place, until the first two go.
	var disk syscall.Statfs_t
	if syscall.Statfs(d.app.DataDir(), &disk) == nil && int64(disk.Bavail)*int64(disk.Bsize) < leastFree+3*bytes {
		return DiskFull.With("phone", phone)
	}
	return nil
}

// received is how much of a file has arrived.
func (d *desk) received(id string) int64 {
	info, err := os.Stat(d.waiting(id))
	if err != nil {
		return 0
	}
	return info.Size()
}

// receive takes a piece of a file: ?from= is where it belongs. A piece that is there already is answered as the first time; one
// from further on is told where to go on. With the last piece the file is cleaned, kept and described.
func (d *desk) receive(e *access.Event) error {
	// The whole piece is read first, so that a line that stops in the midst of it keeps no other try waiting.
	chunk, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, MaxChunk))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return TooLarge.With("max", MB(MaxChunk))
		}
		return clinic.BadRequest
	}
	from, err := strconv.ParseInt(e.Request.URL.Query().Get("from"), 10, 64)
	if err != nil || from < 0 {
		return clinic.Faults(clinic.Invalid.At("from"))
	}
	defer d.busy.with(e.Request.PathValue("id"))()
	f, err := d.seen(e)
	switch {
	case err != nil:
		return err
	case f.Owner != e.Viewer.ID:
		return clinic.Forbidden
	case f.Status == ready:
		return e.Write(http.StatusOK, d.describe(e.Viewer, f))
	}
	if err := e.MayWrite(f.Community); err != nil {
		return err
	}
	got, err := d.append(f, from, chunk)
	if err != nil {
		return d.full(err)
	}
	if got < f.Bytes {
		return e.Write(http.StatusOK, map[string]any{"id": f.ID, "received": got, "bytes": f.Bytes})
	}
	if err := d.keep(e.Request.Context(), f); err != nil {
		return d.full(err)
	}
	if f, err = d.seen(e); err != nil {
		return err
	}
	return e.Write(http.StatusCreated, d.describe(e.Viewer, f))
}

// full gives the disk's own word for "no room" its sentence.
func (d *desk) full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return DiskFull.With("phone", d.house.Practice().Phone)
	}
	return err
}

// append puts a piece behind what has arrived, and returns how much that is now.
func (d *desk) append(f *row, from int64, chunk []byte) (int64, error) {
	got := d.received(f.ID)
	switch {
	case from > got:
		return 0, ElsewhereNow.With("received", got)
	case from+int64(len(chunk)) > f.Bytes:
		return 0, clinic.BadRequest
	case from+int64(len(chunk)) <= got:
		return got, nil // it came before
	}
	if from == 0 {
		kind, err := media.Sniff(chunk)
		if err == nil && f.Bytes > Limit(string(kind)) {
			err = TooLarge.With("max", MB(Limit(string(kind)))).With("is", MB(f.Bytes))
		}
		if err != nil { // before more of it comes
			return 0, errors.Join(err, d.forget(f.ID))
		}
	}
	if err := os.MkdirAll(filepath.Dir(d.waiting(f.ID)), 0o700); err != nil {
		return 0, err
	}
	to, err := os.OpenFile(d.waiting(f.ID), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = to.WriteAt(chunk, from)
	if err = errors.Join(err, to.Close()); err != nil {
		return 0, err
	}
	return d.received(f.ID), nil
}

// isFault reports whether an error is one that a person can do something about.
func isFault(err error) bool {
	var fault *clinic.Fault
	return errors.As(err, &fault)
}
