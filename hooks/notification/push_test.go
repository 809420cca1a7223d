package notification_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/notification"
)

var raw = base64.RawURLEncoding

// phone is a browser that asked for push: it can read what was encrypted for it.
type phone struct {
	private *ecdh.PrivateKey
	auth    []byte
	at      string
}

func newPhone(t *testing.T, at string) phone {
	t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	auth := make([]byte, 16)
	rand.Read(auth)
	return phone{private, auth, at}
}

func (p phone) subscription() map[string]any {
	return map[string]any{"endpoint": p.at, "keys": map[string]string{
		"p256dh": raw.EncodeToString(p.private.PublicKey().Bytes()), "auth": raw.EncodeToString(p.auth)}}
}

// open decrypts a message as a browser does: RFC 8188 and RFC 8291 section 3.4.
func (p phone) open(t *testing.T, body []byte) []byte {
	t.Helper()
	salt, rest := body[:16], body[16+4+1:]
	sender, sealed := rest[:body[20]], rest[body[20]:]
	key, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := p.private.ECDH(key)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	ikm := derive(shared, p.auth, "WebPush: info\x00"+string(p.private.PublicKey().Bytes())+string(sender), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), sealed, nil)
	if err != nil {
		t.Fatalf("it cannot be decrypted: %v", err)
	}
	text, end, _ := bytes.Cut(plain, []byte{2})
	if len(bytes.Trim(end, "\x00")) > 0 {
		t.Errorf("the padding is %q", end)
	}
	return text
}

// delivery is one message as the push service got it.
type delivery struct {
	path   string
	header http.Header
	body   []byte
}

// service is a push service on this machine.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	got    []delivery
	answer func(path string) (status int, after string)
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{answer: func(string) (int, string) { return http.StatusCreated, "" }}
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.got = append(s.got, delivery{r.URL.Path, r.Header, body})
		status, after := s.answer(r.URL.Path)
		if after != "" {
			w.Header().Set("Retry-After", after)
		}
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) deliveries() []delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]delivery(nil), s.got...)
}

func (s *service) answers(status int, after string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(string) (int, string) { return status, after }
}

// newPushRoom is a room in a practice that allows push, with a push service of its own.
func newPushRoom(t *testing.T) (*room, *service) {
	t.Helper()
	r, s := newRoom(t), newService(t)
	r.House.Reached("https://clinic.example.org", nil, nil)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	notification.Inside(r.App, strings.TrimPrefix(s.URL, "https://"), &tls.Config{RootCAs: roots})
	r.want(r.Founder().Patch("/practice/settings", map[string]any{"push": true}), 200)
	r.always(r.author)
	return r, s
}

func (r *room) devices() (n int) {
	r.t.Helper()
	if err := r.App.DB().NewQuery("SELECT COUNT(*) FROM push_subscriptions").Row(&n); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func TestAPushMessageIsEncryptedAndSaysNothing(t *testing.T) {
	r, s := newPushRoom(t)
	phone := newPhone(t, s.URL+"/a-long-secret")
	r.want(r.author.Put("/me/push", phone.subscription()), 200)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "Ibuprofen helped me.")
	r.work()
	got := s.deliveries()
	if len(got) != 1 || got[0].path != "/a-long-secret" {
		t.Fatalf("%d messages", len(got))
	}
	if text := phone.open(t, got[0].body); string(text) != "1" {
		t.Errorf("it says %q", text)
	}
	header := got[0].header
	if header.Get("Content-Encoding") != "aes128gcm" || header.Get("TTL") != "43200" || header.Get("Topic") != "new" || header.Get("Urgency") != "normal" {
		t.Errorf("%v", header)
	}
	key := hookstest.Into[struct{ Push struct{ Key string } }](r.author.Get("/me/notifications")).Push.Key
	claims := signedBy(t, header.Get("Authorization"), key)
	if claims.Audience != s.URL || claims.Subject != "https://clinic.example.org" || time.Until(time.Unix(claims.Expires, 0)) > 24*time.Hour {
		t.Errorf("%+v", claims)
	}
	r.work()
	if n := len(s.deliveries()); n != 1 {
		t.Errorf("%d messages for one answer", n)
	}
	for _, table := range []string{"push_subscriptions", "push_keys"} {
		var text string
		if err := r.App.DB().NewQuery("SELECT group_concat(sealed) FROM " + table).Row(&text); err != nil || text == "" || strings.Contains(text, "secret") {
			t.Errorf("%s: %q, %v", table, text, err)
		}
	}
}

// claims are what a push service is told of who sends (RFC 8292 section 2).
type claims struct {
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	Expires  int64  `json:"exp"`
}

