package cli

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
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/letsencrypt/challtestsrv"
	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

const domain = "community.kinward.test"

// pebble starts a real certificate authority on loopback that validates on these ports. It returns the flags for serve and
// the root of what it issues.
func pebble(t *testing.T, httpPort, tlsPort int) ([]string, *x509.CertPool) {
	t.Helper()
	t.Setenv("PEBBLE_VA_NOSLEEP", "1")
	silent := log.New(io.Discard, "", 0)
	resolver := freeAddress(t)
	dns, err := challtestsrv.New(challtestsrv.Config{Log: silent, DNSAddrs: []string{resolver}})
	if err != nil {
		t.Fatal(err)
	}
	dns.SetDefaultDNSIPv4("127.0.0.1")
	dns.SetDefaultDNSIPv6("")
	go dns.Run()
	t.Cleanup(dns.Shutdown)
	untilAnswered(t, resolver)

	store := db.NewMemoryStore()
	issuer := ca.New(silent, store, "", "ecdsa", 0, 1, map[string]ca.Profile{"default": {ValidityPeriod: 3600}})
	front := wfe.New(silent, store, va.New(silent, httpPort, tlsPort, false, resolver, store), issuer, []string{"pebble.letsencrypt.org"}, false, false, 1, 1)
	server := httptest.NewTLSServer(front.Handler())
	t.Cleanup(server.Close)
	root := filepath.Join(t.TempDir(), "root.pem")
	write(t, root, "CERTIFICATE", server.Certificate().Raw)
	issued := x509.NewCertPool()
	issued.AddCert(issuer.GetRootCert(0).Cert)
	return []string{"--acme-ca", server.URL + "/dir", "--acme-root", root}, issued
}

func untilAnswered(t *testing.T, address string) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if conn, err := net.Dial("tcp", address); err == nil {
			_ = conn.Close()
			return
		}
	}
	t.Fatal("nothing answers at " + address)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func portIn(t *testing.T, address string) int {
	t.Helper()
	_, text, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return port
}

func write(t *testing.T, path, kind string, der []byte) {
	t.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
}

// browser speaks TLS with the server at address, whatever name is asked for, and follows no redirect.
func browser(t *testing.T, address string, roots *x509.CertPool) *http.Client {
	t.Helper()
	transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: domain}}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func TestServeWithDomain(t *testing.T) {
	plain, encrypted := freeAddress(t), freeAddress(t)
	flags, issued := pebble(t, portIn(t, plain), portIn(t, encrypted))
	r := begin(t, nil, append(flags, domain, "--dir", dataFolder(t), "--http", plain, "--https", encrypted)...)
	if want := "https://" + domain + ":" + strconv.Itoa(portIn(t, encrypted)); r.url != want {
		t.Errorf("answers at %s, not %s", r.url, want)
	}
	client := browser(t, encrypted, issued)
	var response *http.Response
	var err error
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); { // handshakes fail cleanly until there is a certificate
		if response, err = client.Get("https://" + encrypted + "/api/clinic/ready"); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.ProtoMajor != 2 || response.StatusCode != http.StatusOK || !strings.Contains(string(body), `"certificate","ok":true`) ||
		response.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%s %d %v %s", response.Proto, response.StatusCode, response.Header, body)
	}
	request, _ := http.NewRequest(http.MethodGet, "http://"+plain+"/join", nil)
	request.Host = domain
	redirect, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = redirect.Body.Close()
	if redirect.StatusCode != http.StatusMovedPermanently || redirect.Header.Get("Location") != r.url+"/join" {
		t.Errorf("%d %s", redirect.StatusCode, redirect.Header.Get("Location"))
	}
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

// With nobody to give a certificate the process lives, says why on port 80, and is not ready.
func TestServeWithoutAuthority(t *testing.T) {
	plain, encrypted := freeAddress(t), freeAddress(t)
	dir := dataFolder(t)
	begin(t, nil, domain, "--acme-ca", "https://"+freeAddress(t)+"/dir", "--dir", dir, "--http", plain, "--https", encrypted)
	request, _ := http.NewRequest(http.MethodGet, "http://"+plain+"/", nil)
	request.Host = domain
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), "Almost ready") {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	client, err := askServer(dir)
	if err != nil {
		t.Fatal(err)
	}
	ready, err := client.Get("http://kinward/ready")
	if err != nil {
		t.Fatal(err)
	}
	defer ready.Body.Close()
	if body, _ := io.ReadAll(ready.Body); !strings.Contains(string(body), `"name":"certificate","ok":false`) {
		t.Errorf("%s", body)
	}
}

// ownCertificate writes one for the domain that signed itself, with its key, and gives the roots that trust it.
func ownCertificate(t *testing.T) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	folder := t.TempDir()
	cert, key = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{domain}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	write(t, cert, "CERTIFICATE", der)
	write(t, key, "PRIVATE KEY", secret)
	roots = x509.NewCertPool()
	own, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(own)
	return cert, key, roots
}

func TestServeWithOwnCertificate(t *testing.T) {
	cert, key, roots := ownCertificate(t)
	encrypted := freeAddress(t)
	begin(t, nil, "--tls-cert", cert, "--tls-key", key, "--dir", dataFolder(t), "--http", "off", "--https", encrypted)
	response, err := browser(t, encrypted, roots).Get("https://" + encrypted + "/api/health")
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK || response.ProtoMajor != 2 {
		t.Errorf("%d %s", response.StatusCode, response.Proto)
	}
}
