package practice_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/practice"
)

type fields = map[string]any

func token(t *testing.T, c *hookstest.Clinic) string {
	t.Helper()
	_, token, found := strings.Cut(practice.SetUpLink(c.House), "/setup#")
	if !found {
		t.Fatalf("no set-up link: %q", practice.SetUpLink(c.House))
	}
	return token
}

func form(token string) fields {
	return fields{
		"token": token, "name": "Ana Ruiz", "title": "Dr.", "email": "Ana@Practice.example", "password": hookstest.Password,
		"practice": fields{"name": "Riverside Family Practice", "phone": "555-0100", "hours": "Mon to Fri, 8 to 5", "language": "en"},
	}
}

func TestSettingUp(t *testing.T) {
	c := hookstest.Empty(t)
	if got := hookstest.Into[struct{ Needed bool }](c.Guest().Get("/setup")); !got.Needed {
		t.Error("an empty practice needs no set-up")
	}
	if got := c.Guest().Post("/setup", form("guessed")).Code(); got != "set_up_link_wrong" {
		t.Errorf("without the link: %q", got)
	}
	link := token(t, c)
	r := c.Guest().Post("/setup", form(link))
	if r.Status != http.StatusCreated || !strings.Contains(r.Header.Get("Set-Cookie"), "kinward=") {
		t.Fatalf("set-up: %d %s", r.Status, r.Body)
	}
	if got := c.Guest().Post("/setup", form(link)).Code(); got != "set_up_already" {
		t.Errorf("a second time: %q", got)
	}
	if practice.SetUpLink(c.House) != "" {
		t.Error("the link is still printed")
	}
	said := hookstest.Into[struct {
		Name     string
		SetUp    bool `json:"set_up"`
		Policies []struct{ Slug, Title string }
	}](c.Guest().Get("/practice?language=es"))
	if !said.SetUp || said.Name != "Riverside Family Practice" || len(said.Policies) < 4 {
		t.Errorf("the practice says %+v", said)
	}
}

func TestSetUpNamesEveryFieldThatIsWrong(t *testing.T) {
	c := hookstest.Empty(t)
	r := c.Guest().Post("/setup", fields{"token": token(t, c), "email": "ana", "password": "short", "practice": fields{"phone": strings.Repeat("1", 41)}})
	said := hookstest.Into[struct {
		Data map[string]struct{ Code string }
	}](r).Data
	for field, code := range map[string]string{"email": "address_invalid", "name": "required", "password": "password_too_short",
		"practice.name": "required", "practice.language": "invalid", "practice.phone": "too_long"} {
		if said[field].Code != code {
			t.Errorf("%s: %q, want %q", field, said[field].Code, code)
		}
	}
}

func TestSetUpHappensOnce(t *testing.T) {
	c := hookstest.Empty(t)
	link := token(t, c)
	answers := make(chan int, 5)
	for range cap(answers) {
		go func() { answers <- c.Guest().Post("/setup", form(link)).Status }()
	}
	made := 0
	for range cap(answers) {
		if <-answers == http.StatusCreated {
			made++
		}
	}
	members, err := c.App.CountRecords(clinic.Users)
	if made != 1 || members != 1 || err != nil {
		t.Errorf("%d set-ups, %d members, %v", made, members, err)
	}
}

func TestSettingsAreForAdmins(t *testing.T) {
	c := hookstest.New(t)
	for _, who := range []*hookstest.Client{c.Provider(), c.Staff("policies"), c.Patient()} {
		if got := who.Get("/practice/settings").Code(); got != "not_allowed" {
			t.Errorf("%s: %q", who.Email, got)
		}
	}
	admin := c.Founder()
	r := admin.Patch("/practice/settings", fields{"phone": "555-0199", "idle_patient": 45, "relay": "smtp://user:secret@mail.example:587"})
	if r.Status != http.StatusOK || strings.Contains(string(r.Body), "secret") {
		t.Fatalf("changing: %d %s", r.Status, r.Body)
	}
	shown := hookstest.Into[struct{ Relay, Phone string }](r)
	if r := admin.Patch("/practice/settings", fields{"relay": shown.Relay, "hours": "always"}); r.Status != http.StatusOK {
		t.Errorf("what was shown, sent back: %d %s", r.Status, r.Body)
	}
	for body, want := range map[string]string{`{"idle_staff":1}`: "idle_staff:out_of_range", `{"relay":"ftp://x"}`: "relay:relay_wrong",
		`{"url":"riverside.example"}`: "url:public_url_wrong", `{"name":""}`: "name:required", `{"accent":"red"}`: "accent:invalid", `{"phone":7}`: "phone:invalid", `{"name":"a\u0000"}`: "name:text_unreadable"} {
		if got := admin.Patch("/practice/settings", body).Code(); got != want {
			t.Errorf("%s: %q, want %q", body, got, want)
		}
	}
}

