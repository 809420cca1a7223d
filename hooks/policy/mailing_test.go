package policy_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
	"kinward/hooks/policy"
)

// crowd adds patients who have acknowledged nothing, below the record events: only how many there are matters.
func crowd(t testing.TB, c *hookstest.Clinic, n int) {
	t.Helper()
	like := c.Owing(clinic.Patient)
	for i := range n {
		must(t, run(c, fmt.Sprintf(`INSERT INTO users (id, email, emailVisibility, verified, password, tokenKey, name, role, rights, status, language, created, updated)
			SELECT 'crowd%010d', 'crowd%d@people.example', FALSE, TRUE, password, 'key' || %d || tokenKey, 'Patient %d', role, rights, status, 'es', created, updated
			FROM users WHERE id = '%s'`, i, i, i, i, like.ID)))
	}
}

func once(t *testing.T, c *hookstest.Clinic) (letters, people int) {
	t.Helper()
	must(t, c.App.DB().NewQuery("SELECT COUNT(*), COUNT(DISTINCT recipient) FROM letters WHERE kind LIKE 'policy_%'").Row(&letters, &people))
	return letters, people
}

// A process that dies between two batches, or within one, leaves every letter written once by the next.
func TestLettersAreWrittenInBatchesAndOnceWhateverDies(t *testing.T) {
	c := hookstest.New(t)
	crowd(t, c, 2*policy.MailingBatch+20)
	editor := c.Staff("policies")
	if r := draftAndPublish(t, editor, policy.Material, object{"due": c.House.Now().Add(time.Hour)}); r.Status != http.StatusCreated {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	if letters, _ := once(t, c); letters != 0 {
		t.Fatalf("publishing wrote %d letters itself", letters)
	}
	// All but the author: the crowd, who it was made after, and the founder.
	want := 2*policy.MailingBatch + 20 + 2

	// It dies at the thirtieth letter of the second batch.
	seen, dead := 0, errors.New("the process dies here")
	at := c.App.OnRecordCreate(clinic.Letters).BindFunc(func(e *core.RecordEvent) error {
		if seen++; seen == policy.MailingBatch+30 {
			return dead
		}
		return e.Next()
	})
	if err := policy.WriteAll(c.App, c.House); !errors.Is(err, dead) {
		t.Fatalf("it did not die: %v", err)
	}
	c.App.OnRecordCreate(clinic.Letters).Unbind(at)
	if letters, people := once(t, c); letters != policy.MailingBatch || people != letters {
		t.Errorf("after the first batch %d letters to %d people", letters, people)
	}

	// Somebody answers meanwhile, and one leaves: neither is asked.
	late := find(t, c, clinic.Users, "id = 'crowd0000000115'")
	accept(t, c.SignedIn(late.Id), read(t, c, "/policies/privacy"))
	must(t, run(c, "UPDATE users SET status = 'suspended' WHERE id = 'crowd0000000116'"))
	must(t, policy.WriteAll(c.App, c.House))
	if letters, people := once(t, c); letters != want-2 || people != want-2 {
		t.Errorf("%d letters to %d people, want %d", letters, people, want-2)
	}
	mailing := find(t, c, clinic.PolicyMailings, "")
	if mailing.GetInt("written") != want-2 || mailing.GetString("done") == "" {
		t.Errorf("the mailing says %d, done %q", mailing.GetInt("written"), mailing.GetString("done"))
	}
	must(t, policy.WriteAll(c.App, c.House))
	if letters, _ := once(t, c); letters != want-2 {
		t.Errorf("a further look wrote %d letters", letters-want+2)
	}
}

func TestWhatWasWithdrawnMeanwhileIsToldNobody(t *testing.T) {
	c := hookstest.New(t)
	editor := c.Staff("policies")
	draftAndPublish(t, editor, policy.Clarification, nil)
	if r := editor.Post("/manage/policies/privacy/withdraw", object{"reason": object{"en": "A mistake."}}); r.Status != http.StatusOK {
		t.Fatalf("%d %s", r.Status, r.Body)
	}
	must(t, policy.WriteAll(c.App, c.House))
	if letters, _ := once(t, c); letters != 0 || count(t, c, "policy_mailings WHERE done = ''") != 0 {
		t.Errorf("%d letters", letters)
	}
}

// The worker takes up what a dead process left, hears of what comes while it runs, and ends when it is told to.
func TestTheWriterOfLettersTakesUpAndHears(t *testing.T) {
	c := hookstest.New(t)
	crowd(t, c, 3)
	editor := c.Staff("policies")
	done := make(chan string, 4)
	c.App.OnRecordAfterUpdateSuccess(clinic.PolicyMailings).BindFunc(func(e *core.RecordEvent) error {
		if e.Record.GetString("done") != "" {
			done <- e.Record.GetString("kind")
		}
		return e.Next()
	})
	await := func(kind string) {
		t.Helper()
		select {
		case got := <-done:
			if got != kind {
				t.Errorf("%s was done, not %s", got, kind)
			}
		case <-time.After(20 * time.Second):
			t.Fatalf("%s was never done", kind)
		}
	}
	draftAndPublish(t, editor, policy.Clarification, nil)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- policy.WriteLetters(ctx, c.App, c.House) }()
	await("policy_clarified")
	if n := hookstest.Into[struct{ Queued int }](editor.Post("/manage/policies/privacy/remind", object{})).Queued; n != 4 {
		t.Errorf("%d reminders", n)
	}
	await("policy_reminder")
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if n := count(t, c, "letters WHERE kind = 'policy_reminder'"); n != 4 {
		t.Errorf("%d reminders were written", n)
	}
}
