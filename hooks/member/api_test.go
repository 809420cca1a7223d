package member_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type fields = map[string]any

func signIn(c *hookstest.Clinic, email, password string) *hookstest.Response {
	return c.Guest().Post("/session", fields{"email": email, "password": password})
}

func TestSigningIn(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	r := signIn(c, strings.ToUpper(patient.Email), hookstest.Password)
	if r.Status != http.StatusOK {
		t.Fatalf("sign-in: %d %s", r.Status, r.Body)
	}
	cookie := r.Header.Get("Set-Cookie")
	for _, part := range []string{"kinward=", "HttpOnly", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("the cookie %q lacks %s", cookie, part)
		}
	}
	if me := hookstest.Into[struct{ ID, Role string }](r); me.ID != patient.ID || me.Role != "patient" {
		t.Errorf("who signed in: %+v", me)
	}
	wrong, nobody := signIn(c, patient.Email, "not the password"), signIn(c, "nobody@x.example", "not the password")
	if wrong.Status != http.StatusUnauthorized || string(wrong.Body) != string(nobody.Body) {
		t.Errorf("a wrong password and a wrong address differ:\n%s\n%s", wrong.Body, nobody.Body)
	}
}

func TestSignInIsThrottledPerAccount(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	for range 10 {
		signIn(c, patient.Email, "wrong")
	}
	r := signIn(c, patient.Email, hookstest.Password)
	if r.Code() != "rate_limited" || r.Header.Get("Retry-After") == "" {
		t.Fatalf("the eleventh try: %d %s", r.Status, r.Body)
	}
	c.Pass(2 * time.Minute)
	if r := signIn(c, patient.Email, hookstest.Password); r.Status != http.StatusOK {
		t.Errorf("after waiting: %d %s", r.Status, r.Body)
	}
}

// Who tries one password with many accounts is stopped too, and nobody who signs in from elsewhere is.
func TestSignInIsThrottledPerAddress(t *testing.T) {
	c := hookstest.New(t)
	proxies, err := access.ParsePrefixes([]string{"127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	c.House.Reached(c.URL, proxies, nil)
	c.Stop() // a try leaks away each quarter of a minute, which sixty may take
	try := func(from, email, password string) *hookstest.Response {
		return c.Guest().Do("POST", "/session", fields{"email": email, "password": password}, http.Header{"X-Forwarded-For": {from}})
	}
	const theirs, elsewhere = "192.0.2.1", "192.0.2.2"
	for range 10 {
		patient := c.Patient()
		for range 6 { // of the ten that an account has
			if r := try(theirs, patient.Email, "wrong"); r.Code() != "sign_in_wrong" {
				t.Fatalf("within sixty tries: %d %s", r.Status, r.Body)
			}
		}
	}
	fresh := c.Patient()
	if r := try(theirs, fresh.Email, hookstest.Password); r.Code() != "rate_limited" || r.Header.Get("Retry-After") == "" {
		t.Errorf("the sixty-first from one address, to an account that nobody tried: %d %s", r.Status, r.Body)
	}
	if r := try(elsewhere, fresh.Email, hookstest.Password); r.Status != http.StatusOK {
		t.Errorf("from another address: %d %s", r.Status, r.Body)
	}
	c.Pass(time.Minute)
	if r := try(theirs, fresh.Email, hookstest.Password); r.Status != http.StatusOK {
		t.Errorf("from the first, after waiting: %d %s", r.Status, r.Body)
	}
}

func TestSessionsEndByThemselves(t *testing.T) {
	c := hookstest.New(t)
	patient, provider := c.Patient(), c.Provider()
	c.Pass(clinic.IdleStaff + time.Second)
	if got := provider.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("an idle provider: %q", got)
	}
	background := http.Header{"X-Background": {"1"}}
	if got := patient.Do("GET", "/me", nil, background).Status; got != http.StatusOK {
		t.Errorf("a patient within their time: %d", got)
	}
	c.Pass(clinic.IdlePatient - clinic.IdleStaff)
	if got := patient.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("a background request kept a session alive: %q", got)
	}
}