// signedBy checks the signature of a VAPID header with the key that the browser was given.
func signedBy(t *testing.T, header, key string) (out claims) {
	t.Helper()
	said, found := strings.CutPrefix(header, "vapid t=")
	token, with, also := strings.Cut(said, ", k=")
	if !found || !also || with != key {
		t.Fatalf("Authorization is %q, the key %q", header, key)
	}
	point, err := raw.DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(token, ".")
	signature, err := raw.DecodeString(parts[2])
	if err != nil || len(signature) != 64 {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not of this key")
	}
	text, err := raw.DecodeString(parts[1])
	if err != nil || json.Unmarshal(text, &out) != nil {
		t.Fatal(err)
	}
	return out
}

func TestPushIsOffUntilThePracticeAllowsIt(t *testing.T) {
	r := newRoom(t)
	phone := newPhone(t, "https://fcm.googleapis.com/fcm/send/abc")
	r.refused(r.author.Put("/me/push", phone.subscription()), 409, "push_off")
	if got := string(r.author.Get("/me/notifications").Body); !strings.Contains(got, `"push":{"offered":false,"key":"","devices":0}`) {
		t.Errorf("%s", got)
	}
	r.want(r.Founder().Patch("/practice/settings", map[string]any{"push": true}), 200)
	r.want(r.author.Put("/me/push", phone.subscription()), 200)
	r.want(r.author.Put("/me/push", phone.subscription()), 200)
	if n := r.devices(); n != 1 {
		t.Errorf("%d devices, of one that came twice", n)
	}
	renewed := phone.subscription()
	renewed["renew"] = true
	r.want(r.SignedIn(r.author.ID).Put("/me/push", renewed), 200)
	r.refused(r.other.Put("/me/push", renewed), 404, "not_found")
	r.want(r.other.Put("/me/push", phone.subscription()), 200)
	if got := string(r.author.Get("/me/notifications").Body); !strings.Contains(got, `"devices":0`) || r.devices() != 1 {
		t.Error("a device on which somebody else signed in stays whose it was")
	}
	r.want(r.author.Do("DELETE", "/me/push", map[string]any{"endpoint": phone.at}), 204)
	if n := r.devices(); n != 1 {
		t.Error("somebody else's device was taken away")
	}
	r.want(r.Founder().Patch("/practice/settings", map[string]any{"push": false}), 200)
	if n := r.devices(); n != 0 {
		t.Errorf("%d devices after the practice has switched push off", n)
	}
}

