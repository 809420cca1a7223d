package autotls

import (
	"context"
	"crypto/tls"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func ready(s NameStatus) bool { return s.Ready }

func TestCertificateByEachChallenge(t *testing.T) {
	ways := map[string]func(*Options){
		"HTTP-01":     func(o *Options) { o.NoTLSALPN01 = true },
		"TLS-ALPN-01": func(o *Options) { o.NoHTTP01 = true },
	}
	for way, only := range ways {
		t.Run(way, func(t *testing.T) {
			h := newHouse(t, time.Hour)
			h.ca.open()
			h.start(only)
			h.until("ready", ready)
			state, err := h.shake(nil)
			if err != nil {
				t.Fatal(err)
			}
			if state.NegotiatedProtocol != "h2" || state.Version != tls.VersionTLS13 {
				t.Errorf("negotiated %q in version %x", state.NegotiatedProtocol, state.Version)
			}
			if ok, detail := h.certs.Ready(); !ok || detail != "" {
				t.Errorf("ready %v, %q", ok, detail)
			}
			onlyOursMayRead(t, h.certs.options.Folder)
		})
	}
}

func onlyOursMayRead(t *testing.T, folder string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files++
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s may be read by others: %v", path, info.Mode())
		}
		return nil
	})
	if err != nil || files < 5 {
		t.Errorf("looked at %d files: %v", files, err)
	}
}

func TestRedirectAndStrictTransport(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.open()
	h.start(nil)
	h.until("ready", ready)
	origin := "https://" + net.JoinHostPort(domain, portOf(h.tls.Addr().String()))

	for host, path := range map[string]string{domain: "/posts/1?a=b", strings.ToUpper(domain) + ":80": "/", "127.0.0.1": "/x", "evil.test": "//evil.test/"} {
		r := h.get(http.MethodGet, host, path)
		if r.StatusCode != http.StatusMovedPermanently || r.Header.Get("Location") != origin+path {
			t.Errorf("%s%s: %d %q", host, path, r.StatusCode, r.Header.Get("Location"))
		}
	}
	if r := h.get(http.MethodPost, domain, "/api/clinic/session"); r.StatusCode != http.StatusForbidden {
		t.Errorf("a POST in the clear: %d", r.StatusCode)
	}

	client := &http.Client{Transport: &http.Transport{ForceAttemptHTTP2: true,
		TLSClientConfig: &tls.Config{RootCAs: h.ca.issued, ServerName: domain}}}
	defer client.CloseIdleConnections()
	r, err := client.Get("https://" + h.tls.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	body, _ := io.ReadAll(r.Body)
	if string(body) != "HTTP/2.0" || r.Header.Get("Strict-Transport-Security") != "max-age=63072000" {
		t.Errorf("%q %q", body, r.Header.Get("Strict-Transport-Security"))
	}
	plain := httptest.NewRecorder()
	StrictTransport(http.NotFoundHandler()).ServeHTTP(plain, httptest.NewRequest(http.MethodGet, "/", nil))
	if plain.Header().Get("Strict-Transport-Security") != "" {
		t.Error("strict transport promised on a plain connection")
	}
}

func TestOnlySoundVersionsAndSuites(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.open()
	h.start(nil)
	h.until("ready", ready)
	if _, err := h.shake(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 }); err == nil {
		t.Error("TLS 1.1 was accepted")
	}
	if _, err := h.shake(func(c *tls.Config) {
		c.MaxVersion = tls.VersionTLS12
		c.CipherSuites = []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA}
	}); err == nil {
		t.Error("a CBC suite was accepted")
	}
	if _, err := h.shake(func(c *tls.Config) { c.MaxVersion = tls.VersionTLS12 }); err != nil {
		t.Errorf("TLS 1.2 was refused: %v", err)
	}
	if _, err := h.shake(func(c *tls.Config) { c.ServerName = "other.kinward.test" }); err == nil {
		t.Error("a certificate was shown for a name that is not ours")
	}
}

func TestRenewalWithoutFailedHandshake(t *testing.T) {
	h := newHouse(t, 40*time.Second)
	h.ca.open()
	h.before = func(c *Certificates) {
		c.magic.RenewalWindowRatio = 0.9 // due after four seconds; the rest is for a slow machine
		c.magic.DisableARI = true        // Pebble suggests a random moment of the whole life, the last one included
	}
	h.start(nil)
	h.until("ready", ready)

	serials := map[string]bool{}
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	shakes := 0
	for end := time.After(60 * time.Second); len(serials) < 3; shakes++ {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("%d certificates in a minute", len(serials))
		}
		state, err := h.shake(nil)
		if err != nil {
			t.Fatalf("handshake %d with certificate %d failed: %v", shakes, len(serials), err)
		}
		serials[state.PeerCertificates[0].SerialNumber.String()] = true
	}
	t.Logf("%d handshakes over two renewals, none failed", shakes)
}