func TestActivityKeepsASessionUntilItsEnd(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	for spent := time.Duration(0); spent < clinic.SessionLife-20*time.Minute; spent += 20 * time.Minute {
		c.Pass(20 * time.Minute)
		if r := patient.Post("/session/keep", fields{}); r.Status != http.StatusOK {
			t.Fatalf("after %v: %d %s", spent, r.Status, r.Body)
		}
	}
	c.Pass(20*time.Minute + time.Second)
	if got := patient.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("a session lives beyond its absolute end: %q", got)
	}
}

func TestDevices(t *testing.T) {
	c := hookstest.New(t)
	here := c.Patient()
	there := c.SignedIn(here.ID)
	list := hookstest.Into[struct {
		Items []struct {
			ID   string
			This bool
		}
	}](here.Get("/sessions"))
	if len(list.Items) != 2 {
		t.Fatalf("devices: %+v", list)
	}
	for _, d := range list.Items {
		if !d.This {
			stranger := c.Patient()
			if r := stranger.Delete("/sessions/" + d.ID); r.Status != http.StatusNotFound {
				t.Errorf("another member ended it: %d", r.Status)
			}
			if r := here.Delete("/sessions/" + d.ID); r.Status != http.StatusNoContent {
				t.Errorf("ending one device: %d %s", r.Status, r.Body)
			}
		}
	}
	if there.Get("/me").Status != http.StatusUnauthorized || here.Get("/me").Status != http.StatusOK {
		t.Error("the wrong device was signed out")
	}
}

func TestChangingThePasswordSignsOutOthers(t *testing.T) {
	c := hookstest.New(t)
	here := c.Patient()
	there := c.SignedIn(here.ID)
	if r := here.Post("/me/password", fields{"current": "wrong", "password": "a much longer phrase"}); r.Code() != "current:password_wrong" {
		t.Errorf("with a wrong one: %d %s", r.Status, r.Body)
	}
	if r := here.Post("/me/password", fields{"current": hookstest.Password, "password": "a much longer phrase"}); r.Status != http.StatusOK {
		t.Fatalf("changing: %d %s", r.Status, r.Body)
	}
	if there.Get("/me").Status != http.StatusUnauthorized {
		t.Error("the other device is still signed in")
	}
	if r := signIn(c, here.Email, "a much longer phrase"); r.Status != http.StatusOK {
		t.Errorf("with the new one: %d %s", r.Status, r.Body)
	}
}

func TestForgottenPasswordTellsNothing(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	known := c.Guest().Post("/password/forgotten", fields{"email": patient.Email})
	unknown := c.Guest().Post("/password/forgotten", fields{"email": "nobody@x.example"})
	if known.Status != http.StatusAccepted || string(known.Body) != string(unknown.Body) {
		t.Errorf("known and unknown differ:\n%s\n%s", known.Body, unknown.Body)
	}
	letters, err := c.App.CountRecords(clinic.Letters)
	if err != nil || letters != 1 {
		t.Errorf("letters queued: %d, %v", letters, err)
	}
}

func TestSuspendedIsOutAtOnce(t *testing.T) {
	c := hookstest.New(t)
	patient, lead, other := c.Patient(), c.Provider(), c.Provider()
	c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	if r := other.Post("/members/"+patient.ID+"/suspend", fields{"reason": "x"}); r.Code() != "not_allowed" {
		t.Errorf("a provider who does not lead them: %d %s", r.Status, r.Body)
	}
	if r := lead.Post("/members/"+patient.ID+"/suspend", fields{}); r.Code() != "reason:required" {
		t.Errorf("without a reason: %d %s", r.Status, r.Body)
	}
	if r := lead.Post("/members/"+patient.ID+"/suspend", fields{"reason": "asked for a pause"}); r.Status != http.StatusOK {
		t.Fatalf("suspending: %d %s", r.Status, r.Body)
	}
	if got := patient.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("the suspended member's session: %q", got)
	}
	if got := signIn(c, patient.Email, hookstest.Password).Code(); got != "account_suspended" {
		t.Errorf("their sign-in: %q", got)
	}
	if r := c.Founder().Post("/members/"+patient.ID+"/restore", fields{"reason": "is back"}); r.Status != http.StatusOK {
		t.Fatalf("restoring: %d %s", r.Status, r.Body)
	}
	if got := signIn(c, patient.Email, hookstest.Password).Status; got != http.StatusOK {
		t.Errorf("after restoring: %d", got)
	}
}

