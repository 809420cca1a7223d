package file

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/filesystem"
	"github.com/pocketbase/pocketbase/tools/security"

	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// mostWait is how long a file waits until those of others are clean; the page tries it again later. An answer may take 90 seconds.
const mostWait = 30 * time.Second

// keep cleans a file that is whole, and puts it where it stays. What cannot be shown is thrown away with its row.
func (d *desk) keep(ctx context.Context, f *row) error {
	cleaned, err := d.clean(ctx, f.ID)
	if err != nil {
		if isFault(err) && !errors.Is(err, media.Busy) {
			return errors.Join(err, d.forget(f.ID))
		}
		d.sweepUp(f.ID + ".clean")
		d.sweepUp(f.ID + ".small")
		return err
	}
	record, err := d.app.FindRecordById(clinic.Files, f.ID)
	if err != nil {
		return err
	}
	content, err := stored(d.waiting(f.ID + ".clean"))
	if err != nil {
		return err
	}
	record.Load(map[string]any{"status": ready, "kind": string(cleaned.Kind), "type": cleaned.Type, "name": Name(f.Name, cleaned.Ending),
		"bytes": content.Size, "width": cleaned.Width, "height": cleaned.Height, "content": content})
	if cleaned.Kind == media.Picture {
		small, err := stored(d.waiting(f.ID + ".small"))
		if err != nil {
			return err
		}
		record.Set("thumbnail", small)
	}
	// In no transaction: PocketBase copies the file before it writes the row, and nobody must wait for that.
	if err := d.house.Save(d.app, record); err != nil {
		return err
	}
	d.clear(f.ID)
	return nil
}

// clean writes the cleaned file and its thumbnail beside what arrived.
func (d *desk) clean(ctx context.Context, id string) (media.Cleaned, error) {
	in, err := os.Open(d.waiting(id))
	if err != nil {
		return media.Cleaned{}, err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return media.Cleaned{}, err
	}
	var outs [2]*os.File
	for i, ending := range []string{".clean", ".small"} {
		if outs[i], err = os.OpenFile(d.waiting(id+ending), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600); err != nil {
			return media.Cleaned{}, err
		}
		defer outs[i].Close()
	}
	ctx, cancel := context.WithTimeout(ctx, mostWait)
	defer cancel()
	cleaned, err := media.Clean(ctx, in, info.Size(), outs[0], outs[1])
	return cleaned, errors.Join(err, outs[0].Sync(), outs[1].Sync())
}

// stored is a file for PocketBase's storage, which copies it into the record's own folder. Its name says nothing.
func stored(path string) (*filesystem.File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	name := security.RandomString(30)
	return &filesystem.File{Reader: &filesystem.PathReader{Path: path}, Name: name, OriginalName: name, Size: info.Size()}, nil
}

// forget takes away a file that is on its way, and its row.
func (d *desk) forget(id string) error {
	d.clear(id)
	_, err := d.app.DB().NewQuery("DELETE FROM files WHERE id = {:id} AND status = 'uploading'").Bind(dbx.Params{"id": id}).Execute()
	return err
}

// clear takes away what a file left where it was put together.
func (d *desk) clear(id string) {
	for _, ending := range []string{"", ".clean", ".small"} {
		d.sweepUp(id + ending)
	}
}

func (d *desk) sweepUp(name string) {
	if err := os.Remove(d.waiting(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		d.app.Logger().Warn("A file that was on its way cannot be taken away", "error", err)
	}
}
