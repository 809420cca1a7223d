package mails_test

import (
	"testing"

	"kinward/hooks/mails"
)

func TestAMaskedRelayShowsItsStars(t *testing.T) {
	relay, err := mails.ParseRelay("smtp://me%40x:p%40ss@mail.example.org:587")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := relay.String(), "smtp://me%40x:"+mails.Masked+"@mail.example.org:587?tls=starttls"; got != want {
		t.Errorf("shown as %s, want %s", got, want)
	}
}
