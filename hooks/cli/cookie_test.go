package cli

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// setUpFolder is the data folder of a practice whose first provider can sign in.
func setUpFolder(t *testing.T) string {
	t.Helper()
	dir := dataFolder(t)
	t.Setenv("KINWARD_PASSWORD", "correct horse battery staple")
	well(t, "setup", "--dir", dir, "--practice", "Riverside", "--phone", "555-0100", "--name", "Ana Ruiz", "--email", "ana@example.org")
	return dir
}

// signInAt signs the first provider in at an address, and returns the one cookie that is given.
func signInAt(t *testing.T, client *http.Client, address string) *http.Cookie {
	t.Helper()
	response, err := client.Post(address+"/api/clinic/session", "application/json",
		strings.NewReader(`{"email":"ana@example.org","password":"correct horse battery staple"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	cookies := response.Cookies()
	if body, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK || len(cookies) != 1 {
		t.Fatalf("%d %s, %d cookies", response.StatusCode, body, len(cookies))
	}
	return cookies[0]
}

// opens reports whether a session's token in a cookie of this name signs in.
func opens(t *testing.T, client *http.Client, address, name, token string) bool {
	t.Helper()
	request, _ := http.NewRequest(http.MethodGet, address+"/api/clinic/session", nil)
	request.AddCookie(&http.Cookie{Name: name, Value: token})
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(body), `"signed_in":true`)
}

// setURL writes the practice's own public URL before it is served.
func setURL(t *testing.T, app core.App, url string) {
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		if _, err := app.DB().NewQuery("UPDATE practices SET url = {:url}").Bind(dbx.Params{"url": url}).Execute(); err != nil {
			t.Error(err)
		}
		return e.Next()
	})
}

// Under TLS the session's cookie is one that only this host can have set and that no other way carries: the prefix __Host- asks the
// browser for Secure, for Path=/, and for no Domain (RFC 6265bis section 4.1.3.2). Without TLS a browser would not take it.
func TestTheSessionsCookie(t *testing.T) {
	cert, key, roots := ownCertificate(t)
	dir, encrypted := setUpFolder(t), freeAddress(t)
	for name, c := range map[string]struct {
		args    []string
		setting string // the public URL in the practice's settings
		client  *http.Client
		address string // empty: where serve says it answers
		secure  bool
	}{
		"TLS of our own": {[]string{"--tls-cert", cert, "--tls-key", key, "--http", "off", "--https", encrypted}, "", browser(t, encrypted, roots), "https://" + encrypted, true},
		"https at a trusted proxy": {[]string{"--http", freeAddress(t), "--public-url", "https://" + domain, "--trusted-proxy", "127.0.0.1"}, "",
			http.DefaultClient, "", true},
		"https at a trusted proxy, as only the settings say": {[]string{"--http", freeAddress(t), "--trusted-proxy", "127.0.0.1"}, "https://" + domain,
			http.DefaultClient, "", true},
		"http as it was started, whatever the settings say": {[]string{"--http", freeAddress(t), "--public-url", "http://" + domain}, "https://" + domain,
			http.DefaultClient, "", false},
		"TLS of our own, whatever the settings say": {[]string{"--tls-cert", cert, "--tls-key", key, "--http", "off", "--https", encrypted}, "http://" + domain,
			browser(t, encrypted, roots), "https://" + encrypted, true},
		"no TLS": {[]string{"--http", freeAddress(t)}, "", http.DefaultClient, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			begin(t, func(app core.App) { setURL(t, app, c.setting) }, append(c.args, "--dir", dir)...)
			if c.address == "" {
				c.address = "http://" + c.args[1]
			}
			want, other := "__Host-kinward", "kinward"
			if !c.secure {
				want, other = other, want
			}
			cookie := signInAt(t, c.client, c.address)
			if cookie.Name != want || cookie.Secure != c.secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode ||
				cookie.Path != "/" || cookie.Domain != "" || cookie.Quoted {
				t.Errorf("the cookie is %s", cookie.Raw)
			}
			if !opens(t, c.client, c.address, want, cookie.Value) {
				t.Errorf("%s does not sign in", want)
			}
			if opens(t, c.client, c.address, other, cookie.Value) {
				t.Errorf("a cookie of the name %s signs in too", other)
			}
		})
	}
}
