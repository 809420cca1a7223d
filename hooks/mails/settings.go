package mails

import (
	"encoding/base64"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/messages"
)

// Where the relay is set.
const (
	FromEnvironment = "environment"
	FromSettings    = "settings"
	FromNowhere     = "none"
)

const relayContext = "practices/relay"

// SealRelay gives what the practice's record keeps in its field relay; for no relay, nothing.
func SealRelay(key clinic.Key, r Relay) string {
	if r.None() {
		return ""
	}
	return base64.StdEncoding.EncodeToString(key.Seal([]byte(r.URL()), relayContext))
}

// CurrentRelay says which relay is set, and where: the environment's URL (KINWARD_RELAY) goes before the practice's settings.
// An error says what is wrong with the one that is set.
func CurrentRelay(app core.App, environment string) (r Relay, from string, err error) {
	if environment != "" {
		r, err = ParseRelay(environment)
		return r, FromEnvironment, err
	}
	o, err := officeOf(app)
	if err != nil {
		return Relay{}, FromNowhere, err
	}
	practice, err := practiceOf(app)
	if err != nil || practice == nil || practice.GetString("relay") == "" {
		return Relay{}, FromNowhere, err
	}
	raw, err := base64.StdEncoding.DecodeString(practice.GetString("relay"))
	if err != nil {
		return Relay{}, FromSettings, clinic.ErrSealed
	}
	text, err := o.key.Open(raw, relayContext)
	if err != nil {
		return Relay{}, FromSettings, err
	}
	r, err = ParseRelay(string(text))
	return r, FromSettings, err
}

// RelaySetting is what Deliver asks: CurrentRelay anew each time, and no relay while the one that is set cannot be read.
func RelaySetting(app core.App, environment string) func() Relay {
	return func() Relay {
		r, _, err := CurrentRelay(app, environment)
		if err != nil {
			app.Logger().Error("The relay's setting cannot be read", "error", err)
			return Relay{}
		}
		return r
	}
}

// Advice says what to do about a reason, in a sentence or two for whoever looks after the practice.
func Advice(language string, reason Reason, r Relay) string {
	if reason == "" {
		return ""
	}
	return messages.Say(language, "mails.advice."+string(reason), map[string]any{"host": r.Host, "port": r.Port, "user": r.User})
}
