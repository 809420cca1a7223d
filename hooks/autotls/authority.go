package autotls

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"os"
	"time"

	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"
)

// useAuthority wires certmagic's cache, storage and issuer to one another.
func (c *Certificates) useAuthority(roots *x509.CertPool) {
	logger := zap.New(quiet{log: c.log})
	c.cache = certmagic.NewCache(certmagic.CacheOptions{
		GetConfigForCert:   func(certmagic.Certificate) (*certmagic.Config, error) { return c.magic, nil },
		RenewCheckInterval: c.options.CheckEvery,
		Logger:             logger,
	})
	c.magic = certmagic.New(c.cache, certmagic.Config{
		Storage:           &certmagic.FileStorage{Path: c.options.Folder},
		DefaultServerName: c.options.Domains[0], // for clients that name no server
		OnEvent:           c.heard,
		Logger:            logger,
	})
	c.issuer = certmagic.NewACMEIssuer(c.magic, certmagic.ACMEIssuer{
		CA:                      c.options.CA,
		Email:                   c.options.Email,
		Agreed:                  true,
		TrustedRoots:            roots,
		DisableHTTPChallenge:    c.options.NoHTTP01,
		DisableTLSALPNChallenge: c.options.NoTLSALPN01,
		AltHTTPPort:             c.options.HTTPPort,
		AltTLSALPNPort:          c.options.HTTPSPort,
		Logger:                  logger,
	})
	c.magic.Issuers = []certmagic.Issuer{c.issuer}
	c.doctor = newDoctor(roots, !c.options.NoHTTP01)
}

// rootsWith gives the system's roots and those of a file; nil, which means the system's, where no file is given.
func rootsWith(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("the file given with --acme-root cannot be read: %w", err)
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s holds no certificate in PEM form: give the authority's root with --acme-root", file)
	}
	return pool, nil
}

func checkCA(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return fmt.Errorf("%q is not the https address of a certificate authority: give its directory with --acme-ca", address)
	}
	return nil
}

// attempt is one try at a first certificate. certmagic would go on trying by itself for a month and tell nobody why;
// ending its context after the first failure gives the pauses, and the words, to us.
type attempt struct {
	failure error
	cancel  context.CancelFunc
}

type attemptKey struct{}

// keep gets the first certificate for name, if there is none yet, and hands it to certmagic's upkeep.
func (c *Certificates) keep(ctx context.Context, name string) {
	for tries := 0; ; tries++ {
		err := c.obtain(ctx, name)
		if err == nil {
			c.note(name, "")
			c.log.Info("certificate ready", "domain", name)
			return
		}
		if ctx.Err() != nil {
			return
		}
		say := c.explain(ctx, name, err)
		c.note(name, say)
		pause := c.options.Retry[min(tries, len(c.options.Retry)-1)]
		c.log.Warn("no certificate yet", "domain", name, "why", say, "next_try_in", pause.String())
		if !c.wait(ctx, name, pause) {
			return
		}
	}
}

func (c *Certificates) obtain(ctx context.Context, name string) error {
	try := &attempt{}
	inner, cancel := context.WithCancel(context.WithValue(ctx, attemptKey{}, try))
	try.cancel = cancel
	defer cancel()
	if err := c.magic.ObtainCertAsync(inner, name); err != nil {
		if try.failure != nil {
			return try.failure
		}
		return err
	}
	if _, err := c.magic.CacheManagedCertificate(ctx, name); err != nil {
		return fmt.Errorf("the certificate in %s cannot be read: %w", c.options.Folder, err)
	}
	// One from the folder may be due, or past its end, after a long pause: look now, not at the next interval.
	return c.cache.RenewManagedCertificates(ctx)
}

// wait pauses before the next attempt. It ends early when someone asks (TryNow), or when what could be seen to be
// wrong from here has been mended, so that a corrected DNS record is honoured within seconds. False: the work is over.
func (c *Certificates) wait(ctx context.Context, name string, pause time.Duration) bool {
	c.mu.Lock()
	again := c.again
	c.mu.Unlock()
	over := time.NewTimer(pause)
	defer over.Stop()
	look := time.NewTicker(c.look)
	defer look.Stop()
	ill := c.doctor.examine(ctx, name) != nil
	for {
		select {
		case <-ctx.Done():
			return false
		case <-over.C:
			return true
		case <-again:
			return true
		case <-look.C:
			finding := c.doctor.examine(ctx, name)
			if finding == nil && ill {
				return true
			}
			if finding != nil {
				c.note(name, finding.Say)
			}
			ill = finding != nil
		}
	}
}

// heard takes certmagic's events. It is called in the middle of its work and must not block.
func (c *Certificates) heard(ctx context.Context, event string, data map[string]any) error {
	name, _ := data["identifier"].(string)
	switch event {
	case "cert_failed":
		failure, _ := data["error"].(error)
		if failure == nil {
			failure = errors.New("no reason was given")
		}
		if try, ok := ctx.Value(attemptKey{}).(*attempt); ok {
			try.failure = failure
			try.cancel()
			return nil
		}
		say := refusal(failure, c.options.CA)
		c.note(name, say)
		c.log.Warn("a certificate could not be renewed; the present one stays in use", "domain", name, "why", say)
	case "cert_obtained":
		c.note(name, "")
		if renewal, _ := data["renewal"].(bool); renewal {
			c.log.Info("certificate renewed", "domain", name)
		}
	}
	return nil
}
