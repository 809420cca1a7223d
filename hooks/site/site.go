// Package site serves the built page: a single-page application with its assets, each kept in memory from when it is first asked for.
//
// What it promises:
//
//   - Only what was in the given file system when New ran is ever served; a path is looked up, never opened, so none can lead
//     elsewhere. Files whose name begins with a dot are left out.
//   - A path that names a page (no dot in its last part) gets index.html, whatever it is, because the page routes by itself;
//     a missing asset gets 404, and nothing under /api/ or /_/ is ever answered with the page.
//   - Files with a hash in their name may be kept for ever, index.html and the service worker never without asking.
//     Brotli and gzip siblings made at build time are chosen by what the browser accepts.
//   - What a page says without scripts (content.go) is put into index.html, once per content, under the same headers.
//   - Every answer carries the strict headers of this product (see headers.go). GET and HEAD only.
package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// Site is an http.Handler that answers with the built page.
type Site struct {
	files map[string]*file
	index *file // nil where nothing was built
	pages Pages // nil: every page as it was built
}

var _ http.Handler = (*Site)(nil)

// file is one path in its encodings: those that nobody asks for, as most are, take no memory.
type file struct {
	plain, brotli, gzip func() *form // nil where there is none
	common              http.Header
	status              int // 0: 200
}

// form is a file in one encoding, with its headers made ready: an answer allocates next to nothing.
type form struct {
	body    []byte
	headers http.Header
	etag    string
}

// New looks through dist, which has to stay as it is. A dist without index.html is no error: the site then says that the page was
// not built.
func New(dist fs.FS) (*Site, error) {
	s := &Site{files: map[string]*file{}}
	err := fs.WalkDir(dist, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case hidden(name) && entry.IsDir():
			return fs.SkipDir
		case hidden(name), entry.IsDir(), isSibling(dist, name):
			return nil
		}
		f, err := read(dist, name)
		s.files["/"+name] = f
		return err
	})
	if err != nil {
		return nil, err
	}
	s.index = s.files["/index.html"]
	return s, nil
}

func hidden(name string) bool {
	base := path.Base(name)
	return len(base) > 1 && base[0] == '.' && base != ".well-known"
}

// isSibling reports whether name is the compressed form of a file beside it.
func isSibling(dist fs.FS, name string) bool {
	for _, end := range []string{".br", ".gz"} {
		if plain, cut := strings.CutSuffix(name, end); cut {
			_, err := fs.Stat(dist, plain)
			return err == nil
		}
	}
	return false
}

func read(dist fs.FS, name string) (*file, error) {
	f := &file{common: http.Header{}}
	f.common["Content-Type"] = []string{typeOf(name)}
	f.common["Cache-Control"] = []string{lifeOf(name)}
	headers := pageHeaders
	if hashed.MatchString(name) {
		headers = partHeaders
	}
	for key, value := range headers {
		f.common[key] = []string{value}
	}
	for _, each := range []struct {
		into          *func() *form
		end, encoding string
	}{{&f.plain, "", ""}, {&f.brotli, ".br", "br"}, {&f.gzip, ".gz", "gzip"}} {
		_, err := fs.Stat(dist, name+each.end)
		if errors.Is(err, fs.ErrNotExist) && each.end != "" {
			continue
		}
		if err != nil {
			return nil, err
		}
		*each.into = sync.OnceValue(func() *form {
			body, err := fs.ReadFile(dist, name+each.end)
			if err != nil {
				panic(err) // it was there when the program started, and is part of it
			}
			return newForm(body, each.encoding)
		})
	}
	if f.brotli != nil || f.gzip != nil {
		f.common["Vary"] = []string{"Accept-Encoding"}
	}
	return f, nil
}

