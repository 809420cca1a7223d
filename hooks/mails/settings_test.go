package mails

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
	"kinward/hooks/messages"
)

func TestTheEnvironmentsRelayGoesBeforeTheSettings(t *testing.T) {
	h := newHouse(t)
	check := func(environment, want, from string) {
		t.Helper()
		r, where, err := CurrentRelay(h.app, environment)
		if err != nil || r.URL() != want || where != from {
			t.Errorf("%s from %s, %v; want %s from %s", r.URL(), where, err, want, from)
		}
	}
	check("", "", FromNowhere)
	kept, _ := ParseRelay("smtp://ann:s3cret@mail.example.org")
	h.practice(map[string]any{"name": "Riverside", "relay": SealRelay(h.key, kept)})
	check("", kept.URL(), FromSettings)
	check("smtp://other.example.org", "smtp://other.example.org:587?tls=starttls", FromEnvironment)
	practice, _ := practiceOf(h.app)
	if sealed := practice.GetString("relay"); strings.Contains(sealed, "s3cret") || len(sealed) > 2000 {
		t.Errorf("kept as %s", sealed)
	}
	if SealRelay(h.key, Relay{}) != "" {
		t.Error("no relay is sealed to something")
	}
	h.practice(map[string]any{"relay": SealRelay(clinic.NewKey(), kept)})
	if _, _, err := CurrentRelay(h.app, ""); !errors.Is(err, clinic.ErrSealed) {
		t.Errorf("sealed with another key: %v", err)
	}
	if !RelaySetting(h.app, "")().None() || !RelaySetting(h.app, "http://wrong")().None() {
		t.Error("an unreadable setting gave a relay")
	}
}

func TestTryingARelayAtOnce(t *testing.T) {
	h := newHouse(t)
	h.practice(map[string]any{"name": "Riverside"})
	good := mailstest.New(t, mailstest.Auth("ann@riverside.example", "s3cret"))
	relay := relayTo(t, good)
	reply, advice, err := Try(t.Context(), h.app, relay, sample("jane@example.org"))
	if err != nil || advice != "" || reply != "250 2.0.0 queued by mailstest" {
		t.Errorf("%q %q %v", reply, advice, err)
	}
	if sent := good.Wait(t, 1)[0]; sent.From != "ann@riverside.example" {
		t.Errorf("from %s", sent.From)
	}
	relay.Password = "wrong"
	reply, advice, err = Try(t.Context(), h.app, relay, sample("jane@example.org"))
	if err != nil || !strings.HasPrefix(reply, "535 5.7.8") || !strings.Contains(advice, "ann@riverside.example") {
		t.Errorf("%q %q %v", reply, advice, err)
	}
	if _, advice, _ = Try(t.Context(), h.app, Relay{}, sample("jane@example.org")); !strings.Contains(advice, "No mail relay") {
		t.Errorf("%q", advice)
	}
	if _, _, err = Try(t.Context(), h.app, relay, sample("jane")); !errors.Is(err, ErrAddress) {
		t.Errorf("%v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, advice, err = Try(gone, h.app, relay, sample("jane@example.org")); err != nil || advice == "" {
		t.Errorf("%q %v", advice, err)
	}
	if n, _ := To(h.app, "jane@example.org"); len(n) != 0 {
		t.Error("a try left a letter in the queue")
	}
}

func TestEveryReasonHasItsSentencesAndEveryStateItsPlace(t *testing.T) {
	reasons := append([]Reason{NoRelay, AddressUTF8, PutOff, Refused, TimePassed, Unreadable}, relayReasons...)
	relay, _ := ParseRelay("smtp://ann:s3cret@mail.example.org:2525")
	for _, language := range clinic.Languages {
		for _, reason := range reasons {
			for key, text := range map[string]string{
				"mails.reason." + string(reason): messages.Say(language, "mails.reason."+string(reason), nil),
				"mails.advice." + string(reason): Advice(language, reason, relay),
			} {
				if text == key || strings.Contains(text, "<no value>") || strings.Contains(text, "s3cret") {
					t.Errorf("%s %s: %s", language, key, text)
				}
			}
		}
	}
	h := newHouse(t)
	for name, want := range map[string][]string{clinic.Letters: States, clinic.LetterAttempts: Outcomes} {
		collection, err := h.app.FindCollectionByNameOrId(name)
		if err != nil {
			t.Fatal(err)
		}
		field := map[string]string{clinic.Letters: "status", clinic.LetterAttempts: "outcome"}[name]
		choice, ok := collection.Fields.GetByName(field).(*core.SelectField)
		if !ok || !slices.Equal(choice.Values, want) {
			t.Errorf("%s.%s: %v, want %v", name, field, choice, want)
		}
		if collection.ListRule != nil || collection.ViewRule != nil || collection.CreateRule != nil || collection.UpdateRule != nil || collection.DeleteRule != nil {
			t.Errorf("%s: a rule is open", name)
		}
	}
}
