package main

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"kinward/hooks/cli"
	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

type fields = map[string]any

var joinLink = regexp.MustCompile(`/join#([\w-]{43})`)

// The whole story over the assembled house: a provider invites, the letter goes by SMTP, the patient accepts, is kept out until
// they have acknowledged the policies, posts, and is answered.
func TestFromInvitationToPost(t *testing.T) {
	c := hookstest.New(t)
	relay := c.Mail()
	provider := c.Provider()
	community := c.Community(clinic.KindCondition, []*hookstest.Client{provider})

	r := provider.Post("/invitations", fields{"email": "new@people.example", "role": "patient", "communities": []string{community}})
	if r.Status != http.StatusCreated {
		t.Fatalf("inviting: %d %s", r.Status, r.Body)
	}
	letter := relay.To(t, "new@people.example")
	link := joinLink.FindStringSubmatch(letter.Text)
	if link == nil {
		t.Fatalf("the letter has no link:\n%s", letter.Text)
	}

	opened := c.Guest().Post("/invitations/open", fields{"token": link[1]})
	if opened.Status != http.StatusOK {
		t.Fatalf("opening: %d %s", opened.Status, opened.Body)
	}
	accepted := c.Guest().Post("/invitations/accept", fields{"token": link[1], "name": "Quiet Heron", "password": hookstest.Password})
	if accepted.Status != http.StatusCreated {
		t.Fatalf("accepting: %d %s", accepted.Status, accepted.Body)
	}
	patient := c.SignedIn(hookstest.Into[struct{ ID string }](accepted).ID)

	feed := "/communities/" + community + "/posts"
	if got := patient.Get(feed).Code(); got != "policy_acknowledgement_required" {
		t.Fatalf("before acknowledging, the feed answers %q", got)
	}
	acknowledgeAll(t, patient)
	if r := patient.Get(feed); r.Status != http.StatusOK {
		t.Fatalf("reading: %d %s", r.Status, r.Body)
	}
	if got := patient.Post(feed, fields{"kind": "question", "body": "Hello"}).Code(); got != "policy_acknowledgement_required" {
		t.Fatalf("before the authorization, posting answers %q", got)
	}
	text := hookstest.Into[struct{ SHA256 string }](patient.Get("/policies/sharing"))
	if r := patient.Post("/authorizations/sharing", fields{"sha256": text.SHA256}); r.Status != http.StatusOK {
		t.Fatalf("granting: %d %s", r.Status, r.Body)
	}
	words := fields{"kind": "question", "title": "Hello", "body": "# Hi\n\n<script>alert(1)</script> ![](https://x.example/p.png)"}
	asked := patient.Post(feed, words) // a clause says something of pictures that show people
	if asked.Code() != "confirm_findings" {
		t.Fatalf("posting a picture's link: %d %s", asked.Status, asked.Body)
	}
	words["confirm"] = findings(asked)
	post := patient.Post(feed, words)
	if post.Status != http.StatusCreated {
		t.Fatalf("posting: %d %s", post.Status, post.Body)
	}
	made := hookstest.Into[struct{ ID, HTML string }](post)
	if strings.Contains(made.HTML, "<script") || strings.Contains(made.HTML, "<img") || strings.Contains(made.HTML, "<h1") {
		t.Errorf("the server made %s", made.HTML)
	}
	if r := provider.Post("/posts/"+made.ID+"/comments", fields{"body": "Welcome."}); r.Status != http.StatusCreated {
		t.Errorf("answering: %d %s", r.Status, r.Body)
	}
	if r := c.Guest().Post("/invitations/accept", fields{"token": link[1], "name": "Other", "password": hookstest.Password}); r.Status < 400 {
		t.Errorf("the link let a second person in: %d", r.Status)
	}
}

// findings are the ids of what an answer asks to confirm.
func findings(r *hookstest.Response) []string {
	type found struct{ ID string }
	body := hookstest.Into[struct {
		Data struct {
			Error struct{ Params struct{ Findings []found } }
		}
	}](r)
	var ids []string
	for _, f := range body.Data.Error.Params.Findings {
		ids = append(ids, f.ID)
	}
	return ids
}

func acknowledgeAll(t *testing.T, member *hookstest.Client) {
	t.Helper()
	me := hookstest.Into[struct{ Owes []struct{ Kind, Slug string } }](member.Get("/me"))
	if len(me.Owes) == 0 {
		t.Fatal("a new member owes nothing")
	}
	for _, owed := range me.Owes {
		if owed.Kind != "policy" {
			continue
		}
		text := hookstest.Into[struct {
			Version int
			SHA256  string
		}](member.Get("/policies/" + owed.Slug))
		r := member.Post("/policies/"+owed.Slug+"/acknowledge", fields{"version": text.Version, "sha256": text.SHA256})
		if r.Status != http.StatusOK {
			t.Fatalf("acknowledging %s: %d %s", owed.Slug, r.Status, r.Body)
		}
	}
}

// newApp only puts parts together: what it makes opens nothing until it is told to.
func TestNewAppOpensNothing(t *testing.T) {
	app, house := newApp(cli.Place{Dir: t.TempDir(), Key: clinic.NewKey()})
	if app.IsBootstrapped() || len(house.Doors()) != 0 {
		t.Error("the app is open already")
	}
}