// TestADeviceEndsWithItsSession: whichever way somebody ends it. One whose time is over leaves its device, which says nothing.
func TestADeviceEndsWithItsSession(t *testing.T) {
	r, s := newPushRoom(t)
	for name, end := range map[string]func(here *hookstest.Client){
		"signing out":    func(here *hookstest.Client) { r.want(here.Delete("/session"), 204) },
		"from elsewhere": func(*hookstest.Client) { r.want(r.SignedIn(r.author.ID).Delete("/sessions"), 204) },
		"another password": func(*hookstest.Client) {
			r.want(r.SignedIn(r.author.ID).Post("/me/password", map[string]any{"current": hookstest.Password, "password": hookstest.Password + " again"}), 200)
		},
		"a suspension": func(*hookstest.Client) {
			r.want(r.lead.Post("/members/"+r.author.ID+"/suspend", map[string]string{"reason": "a test"}), 200)
			r.want(r.Founder().Post("/members/"+r.author.ID+"/restore", map[string]string{"reason": "a test"}), 200)
		},
		"the device's button": func(here *hookstest.Client) {
			r.want(here.Do("DELETE", "/me/push", map[string]any{"endpoint": s.URL + "/x"}), 204)
		},
	} {
		here := r.SignedIn(r.author.ID)
		r.want(here.Put("/me/push", newPhone(t, s.URL+"/x").subscription()), 200)
		if r.devices() != 1 {
			t.Fatalf("before %s there is none", name)
		}
		end(here)
		if n := r.devices(); n != 0 {
			t.Errorf("after %s there are %d", name, n)
		}
	}
	here := r.SignedIn(r.author.ID)
	r.want(here.Put("/me/push", newPhone(t, s.URL+"/x").subscription()), 200)
	if _, err := r.App.DB().NewQuery("UPDATE sessions SET expires = '2020-01-01 00:00:00.000Z'").Execute(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.App.DB().NewQuery("DELETE FROM sessions").Execute(); err != nil {
		t.Fatal(err)
	}
	if n := r.devices(); n != 1 {
		t.Errorf("a session whose time was over took %d", 1-n)
	}
	r.Pass(31 * 24 * time.Hour)
	notification.Purge(r.App)
	if n := r.devices(); n != 0 {
		t.Error("a device that was not seen for a month is kept")
	}
}

func TestWhatPushServicesAnswer(t *testing.T) {
	r, s := newPushRoom(t)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	for _, status := range []int{404, 410, 400, 403, 413, 301} {
		r.want(r.author.Put("/me/push", newPhone(t, s.URL+"/x").subscription()), 200)
		s.answers(status, "")
		r.comment(r.other, post, "", "an answer")
		r.work()
		if n := r.devices(); n != 0 {
			t.Errorf("%d leaves %d devices", status, n)
		}
	}
	r.Pass(2 * time.Hour)
	r.other, r.author = r.SignedIn(r.other.ID), r.SignedIn(r.author.ID)
	r.want(r.author.Put("/me/push", newPhone(t, s.URL+"/x").subscription()), 200)
	s.answers(503, "")
	before := len(s.deliveries())
	r.comment(r.other, post, "", "an answer")
	sent := func(want int, when string) {
		t.Helper()
		r.work()
		if n := len(s.deliveries()) - before; n != want {
			t.Errorf("%s: %d tries, want %d", when, n, want)
		}
	}
	sent(1, "at once")
	sent(1, "too early")
	r.Pass(time.Minute)
	s.answers(429, "600")
	sent(2, "a minute later")
	r.Pass(9 * time.Minute)
	sent(2, "before the service said")
	r.Pass(time.Minute)
	s.answers(201, "")
	sent(3, "when the service said")
	r.Pass(24 * time.Hour)
	sent(3, "nothing is new")
}

func TestPushKeepsToWhoMaySeeAndToQuietHours(t *testing.T) {
	r, s := newPushRoom(t)
	hour := r.House.Now().UTC().Hour()
	r.wish(r.author, notification.Never, hour, (hour+2)%24)
	r.want(r.author.Put("/me/push", newPhone(t, s.URL+"/x").subscription()), 200)
	post := r.post(r.author, "question", "Stiff hands", "Does anyone know this?")
	r.comment(r.other, post, "", "an answer")
	r.work()
	if n := len(s.deliveries()); n != 0 {
		t.Errorf("%d messages in quiet hours", n)
	}
	r.leave(r.author)
	r.Pass(2 * time.Hour)
	r.work()
	if n := len(s.deliveries()); n != 0 {
		t.Errorf("%d messages of what one may not see any more", n)
	}
	r.Join(r.id, r.author, false)
	r.other = r.SignedIn(r.other.ID)
	r.comment(r.other, post, "", "another answer")
	r.work()
	if n := len(s.deliveries()); n != 1 {
		t.Errorf("%d messages after coming back", n)
	}
}

// TestOnlyPushServicesAreAsked: a member cannot have the server ask for an address of their choice.
func TestOnlyPushServicesAreAsked(t *testing.T) {
	for _, good := range []string{
		"https://fcm.googleapis.com/fcm/send/abc:def", "https://updates.push.services.mozilla.com/wpush/v2/abc", "https://web.push.apple.com/abc",
		"https://wns2-by3p.notify.windows.com/w/?token=abc",
	} {
		if !notification.Allows(good) {
			t.Errorf("%s is refused", good)
		}
	}
	for _, bad := range []string{
		"", "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://169.254.169.254/latest", "https://localhost/x", "https://evil.example/x",
		"https://fcm.googleapis.com.evil.example/x", "https://evilpush.apple.com.example/", "https://xpush.apple.com.evil.example/", "https://push.apple.com/x",
		"https://fcm.googleapis.com:8443/x", "https://user@fcm.googleapis.com/x", "https://fcm.googleapis.com@evil.example/x", "//fcm.googleapis.com/x",
		"https://notify.windows.com/", "https:fcm.googleapis.com/x", "https://fcm.googleapis.com/" + strings.Repeat("x", 1000), "file:///etc/passwd",
	} {
		if notification.Allows(bad) {
			t.Errorf("%s is let through", bad)
		}
	}
	local := httptest.NewServer(http.NotFoundHandler())
	defer local.Close()
	for _, inside := range []string{local.URL, strings.Replace(local.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1), "http://10.0.0.1:1", "http://192.168.1.1:1",
		"http://169.254.169.254", "http://[fd00::1]:1", "http://[::1]:1", "http://0.0.0.0:1", "http://100.64.0.1:1"} {
		if err := notification.Connects(inside); err == nil || !strings.Contains(err.Error(), "not a public address") {
			t.Errorf("%s is connected to: %v", inside, err)
		}
	}
	r := newRoom(t)
	r.want(r.Founder().Patch("/practice/settings", map[string]any{"push": true}), 200)
	r.refused(r.author.Put("/me/push", newPhone(t, local.URL).subscription()), 400, "endpoint:push_service_unknown")
	broken := newPhone(t, "https://fcm.googleapis.com/fcm/send/abc").subscription()
	broken["keys"] = map[string]string{"p256dh": "AAAA", "auth": "AAAA"}
	r.refused(r.author.Put("/me/push", broken), 400, "keys:invalid")
	owing := r.Owing(clinic.Patient)
	r.refused(owing.Put("/me/push", broken), 403, "policy_acknowledgement_required")
}
