package site

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
)

const whole = `<!doctype html><html lang="en"><head><title>Kinward</title></head><body><div id="app"></div><noscript>as built</noscript></body></html>`

func TestContentIsPutIntoThePage(t *testing.T) {
	s := site(t, fstest.MapFS{"index.html": {Data: []byte(whole)}, "poster.css": {Data: []byte("a{}")}})
	pages := map[string]*Content{
		"/policies": {Language: `e"s`, Title: "Rules & <more>", HTML: "<h1>Rules</h1>"},
		"/sign-in":  {Language: "en", NoScript: "<p>without</p>"},
		"/none":     {Language: "en", Status: http.StatusNotFound, HTML: "<h1>Nothing</h1>"},
		"/poster":   {Document: "<!doctype html>a poster"},
	}
	s.pages = func(r *http.Request) *Content { return pages[r.URL.Path] }
	for path, want := range map[string]string{
		"/policies":   `<html lang="e&#34;s"><head><title>Rules &amp; &lt;more&gt;</title></head><body><div id="app"><h1>Rules</h1></div></body>`,
		"/sign-in":    `<title>Kinward</title></head><body><div id="app"></div><noscript><p>without</p></noscript></body>`,
		"/none":       `<div id="app"><h1>Nothing</h1></div>`,
		"/poster":     "a poster",
		"/other":      "as built",
		"/poster.css": "a{}",
	} {
		w := ask(s, http.MethodGet, path)
		status := http.StatusOK
		if path == "/none" {
			status = http.StatusNotFound
		}
		if w.Code != status || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		if w.Header().Get("Content-Security-Policy") != pagePolicy {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	w := ask(s, http.MethodGet, "/policies", "Accept-Encoding", "gzip, br")
	if w.Header().Get("Content-Encoding") != "gzip" || w.Header().Get("Vary") == "" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("compressed: %v", w.Header())
	}
	if w := ask(s, http.MethodGet, "/policies", "Accept-Encoding", "gzip", "If-None-Match", w.Header().Get("Etag")); w.Code != http.StatusNotModified {
		t.Errorf("unchanged: %d", w.Code)
	}
	if w := ask(s, http.MethodHead, "/policies"); w.Code != http.StatusOK || w.Body.Len() != 0 {
		t.Errorf("HEAD: %d %s", w.Code, w.Body)
	}
}
