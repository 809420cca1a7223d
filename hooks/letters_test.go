package hooks_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	pbmails "github.com/pocketbase/pocketbase/mails"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/mails"
	"kinward/hooks/mails/mailstest"
	"kinward/hooks/messages"
	"kinward/hooks/notification"
	"kinward/hooks/policy"
)

// Mail carries no health context (product.md, rule 6): neither the practice's own name, where that tells too much, nor a community's,
// nor anybody's words.
var telling = []string{"oncology", "lupus"}

type asked = map[string]any

// office is a practice where everything there is to tell names an illness.
type office struct {
	*hookstest.Clinic
	t         *testing.T
	admin     *hookstest.Client
	lead      *hookstest.Client
	editor    *hookstest.Client
	relay     *mailstest.Catcher
	community string
}

func newOffice(t *testing.T) *office {
	t.Helper()
	c := hookstest.New(t)
	o := &office{Clinic: c, t: t, admin: c.Founder(), lead: c.Provider(), editor: c.Staff("policies")}
	o.want(o.admin.Patch("/practice/settings", asked{"name": "Riverside Oncology", "mail_name": "Riverside"}))
	o.community = o.want(o.lead.Post("/communities", asked{"name": "Lupus Lounge", "kind": clinic.KindCondition, "about": "Lupus"}))
	c.HoldWord("zzheld")
	o.relay = c.Mail()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- notification.Run(ctx, c.App) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return o
}

// want gives the id in an answer, which must not be a refusal.
func (o *office) want(r *hookstest.Response) string {
	o.t.Helper()
	if r.Status >= 300 {
		o.t.Fatalf("%d %s", r.Status, r.Body)
	}
	return hookstest.Into[struct{ ID string }](r).ID
}

// member adds somebody to the community.
func (o *office) member() *hookstest.Client {
	o.t.Helper()
	patient := o.Patient()
	o.Join(o.community, patient, false)
	return patient
}

func TestNoLetterTellsWhatPeopleAreTreatedFor(t *testing.T) {
	o := newOffice(t)
	o.invites()
	o.keepsAccounts()
	o.talks()
	o.changesPolicies()
	o.asksAboutCases()
	o.operates()
	inviter := hookstest.Into[struct{ Name string }](o.lead.Get("/me")).Name
	for _, key := range subjectsOf(t) {
		o.comes(key, inviter)
	}
	for _, letter := range o.all() {
		for part, text := range map[string]string{"message": string(letter.Data), "subject": letter.Subject, "text": letter.Text, "page": letter.HTML} {
			for _, word := range telling {
				if strings.Contains(strings.ToLower(text), word) {
					t.Errorf("the %s of %q says %s:\n%s", part, letter.Subject, word, text)
				}
			}
		}
		if letter.Err != nil || letter.Text == "" || letter.HTML == "" || !strings.Contains(letter.Header.Get("From"), "Riverside") {
			t.Errorf("%q from %q cannot be read: %v", letter.Subject, letter.Header.Get("From"), letter.Err)
		}
	}
}

// comes waits for a letter with a subject of the catalogue. One that never comes is of a kind that this test does not write yet.
func (o *office) comes(key, inviter string) {
	o.t.Helper()
	subject := messages.Say("en", key, asked{"practice": "Riverside", "inviter": inviter})
	o.t.Logf("waiting for %q (%s)", subject, key)
	o.relay.Titled(o.t, subject)
}

// subjectsOf lists the subjects of all letters there are, by the catalogue.
func subjectsOf(t *testing.T) (keys []string) {
	t.Helper()
	files, err := filepath.Glob("messages/en/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var catalogue map[string]any
		if err := json.Unmarshal(text, &catalogue); err != nil {
			t.Fatal(err)
		}
		for key := range catalogue {
			if strings.HasSuffix(key, ".subject") {
				keys = append(keys, key)
			}
		}
	}
	if len(keys) < 20 {
		t.Fatalf("the catalogue has the subjects %v alone", keys)
	}
	return keys
}

// all gives the letters that were written, once each has gone.
func (o *office) all() []*mailstest.Letter {
	o.t.Helper()
	var queued int
	if err := o.App.DB().NewQuery("SELECT COUNT(*) FROM letters WHERE status != 'cancelled'").Row(&queued); err != nil {
		o.t.Fatal(err)
	}
	return o.relay.Wait(o.t, queued+1) // the letter that tries the relay is in no queue
}

func (o *office) invites() {
	o.t.Helper()
	for _, role := range []clinic.Role{clinic.Patient, clinic.Caregiver, clinic.Staff, clinic.Provider} {
		id := o.want(o.lead.Post("/invitations", asked{"email": string(role) + "@new.example", "role": role, "communities": []string{o.community}, "code": "402915"}))
		link := hookstest.Into[struct{ Link string }](o.lead.Post("/invitations/"+id+"/link", asked{})).Link
		if role == clinic.Caregiver { // who asks for another one when it has ended
			_, token, _ := strings.Cut(link, "#")
			o.want(o.Guest().Post("/invitations/decline", asked{"token": token}))
			o.want(o.Guest().Post("/invitations/ask-again", asked{"token": token}))
		}
	}
	o.want(o.lead.Post("/members/"+o.member().ID+"/invite-again", asked{"email": "returning@people.example"}))
}

