package site

import (
	"net/http"
	"strings"
)

// pagePolicy lets the page load what came with it and nothing else, from nowhere else, and insert HTML only through the three
// named Trusted Types policies: the page's own, the one Svelte makes, and the one for the service worker's address.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self'; " +
	"font-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types kinward svelte-trusted-html kinward-service-worker"

// dashboardPolicy is PocketBase's own without the map hosts and the loopback ports that it names by default.
const dashboardPolicy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; " +
	"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// routePolicy is for answers that no browser should ever run or frame.
const routePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// everywhere are the headers of each answer. A community's address must not leak to what its members link to.
var everywhere = map[string]string{
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Origin-Agent-Cluster":         "?1",
	"Permissions-Policy": "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), " +
		"gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()",
}

var pageHeaders = with("Content-Security-Policy", pagePolicy)

// partHeaders are for scripts, styles and letters of the page: what is no document has no frames, no permissions and no policy for
// what it loads. On a slow network a dozen answers with the page's headers cost as much as the feed.
var partHeaders = map[string]string{
	"Content-Security-Policy":      "default-src 'none'",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"Cross-Origin-Resource-Policy": "same-origin",
}

func with(key, value string) map[string]string {
	all := map[string]string{key: value}
	for k, v := range everywhere {
		all[k] = v
	}
	return all
}

// Harden gives the answers of the routes and of the dashboard their headers before next answers; next may set stricter ones.
func Harden(next http.Handler) http.Handler {
	routes, dashboard := ready(with("Content-Security-Policy", routePolicy)), ready(with("Content-Security-Policy", dashboardPolicy))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := routes
		if strings.HasPrefix(r.URL.Path, "/_/") {
			own = dashboard
		}
		h := w.Header()
		for key, value := range own {
			h[key] = value
		}
		if r.URL.Path == extensionsScript {
			h["Cache-Control"] = []string{"no-cache"}
		}
		next.ServeHTTP(w, r)
	})
}

func ready(headers map[string]string) http.Header {
	h := http.Header{}
	for key, value := range headers {
		h[key] = []string{value}
	}
	return h
}

func plainly(w http.ResponseWriter, status int, sentence string) {
	h := w.Header()
	for key, value := range everywhere {
		h[key] = []string{value}
	}
	h["Content-Security-Policy"] = []string{routePolicy}
	h["Content-Type"] = []string{"text/plain; charset=utf-8"}
	h["Cache-Control"] = []string{"no-store"}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(sentence + "\n"))
}
