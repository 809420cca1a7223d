package autotls

import (
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"
)

//go:embed waiting.html
var waitingSource string

var waiting = template.Must(template.New("waiting").Parse(waitingSource))

// Challenge is the handler for port 80: it answers the authority, sends browsers on to https, and, while a certificate is
// missing, says what is going on. It redirects to our own names only, so that it cannot be used to send people elsewhere.
func (c *Certificates) Challenge() http.Handler {
	next := http.HandlerFunc(c.onward)
	if c.issuer == nil {
		return next
	}
	return c.issuer.HTTPChallengeHandler(next)
}

func (c *Certificates) onward(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.URL.Path == knock {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write([]byte(c.doctor.word))
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		// What such a request carries was already sent in the clear: do not invite a program to keep doing it.
		http.Error(w, "This server answers over https only.", http.StatusForbidden)
		return
	}
	asked := c.statusFor(hostOf(r))
	if !asked.Ready {
		c.explainTo(w, asked)
		return
	}
	to := "https://" + asked.Name
	if c.options.HTTPSPort != 443 {
		to += ":" + strconv.Itoa(c.options.HTTPSPort)
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, to+r.URL.RequestURI(), http.StatusMovedPermanently)
}

// statusFor finds the name that was asked for, and the main name for any other, such as the bare address.
func (c *Certificates) statusFor(host string) NameStatus {
	all := c.Status()
	for _, s := range all {
		if strings.EqualFold(s.Name, host) {
			return s
		}
	}
	if c.files != nil {
		leaf, problem := c.files.leaf()
		if leaf.VerifyHostname(host) == nil { // a wildcard's names
			return statusOf(host, leaf, problem)
		}
	}
	return all[0]
}

func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		return r.Host
	}
	return host
}

func (c *Certificates) explainTo(w http.ResponseWriter, s NameStatus) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "60")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
	w.WriteHeader(http.StatusServiceUnavailable)
	_ = waiting.Execute(w, s) // a caller who is gone cannot be told
}

// StrictTransport wraps the handler of the TLS server: for two years browsers then come by https only.
// It never speaks on a plain connection, where the header would be void (RFC 6797 section 7.2).
func StrictTransport(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", "max-age=63072000")
		}
		next.ServeHTTP(w, r)
	})
}

// Door is the server for port 80. Whoever keeps it waiting is shown out within seconds.
func Door(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           http.MaxBytesHandler(handler, 4<<10),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       15 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(quietWriter{logger}, "", 0),
	}
}

// quietWriter sends what net/http complains of (mostly scanners) to the debug log.
type quietWriter struct{ log *slog.Logger }

// Write takes one line of a log.
func (q quietWriter) Write(line []byte) (int, error) {
	q.log.Debug(strings.TrimSpace(string(line)))
	return len(line), nil
}

// Listen opens a port, and says in a sentence why it could not.
func Listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	var unknown *net.DNSError
	switch {
	case err == nil:
		return listener, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop that one, or choose another port (see who with: ss -ltnp 'sport = :%s')",
			address, portOf(address))
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: start through systemd as install.sh sets it up, "+
			"or allow it with: setcap cap_net_bind_service=+ep on the kinward binary", address)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &unknown):
		return nil, fmt.Errorf("%s is not an address of this server: give one of its own, or only the port, such as :443", address)
	}
	return nil, fmt.Errorf("%s cannot be listened on: %w", address, err)
}

func portOf(address string) string {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return port
}