// What is said in two languages is taken apart by the language of who reads, and stays with its language when the practice's becomes another.
func TestThePracticeSpeaksTwoLanguages(t *testing.T) {
	c := hookstest.New(t)
	admin := c.Founder()
	type said struct {
		Hours, Emergency, Language string
		HoursOther                 string `json:"hours_other"`
		EmergencyOther             string `json:"emergency_other"`
	}
	set := func(form fields) said {
		t.Helper()
		r := admin.Patch("/practice/settings", form)
		if r.Status != http.StatusOK {
			t.Fatalf("%v: %d %s", form, r.Status, r.Body)
		}
		return hookstest.Into[said](r)
	}
	shown := func(language, hours, emergency string) {
		t.Helper()
		got := hookstest.Into[said](c.Guest().Get("/practice?language=" + language))
		if got.Hours != hours || got.Emergency != emergency {
			t.Errorf("%s: %+v", language, got)
		}
	}
	shown("es", "Mon to Fri, 8 to 5", "Call 911.")
	set(fields{"hours_other": " Lunes a viernes,\r\n8 a 17 horas ", "emergency_other": "Llame al 911."})
	shown("es", "Lunes a viernes,\n8 a 17 horas", "Llame al 911.")
	shown("en", "Mon to Fri, 8 to 5", "Call 911.")
	want := said{"Mon to Fri, 8 to 5", "Call 911.", "en", "Lunes a viernes,\n8 a 17 horas", "Llame al 911."}
	if got := hookstest.Into[said](admin.Get("/practice/settings")); got != want {
		t.Errorf("the settings: %+v", got)
	}
	for body, code := range map[string]string{
		`{"hours_other":"` + strings.Repeat("a", 501) + `"}`: "hours_other:too_long", `{"emergency_other":"` + strings.Repeat("a", 501) + `"}`: "emergency_other:too_long",
		`{"hours_other":"a\u202e"}`: "hours_other:text_unreadable", `{"emergency_other":"a\u0000"}`: "emergency_other:text_unreadable", `{"emergency_other":7}`: "emergency_other:invalid",
	} {
		if got := admin.Patch("/practice/settings", body).Code(); got != code {
			t.Errorf("%.40s: %q, want %q", body, got, code)
		}
	}

	// Another language alone: each text stays with its own.
	turned := said{"Lunes a viernes,\n8 a 17 horas", "Llame al 911.", "es", "Mon to Fri, 8 to 5", "Call 911."}
	if got := set(fields{"language": "es"}); got != turned {
		t.Errorf("turned: %+v", got)
	}
	if got := set(fields{"language": " es "}); got != turned {
		t.Errorf("the same language again: %+v", got)
	}
	shown("es", "Lunes a viernes,\n8 a 17 horas", "Llame al 911.")
	shown("en", "Mon to Fri, 8 to 5", "Call 911.")
	// What comes with it counts, as it was sent; what was said once is shown in both, as before.
	if got := set(fields{"language": "en", "hours": "9 to 5", "emergency_other": ""}); got != (said{"9 to 5", "Call 911.", "en", "Lunes a viernes,\n8 a 17 horas", ""}) {
		t.Errorf("back, with other hours: %+v", got)
	}
	shown("es", "Lunes a viernes,\n8 a 17 horas", "Call 911.")
	if got := set(fields{"language": "es"}); got.Emergency != "Call 911." || got.EmergencyOther != "" {
		t.Errorf("what was said once: %+v", got)
	}
	if r := admin.Patch("/practice/settings", fields{"language": "fr"}); r.Code() != "language:invalid" {
		t.Errorf("a language that is not spoken: %d %s", r.Status, r.Body)
	}
}

