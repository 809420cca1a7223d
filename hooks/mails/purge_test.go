package mails

import (
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"kinward/hooks/clinic"
	"kinward/hooks/mails/mailstest"
)

// night runs what the clock would at night.
func (h *house) night() {
	h.Helper()
	for _, job := range h.app.Cron().Jobs() {
		if job.Id() == "kinward_letters_purge" {
			job.Run()
		}
	}
}

func (h *house) count(table string) (n int) {
	h.Helper()
	if err := h.app.DB().Select("count(*)").From(table).Row(&n); err != nil {
		h.Fatal(err)
	}
	return n
}

func TestLettersThatEndedGoAfterNinetyDays(t *testing.T) {
	h := newHouse(t)
	heard := h.outcomes()
	catcher := mailstest.New(t)
	sent := h.queue(sample("jane@example.org"))
	stop := h.deliver(Options{Relay: always(relayTo(t, catcher))})
	h.next(heard)
	stop()
	taken := h.queue(sample("bob@example.org"))
	if _, err := Cancel(h.app, "invitations/abc"); err != nil {
		t.Fatal(err)
	}
	if h.letter(taken).GetDateTime("ended").IsZero() {
		t.Error("a letter that was taken back does not say when")
	}
	waits := h.queue(sample("eve@example.org"))

	h.clock.move(KeptFor - time.Minute)
	h.night()
	if letters, attempts := h.count(clinic.Letters), h.count(clinic.LetterAttempts); letters != 3 || attempts != 1 {
		t.Fatalf("within ninety days %d letters and %d attempts are left", letters, attempts)
	}
	h.clock.move(2 * time.Minute)
	h.night()
	if letters, attempts := h.count(clinic.Letters), h.count(clinic.LetterAttempts); letters != 1 || attempts != 0 {
		t.Errorf("after ninety days %d letters and %d attempts are left", letters, attempts)
	}
	h.letter(waits)
	if _, err := h.app.FindRecordById(clinic.Letters, sent); err == nil {
		t.Error("the one that was sent is still there")
	}
}

func TestAPurgeGoesInStepsToTheEnd(t *testing.T) {
	h := newHouse(t)
	_, err := h.app.DB().NewQuery(`INSERT INTO letters (id, kind, about, status, ended, created, updated)
		WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
		SELECT 'letter' || printf('%09d', i), 'digest', '', 'accepted', {:ended}, {:ended}, {:ended} FROM n`).
		Bind(dbx.Params{"ended": stamp(h.clock.now().Add(-KeptFor - time.Hour))}).Execute()
	if err != nil {
		t.Fatal(err)
	}
	h.night()
	if left := h.count(clinic.Letters); left != 0 {
		t.Errorf("%d of 450 letters are left", left)
	}
}
