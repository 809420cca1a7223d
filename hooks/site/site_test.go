package site

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

const script = "/assets/index-DkX3a9_b.js"

func built() fs.FS {
	plain := bytes.Repeat([]byte("console.log(1);"), 2000)
	return fstest.MapFS{
		"index.html":                  {Data: []byte("<!doctype html><title>Kinward</title>")},
		"index.html.br":               {Data: []byte("index in brotli")},
		"index.html.gz":               {Data: []byte("index in gzip")},
		"assets/index-DkX3a9_b.js":    {Data: plain},
		"assets/index-DkX3a9_b.js.br": {Data: []byte("script in brotli")},
		"assets/index-DkX3a9_b.js.gz": {Data: []byte("script in gzip, longer")},
		"assets/plain.css":            {Data: []byte("a{}")},
		"sw.js":                       {Data: []byte("//")},
		"icon.png":                    {Data: []byte("png")},
		"notes.gz":                    {Data: []byte("a file of its own")},
		".gitkeep":                    {},
		".secret/key":                 {Data: []byte("key")},
		".well-known/security.txt":    {Data: []byte("Contact: mailto:a@b.test")},
	}
}

func site(t testing.TB, dist fs.FS) *Site {
	t.Helper()
	s, err := New(dist)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ask(s http.Handler, method, path string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestPathsAndLives(t *testing.T) {
	s := site(t, built())
	const forever, each, day, never = "public, max-age=31536000, immutable", "no-cache", "public, max-age=86400", "no-store"
	for _, c := range []struct {
		path     string
		status   int
		kind     string
		life     string
		contains string
	}{
		{"/", 200, "text/html; charset=utf-8", each, "Kinward"},
		{"/join", 200, "text/html; charset=utf-8", each, "Kinward"},
		{"/policies/social-media", 200, "text/html; charset=utf-8", each, "Kinward"},
		{"/index.html", 200, "text/html; charset=utf-8", each, "Kinward"},
		{"/apiary", 200, "text/html; charset=utf-8", each, "Kinward"},
		{script, 200, "text/javascript; charset=utf-8", forever, "console"},
		{"/assets/plain.css", 200, "text/css; charset=utf-8", each, "a{}"},
		{"/sw.js", 200, "text/javascript; charset=utf-8", each, "//"},
		{"/icon.png", 200, "image/png", day, "png"},
		{"/notes.gz", 200, "application/octet-stream", each, "of its own"},
		{"/.well-known/security.txt", 200, "text/plain; charset=utf-8", each, "Contact"},
		{"/assets/index-GONE1234.js", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/assets/", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/robots.txt", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/api/clinic/none", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/api", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/_/", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/.gitkeep", 404, "text/plain; charset=utf-8", never, "nothing"},
		{"/.secret/key", 200, "text/html; charset=utf-8", each, "Kinward"}, // a page path like any other, and no key
		{"/assets/../../etc/passwd", 404, "text/plain; charset=utf-8", never, "nothing"},
	} {
		w := ask(s, http.MethodGet, c.path)
		h := w.Header()
		if w.Code != c.status || h.Get("Content-Type") != c.kind || h.Get("Cache-Control") != c.life || !strings.Contains(w.Body.String(), c.contains) {
			t.Errorf("%s: %d %v %.40q", c.path, w.Code, h, w.Body)
		}
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: headers missing: %v", c.path, h)
		}
	}
}

func TestEncodings(t *testing.T) {
	s := site(t, built())
	for accept, want := range map[string]string{
		"":                         "",
		"gzip, deflate, br, zstd":  "br",
		"gzip":                     "gzip",
		"GZIP;q=0.5":               "gzip",
		"br;q=0.2, gzip;q=0.9":     "gzip",
		"br;q=0, gzip;q=0":         "",
		"br; q=1.0":                "br",
		"*":                        "br",
		"*;q=0.5, br;q=0":          "gzip",
		"identity":                 "",
		"br;q=nonsense":            "",
		"gzip;q=0.8, br;q=0.8, , ": "br",
	} {
		for _, path := range []string{script, "/"} {
			w := ask(s, http.MethodGet, path, "Accept-Encoding", accept)
			if got := w.Header().Get("Content-Encoding"); got != want || w.Header().Get("Vary") != "Accept-Encoding" {
				t.Errorf("%s with %q: %q, %v", path, accept, got, w.Header())
			}
			if want == "br" && !strings.Contains(w.Body.String(), "in brotli") || want == "gzip" && !strings.Contains(w.Body.String(), "in gzip") {
				t.Errorf("%s with %q: %.30q", path, accept, w.Body)
			}
		}
	}
	if w := ask(s, http.MethodGet, "/icon.png", "Accept-Encoding", "br"); w.Header().Get("Content-Encoding") != "" || w.Header().Get("Vary") != "" {
		t.Errorf("a file without siblings: %v", w.Header())
	}
}

func TestUnchangedIsNotSentAgain(t *testing.T) {
	s := site(t, built())
	plain := ask(s, http.MethodGet, script)
	etag := plain.Header().Get("Etag")
	for _, asked := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
		w := ask(s, http.MethodGet, script, "If-None-Match", asked)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 || w.Header().Get("Etag") != etag || w.Header().Get("Content-Length") != "" {
			t.Errorf("%s: %d %v", asked, w.Code, w.Header())
		}
	}
	w := ask(s, http.MethodGet, script, "If-None-Match", etag, "Accept-Encoding", "br")
	if w.Code != http.StatusOK || w.Header().Get("Etag") == etag {
		t.Errorf("another encoding is another representation: %d %v", w.Code, w.Header())
	}
}