func TestRemoving(t *testing.T) {
	c := hookstest.New(t)
	lead, patient, admin := c.Provider(), c.Patient(), c.Founder()
	c.Community(clinic.KindCondition, []*hookstest.Client{lead}, patient)
	if r := admin.Post("/members/"+lead.ID+"/remove", fields{"reason": "left"}); r.Code() != "leads_communities" {
		t.Errorf("removing the only lead: %d %s", r.Status, r.Body)
	}
	if r := admin.Post("/members/"+patient.ID+"/remove", fields{"reason": "moved away"}); r.Status != http.StatusOK {
		t.Fatalf("removing a patient: %d %s", r.Status, r.Body)
	}
	if got := signIn(c, patient.Email, hookstest.Password).Code(); got != "sign_in_wrong" {
		t.Errorf("a removed member's sign-in: %q", got)
	}
	if got := admin.Get("/members/" + patient.ID).Status; got != http.StatusNotFound {
		t.Errorf("a removed member is still listed: %d", got)
	}
}

func TestTheLastAdminStays(t *testing.T) {
	c := hookstest.New(t)
	admin, second := c.Founder(), c.Provider()
	if r := admin.Put("/members/"+admin.ID+"/rights", fields{"rights": []string{}}); r.Code() != "last_admin" {
		t.Errorf("taking the last admin's right: %d %s", r.Status, r.Body)
	}
	if r := admin.Put("/members/"+second.ID+"/rights", fields{"rights": []string{"admin"}}); r.Status != http.StatusOK {
		t.Fatalf("giving it: %d %s", r.Status, r.Body)
	}
	if r := admin.Put("/members/"+admin.ID+"/rights", fields{"rights": []string{}}); r.Status != http.StatusOK {
		t.Errorf("with a second admin: %d %s", r.Status, r.Body)
	}
}

// Only providers invite: without an active one nobody could come in or be approved any more. A community without an active lead is another
// thing, and allowed: it can be read.
func TestTheLastActiveProviderStays(t *testing.T) {
	c := hookstest.New(t)
	founder, colleague, admin := c.Founder(), c.Provider(), c.Staff("admin")
	do := func(member, what string) *hookstest.Response {
		t.Helper()
		return admin.Post("/members/"+member+"/"+what, fields{"reason": "is away"})
	}
	if r := do(colleague.ID, "suspend"); r.Status != http.StatusOK {
		t.Fatalf("one of two: %d %s", r.Status, r.Body)
	}
	for _, what := range []string{"suspend", "remove"} {
		if r := do(founder.ID, what); r.Status != http.StatusConflict || r.Code() != "last_provider" {
			t.Errorf("%s the last one: %d %s", what, r.Status, r.Body)
		}
	}
	for lang, says := range map[string]string{"en": "restore one who is suspended", "es": "restablezca a uno que esté suspendido"} {
		r := admin.Do("POST", "/members/"+founder.ID+"/suspend?language="+lang, fields{"reason": "is away"})
		if said := hookstest.Into[struct{ Message string }](r).Message; !strings.Contains(said, says) {
			t.Errorf("in %s: %q", lang, said)
		}
	}
	if r := founder.Get("/me"); r.Status != http.StatusOK {
		t.Errorf("what was refused was done: %d", r.Status)
	}
	if r := do(colleague.ID, "remove"); r.Status != http.StatusOK {
		t.Errorf("removing one who is suspended takes no provider away: %d %s", r.Status, r.Body)
	}
	other := c.Provider()
	if r := do(founder.ID, "suspend"); r.Status != http.StatusOK {
		t.Errorf("with another one: %d %s", r.Status, r.Body)
	}
	if r := do(other.ID, "remove"); r.Code() != "last_provider" {
		t.Errorf("who is left: %d %s", r.Status, r.Body)
	}
}

