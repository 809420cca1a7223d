package notification

import (
	"crypto/ecdh"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"kinward/hooks/clinic"
)

// Web push (RFC 8030) goes through the company that made the member's browser. It learns that this server has something for this
// device, and when; what it carries is one and the same message, encrypted for the device (RFC 8291), and says nothing.

// The faults of push.
var (
	PushOff          = &clinic.Fault{Status: http.StatusConflict, Code: "push_off"}
	PushServiceOther = &clinic.Fault{Status: http.StatusBadRequest, Code: "push_service_unknown"}
)

// pushHosts are the push services that a message may go to; one that begins with a dot means every name under it. A browser
// says where it is reached, so that without this list a member could have the server ask for any address.
var pushHosts = []string{
	"fcm.googleapis.com",                // Chrome and most browsers made from it
	"updates.push.services.mozilla.com", // Firefox
	".push.apple.com",                   // Safari
	".notify.windows.com",               // Edge
}

const (
	mostDevices = 10                  // of one member
	keepDevice  = 30 * 24 * time.Hour // a device on which nobody was signed in for so long is forgotten
	pushLives   = 12 * time.Hour      // how long a push service keeps a message for a device that is off
)

// device is where one browser is reached, with the keys that messages to it are encrypted with.
type device struct {
	Endpoint string       `json:"endpoint"`
	Keys     webpush.Keys `json:"keys"`
}

// services says where messages may go, and how. It is a value of the desk, so that a test has a service of its own.
type services struct {
	hosts  []string
	inside bool // a test's own service, on this machine
	client *http.Client
}

func publicServices() services {
	return services{hosts: pushHosts, client: newClient(false, nil)}
}

// newClient asks push services: over TLS, at public addresses, without a proxy, and following nobody elsewhere. A name that
// leads to an address inside of the practice's network is refused at the moment of connecting, when it can change no more.
func newClient(inside bool, trust *tls.Config) *http.Client {
	dialer := &net.Dialer{Timeout: 10 * time.Second, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !public(at.Addr().Unmap()) && !(inside && at.Addr().IsLoopback()) {
			return errors.New("not a public address")
		}
		return nil
	}}
	return &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSClientConfig: trust, ForceAttemptHTTP2: true, MaxIdleConns: 8, IdleConnTimeout: time.Minute},
	}
}

// shared is carrier-grade address space (RFC 6598), which netip does not count as private.
var shared = netip.MustParsePrefix("100.64.0.0/10")

func public(at netip.Addr) bool {
	return at.IsGlobalUnicast() && !at.IsPrivate() && !shared.Contains(at)
}

// allows reports whether messages may go to an endpoint.
func (s services) allows(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || len(endpoint) > 1000 {
		return false
	}
	if s.inside {
		return slices.Contains(s.hosts, u.Host)
	}
	return u.Port() == "" && slices.ContainsFunc(s.hosts, func(host string) bool {
		return u.Host == host || host[0] == '.' && strings.HasSuffix(u.Host, host)
	})
}

// check gives the fault of a device that no message can go to.
func (s services) check(at device) *clinic.Fault {
	if !s.allows(at.Endpoint) {
		return PushServiceOther.At("endpoint")
	}
	point, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(at.Keys.P256dh, "="))
	if err == nil {
		_, err = ecdh.P256().NewPublicKey(point)
	}
	secret, bad := base64.RawURLEncoding.DecodeString(strings.TrimRight(at.Keys.Auth, "="))
	if err != nil || bad != nil || len(secret) != 16 { // RFC 8291 section 3.2
		return clinic.Invalid.At("keys")
	}
	return nil
}

func (d *desk) seal(id string, at device) (string, error) {
	text, err := json.Marshal(at)
	return base64.StdEncoding.EncodeToString(d.house.Key.Seal(text, "push/"+id)), err
}

func (d *desk) open(id, sealed string) (at device, err error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return at, clinic.ErrSealed
	}
	text, err := d.house.Key.Open(raw, "push/"+id)
	if err != nil {
		return at, err
	}
	return at, json.Unmarshal(text, &at)
}

// endpointHash finds a device by where it is reached. Without the practice's key nobody can test an address.
func (d *desk) endpointHash(endpoint string) string {
	mac := hmac.New(sha256.New, d.house.Key.Derive("push endpoints"))
	mac.Write([]byte(endpoint))
	return hex.EncodeToString(mac.Sum(nil))
}
