package access

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// MaxBody is how many bytes of JSON a route reads: a post of clinic.MaxPostBytes written in the longest JSON escapes, and room.
const MaxBody = 160_000

var (
	tooLarge    = &clinic.Fault{Status: http.StatusRequestEntityTooLarge, Code: "too_large", Params: map[string]any{"max": MaxBody}}
	crossOrigin = &clinic.Fault{Status: http.StatusForbidden, Code: "cross_origin"}
)

// Door is one route as it was declared: the matrix of roles and doors is generated from these.
type Door struct{ Method, Path, Guard string }

// pattern is the route's in the router (http.ServeMux).
func (d Door) pattern() string { return d.Method + " " + d.Path }

// Event is one request at one of our doors.
type Event struct {
	*core.RequestEvent
	House *House
	// Viewer is who is signed in, nil for a guest.
	Viewer *Viewer

	fingerprint string
	quiet       bool // to ask here is no activity
}

// Handler answers a request. A *clinic.Fault becomes the documented error; any other error is told without detail.
type Handler func(e *Event) error

// Routes declares doors under /api/clinic, each with its guard on its own line.
type Routes struct {
	house *House
	se    *core.ServeEvent
}

// Routes calls declare when the server starts. Doors are listed by Doors from then on.
func (h *House) Routes(app core.App, declare func(r *Routes)) {
	app.OnServe().BindFunc(func(se *core.ServeEvent) error {
		declare(&Routes{house: h, se: se})
		return se.Next()
	})
}

// Doors lists every door that was declared, in order.
func (h *House) Doors() []Door {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Clone(h.doors)
}

// declares reports whether a pattern of the router's is that of a declared door. HEAD goes by the pattern of GET.
func (h *House) declares(pattern string) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.declared[pattern]
}

// GET declares a door that reads and changes nothing (RFC 9110 section 9.2.1). HEAD comes with it.
func (r *Routes) GET(path string, guard Guard, handler Handler) {
	r.add(http.MethodGet, path, guard, handler, false)
}

// Stream declares a door whose answer goes on until somebody ends it. To ask there is no activity: a page that listens keeps
// no session alive.
func (r *Routes) Stream(path string, guard Guard, handler Handler) {
	r.add(http.MethodGet, path, guard, handler, true)
}

// Quiet is GET for what browsers ask for by themselves: the pictures of a page, more of a video. It is no activity, or a video
// in an empty room would keep its session for ever (45 CFR 164.312(a)(2)(iii)).
func (r *Routes) Quiet(path string, guard Guard, handler Handler) {
	r.add(http.MethodGet, path, guard, handler, true)
}

// POST declares a door that makes or does something.
func (r *Routes) POST(path string, guard Guard, handler Handler) {
	r.add(http.MethodPost, path, guard, handler, false)
}

// PUT declares a door that puts one thing in its place.
func (r *Routes) PUT(path string, guard Guard, handler Handler) {
	r.add(http.MethodPut, path, guard, handler, false)
}

// PATCH declares a door that changes something.
func (r *Routes) PATCH(path string, guard Guard, handler Handler) {
	r.add(http.MethodPatch, path, guard, handler, false)
}

// DELETE declares a door that takes something away.
func (r *Routes) DELETE(path string, guard Guard, handler Handler) {
	r.add(http.MethodDelete, path, guard, handler, false)
}

func (r *Routes) add(method, path string, guard Guard, handler Handler, quiet bool) {
	house := r.house
	door := Door{method, clinic.APIPrefix + path, guard.Name}
	house.mu.Lock()
	if !house.declared[door.pattern()] {
		house.declared[door.pattern()] = true
		house.doors = append(house.doors, door)
	}
	house.mu.Unlock()
	r.se.Router.Route(door.Method, door.Path, func(re *core.RequestEvent) error {
		e := &Event{RequestEvent: re, House: house, quiet: quiet}
		if err := e.enter(guard, handler); err != nil {
			return fail(re, err, e.Language())
		}
		return nil
	})
}

var origins = http.NewCrossOriginProtection()

// enter finds who is asking, asks the guard, and only then the handler.
func (e *Event) enter(guard Guard, handler Handler) error {
	if err := origins.Check(e.Request); err != nil {
		return crossOrigin
	}
	if err := e.recognise(); err != nil {
		return err
	}
	if err := guard.check(e); err != nil {
		return err
	}
	return handler(e)
}

// Language is the one to answer in: the query's, else the member's, else the browser's first that is spoken, else the practice's.
func (e *Event) Language() string {
	if wish := e.Request.URL.Query().Get("language"); slices.Contains(clinic.Languages, wish) {
		return wish
	}
	if e.Viewer != nil && e.Viewer.Language != "" {
		return e.Viewer.Language
	}
	return messages.Choose(e.Request.Header.Get("Accept-Language"), e.House.Practice().Language)
}

// Bind reads the JSON body into form. A body that is too long, is no JSON, or has the wrong type in a field is a fault.
func (e *Event) Bind(form any) error { return e.BindUpTo(form, MaxBody) }

// BindUpTo is Bind for a door that takes more than MaxBody bytes, or less.
func (e *Event) BindUpTo(form any, most int64) error {
	body, err := io.ReadAll(http.MaxBytesReader(e.Response, e.Request.Body, most))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return tooLarge.With("max", most)
		}
		return clinic.BadRequest
	}
	e.Fingerprint(body)
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, form); err != nil {
		var kind *json.UnmarshalTypeError
		if errors.As(err, &kind) && kind.Field != "" {
			return clinic.Faults(clinic.Invalid.At(kind.Field))
		}
		return clinic.BadRequest
	}
	return nil
}

// Fingerprint tells Once what this request asks for. Bind does; a door that reads its body in another way calls it.
func (e *Event) Fingerprint(body []byte) {
	sum := sha256.Sum256(append([]byte(e.Request.Method+" "+e.Request.URL.Path+"\n"), body...))
	e.fingerprint = hex.EncodeToString(sum[:])
}

// Write answers with JSON that no cache keeps.
func (e *Event) Write(status int, body any) error {
	e.Response.Header().Set("Cache-Control", "private, no-store")
	if body == nil {
		return e.NoContent(status)
	}
	return e.JSON(status, body)
}
