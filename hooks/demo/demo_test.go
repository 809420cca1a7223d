package demo_test

import (
	"net/smtp"
	"net/url"
	"strings"
	"testing"

	"kinward/hooks/demo"
	"kinward/hooks/hookstest"
)

func TestEverySamplePersonCanSignIn(t *testing.T) {
	c := hookstest.Empty(t)
	signs, err := demo.Seed(t.Context(), c.App, c.House)
	if err != nil {
		t.Fatal(err)
	}
	for _, sign := range signs {
		r := c.Guest().Post("/session", map[string]string{"email": sign.Email, "password": demo.Password})
		if r.Status != 200 {
			t.Errorf("%s: %d %s", sign.Email, r.Status, r.Body)
		}
	}
}

func TestTheDeskOfTheSamplePracticeIsNotEmpty(t *testing.T) {
	c := hookstest.Empty(t)
	if _, err := demo.Seed(t.Context(), c.App, c.House); err != nil {
		t.Fatal(err)
	}
	var states []string
	if err := c.App.DB().NewQuery("SELECT source || ' ' || state || ' ' || reports FROM holds ORDER BY source").Column(&states); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(states, ", "); got != "check open 0, report open 1" {
		t.Errorf("on the desk: %s", got)
	}
}

func TestMailArrivesInTheMailbox(t *testing.T) {
	mailbox, err := demo.OpenMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mailbox.Close() })
	at, err := url.Parse(mailbox.Relay())
	if err != nil {
		t.Fatal(err)
	}
	letter := "Subject: =?utf-8?q?Hola_Jos=C3=A9?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBuenos días.\r\n"
	if err := smtp.SendMail(at.Host, nil, "a@x.example", []string{"jose@x.example"}, []byte(letter)); err != nil {
		t.Fatal(err)
	}
	letters := mailbox.Letters()
	if len(letters) != 1 || letters[0].To != "jose@x.example" || letters[0].Subject != "Hola José" || !strings.Contains(letters[0].Text, "Buenos días.") {
		t.Errorf("letters: %+v", letters)
	}
}

// What a poll lets out and what the clinic says is there to be seen, and no check holds any sample but the one for the desk.
func TestTheSamplePracticeShowsAPollAndReviews(t *testing.T) {
	c := hookstest.Empty(t)
	if _, err := demo.Seed(t.Context(), c.App, c.House); err != nil {
		t.Fatal(err)
	}
	var poll string
	if err := c.App.DB().NewQuery("SELECT json_extract(poll, '$.closed') || ' ' || json_extract(poll, '$.votes') || ' of ' || json_extract(poll, '$.voted') FROM posts WHERE poll != ''").Row(&poll); err != nil {
		t.Fatal(err)
	}
	if poll != "1 [3,5,4] of 12" {
		t.Errorf("the poll says %q", poll)
	}
	var said []string
	err := c.App.DB().NewQuery(`SELECT json_extract(p.review, '$.verdict') || ' ' || COALESCE(u.name, '') FROM posts p
		LEFT JOIN comments c ON c.id = json_extract(p.review, '$.correction') LEFT JOIN users u ON u.id = c.author WHERE p.review != '' ORDER BY 1`).Column(&said)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(said, ", "); got != "corrected Ana Ruiz, note " {
		t.Errorf("the clinic says %q", got)
	}
	var held int
	if err := c.App.DB().NewQuery("SELECT (SELECT COUNT(*) FROM posts WHERE status = 'held') + (SELECT COUNT(*) FROM comments WHERE status = 'held')").Row(&held); err != nil || held != 1 {
		t.Errorf("%d pieces are held: %v", held, err)
	}
}
