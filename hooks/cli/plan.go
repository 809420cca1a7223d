package cli

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"

	"kinward/hooks/access"
	"kinward/hooks/autotls"
)

// doors are the flags of serve: where the server listens and how it is reached.
type doors struct {
	http, https, publicURL      string
	proxies, operators          []string
	acmeCA, acmeRoot, acmeEmail string
	tlsCert, tlsKey             string
	accessLog                   string
	domains                     []string
}

// plan is what the flags come to.
type plan struct {
	http, https        string // addresses to listen on; empty: not at all
	url                string // the public URL, without a slash at its end
	named              bool   // it was given, so the practice's own setting does not go before it
	proxies, operators []netip.Prefix
	tls                *autotls.Options // nil: plain HTTP
	accessLog          string
}

// plan reads the flags together. Every error is a sentence for whoever typed them.
func (d doors) plan(dir string) (plan, error) {
	p := plan{http: d.http, https: d.https, accessLog: d.accessLog}
	encrypted := len(d.domains) > 0 || d.tlsCert != "" || d.tlsKey != ""
	switch {
	case encrypted:
		p.http, p.https = or(d.http, ":80"), or(d.https, ":443")
	case d.https != "":
		return p, errors.New("--https needs a domain to get a certificate for, or a certificate of your own (--tls-cert and --tls-key)")
	default:
		p.http = or(d.http, "127.0.0.1:8090")
	}
	if p.http == "off" {
		p.http = ""
	}
	if p.http == "" && p.https == "" {
		return p, errors.New("--http off leaves nothing to listen on")
	}
	for _, address := range []string{p.http, p.https} {
		if err := checkAddress(address); err != nil {
			return p, err
		}
	}
	if encrypted {
		p.tls = &autotls.Options{
			Domains: d.domains, Folder: filepath.Join(dir, "certificates"), CA: d.acmeCA, Root: d.acmeRoot, Email: d.acmeEmail,
			CertFile: d.tlsCert, KeyFile: d.tlsKey, NoHTTP01: p.http == "",
		}
	}
	return p, errors.Join(p.reach(d), p.trust(d))
}

func or(given, otherwise string) string {
	if given == "" {
		return otherwise
	}
	return given
}

func checkAddress(address string) error {
	if address == "" {
		return nil
	}
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = net.LookupPort("tcp", port)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address to listen on: write it as 127.0.0.1:8090, or :443 for all of this server's addresses", address)
	}
	return nil
}

// reach finds the public URL: as given, else the first domain, else the address served; the practice's own setting goes before the
// latter two. A port of 0, which asks the system
// for a free one, is filled in by at.
func (p *plan) reach(d doors) error {
	if d.publicURL != "" {
		if p.url, p.named = access.CheckPublicURL(d.publicURL); !p.named {
			return fmt.Errorf("%q is not a public URL: give scheme and host only, such as https://community.example.org", d.publicURL)
		}
		return nil
	}
	address, scheme, usual := p.http, "http", "80"
	if p.https != "" {
		address, scheme, usual = p.https, "https", "443"
	}
	host, port, _ := net.SplitHostPort(address) // checked before
	switch ip := net.ParseIP(host); {
	case len(d.domains) > 0:
		host = d.domains[0]
	case host == "" || ip != nil && ip.IsUnspecified():
		host = "127.0.0.1"
	}
	if port != usual {
		host = net.JoinHostPort(host, port)
	} else if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	p.url = scheme + "://" + host
	return nil
}

// at puts the port that the system chose into the public URL.
func (p *plan) at(port int) {
	if before, cut := strings.CutSuffix(p.url, ":0"); cut {
		p.url = before + ":" + strconv.Itoa(port)
	}
}

func (p *plan) trust(d doors) error {
	var err error
	if p.proxies, err = access.ParsePrefixes(d.proxies); err != nil {
		return fmt.Errorf("--trusted-proxy takes addresses and networks such as 10.0.0.0/8: %w", err)
	}
	if p.operators, err = access.ParsePrefixes(d.operators); err != nil {
		return fmt.Errorf("--operator takes addresses and networks such as 192.0.2.7: %w", err)
	}
	for _, prefix := range p.proxies {
		if prefix.Bits() == 0 {
			return errors.New("--trusted-proxy would trust everybody: then anyone could pretend to come from any address")
		}
	}
	return nil
}

// inTheClear reports whether passwords would cross a network unencrypted: no TLS here, and no proxy that ends it.
func (p plan) inTheClear() bool {
	if p.tls != nil || strings.HasPrefix(p.url, "https://") {
		return false
	}
	host, _, _ := net.SplitHostPort(p.http)
	ip := net.ParseIP(host)
	return host != "localhost" && (ip == nil || !ip.IsLoopback())
}