// Automatic log-off (45 CFR 164.312(a)(2)(iii)) comes when the practice has said so, and not before: shorter and longer than without
// its word, for who works here and for who does not.
func TestSessionsEndWhenThePracticeSaysSo(t *testing.T) {
	c := hookstest.New(t)
	c.Stop()
	who := map[clinic.Role]*hookstest.Client{}
	for _, role := range clinic.Roles {
		who[role] = c.Member(role)
	}
	for _, set := range []struct{ staff, patient int }{{7, 45}, {90, 10}} {
		r := c.Founder().Patch("/practice/settings", fields{"idle_staff": set.staff, "idle_patient": set.patient})
		if r.Status != http.StatusOK {
			t.Fatalf("setting %+v: %d %s", set, r.Status, r.Body)
		}
		for role, member := range who {
			minutes := set.patient
			if role.Professional() {
				minutes = set.staff
			}
			endsAfter(t, c, c.SignedIn(member.ID), time.Duration(minutes)*time.Minute, string(role))
		}
	}
}

// endsAfter holds that a session ends once nothing was done for so long, and is there until then. The clock stands still.
func endsAfter(t *testing.T, c *hookstest.Clinic, member *hookstest.Client, idle time.Duration, name string) {
	t.Helper()
	type left struct {
		SignedIn bool `json:"signed_in"`
		Idle     int  `json:"idle_seconds"`
		Left     int  `json:"idle_seconds_left"`
	}
	asked := func() left {
		return hookstest.Into[left](member.Do("GET", "/session", nil, http.Header{"X-Background": {"1"}})) // no activity
	}
	seconds := int(idle / time.Second)
	c.Pass(idle - time.Minute)
	if r := member.Get("/me"); r.Status != http.StatusOK { // activity: the whole time begins again
		t.Errorf("%s, a minute before %v: %d %s", name, idle, r.Status, r.Body)
	}
	if got := asked(); got.Idle != seconds || got.Left != seconds {
		t.Errorf("%s, of %v: %+v", name, idle, got)
	}
	c.Pass(idle - time.Second)
	if got := asked(); !got.SignedIn {
		t.Errorf("%s was signed out before %v", name, idle)
	}
	c.Pass(2 * time.Second)
	if r := member.Get("/me"); r.Status != http.StatusUnauthorized || r.Code() != "sign_in_required" {
		t.Errorf("%s, after %v: %d %s", name, idle, r.Status, r.Body)
	}
}

func TestLinksBeginWithWhatThePracticeSet(t *testing.T) {
	c := hookstest.New(t)
	admin := c.Founder()
	type shown struct {
		URL  string
		From string `json:"url_from"`
	}
	set := func(url string) shown {
		t.Helper()
		r := admin.Patch("/practice/settings", fields{"url": url})
		if r.Status != http.StatusOK {
			t.Fatalf("setting %q: %d %s", url, r.Status, r.Body)
		}
		return hookstest.Into[shown](r)
	}
	if got := hookstest.Into[shown](admin.Get("/practice/settings")); got != (shown{c.URL, access.URLFromServer}) {
		t.Errorf("before: %+v", got)
	}
	if got := set(" https://Riverside.example/ "); got != (shown{"https://riverside.example", access.URLFromSettings}) {
		t.Errorf("set: %+v", got)
	}
	id := hookstest.Into[struct{ ID string }](admin.Post("/invitations", fields{"email": "new@mail.example", "role": "patient"})).ID
	r := admin.Post("/invitations/"+id+"/link", fields{})
	if link := hookstest.Into[struct{ Link string }](r).Link; !strings.HasPrefix(link, "https://riverside.example/join#") {
		t.Errorf("the next link: %q", link)
	}
	if got := set(""); got != (shown{c.URL, access.URLFromServer}) {
		t.Errorf("taken back: %+v", got)
	}
	set("https://riverside.example")
	c.House.NamePublicURL() // as serve does where it was given a URL
	if got := hookstest.Into[shown](admin.Get("/practice/settings")); got != (shown{c.URL, access.URLFromStart}) {
		t.Errorf("what serve was told goes first: %+v", got)
	}
	c.Pass(access.FreshFor + time.Minute)
	if got := admin.Patch("/practice/settings", fields{"url": "https://elsewhere.example"}).Code(); got != "fresh_sign_in_required" {
		t.Errorf("without the password: %q", got)
	}
}

