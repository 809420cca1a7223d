package autotls

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/mholt/acmez/v3/acme"
)

// Finding is one thing that stands between a domain and its certificate.
type Finding struct {
	Code string // "no_address", "elsewhere", "closed" or "authority": stable, for programs
	Say  string // one or two sentences: what is wrong and how to mend it
}

// knock is the path under which a server tells itself from others.
const knock = "/.well-known/kinward-knock"

// doctor examines from this machine what an authority will need: that the name resolves, and that port 80 of each of
// its addresses is answered by this very process.
type doctor struct {
	lookup func(ctx context.Context, name string) ([]netip.Addr, error)
	port   string // the port that authorities use, 80
	knocks bool   // false: nothing listens on port 80, and DNS alone is examined
	word   string // what this process answers to a knock
	roots  *x509.CertPool
}

func newDoctor(roots *x509.CertPool, knocks bool) doctor {
	word := make([]byte, 16)
	_, _ = rand.Read(word) // never fails, by its contract
	return doctor{
		lookup: func(ctx context.Context, name string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", name)
		},
		port: "80", knocks: knocks, word: hex.EncodeToString(word), roots: roots,
	}
}

// examine returns the first thing that is wrong, or nil.
func (d doctor) examine(ctx context.Context, name string) *Finding {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	addresses, err := d.lookup(ctx, name)
	var missing *net.DNSError
	switch {
	case errors.As(err, &missing) && missing.IsNotFound, err == nil && len(addresses) == 0:
		return &Finding{"no_address", fmt.Sprintf("%s has no address in DNS. Make an A record (and an AAAA record, if this "+
			"server has an IPv6 address) for it that points to this server; it may take minutes to be seen.", name)}
	case err != nil:
		return &Finding{"no_address", fmt.Sprintf("The address of %s could not be looked up (%v). "+
			"Check that this server can reach its DNS server.", name, err)}
	}
	for _, address := range addresses {
		if !d.knocks {
			break
		}
		if finding := d.try(ctx, name, address.Unmap()); finding != nil {
			return finding
		}
	}
	return nil
}

// try knocks on port 80 of one address. A name with a stale AAAA record beside a good A record is a common case.
func (d doctor) try(ctx context.Context, name string, address netip.Addr) *Finding {
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, network, net.JoinHostPort(address.String(), d.port))
		},
	}
	client := &http.Client{Transport: transport, Timeout: 8 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+name+knock, nil)
	if err != nil {
		return &Finding{"no_address", fmt.Sprintf("%q cannot be asked for: %v", name, err)}
	}
	response, err := client.Do(request)
	if err != nil {
		return &Finding{"closed", fmt.Sprintf("%s points to %s, but port %s there does not answer. If that is this server's address, "+
			"open ports 80 and 443 in its firewall and in your provider's; if it is not, correct the DNS record.", name, address, d.port)}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 256))
	if err != nil || strings.TrimSpace(string(answer)) != d.word {
		return &Finding{"elsewhere", fmt.Sprintf("%s points to %s, where another server answers. "+
			"Point its %s record to this server.", name, address, recordType(address))}
	}
	return nil
}

func recordType(address netip.Addr) string {
	if address.Is4() {
		return "A"
	}
	return "AAAA"
}

// explain turns a failed attempt into a sentence. What can be seen from here comes first, since it says what to do.
func (c *Certificates) explain(ctx context.Context, name string, failure error) string {
	if unreachable(failure) {
		return refusal(failure, c.options.CA)
	}
	if finding := c.doctor.examine(ctx, name); finding != nil {
		return finding.Say
	}
	return refusal(failure, c.options.CA)
}

// unreachable reports whether the authority was never heard: then nothing is known to be wrong with the domain.
func unreachable(failure error) bool {
	var problem acme.Problem
	var onTheWay *url.Error
	return !errors.As(failure, &problem) && errors.As(failure, &onTheWay)
}

// refusal says what an authority answered, or why it was not heard.
func refusal(failure error, ca string) string {
	var problem acme.Problem
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(failure, &problem) && problem.Type == acme.ProblemTypeRateLimited:
		return "The certificate authority asks to wait, since it was asked too often: " + problem.Detail
	case errors.As(failure, &problem):
		return fmt.Sprintf("The certificate authority refused: %s (%s)", words(problem), problem.Type)
	case errors.As(failure, &untrusted):
		return fmt.Sprintf("The certificate authority at %s shows a certificate that this server does not trust. "+
			"If it is an authority of your own, give its root with --acme-root FILE.", ca)
	case unreachable(failure):
		return fmt.Sprintf("The certificate authority at %s cannot be reached (%s). "+
			"Check that this server may reach the internet on port 443.", ca, cause(failure))
	}
	return fmt.Sprintf("The certificate could not be got: %v", failure)
}

func words(problem acme.Problem) string {
	said := []string{problem.Detail}
	for _, part := range problem.Subproblems {
		said = append(said, part.Detail)
	}
	return strings.TrimSpace(strings.Join(said, " "))
}

// cause gives the last, most telling part of a network error without the addresses that stand before it.
func cause(failure error) string {
	var name *net.DNSError
	switch {
	case errors.Is(failure, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.As(failure, &name):
		return "its name could not be looked up"
	case errors.Is(failure, context.DeadlineExceeded):
		return "no answer in time"
	}
	var onTheWay *url.Error
	if errors.As(failure, &onTheWay) {
		return onTheWay.Err.Error()
	}
	return failure.Error()
}