// Nor do they leave by refusing a policy.
func TestTheLastActiveProviderDoesNotLeave(t *testing.T) {
	c := hookstest.New(t)
	provider, admin, leaving := c.Provider(), c.Staff("admin"), c.Owing(clinic.Provider)
	if r := admin.Post("/members/"+c.Founder().ID+"/suspend", fields{"reason": "is away"}); r.Status != http.StatusOK {
		t.Fatalf("suspending the founder: %d %s", r.Status, r.Body)
	}
	if r := admin.Post("/members/"+provider.ID+"/suspend", fields{"reason": "is away"}); r.Status != http.StatusOK {
		t.Fatalf("suspending the other: %d %s", r.Status, r.Body)
	}
	policy := hookstest.Into[struct {
		Version int
		SHA256  string
	}](leaving.Get("/policies/community-guidelines"))
	r := leaving.Post("/policies/community-guidelines/refuse", fields{"version": policy.Version, "sha256": policy.SHA256, "outcome": "leaving"})
	if r.Code() != "last_provider" || leaving.Get("/me").Status != http.StatusOK {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}

func TestRightsAskForAFreshSignIn(t *testing.T) {
	c := hookstest.New(t)
	admin, other := c.Founder(), c.Staff()
	c.Pass(11 * time.Minute)
	if got := admin.Put("/members/"+other.ID+"/rights", fields{"rights": []string{"moderate"}}).Code(); got != "fresh_sign_in_required" {
		t.Errorf("a stale session: %q", got)
	}
	if r := admin.Post("/session/fresh", fields{"password": hookstest.Password}); r.Status != http.StatusOK {
		t.Fatalf("entering the password: %d %s", r.Status, r.Body)
	}
	if r := admin.Put("/members/"+other.ID+"/rights", fields{"rights": []string{"moderate"}}); r.Status != http.StatusOK {
		t.Errorf("fresh: %d %s", r.Status, r.Body)
	}
}

// What PocketBase's GetString gives of a list is empty, so that a change of rights looked like none.
func TestChangedRightsEndTheSessionsThereWere(t *testing.T) {
	c := hookstest.New(t)
	admin, other := c.Founder(), c.Staff("policies")
	elsewhere := c.SignedIn(admin.ID)
	give := func(who *hookstest.Client, rights ...string) *hookstest.Response {
		t.Helper()
		r := admin.Put("/members/"+who.ID+"/rights", fields{"rights": rights})
		if r.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", rights, r.Status, r.Body)
		}
		return r
	}
	give(other, "policies")
	if got := other.Get("/me").Code(); got != "" {
		t.Errorf("nothing changed, and they were signed out: %q", got)
	}
	give(other, "policies", "moderate")
	if got := other.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("another right, and the session goes on: %q", got)
	}
	r := give(admin, "admin", "policies")
	if got := elsewhere.Get("/me").Code(); got != "sign_in_required" {
		t.Errorf("an admin's own session elsewhere goes on: %q", got)
	}
	if !strings.Contains(r.Header.Get("Set-Cookie"), "kinward=") {
		t.Errorf("an admin who changes their own rights is signed out where they do it: %v", r.Header)
	}
}

func TestPeopleAreForWhoWorksHere(t *testing.T) {
	c := hookstest.New(t)
	patient, staff := c.Patient(), c.Staff()
	if got := patient.Get("/members").Code(); got != "not_allowed" {
		t.Errorf("a patient: %q", got)
	}
	list := hookstest.Into[struct{ Items []struct{ ID string } }](staff.Get("/members?q=%25"))
	if len(list.Items) != 0 {
		t.Errorf("a percent sign found %d people", len(list.Items))
	}
	list = hookstest.Into[struct{ Items []struct{ ID string } }](staff.Get("/members?role=patient"))
	if len(list.Items) != 1 || list.Items[0].ID != patient.ID {
		t.Errorf("patients: %+v", list)
	}
}

// Each new name is written into all that mentions the member: not as often as somebody pleases.
func TestANameIsChangedSeldom(t *testing.T) {
	c := hookstest.New(t)
	patient := c.Patient()
	names := []string{"Blue Heron", "Grey Heron"}
	for i := range 10 {
		if r := patient.Patch("/me", fields{"name": names[i%2]}); r.Status != http.StatusOK {
			t.Fatalf("%d: %d %s", i, r.Status, r.Body)
		}
	}
	if got := patient.Patch("/me", fields{"name": names[0]}); got.Status != http.StatusTooManyRequests {
		t.Errorf("an eleventh: %d %s", got.Status, got.Body)
	}
	if got := patient.Patch("/me", fields{"name": names[1], "language": "es"}); got.Status != http.StatusOK {
		t.Errorf("the same name, another language: %d %s", got.Status, got.Body)
	}
	c.Pass(24 * time.Hour)
	if got := c.SignedIn(patient.ID).Patch("/me", fields{"name": names[0]}); got.Status != http.StatusOK {
		t.Errorf("a day later: %d %s", got.Status, got.Body)
	}
}
