package search_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
	"kinward/hooks/hookstest"
)

// night does what is done at night.
func (h *house) night() {
	for _, job := range h.App.Cron().Jobs() {
		if job.Id() == "kinward_vocabulary" {
			job.Run()
		}
	}
}

// stored counts where a word is kept for who mistypes it: as a word, and by its parts.
func (h *house) stored(t *testing.T, word string) (words, parts int) {
	t.Helper()
	err := h.App.DB().NewQuery(`SELECT (SELECT count(*) FROM search_vocabulary WHERE word = {:word}),
		(SELECT count(*) FROM search_trigrams WHERE search_trigrams MATCH {:word})`).Bind(dbx.Params{"word": word}).Row(&words, &parts)
	if err != nil {
		t.Fatal(err)
	}
	return words, parts
}

func guessed(t *testing.T, by *hookstest.Client, typed string) string {
	t.Helper()
	if got := look(t, by, q(typed)).Instead; len(got) == 1 && len(got[0].Found) == 1 {
		return got[0].Found[0]
	}
	return ""
}

// TestAMistypedSearchWritesNothing: what was written a moment ago is guessed while somebody else writes to the database.
func TestAMistypedSearchWritesNothing(t *testing.T) {
	h := newHouse(t)
	post(t, h.heron, h.hearts, "T", "a quilfandor walk, and an umbreldazzor")
	err := h.App.RunInTransaction(func(tx core.App) error {
		if _, err := tx.DB().NewQuery("UPDATE posts SET updated = updated").Execute(); err != nil {
			return err
		}
		if got := guessed(t, h.heron, "quilfadnor"); got != "quilfandor" {
			t.Errorf("one error: %q", got)
		}
		if got := guessed(t, h.heron, "umbreldasor"); got != "umbreldazzor" {
			t.Errorf("two errors: %q", got)
		}
		if got := guessed(t, h.maple, "quilfadnor"); got != "" {
			t.Errorf("who is not there is offered %q", got)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = h.App.OnTerminate().Trigger(&core.TerminateEvent{App: h.App}, func(e *core.TerminateEvent) error { return e.Next() })
	if err != nil {
		t.Fatal(err)
	}
	if words, parts := h.stored(t, "quilfandor"); words != 1 || parts != 1 {
		t.Errorf("at the end it is kept %d and %d times", words, parts)
	}
	if got := guessed(t, h.heron, "quilfadnor"); got != "quilfandor" {
		t.Errorf("once it is stored: %q", got)
	}
}

func manyWords() string {
	var out strings.Builder
	for i := range 700 {
		fmt.Fprintf(&out, "sevenhundred%d ", i)
	}
	return out.String()
}

// TestWordsThatStandNowhereLeaveAtNight, those of the same text that stand elsewhere stay, and a word that comes again is guessed again.
func TestWordsThatStandNowhereLeaveAtNight(t *testing.T) {
	h := newHouse(t)
	gone := post(t, h.heron, h.hearts, "T", "a quilfandor and a swordfishing")
	changed := post(t, h.heron, h.hearts, "T", "an umbreldazzor walk")
	post(t, h.maple, h.sugar, "T", "swordfishing here as well")
	many := post(t, h.heron, h.hearts, "T", manyWords())
	h.night()
	if got := guessed(t, h.heron, "quilfadnor"); got != "quilfandor" {
		t.Fatalf("a word that stands was taken away: %q", got)
	}
	for _, post := range []string{gone, many} {
		if got := h.heron.Delete("/posts/" + post); got.Status != http.StatusNoContent {
			t.Fatalf("%d %s", got.Status, got.Body)
		}
	}
	if got := h.heron.Patch("/posts/"+changed, map[string]any{"title": "T", "body": "a plain walk"}); got.Status != http.StatusOK {
		t.Fatalf("%d %s", got.Status, got.Body)
	}
	h.night()
	for word, want := range map[string]int{"quilfandor": 0, "umbreldazzor": 0, "swordfishing": 1, "sevenhundred0": 0, "sevenhundred699": 0} {
		if words, parts := h.stored(t, word); words != want || parts != want {
			t.Errorf("%s is kept %d and %d times, want %d", word, words, parts, want)
		}
	}
	post(t, h.heron, h.hearts, "T", "the quilfandor again")
	h.night()
	if words, _ := h.stored(t, "quilfandor"); words != 1 {
		t.Error("a word that is written again is not stored again")
	}
}

// TestWhatIsHeldTeachesNothing until it appears.
func TestWhatIsHeldTeachesNothing(t *testing.T) {
	h := newHouse(t)
	h.HoldWord("umbreldazzor")
	held := h.heron.Post("/communities/"+h.hearts+"/posts", map[string]any{"kind": "discussion", "title": "T", "body": "an umbreldazzor"})
	h.night()
	if words, _ := h.stored(t, "umbreldazzor"); words != 0 {
		t.Errorf("it is kept %d times while it is held", words)
	}
	record, err := h.App.FindRecordById(clinic.Posts, hookstest.Into[struct{ ID string }](held).ID)
	if err != nil {
		t.Fatal(err)
	}
	record.Set("status", clinic.Shown)
	record.Set(clinic.DecidedBy, clinic.Decision{Member: h.lead.ID})
	if err := h.House.Save(h.App, record); err != nil {
		t.Fatal(err)
	}
	if got := guessed(t, h.heron, "umbredlazzor"); got != "umbreldazzor" {
		t.Errorf("once it appears: %q", got)
	}
}