// The process lives, and says why, while the authority is away; it gets its certificate once the authority is back.
func TestAuthorityAwayAtTheStart(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.writeTrust(httptest.NewTLSServer(nil).Certificate())
	h.start(nil)
	h.until("told", func(s NameStatus) bool { return s.Problem != "" })
	said := h.certs.Status()[0].Problem
	if !strings.Contains(said, "cannot be reached (connection refused)") || !strings.Contains(said, h.ca.directory()) {
		t.Errorf("said: %s", said)
	}
	if _, err := h.shake(nil); err == nil || !strings.Contains(err.Error(), "internal error") {
		t.Errorf("a handshake without a certificate: %v", err)
	}
	r := h.get(http.MethodGet, domain, "/")
	page, _ := io.ReadAll(r.Body)
	if r.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(page), "cannot be reached") ||
		!strings.Contains(string(page), "Vuelva dentro de unos minutos") || r.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", r.StatusCode, page)
	}
	if ok, detail := h.certs.Ready(); ok || detail != said {
		t.Errorf("ready %v, %q", ok, detail)
	}
	h.ca.open()
	h.certs.TryNow()
	h.until("ready", ready)
	if _, err := h.shake(nil); err != nil {
		t.Error(err)
	}
}

// A record that is corrected is honoured by itself, long before the next pause ends.
func TestDNSCorrectedWhileWaiting(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.dns.SetDefaultDNSIPv4("")
	h.ca.open()
	h.start(nil)
	h.until("told", func(s NameStatus) bool { return strings.Contains(s.Problem, "could not be looked up") })

	elsewhere := httptest.NewUnstartedServer(http.NotFoundHandler())
	other, err := net.Listen("tcp", net.JoinHostPort("127.0.0.2", portOf(h.http.Addr().String())))
	if err != nil {
		t.Fatal(err)
	}
	elsewhere.Listener = other
	elsewhere.Start()
	defer elsewhere.Close()
	h.ca.dns.AddDNSARecord(domain, []string{"127.0.0.2"})
	h.until("told", func(s NameStatus) bool { return strings.Contains(s.Problem, "127.0.0.2, where another server answers") })

	h.ca.dns.DeleteDNSARecord(domain)
	h.ca.dns.AddDNSARecord(domain, []string{"127.0.0.3"})
	h.until("told", func(s NameStatus) bool { return strings.Contains(s.Problem, "127.0.0.3, but port") })

	h.ca.dns.DeleteDNSARecord(domain)
	h.ca.dns.SetDefaultDNSIPv4("127.0.0.1")
	h.until("ready", ready)
}

func TestNoAddressInDNS(t *testing.T) {
	d := newDoctor(nil, true)
	for _, unknown := range []error{nil, &net.DNSError{IsNotFound: true}} {
		d.lookup = func(context.Context, string) ([]netip.Addr, error) { return nil, unknown }
		if f := d.examine(t.Context(), domain); f == nil || f.Code != "no_address" || !strings.Contains(f.Say, "Make an A record") {
			t.Errorf("%v: %+v", unknown, f)
		}
	}
}

func TestAuthorityRefuses(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.open()
	h.start(func(o *Options) { o.Domains = []string{"refused.kinward.test"} })
	h.until("told", func(s NameStatus) bool { return s.Problem != "" })
	if said := h.certs.Status()[0].Problem; !strings.HasPrefix(said, "The certificate authority refused: ") {
		t.Errorf("said: %s", said)
	}
}

func TestAuthorityNotTrusted(t *testing.T) {
	h := newHouse(t, time.Hour)
	h.ca.open()
	h.start(func(o *Options) { o.Root = "" })
	h.until("told", func(s NameStatus) bool { return strings.Contains(s.Problem, "--acme-root") })
}

// A restart takes the certificate from the folder and asks nobody.
func TestRestartAsksNobody(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "kept")
	h := newHouse(t, time.Hour)
	h.ca.open()
	h.start(func(o *Options) { o.Folder = folder })
	h.until("ready", ready)
	h.ca.server.Close()

	again, err := New(h.certs.options)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	h.certs = again
	again.Start(ctx)
	h.until("ready", ready)
}

func TestOptionsAreChecked(t *testing.T) {
	folder := t.TempDir()
	empty := filepath.Join(folder, "empty.pem")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for want, options := range map[string]Options{
		"at least one domain":     {Folder: folder},
		"is an address":           {Folder: folder, Domains: []string{"192.0.2.1"}},
		"not a full domain name":  {Folder: folder, Domains: []string{"https://community.example.org"}},
		"\"localhost\" is not":    {Folder: folder, Domains: []string{"localhost"}},
		"\"*.example.org\" is":    {Folder: folder, Domains: []string{"*.example.org"}},
		"\"a_b.example.org\" is":  {Folder: folder, Domains: []string{"a_b.example.org"}},
		"not the https address":   {Folder: folder, Domains: []string{domain}, CA: "http://ca.example.org/"},
		"holds no certificate":    {Folder: folder, Domains: []string{domain}, Root: empty},
		"cannot be read":          {Folder: folder, Domains: []string{domain}, Root: "/nowhere.pem"},
		"needs both files":        {CertFile: empty},
		"cannot be used":          {CertFile: empty, KeyFile: empty},
		"certificates cannot be ": {Folder: filepath.Join(empty, "in a file"), Domains: []string{domain}},
	} {
		if _, err := New(options); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, not %q", options, err, want)
		}
	}
}

func TestListenSaysWhy(t *testing.T) {
	taken := listen(t).Addr().String()
	for address, want := range map[string]string{taken: "in use by another program", "192.0.2.1:8443": "not an address of this server"} {
		if _, err := Listen(address); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
