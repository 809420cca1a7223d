package autotls

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pair writes a certificate and its key, as the tool of a practice would, each time with a later file time.
func pair(t *testing.T, serial int64, life time.Duration, cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), DNSNames: []string{domain, "*.wild.kinward.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(life)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, serial, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, serial, key, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}))
}

func write(t *testing.T, serial int64, path string, content []byte) {
	t.Helper()
	if path == "" {
		return
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(time.Duration(serial) * time.Second)
	if err := os.Chtimes(path, later, later); err != nil {
		t.Fatal(err)
	}
}

func TestOwnFilesAreReadAgain(t *testing.T) {
	folder := t.TempDir()
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	pair(t, 1, time.Hour, cert, key)
	c, err := New(Options{CertFile: cert, KeyFile: key})
	if err != nil {
		t.Fatal(err)
	}
	c.Start(t.Context()) // nothing to do, and no harm
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = c.TLSConfig()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	listener := tls.NewListener(server.Listener, server.TLS)
	go func() { _ = server.Config.Serve(listener) }()
	defer server.Config.Close()

	serial := func() int64 {
		conn, err := tls.Dial("tcp", listener.Addr().String(), &tls.Config{InsecureSkipVerify: true, ServerName: domain})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	problem := func() string { return c.Status()[0].Problem }

	if got := serial(); got != 1 || problem() != "" {
		t.Fatalf("serial %d, %q", got, problem())
	}
	pair(t, 2, time.Hour, cert, "") // half replaced: the old pair stays
	if got := serial(); got != 1 || !strings.Contains(problem(), "cannot be used") {
		t.Errorf("half replaced: serial %d, %q", got, problem())
	}
	pair(t, 3, time.Hour, cert, key)
	if got := serial(); got != 3 || problem() != "" {
		t.Errorf("replaced: serial %d, %q", got, problem())
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 3 || !strings.Contains(problem(), "no such file") {
		t.Errorf("key removed: serial %d, %q", got, problem())
	}
	pair(t, 4, -time.Minute, cert, key)
	if ok, detail := c.Ready(); ok || !strings.Contains(detail, "not now") {
		t.Errorf("past its end: %v %q", ok, detail)
	}
}

func TestOwnFilesRedirect(t *testing.T) {
	folder := t.TempDir()
	cert, key := filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	pair(t, 1, time.Hour, cert, key)
	c, err := New(Options{CertFile: cert, KeyFile: key})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{
		domain:                "https://" + domain + "/a",
		"a.wild.kinward.test": "https://a.wild.kinward.test/a",
		"192.0.2.7":           "https://" + domain + "/a",
	} {
		r := httptest.NewRequest(http.MethodGet, "/a", nil)
		r.Host = host
		w := httptest.NewRecorder()
		c.Challenge().ServeHTTP(w, r)
		if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != want {
			t.Errorf("%s: %d %q", host, w.Code, w.Header().Get("Location"))
		}
	}
}
