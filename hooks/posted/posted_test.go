package posted_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
	"kinward/hooks/posted"
	"kinward/hooks/site"
)

const index = `<!doctype html><html lang="en"><head><title>Kinward</title></head><body><div id="app"></div><noscript>old</noscript></body></html>`

// wall is a practice whose pages are served, and a way to ask for one in a language.
func wall(t *testing.T, c *hookstest.Clinic) func(path, language string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	pages := posted.Register(c.App, c.House, nil)
	router, err := apis.NewRouter(c.App)
	if err != nil {
		t.Fatal(err)
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	site.Register(app, fstest.MapFS{"index.html": {Data: []byte(index)}}, pages)
	event := &core.ServeEvent{App: app, Router: router}
	if err := app.OnServe().Trigger(event, func(e *core.ServeEvent) error { return e.Next() }); err != nil {
		t.Fatal(err)
	}
	mux, err := router.BuildMux()
	if err != nil {
		t.Fatal(err)
	}
	return func(path, language string, headers ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Language", language)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		return w
	}
}

func publish(t *testing.T, c *hookstest.Clinic, title, body string) {
	t.Helper()
	_, err := policy.Publish(c.App, c.House, "community-guidelines", policy.Edition{Class: policy.Clarification, Texts: []policy.Words{
		{Language: "en", Title: title, Summary: "A <b>summary</b>", Body: body, Reason: "To <test>"}}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPoliciesAreReadWithoutScriptsAndWithoutSigningIn(t *testing.T) {
	c := hookstest.New(t)
	get := wall(t, c)
	text := hookstest.Into[struct{ SHA256 string }](c.Guest().Get("/policies/community-guidelines"))
	if len(text.SHA256) != 64 {
		t.Fatalf("%+v", text)
	}
	short := text.SHA256[:12]
	for path, want := range map[string][]string{
		"/policies":                                 {`<html lang="en">`, "<title>Posted policies · Riverside Family Practice</title>", `href="/policies/community-guidelines"`, "555-0100"},
		"/policies/community-guidelines":            {`<div class="prose">`, `id="clause-`, "Version 1", "SHA-256", `href="tel:5550100"`},
		"/policies/community-guidelines/":           {`<div class="prose">`},
		"/policies/community-guidelines/versions":   {`href="/policies/community-guidelines/versions/1"`},
		"/policies/community-guidelines/versions/1": {`<div class="prose">`},
		"/policies?language=es":                     {`<html lang="es">`, "Español"},
		"/policies/poster":                          {"<svg ", "poster.css", "555-0100", "Version 1", short},
		"/policies/community-guidelines/poster":     {"<svg ", "Version 1", short, `<div class="prose">`, `id="print" hidden`},
	} {
		w := get(path, "en-US")
		for _, part := range want {
			if !strings.Contains(w.Body.String(), part) {
				t.Errorf("%s lacks %s", path, part)
			}
		}
		if w.Code != http.StatusOK || strings.Contains(w.Body.String(), "old</noscript>") || !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self'") {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if w := get("/policies/community-guidelines", "es-MX"); !strings.Contains(w.Body.String(), `<html lang="es">`) || !strings.Contains(w.Header().Get("Vary"), "Accept-Language") {
		t.Errorf("in Spanish: %v %.300s", w.Header(), w.Body)
	}
}

func TestWhatIsNotThere(t *testing.T) {
	c := hookstest.New(t)
	get := wall(t, c)
	for _, path := range []string{"/policies/none", "/policies/none/poster", "/policies/community-guidelines/versions/7",
		"/policies/community-guidelines/versions/x", "/policies/none/versions", "/policies/a/b/c/d"} {
		if w := get(path, "en"); w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), `href="/policies"`) {
			t.Errorf("%s: %d %.200s", path, w.Code, w.Body)
		}
	}
	w := get("/sign-in", "en")
	if !strings.Contains(w.Body.String(), "<noscript>") || !strings.Contains(w.Body.String(), `href="/policies"`) ||
		!strings.Contains(w.Body.String(), `href="tel:5550100"`) || !strings.Contains(w.Body.String(), `<div id="app"></div>`) {
		t.Errorf("another page: %s", w.Body)
	}
	if w := hookstest.Empty(t); wall(t, w)("/policies", "en").Body.String() != index {
		t.Error("before the set-up the page is not as it was built")
	}
}

func TestAPageIsNeverOlderThanItsPolicy(t *testing.T) {
	c := hookstest.New(t)
	get := wall(t, c)
	before := get("/policies/community-guidelines", "en")
	etag := before.Header().Get("Etag")
	if w := get("/policies/community-guidelines", "en", "If-None-Match", etag); w.Code != http.StatusNotModified {
		t.Errorf("unchanged: %d", w.Code)
	}
	if w := get("/policies/community-guidelines", "en", "Accept-Encoding", "gzip"); w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("compressed: %v", w.Header())
	}
	publish(t, c, `Rules <script>alert(1)</script>`, "1. Be *kind*. <script>alert(2)</script> {#kind}\n")
	w := get("/policies/community-guidelines", "en", "If-None-Match", etag)
	page := w.Body.String()
	if w.Code != http.StatusOK || !strings.Contains(page, "Be <em>kind</em>") || !strings.Contains(page, "Version 2") {
		t.Errorf("after a version: %d %.300s", w.Code, page)
	}
	if strings.Contains(page, "<script>") || strings.Contains(page, "<b>") {
		t.Errorf("words act as markup: %s", page)
	}
	if old := get("/policies/community-guidelines/versions/1", "en").Body.String(); !strings.Contains(old, "not the version that counts now") {
		t.Error("an old version does not say that it is one")
	}
	if history := get("/policies/community-guidelines/versions", "en").Body.String(); !strings.Contains(history, "To &lt;test&gt;") {
		t.Errorf("the history: %s", history)
	}
	withdraw := map[string]any{"reason": map[string]any{"en": "Counsel reads <b>it</b> first."}}
	if r := c.Staff("policies").Post("/manage/policies/community-guidelines/withdraw", withdraw); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	for path, why := range map[string]string{"": `Why: <span lang="en">Counsel reads &lt;b&gt;it&lt;/b&gt; first.</span>`, "/versions": "It has not been in force since "} {
		if page := get("/policies/community-guidelines"+path, "en").Body.String(); !strings.Contains(page, why) {
			t.Errorf("%q does not say why it was withdrawn: %s", path, page)
		}
	}
	if page := get("/policies/community-guidelines/versions", "es").Body.String(); !strings.Contains(page, `Por qué: <span lang="en">Counsel reads`) {
		t.Errorf("in Spanish: %s", page)
	}
	record, err := c.House.PracticeRecord(c.App)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("phone", "555-0199")
	if err := c.House.Save(c.App, record); err != nil {
		t.Fatal(err)
	}
	if page := get("/policies", "en").Body.String(); !strings.Contains(page, "555-0199") {
		t.Error("the page has the old phone")
	}
}

// The foot of every page, and the posters, say the hours and what to do in an emergency in the language of the page.
func TestAPostedPageSpeaksItsLanguage(t *testing.T) {
	c := hookstest.New(t)
	get := wall(t, c)
	own, other := []string{"8 to 5", "Call 911."}, []string{"Lunes a viernes, 8 a 17 horas", "Llame al 911."}
	check := func(when, language string, says, keeps []string) {
		t.Helper()
		for _, path := range []string{"/policies", "/policies/privacy", "/policies/poster", "/policies/privacy/poster"} {
			page := get(path, language).Body.String()
			for i := range says {
				if !strings.Contains(page, says[i]) || strings.Contains(page, keeps[i]) {
					t.Errorf("%s, %s in %s: not %q, or %q: %s", when, path, language, says[i], keeps[i], page)
				}
			}
		}
	}
	check("said once", "en", own, other)
	check("said once", "es", own, other)
	if r := c.Founder().Patch("/practice/settings", map[string]any{"hours_other": other[0], "emergency_other": other[1]}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	check("said in both", "en", own, other)
	check("said in both", "es", other, own)
}

func TestNoPolicyHangsWhereSomethingElseDoes(t *testing.T) {
	c := hookstest.New(t)
	collection, err := c.App.FindCollectionByNameOrId(clinic.Policies)
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{"poster", "kit"} {
		record := core.NewRecord(collection)
		record.Load(map[string]any{"slug": slug, "audience": "everyone", "status": "posted"})
		if err := c.App.Save(record); err == nil {
			t.Errorf("a policy is called %s", slug)
		}
	}
}

func BenchmarkPage(b *testing.B) {
	c := hookstest.New(b)
	pages := posted.Register(c.App, c.House, nil)
	r := httptest.NewRequest(http.MethodGet, "/policies/community-guidelines", nil)
	r.Header.Set("Accept-Language", "en-US,en;q=0.9")
	for b.Loop() {
		if pages(r) == nil {
			b.Fatal("no page")
		}
	}
}