// Whether the session's cookie is for https only follows the public URL in force. Where that changes, no browser's cookie is read any
// more: all sign in anew but the admin who changed it.
func TestTheCookieFollowsThePublicURL(t *testing.T) {
	c := hookstest.New(t)
	admin, patient := c.Founder(), c.Patient()
	cookie, program := admin.Token, patient.Token
	browser := func(name, token string) bool {
		t.Helper()
		r := c.Guest().Do("GET", "/session", nil, http.Header{"Cookie": {name + "=" + token}})
		return hookstest.Into[struct {
			SignedIn bool `json:"signed_in"`
		}](r).SignedIn
	}
	set := func(name, url string) *http.Cookie {
		t.Helper()
		r := c.Guest().Do("PATCH", "/practice/settings", fields{"url": url}, http.Header{"Cookie": {name + "=" + cookie}})
		given := (&http.Response{Header: r.Header}).Cookies()
		if r.Status != http.StatusOK || len(given) > 1 {
			t.Fatalf("setting %q: %d %s, %v", url, r.Status, r.Body, given)
		}
		if len(given) == 0 {
			return nil
		}
		return given[0]
	}
	const plain, host = "kinward", "__Host-kinward"
	if given := set(plain, "http://riverside.example"); given != nil || !browser(plain, cookie) || !browser(plain, program) {
		t.Errorf("from http to http: %v, and who is signed in stays so", given)
	}
	given := set(plain, "https://riverside.example")
	if given == nil || given.Name != host || !given.Secure || given.Value == cookie {
		t.Fatalf("to https: %v", given)
	}
	if !browser(host, given.Value) || browser(plain, given.Value) {
		t.Error("the admin is not signed in by the new cookie alone")
	}
	for _, name := range []string{plain, host} {
		if browser(name, cookie) || browser(name, program) {
			t.Errorf("what was sent in the clear still opens, as %s", name)
		}
	}
	if r := patient.Get("/me"); r.Status != http.StatusUnauthorized {
		t.Errorf("nor does it as a program's: %d", r.Status)
	}
	cookie = given.Value
	if given := set(host, "https://community.riverside.example"); given != nil || !browser(host, cookie) {
		t.Errorf("from https to https: %v", given)
	}
	admin, patient = c.Founder(), c.SignedIn(patient.ID)
	for origin, code := range map[string]string{c.URL: "url:public_url_not_here", "https://riverside.example": "cross_origin"} {
		r := admin.Do("PATCH", "/practice/settings", fields{"url": "https://riverside.example"}, http.Header{"Origin": {origin}})
		if r.Code() != code {
			t.Errorf("from a page at %s: %d %s", origin, r.Status, r.Body)
		}
	}
	if r := admin.Patch("/practice/settings", fields{"url": ""}); r.Status != http.StatusOK || r.Header.Get("Set-Cookie") != "" {
		t.Errorf("a program, back to http: %d %q", r.Status, r.Header.Get("Set-Cookie"))
	}
	if r := admin.Get("/me"); r.Status != http.StatusOK || patient.Get("/me").Status != http.StatusUnauthorized {
		t.Errorf("a program goes on with its session, and all others end: %d", r.Status)
	}
}

func TestChecklist(t *testing.T) {
	c := hookstest.New(t)
	if got := c.Patient().Get("/setup/checklist").Code(); got != "not_allowed" {
		t.Errorf("a patient: %q", got)
	}
	done := func() map[string]bool {
		out := map[string]bool{}
		for _, item := range hookstest.Into[struct {
			Items []struct {
				Key  string
				Done bool
			}
		}](c.Founder().Get("/setup/checklist")).Items {
			out[item.Key] = item.Done
		}
		return out
	}
	before := done()
	c.Community(clinic.KindPractice, []*hookstest.Client{c.Founder()})
	if after := done(); !before["policies"] || before["mail"] || before["community"] || !after["community"] {
		t.Errorf("before %v, after %v", before, after)
	}
}

func TestMailTestSaysWhatToDoWithoutARelay(t *testing.T) {
	c := hookstest.New(t)
	r := c.Founder().Post("/practice/mail-test", fields{"to": "ana@practice.example"})
	said := hookstest.Into[struct {
		Accepted bool
		Advice   string
	}](r)
	if r.Status != http.StatusOK || said.Accepted || said.Advice == "" {
		t.Errorf("%d %s", r.Status, r.Body)
	}
}
