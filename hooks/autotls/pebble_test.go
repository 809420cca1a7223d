package autotls

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

const domain = "community.kinward.test"

// authority is Pebble, the test server of Let's Encrypt, with its own DNS server: both real, both on loopback.
type authority struct {
	t       *testing.T
	address string
	server  *httptest.Server
	handler http.Handler
	trust   string         // PEM file with the root of the ACME server itself
	issued  *x509.CertPool // the root of what it issues
	dns     *challtestsrv.ChallSrv
	dnsAt   string
}

// newAuthority prepares Pebble, which is to validate on these ports; open lets it be heard.
func newAuthority(t *testing.T, httpPort, tlsPort int, life time.Duration) *authority {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	silent := log.New(io.Discard, "", 0)
	a := &authority{t: t, address: freeAddress(t), dnsAt: freeAddress(t), issued: x509.NewCertPool()}
	var err error
	a.dns, err = challtestsrv.New(challtestsrv.Config{Log: silent, DNSAddrs: []string{a.dnsAt}})
	if err != nil {
		t.Fatal(err)
	}
	a.dns.SetDefaultDNSIPv4("127.0.0.1")
	a.dns.SetDefaultDNSIPv6("")
	go a.dns.Run()
	t.Cleanup(a.dns.Shutdown)
	a.untilAnswered(a.dnsAt)

	store := db.NewMemoryStore()
	if err := store.AddBlockedDomain("refused.kinward.test"); err != nil {
		t.Fatal(err)
	}
	profiles := map[string]ca.Profile{"default": {Description: "for tests", ValidityPeriod: uint64(life / time.Second)}}
	issuer := ca.New(silent, store, "", "ecdsa", 0, 1, profiles)
	validator := va.New(silent, httpPort, tlsPort, false, a.dnsAt, store)
	front := wfe.New(silent, store, validator, issuer, []string{"pebble.letsencrypt.org"}, false, false, 1, 1)
	a.handler = front.Handler()
	a.issued.AddCert(issuer.GetRootCert(0).Cert)
	a.trust = filepath.Join(t.TempDir(), "root.pem")
	return a
}

// open starts the ACME server at its address. It may be called again after close.
func (a *authority) open() {
	a.t.Helper()
	listener, err := net.Listen("tcp", a.address)
	if err != nil {
		a.t.Fatal(err)
	}
	a.server = &httptest.Server{Listener: listener, Config: &http.Server{Handler: a.handler, ErrorLog: log.New(io.Discard, "", 0)}}
	a.server.StartTLS()
	a.t.Cleanup(a.server.Close)
	a.writeTrust(a.server.Certificate())
}

// writeTrust is called before the first start too, with the certificate that every httptest server shows.
func (a *authority) writeTrust(certificate *x509.Certificate) {
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Raw})
	if err := os.WriteFile(a.trust, block, 0o600); err != nil {
		a.t.Fatal(err)
	}
}

func (a *authority) directory() string { return "https://" + a.address + "/dir" }

func (a *authority) untilAnswered(address string) {
	a.t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return
		}
	}
	a.t.Fatal("nothing answers at " + address)
}

func (a *authority) lookup(ctx context.Context, name string) ([]netip.Addr, error) {
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, a.dnsAt)
	}}
	return resolver.LookupNetIP(ctx, "ip", name)
}

// house is a server of ours with both doors open, as `kinward serve DOMAIN` makes it.
type house struct {
	t         *testing.T
	ca        *authority
	certs     *Certificates
	before    func(*Certificates) // what a test sets before anything begins
	http, tls net.Listener
}

// newHouse opens the ports; start begins to get certificates.
func newHouse(t *testing.T, life time.Duration) *house {
	t.Helper()
	h := &house{t: t, http: listen(t), tls: listen(t)}
	h.ca = newAuthority(t, port(h.http), port(h.tls), life)
	return h
}

func (h *house) start(change func(*Options)) {
	h.t.Helper()
	options := Options{
		Domains: []string{domain}, Folder: filepath.Join(h.t.TempDir(), "certificates"),
		CA: h.ca.directory(), Root: h.ca.trust, Email: "it@kinward.test",
		HTTPPort: port(h.http), HTTPSPort: port(h.tls), CheckEvery: 50 * time.Millisecond,
		Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&options)
	}
	certs, err := New(options)
	if err != nil {
		h.t.Fatal(err)
	}
	h.certs = certs
	certs.doctor.lookup = h.ca.lookup
	certs.doctor.port = strconv.Itoa(port(h.http))
	certs.look = 20 * time.Millisecond
	if h.before != nil {
		h.before(certs)
	}
	h.serve()
}

func (h *house) serve() {
	door := Door(h.certs.Challenge(), h.certs.log)
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) })
	inner := &http.Server{Handler: StrictTransport(page), TLSConfig: h.certs.TLSConfig(), ErrorLog: log.New(io.Discard, "", 0)}
	go func() { _ = door.Serve(h.http) }()
	go func() { _ = inner.ServeTLS(h.tls, "", "") }()
	ctx, cancel := context.WithCancel(context.Background())
	h.t.Cleanup(func() { cancel(); h.certs.Close(); _ = door.Close(); _ = inner.Close() })
	h.certs.Start(ctx)
}

// until waits for a state, woken by each change.
func (h *house) until(what string, state func(NameStatus) bool) {
	h.t.Helper()
	limit := time.After(40 * time.Second)
	for {
		changed := h.certs.Changed()
		if state(h.certs.Status()[0]) {
			return
		}
		select {
		case <-changed:
		case <-limit:
			h.t.Fatalf("never %s: %+v", what, h.certs.Status())
		}
	}
}

func (h *house) shake(change func(*tls.Config)) (*tls.ConnectionState, error) {
	config := &tls.Config{ServerName: domain, RootCAs: h.ca.issued, NextProtos: []string{"h2", "http/1.1"}}
	if change != nil {
		change(config)
	}
	conn, err := tls.Dial("tcp", h.tls.Addr().String(), config)
	if err != nil {
		return nil, err
	}
	state := conn.ConnectionState()
	return &state, conn.Close()
}

// get asks for path on port 80 without following a redirect.
func (h *house) get(method, host, path string) *http.Response {
	h.t.Helper()
	request, _ := http.NewRequest(method, "http://"+h.http.Addr().String()+path, nil)
	request.Host = host
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener := listen(t)
	defer listener.Close()
	return listener.Addr().String()
}

func port(l net.Listener) int { return l.Addr().(*net.TCPAddr).Port }
