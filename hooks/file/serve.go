package file

import (
	"errors"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/filesystem"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/media"
)

// sendTime is how long one answer may take: a video over a slow line. Players ask for what is missing with a range.
const sendTime = 30 * time.Minute

// inert keeps what a browser opens in a window of its own from running anything, whatever it takes it for.
const inert = "default-src 'none'; frame-ancestors 'none'; sandbox"

func (d *desk) content(e *access.Event) error {
	f, err := d.whole(e)
	if err != nil {
		return err
	}
	return d.send(e, f, f.Content, f.Type)
}

// thumbnail gives a picture in the size of a column of text.
func (d *desk) thumbnail(e *access.Event) error {
	f, err := d.whole(e)
	if err != nil {
		return err
	}
	if f.Thumbnail == "" {
		return clinic.NotFound
	}
	return d.send(e, f, f.Thumbnail, "") // we drew it ourselves: its first bytes tell PNG or JPEG
}

// captions gives what is said, as WebVTT with times.
func (d *desk) captions(e *access.Event) error {
	f, err := d.whole(e)
	if err != nil {
		return err
	}
	if f.Captions == "" {
		return clinic.NotFound
	}
	guard(e)
	e.Response.Header().Set("Content-Type", "text/vtt; charset=utf-8")
	http.ServeContent(e.Response, e.Request, "", time.Time{}, strings.NewReader(f.Captions))
	return nil
}

// whole gives a file that has arrived and that the viewer may see.
func (d *desk) whole(e *access.Event) (*row, error) {
	f, err := d.seen(e)
	if err == nil && f.Status != ready {
		return nil, clinic.NotFound
	}
	return f, err
}

// guard sets what every answer with a file carries.
func guard(e *access.Event) {
	h := e.Response.Header()
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", inert)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// send answers with a file, or with the range of it that is asked for (RFC 9110, section 14). Only pictures open in the browser;
// anything else is offered to be saved, which players in a page do not mind.
func (d *desk) send(e *access.Event, f *row, name, kind string) error {
	store, err := d.app.NewFilesystem()
	if err != nil {
		return err
	}
	defer store.Close()
	folder, err := d.app.FindCachedCollectionByNameOrId(clinic.Files)
	if err != nil {
		return err
	}
	from, err := store.GetReader(path.Join(folder.Id, f.ID, name))
	if errors.Is(err, filesystem.ErrNotFound) { // it goes this very moment
		return clinic.NotFound
	}
	if err != nil {
		return err
	}
	defer from.Close()
	way := "attachment"
	if f.Kind == string(media.Picture) && !e.Request.URL.Query().Has("save") {
		way = "inline"
	}
	guard(e)
	h := e.Response.Header()
	h.Set("Content-Disposition", mime.FormatMediaType(way, map[string]string{"filename": f.Name}))
	h.Set("ETag", `"`+name[:min(len(name), 16)]+`"`)
	if kind != "" {
		h.Set("Content-Type", kind)
	}
	_ = http.NewResponseController(e.Response).SetWriteDeadline(time.Now().Add(sendTime)) // a recorder of a test has none
	http.ServeContent(e.Response, e.Request, "", time.Time{}, from)
	return nil
}
