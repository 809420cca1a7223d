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