func newForm(body []byte, encoding string) *form {
	sum := sha256.Sum256(body)
	o := &form{body: body, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, headers: http.Header{}}
	o.headers["Etag"] = []string{o.etag}
	o.headers["Content-Length"] = []string{strconv.Itoa(len(body))}
	if encoding != "" {
		o.headers["Content-Encoding"] = []string{encoding}
	}
	return o
}

// hashed matches the names that Vite gives to built assets, such as index-DkX3a9_b.js.
var hashed = regexp.MustCompile(`^assets/.*-[A-Za-z0-9_-]{8,}\.[a-z0-9]+$`)

// lifeOf is for how long a browser may keep a file. What a release changes under the same name is asked for each time,
// which costs an ETag comparison.
func lifeOf(name string) string {
	switch {
	case hashed.MatchString(name):
		return "public, max-age=31536000, immutable"
	case strings.HasPrefix(typeOf(name), "image/"), strings.HasPrefix(typeOf(name), "font/"):
		return "public, max-age=86400"
	}
	return "no-cache"
}

// types are written out because the ones that the mime package knows depend on the machine.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif",
	".ico": "image/x-icon", ".woff2": "font/woff2", ".txt": "text/plain; charset=utf-8", ".pdf": "application/pdf",
}

func typeOf(name string) string {
	if known, ok := types[path.Ext(name)]; ok {
		return known
	}
	return "application/octet-stream"
}

// ServeHTTP answers with a file, or with index.html where the path names a page.
func (s *Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plainly(w, http.StatusMethodNotAllowed, "Only GET and HEAD are answered here.")
		return
	}
	f := s.find(r.URL.Path)
	switch {
	case f != nil:
		s.with(f, r).serve(w, r)
	case s.index == nil && !Elsewhere(r.URL.Path):
		plainly(w, http.StatusServiceUnavailable, "The page of this program was not built. Build it with: make build")
	default:
		plainly(w, http.StatusNotFound, "There is nothing here. The practice's policies are posted at /policies.")
	}
}

// with gives the page with the content that belongs to it; any other file stays as it is.
func (s *Site) with(f *file, r *http.Request) *file {
	if f != s.index || s.pages == nil {
		return f
	}
	if content := s.pages(r); content != nil {
		return content.served(f.plain().body)
	}
	return f
}

func (s *Site) find(asked string) *file {
	if f := s.files[asked]; f != nil {
		return f
	}
	if Elsewhere(asked) || strings.HasPrefix(asked, "/assets/") || strings.Contains(asked[strings.LastIndexByte(asked, '/')+1:], ".") {
		return nil
	}
	return s.index
}

// Elsewhere reports whether a path belongs to the routes, the dashboard or the demo's mailbox, and never to a page.
func Elsewhere(path string) bool {
	for _, prefix := range []string{"/api", "/_", "/demo"} {
		if rest, cut := strings.CutPrefix(path, prefix); cut && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// Around answers for the pages itself, without the costs of a router, and leaves the rest to next.
func (s *Site) Around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Elsewhere(r.URL.Path) {
			next.ServeHTTP(w, r)
			return
		}
		s.ServeHTTP(w, r)
	})
}

func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	o := f.choose(r.Header["Accept-Encoding"])
	h := w.Header()
	for key, value := range f.common {
		h[key] = value
	}
	if asked := r.Header["If-None-Match"]; len(asked) > 0 && f.status == 0 && matches(asked, o.etag) {
		h["Etag"] = o.headers["Etag"]
		w.WriteHeader(http.StatusNotModified)
		return
	}
	for key, value := range o.headers {
		h[key] = value
	}
	w.WriteHeader(cmp.Or(f.status, http.StatusOK))
	if r.Method != http.MethodHead {
		_, _ = w.Write(o.body) // a caller who is gone cannot be told
	}
}

func matches(asked []string, etag string) bool {
	for _, line := range asked {
		for one := range strings.SplitSeq(line, ",") {
			one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
			if one == etag || one == "*" {
				return true
			}
		}
	}
	return false
}