func (o *office) keepsAccounts() {
	o.t.Helper()
	o.want(o.Patient().Post("/me/email", asked{"email": "moving@people.example", "password": hookstest.Password}))
	_, token, _ := strings.Cut(o.relay.To(o.t, "moving@people.example").Link(), "#")
	o.want(o.Guest().Post("/me/email/confirm", asked{"token": token}))
	o.want(o.Patient().Post("/me/password", asked{"current": hookstest.Password, "password": "a much longer phrase"}))
	o.want(o.Guest().Post("/password/forgotten", asked{"email": o.Patient().Email}))
	privacy := hookstest.Into[struct {
		Version int
		SHA256  string
	}](o.Guest().Get("/policies/privacy"))
	o.want(o.Owing(clinic.Patient).Post("/policies/privacy/refuse", asked{"version": privacy.Version, "sha256": privacy.SHA256, "outcome": "leaving"}))
}

// talks lets somebody be answered, and somebody's words be held and given back.
func (o *office) talks() {
	o.t.Helper()
	author, other := o.member(), o.member()
	kinds := asked{}
	for _, kind := range notification.Kinds {
		kinds[string(kind)] = asked{"page": true, "mail": notification.AtOnce, "push": false}
	}
	o.want(author.Patch("/me/notifications", asked{"kinds": kinds, "zone": "UTC", "quiet_from": 0, "quiet_to": 0}))
	feed := "/communities/" + o.community + "/posts"
	post := o.want(author.Do(http.MethodPost, feed, asked{"kind": "question", "title": "Lupus", "body": "Who else has lupus?"}, hookstest.Key()))
	o.want(other.Do(http.MethodPost, "/posts/"+post+"/comments", asked{"body": "My lupus is quiet."}, hookstest.Key()))
	o.want(author.Do(http.MethodPost, feed, asked{"kind": "discussion", "title": "Lupus", "body": "zzheld lupus"}, hookstest.Key()))
	for _, held := range hookstest.Into[struct{ Items []struct{ ID string } }](o.lead.Get("/desk")).Items {
		o.want(o.lead.Post("/desk/"+held.ID+"/return", asked{"reason": "It says lupus."}))
	}
}

func (o *office) changesPolicies() {
	o.t.Helper()
	o.Owing(clinic.Patient)
	for _, step := range []struct {
		kind string
		form asked
	}{
		{"clarified", asked{"class": policy.Clarification}},
		{"material", asked{"class": policy.Material, "due": o.House.Now().Add(48 * time.Hour)}},
	} {
		current := hookstest.Into[struct {
			Revision int
			Current  struct {
				Texts map[string]struct{ Title, Summary, Source string }
			}
		}](o.editor.Get("/manage/policies/privacy"))
		texts := asked{}
		for language, text := range current.Current.Texts {
			texts[language] = asked{"title": text.Title, "summary": text.Summary, "body": text.Source + "\n\nLupus."}
		}
		saved := o.editor.Put("/manage/policies/privacy/draft", asked{"revision": current.Revision, "texts": texts})
		form := step.form
		form["revision"], form["reason"] = hookstest.Into[struct{ Revision int }](saved).Revision, asked{"en": "Lupus.", "es": "Lupus."}
		o.want(o.editor.Post("/manage/policies/privacy/publish", form))
		o.comes("policy.letter.policy_"+step.kind+".subject", "") // before the next version takes its place
	}
	o.want(o.editor.Post("/manage/policies/privacy/remind", asked{}))
}

func (o *office) asksAboutCases() {
	o.t.Helper()
	patient := o.member()
	all := hookstest.Into[struct{ Items []struct{ Slug string } }](patient.Get("/cases")).Items
	if len(all) == 0 {
		o.t.Fatal("there are no example cases")
	}
	o.want(patient.Do(http.MethodPost, "/cases/"+all[0].Slug+"/questions", asked{"question": "May I say lupus?"}, hookstest.Key()))
	for _, question := range hookstest.Into[struct{ Items []struct{ ID string } }](o.lead.Get("/cases/questions")).Items {
		o.want(o.lead.Do(http.MethodPost, "/cases/questions/"+question.ID+"/answer", asked{"answer": "Lupus, yes."}, hookstest.Key()))
	}
}

// operates tries the relay, and makes the letters that PocketBase itself would send.
func (o *office) operates() {
	o.t.Helper()
	o.want(o.admin.Patch("/practice/settings", asked{"relay": o.relay.URL()}))
	o.want(o.admin.Post("/practice/mail-test", asked{"to": "tried@people.example"}))
	operator, err := o.App.FindRecordById(core.CollectionNameSuperusers, o.Operator().ID)
	if err != nil {
		o.t.Fatal(err)
	}
	mails.Transport(o.App)
	for _, send := range []func() error{
		func() error { return pbmails.SendRecordPasswordReset(o.App, operator) },
		func() error { return pbmails.SendRecordOTP(o.App, operator, "otp123", "84712903") },
		func() error { return pbmails.SendRecordAuthAlert(o.App, operator, "Firefox on Linux") },
		func() error { return pbmails.SendRecordVerification(o.App, operator) },
	} {
		if err := send(); err != nil {
			o.t.Fatal(err)
		}
	}
}
