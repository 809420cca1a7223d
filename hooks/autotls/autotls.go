// Package autotls gets, keeps and renews the certificates of this server, and is the only door to certmagic.
//
// What it promises:
//
//   - New only checks and prepares; it opens no port and asks nobody. Start begins the work and returns at once, so
//     that the process answers while the first certificate is being got. Until then a TLS handshake fails cleanly,
//     and the page on port 80 says in plain words what is missing and how to mend it.
//   - A certificate is got by HTTP-01 (port 80) or TLS-ALPN-01 (port 443), whichever the authority can reach, kept in a
//     folder of mode 0700, and renewed without a restart and without a failed handshake.
//   - With certificate files of one's own no authority is asked; the files are read again when they change, and a bad
//     new pair never displaces a good old one.
//   - Whatever goes wrong is told as one sentence that names the cause and the next step (Status, the log, the page).
//
// It keeps its own certmagic cache and storage and leaves that package's defaults alone.
package autotls

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/caddyserver/certmagic"
	"golang.org/x/net/idna"
)

// Options say which certificates are wanted and how to get them. Either Domains and Folder, or CertFile and KeyFile,
// must be given.
type Options struct {
	Domains []string // the names that people type, the first is the main one
	Folder  string   // where keys and certificates are kept; made with mode 0700

	CA    string // directory URL of the ACME authority; default Let's Encrypt
	Root  string // PEM file with further roots to trust when talking to the authority; default the system's only
	Email string // told to the authority, which may write when something is wrong; may be empty

	CertFile, KeyFile string // PEM files of one's own; both or neither. With them no authority is asked

	HTTPPort  int // where this process listens for the challenge and the redirect; default 80
	HTTPSPort int // where this process listens for TLS; default 443. Redirects name it when it is another
	// NoHTTP01 is for a server that does not listen on port 80: TLS-ALPN-01 alone is used.
	NoHTTP01 bool
	// NoTLSALPN01 is for a server behind something that ends TLS itself: HTTP-01 alone is used.
	NoTLSALPN01 bool

	CheckEvery time.Duration // how often to look whether a renewal is due; default 10 minutes
	// Retry are the pauses between attempts at a first certificate; the last one repeats. The default keeps to five
	// failures an hour, which is what Let's Encrypt allows for one name.
	Retry []time.Duration

	Log *slog.Logger // default: nothing is logged
}

var defaultRetry = []time.Duration{
	2 * time.Minute, 5 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 4 * time.Hour,
}

// Certificates holds what New prepared. Its methods may be called from any goroutine.
type Certificates struct {
	options Options
	log     *slog.Logger
	files   *files // nil where an authority is asked
	cache   *certmagic.Cache
	magic   *certmagic.Config
	issuer  *certmagic.ACMEIssuer
	doctor  doctor
	look    time.Duration // how often DNS and port 80 are examined while a certificate is missing

	mu       sync.Mutex
	problems map[string]string // by domain: what stands in the way now
	changed  chan struct{}     // closed and replaced when something changed
	again    chan struct{}     // closed and replaced by TryNow
	started  bool
	stop     sync.Once
}

// New checks the options and prepares the certificates without opening a port or asking anyone. Every error is a
// sentence for the person who started the server.
func New(options Options) (*Certificates, error) {
	c := &Certificates{
		options:  withDefaults(options),
		problems: map[string]string{},
		changed:  make(chan struct{}),
		again:    make(chan struct{}),
		look:     15 * time.Second,
	}
	c.log = c.options.Log
	if c.options.CertFile != "" || c.options.KeyFile != "" {
		if err := c.useFiles(); err != nil {
			return nil, err
		}
		return c, nil
	}
	domains, err := fullNames(c.options.Domains)
	if err != nil {
		return nil, err
	}
	c.options.Domains = domains
	if err := os.MkdirAll(c.options.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for certificates cannot be made: %w", err)
	}
	if err := os.Chmod(c.options.Folder, 0o700); err != nil {
		return nil, fmt.Errorf("the folder for certificates cannot be closed to others: %w", err)
	}
	roots, err := rootsWith(c.options.Root)
	if err != nil {
		return nil, err
	}
	if err := checkCA(c.options.CA); err != nil {
		return nil, err
	}
	c.useAuthority(roots)
	return c, nil
}

func withDefaults(o Options) Options {
	if o.CA == "" {
		o.CA = certmagic.LetsEncryptProductionCA
	}
	if o.HTTPPort == 0 {
		o.HTTPPort = 80
	}
	if o.HTTPSPort == 0 {
		o.HTTPSPort = 443
	}
	if o.CheckEvery == 0 {
		o.CheckEvery = 10 * time.Minute
	}
	if len(o.Retry) == 0 {
		o.Retry = defaultRetry
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (c *Certificates) useFiles() error {
	if c.options.CertFile == "" || c.options.KeyFile == "" {
		return errors.New("a certificate of your own needs both files: --tls-cert and --tls-key")
	}
	c.files = &files{cert: c.options.CertFile, key: c.options.KeyFile, log: c.log}
	return c.files.load()
}

// fullNames checks domain names and gives them as they stand in certificates: in lower case, and international ones in
// their ASCII form.
func fullNames(given []string) ([]string, error) {
	if len(given) == 0 {
		return nil, errors.New("a certificate needs at least one domain name")
	}
	full := make([]string, len(given))
	for i, name := range given {
		if net.ParseIP(name) != nil {
			return nil, fmt.Errorf("%q is an address: give the domain name that points to it, such as community.example.org", name)
		}
		ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(name, "."))
		if err != nil || !strings.Contains(ascii, ".") || !certmagic.SubjectQualifiesForCert(ascii) {
			return nil, fmt.Errorf("%q is not a full domain name: give it whole and without https://, such as community.example.org", name)
		}
		full[i] = ascii
	}
	return full, nil
}

// TLSConfig is for the server that listens for TLS: TLS 1.2 or newer, only suites with forward secrecy and
// authenticated encryption (no CBC), HTTP/2 first.
func (c *Certificates) TLSConfig() *tls.Config {
	config := &tls.Config{
		MinVersion: tls.VersionTLS12,
		// For TLS 1.2 alone: version 1.3 has its own suites, all sound.
		CipherSuites: []uint16{
			tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
			tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
			tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
			tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
		},
		NextProtos: []string{"h2", "http/1.1"},
	}
	if c.files != nil {
		config.GetCertificate = c.files.certificate
		return config
	}
	config.GetCertificate = c.magic.GetCertificate
	if !c.options.NoTLSALPN01 {
		config.NextProtos = append(config.NextProtos, "acme-tls/1")
	}
	return config
}

// Start begins to get and keep the certificates and returns at once. The work ends when ctx does. The ports must
// already be listened on: the authority asks back through them. Only the first call has an effect.
func (c *Certificates) Start(ctx context.Context) {
	c.mu.Lock()
	first := !c.started
	c.started = true
	c.mu.Unlock()
	if c.files != nil || !first {
		return
	}
	for _, name := range c.options.Domains {
		go c.keep(ctx, name)
	}
	context.AfterFunc(ctx, c.Close)
}

// Close ends the upkeep of the certificates and frees their locks. What was got stays usable for running handshakes.
func (c *Certificates) Close() {
	if c.cache != nil {
		c.stop.Do(c.cache.Stop)
	}
}

// TryNow ends the pause between two attempts: for an operator who has just mended what was wrong.
func (c *Certificates) TryNow() {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.again)
	c.again = make(chan struct{})
}
