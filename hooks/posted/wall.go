// Package posted hangs the practice's policies where everybody passes: pages that can be read without signing in and without
// JavaScript, posters for the wall, and texts for the places outside where the practice is also seen.
//
// It promises: what hangs there is the version in force, word for word as it was published, with its number, date and hash;
// it is never older than the last change of a policy or of the practice's own words; and no value stands in a page unescaped
// but the HTML that was sanitized when its version was published.
package posted

import (
	"io/fs"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/messages"
	"kinward/hooks/site"
)

// mostKept bounds the memory that pages take: a practice has a handful of policies, with a handful of versions each.
const mostKept = 500

// wall answers from memory what it has made before; a change of what a page was made from takes all of them down.
type wall struct {
	app   core.App
	house *access.House

	mu         sync.RWMutex
	generation uint64
	kept       map[string]*site.Content
}

// Register binds the posted pages to the app and returns them for the site to serve. shipped holds the texts for outside:
// external/LANGUAGE/*.md.
func Register(app core.App, house *access.House, shipped fs.FS) site.Pages {
	w := &wall{app: app, house: house, kept: map[string]*site.Content{}}
	for _, collection := range []string{clinic.Policies, clinic.PolicyVersions, clinic.Practices} {
		app.OnRecordAfterCreateSuccess(collection).BindFunc(w.takeDown)
		app.OnRecordAfterUpdateSuccess(collection).BindFunc(w.takeDown)
		app.OnRecordAfterDeleteSuccess(collection).BindFunc(w.takeDown)
	}
	app.OnRecordCreate(clinic.Policies).BindFunc(keepAddresses)
	k := kit{shipped}
	house.Routes(app, func(r *access.Routes) {
		r.GET("/policies/kit", access.Anyone, k.view)
	})
	return w.page
}

// addresses are those under /policies that are no policy.
var addresses = []string{"poster", "kit"}

// keepAddresses refuses a policy that would hang where something else does.
func keepAddresses(e *core.RecordEvent) error {
	if slices.Contains(addresses, e.Record.GetString("slug")) {
		return access.Refuse(e.App, clinic.Invalid.At("slug"))
	}
	return e.Next()
}

func (w *wall) takeDown(e *core.RecordEvent) error {
	w.mu.Lock()
	w.generation++
	clear(w.kept)
	w.mu.Unlock()
	return e.Next()
}

// page gives the content of the page that a request asks for; nil before the practice is set up, and where the database cannot
// be read: the page's own script then says what is wrong.
func (w *wall) page(r *http.Request) *site.Content {
	practice := w.house.Practice()
	if !practice.SetUp {
		return nil
	}
	language := speak(r, practice.Language)
	path := strings.TrimRight(r.URL.Path, "/")
	if path != "/policies" && !strings.HasPrefix(path, "/policies/") {
		path = "*" // any other page says the same
	}
	key := language + " " + path
	w.mu.RLock()
	known, generation := w.kept[key], w.generation
	w.mu.RUnlock()
	if known != nil {
		return known
	}
	content, err := w.make(path, language, practice)
	if err != nil {
		w.app.Logger().Error("a posted page cannot be made", "path", path, "error", err)
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	// A page that is not there is not kept: anyone can ask for as many as they like.
	if w.generation == generation && content.Status == 0 {
		if len(w.kept) >= mostKept {
			clear(w.kept)
		}
		w.kept[key] = content
	}
	return content
}

// speak is the language to answer in: the address's wish, else the browser's first that is spoken, else the practice's.
func speak(r *http.Request, practice string) string {
	if wish := r.URL.Query().Get("language"); slices.Contains(clinic.Languages, wish) {
		return wish
	}
	return messages.Choose(r.Header.Get("Accept-Language"), practice)
}

// make builds the content of a path: /policies, /policies/SLUG, its versions, and the posters; "*" is any other page.
func (w *wall) make(path, language string, practice access.Practice) (*site.Content, error) {
	p, err := w.paper(language, practice)
	if err != nil {
		return nil, err
	}
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case path == "*", path == "/policies/kit":
		return p.other()
	case len(parts) == 1:
		return p.list()
	case len(parts) == 2 && parts[1] == "poster":
		return p.posterOfAll(w.house.PublicURL())
	case len(parts) == 2:
		return p.policy(w.app, parts[1], "")
	case len(parts) == 3 && parts[2] == "poster":
		return p.poster(w.app, w.house.PublicURL(), parts[1])
	case len(parts) == 3 && parts[2] == "versions":
		return p.history(w.app, parts[1])
	case len(parts) == 4 && parts[2] == "versions":
		return p.policy(w.app, parts[1], parts[3])
	}
	return p.missing()
}
