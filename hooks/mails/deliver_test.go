package mails

import (
	"strings"
	"testing"

	"kinward/hooks/mails/mailstest"
)

func TestALetterGoesOutAndLeavesNothingBehind(t *testing.T) {
	h := newHouse(t)
	relay := mailstest.New(t)
	heard := h.outcomes()
	id := h.queue(sample("jane@example.org"))
	waiting := h.letter(id)
	for _, secret := range []string{"jane", "example.org", "Byron", "join"} {
		for _, field := range []string{"sealed", "recipient", "reason"} {
			if strings.Contains(waiting.GetString(field), secret) {
				t.Errorf("%s shows %q", field, secret)
			}
		}
	}
	h.deliver(Options{Relay: always(relayTo(t, relay))})
	attempt := h.next(heard)
	if got := attempt.GetString("outcome"); got != Accepted {
		t.Fatalf("outcome %s: %s", got, attempt.GetString("reply"))
	}
	if attempt.GetInt("code") != 250 || attempt.GetString("enhanced") != "2.0.0" {
		t.Errorf("kept as %d %s", attempt.GetInt("code"), attempt.GetString("enhanced"))
	}
	sent := relay.Wait(t, 1)[0]
	if sent.Err != nil || sent.To != "jane@example.org" || sent.Link() != "https://clinic.example.org/join#k3yK3yk3y" {
		t.Errorf("sent %+v", sent)
	}
	letter := h.letter(id)
	if letter.GetString("status") != Accepted || letter.GetString("sealed") != "" {
		t.Errorf("letter is %s, sealed %d bytes", letter.GetString("status"), len(letter.GetString("sealed")))
	}
}