func TestHeadAndOtherMethods(t *testing.T) {
	s := site(t, built())
	get, head := ask(s, http.MethodGet, script), ask(s, http.MethodHead, script)
	if head.Code != http.StatusOK || head.Body.Len() != 0 || head.Header().Get("Content-Length") != "30000" || len(head.Header()) != len(get.Header()) {
		t.Errorf("HEAD: %d %v", head.Code, head.Header())
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions, "BREW"} {
		if w := ask(s, method, "/"); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
}

func TestNotBuilt(t *testing.T) {
	s := site(t, fstest.MapFS{".gitkeep": {}})
	w := ask(s, http.MethodGet, "/join")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "not built") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := ask(s, http.MethodGet, "/api/none"); w.Code != http.StatusNotFound {
		t.Errorf("a route: %d", w.Code)
	}
}

func TestAroundLeavesRoutesAlone(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusTeapot) })
	around := site(t, built()).Around(next)
	for path, want := range map[string]int{"/api/health": 418, "/_/": 418, "/demo/mailbox": 418, "/api": 418, "/": 200, "/demos": 200, "/apple": 200} {
		if w := ask(around, http.MethodGet, path); w.Code != want {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	if w := ask(around, http.MethodPost, "/api/clinic/session"); w.Code != 418 {
		t.Errorf("a POST: %d", w.Code)
	}
}

func TestHarden(t *testing.T) {
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/own" {
			w.Header().Set("Content-Security-Policy", "own")
		}
	})
	for path, want := range map[string]string{"/api/clinic/me": routePolicy, "/_/": dashboardPolicy, "/api/own": "own"} {
		h := ask(Harden(next), http.MethodGet, path).Header()
		if h.Get("Content-Security-Policy") != want || h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("X-Frame-Options") != "DENY" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// The page's policy, word for word: to loosen it must be a decision that someone sees.
func TestPagePolicy(t *testing.T) {
	want := map[string]string{
		"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self' blob: data:", "media-src": "'self' blob:", "connect-src": "'self'",
		"font-src": "'self'", "manifest-src": "'self'", "worker-src": "'self'", "form-action": "'self'", "base-uri": "'none'",
		"frame-ancestors": "'none'", "require-trusted-types-for": "'script'",
		"trusted-types": "kinward svelte-trusted-html kinward-service-worker",
	}
	got := ask(site(t, built()), http.MethodGet, "/join").Header().Get("Content-Security-Policy")
	parts := strings.Split(got, "; ")
	for _, part := range parts {
		name, value, _ := strings.Cut(part, " ")
		if want[name] != value {
			t.Errorf("%s is %q, not %q", name, value, want[name])
		}
	}
	if len(parts) != len(want) {
		t.Errorf("%d directives, not %d", len(parts), len(want))
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)               {}

func BenchmarkSite(b *testing.B) {
	s := site(b, built())
	for name, path := range map[string]string{"page": "/sign-in", "asset": script} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			w := discard{http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.h)
				s.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkReady is what net/http costs for the same bytes without any header of ours: the floor.
func BenchmarkReady(b *testing.B) {
	body := []byte("script in brotli")
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write(body)
	})
	for name, served := range map[string]http.Handler{"bare": handler, "site": site(b, built())} {
		b.Run(name, func(b *testing.B) {
			server := httptest.NewServer(served)
			defer server.Close()
			client := server.Client()
			for b.Loop() {
				r, err := client.Get(server.URL + "/sign-in")
				if err != nil {
					b.Fatal(err)
				}
				_ = r.Body.Close()
			}
		})
	}
}
