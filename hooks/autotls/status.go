package autotls

import (
	"crypto/x509"
	"fmt"
	"time"
)

// NameStatus says how one domain stands.
type NameStatus struct {
	Name    string
	Ready   bool      // a certificate that is valid now is in use
	Ends    time.Time // of the certificate in use; zero without one
	Problem string    // one sentence on what stands in the way, or empty. May be set while Ready: a failing renewal
}

// Status says how each domain stands, in the order given to New; with files of one's own, each name of the certificate.
func (c *Certificates) Status() []NameStatus {
	if c.files != nil {
		leaf, problem := c.files.leaf()
		all := make([]NameStatus, 0, len(leaf.DNSNames))
		for _, name := range namesOf(leaf) {
			all = append(all, statusOf(name, leaf, problem))
		}
		return all
	}
	all := make([]NameStatus, 0, len(c.options.Domains))
	for _, name := range c.options.Domains {
		c.mu.Lock()
		problem := c.problems[name]
		c.mu.Unlock()
		all = append(all, statusOf(name, c.newest(name), problem))
	}
	return all
}

// Ready reports whether every domain has a certificate that is valid now, and otherwise, or when a renewal fails, a
// sentence that says what is wrong.
func (c *Certificates) Ready() (bool, string) {
	ready, detail := true, ""
	for _, s := range c.Status() {
		ready = ready && s.Ready
		switch {
		case detail != "":
		case s.Problem != "":
			detail = s.Problem
		case !s.Ready:
			detail = "the certificate for " + s.Name + " is being got"
		}
	}
	return ready, detail
}

// Changed gives a channel that is closed at the next change of what Status says. Take it before asking for Status.
func (c *Certificates) Changed() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changed
}

func (c *Certificates) note(name, problem string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.problems[name] = problem
	close(c.changed)
	c.changed = make(chan struct{})
}

func (c *Certificates) newest(name string) *x509.Certificate {
	var newest *x509.Certificate
	for _, held := range c.cache.AllMatchingCertificates(name) {
		if newest == nil || held.Leaf.NotAfter.After(newest.NotAfter) {
			newest = held.Leaf
		}
	}
	return newest
}

func statusOf(name string, leaf *x509.Certificate, problem string) NameStatus {
	s := NameStatus{Name: name, Problem: problem}
	if leaf == nil {
		return s
	}
	now := time.Now()
	s.Ends = leaf.NotAfter
	s.Ready = now.After(leaf.NotBefore) && now.Before(leaf.NotAfter)
	if !s.Ready && problem == "" {
		s.Problem = fmt.Sprintf("the certificate for %s is valid from %s to %s, not now", name,
			leaf.NotBefore.Format(time.DateTime), leaf.NotAfter.Format(time.DateTime))
	}
	return s
}

func namesOf(leaf *x509.Certificate) []string {
	if len(leaf.DNSNames) == 0 {
		return []string{leaf.Subject.CommonName}
	}
	return leaf.DNSNames
}
