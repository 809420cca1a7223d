package search

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	// mostLearnt is how many words are remembered as known: more than people use often, and a few megabytes.
	mostLearnt = 60_000
	// mostNew is how many words wait to be stored together.
	mostNew = 2_000
)

// vocabulary is every word that was ever written, for who mistypes one. It is stored, but not within the post that a word is
// first written in: new words wait, and are stored together when there are many, when somebody mistypes one, and at the end.
// What a crash takes with it is that a few rare words are not guessed until they are written again.
type vocabulary struct {
	mu     sync.Mutex
	learnt map[string]struct{}
	fresh  map[string]struct{}
}

// learn takes up the words of a post or comment that is stored. They are shown to nobody.
func (s *searcher) learn(e *core.RecordEvent) error {
	if s.vocabulary.add(Words(e.Record.GetString("title") + " " + e.Record.GetString("body"))) {
		if err := s.vocabulary.keep(s.app); err != nil {
			s.app.Logger().Error("new words could not be stored; they wait", "error", err)
		}
	}
	return e.Next()
}

// add takes up words, and reports whether so many wait that they should be kept.
func (v *vocabulary) add(words []string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.fresh == nil {
		v.learnt, v.fresh = map[string]struct{}{}, map[string]struct{}{}
	}
	for _, w := range words {
		if _, known := v.learnt[w]; known {
			continue
		}
		if n := utf8.RuneCountInString(w); n >= 4 && n <= 40 {
			v.fresh[w] = struct{}{}
		}
	}
	return len(v.fresh) >= mostNew
}

// keep stores the words that wait.
func (v *vocabulary) keep(app core.App) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.fresh) == 0 {
		return nil
	}
	text, err := json.Marshal(slices.Sorted(maps.Keys(v.fresh)))
	if err != nil {
		return err
	}
	_, err = app.DB().NewQuery("INSERT OR IGNORE INTO search_vocabulary (word) SELECT value FROM json_each({:words})").
		Bind(dbx.Params{"words": string(text)}).Execute()
	if err != nil {
		return err
	}
	if len(v.learnt)+len(v.fresh) > mostLearnt {
		clear(v.learnt)
	}
	maps.Copy(v.learnt, v.fresh)
	clear(v.fresh)
	return nil
}
