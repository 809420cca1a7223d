package search

import (
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

const (
	// mostLearnt is how many words are remembered as known: more than people use often, and a few megabytes.
	mostLearnt = 60_000
	// keepAfter is how long new words wait for others to be stored with.
	keepAfter = 2 * time.Second
	// atATime is how many words one statement stores, and how many one looks for: posts are being written meanwhile.
	atATime = 250
)

// vocabulary is every word that stands somewhere, for who mistypes one. It is stored, but not within the post that a word is
// first written in, nor when somebody mistypes one: new words wait for a moment, and are looked at where they wait. What a
// crash takes with it is that a few rare words are not guessed until they are written again. Words that stand nowhere any more
// go at night.
type vocabulary struct {
	app core.App
	// storing is held by who writes to the vocabulary, and mu for moments only.
	storing sync.Mutex
	mu      sync.Mutex
	learnt  map[string]struct{}
	fresh   map[string]struct{}
	timer   *time.Timer
	over    bool
}

// learn takes up the words of a post or comment that everybody in its community sees from now on. They are shown to nobody.
func (s *searcher) learn(e *core.RecordEvent) error {
	if r := e.Record; r.GetString("status") == clinic.Shown && !r.GetBool("unseen") {
		s.vocabulary.add(Words(r.GetString("title") + " " + r.GetString("body")))
	}
	return e.Next()
}

// add takes up words, which are stored soon.
func (v *vocabulary) add(words []string) {
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
	if len(v.fresh) > 0 && v.timer == nil && !v.over {
		v.timer = time.AfterFunc(keepAfter, v.keep)
	}
}

// keep stores the words that wait.
func (v *vocabulary) keep() {
	v.storing.Lock()
	defer v.storing.Unlock()
	v.mu.Lock()
	v.timer = nil
	waiting := slices.Sorted(maps.Keys(v.fresh))
	v.mu.Unlock()
	for words := range slices.Chunk(waiting, atATime) {
		if err := v.store(words); err != nil {
			v.app.Logger().Error("new words could not be stored; they wait", "error", err)
			return
		}
		v.mu.Lock()
		if len(v.learnt)+len(words) > mostLearnt {
			clear(v.learnt)
		}
		for _, w := range words {
			v.learnt[w] = struct{}{}
			delete(v.fresh, w)
		}
		v.mu.Unlock()
	}
}

func (v *vocabulary) store(words []string) error {
	text, err := json.Marshal(words)
	if err != nil {
		return err
	}
	_, err = v.app.DB().NewQuery("INSERT OR IGNORE INTO search_vocabulary (word) SELECT value FROM json_each({:words})").
		Bind(dbx.Params{"words": string(text)}).Execute()
	return err
}

// close stores what waits, and takes up nothing to be stored later. The database may go then.
func (v *vocabulary) close() {
	v.mu.Lock()
	v.over = true
	if v.timer != nil {
		v.timer.Stop()
	}
	v.mu.Unlock()
	v.keep()
}

// waiting lists the words that are not stored yet and near to one that was typed.
func (v *vocabulary) waiting(typed string) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	var out []string
	for w := range v.fresh {
		if near(typed, w) {
			out = append(out, w)
		}
	}
	slices.Sort(out)
	return out
}

const (
	// stands is a word of the vocabulary that is in a text which somebody may find.
	stands = `EXISTS (SELECT 1 FROM search_words WHERE search_words MATCH '{title text} : "' || v.word || '"')`
	// goneQuery looks at the next words, and gives the number of the last and those of them that stand nowhere.
	goneQuery = `SELECT COALESCE(MAX(row), 0) AS upto, COALESCE(json_group_array(row) FILTER (WHERE NOT ` + stands + `), '[]') AS gone
		FROM (SELECT row, word FROM search_vocabulary WHERE row > {:from} ORDER BY row LIMIT {:most}) v`
	// forgetQuery takes words away, unless somebody has written them meanwhile.
	forgetQuery = "DELETE FROM search_vocabulary AS v WHERE row IN (SELECT value FROM json_each({:gone})) AND NOT " + stands
)

// sweep stores the words that wait, and takes those away that stand nowhere any more.
func (v *vocabulary) sweep() {
	v.keep()
	v.storing.Lock()
	defer v.storing.Unlock()
	v.mu.Lock()
	clear(v.learnt) // what is written from now on is stored again, whatever is taken away meanwhile
	v.mu.Unlock()
	for from := int64(0); ; {
		upto, err := v.forget(from)
		if err != nil {
			v.app.Logger().Error("words that stand nowhere any more could not be taken away", "error", err)
			return
		}
		v.mu.Lock()
		over := v.over
		v.mu.Unlock()
		if upto == 0 || over {
			return
		}
		from = upto
	}
}

// forget looks at the words behind one, and gives the last that it looked at, or 0.
func (v *vocabulary) forget(from int64) (int64, error) {
	var next struct {
		Upto int64  `db:"upto"`
		Gone string `db:"gone"`
	}
	err := v.app.DB().NewQuery(goneQuery).Bind(dbx.Params{"from": from, "most": atATime}).One(&next)
	if err != nil || next.Gone == "[]" {
		return next.Upto, err
	}
	_, err = v.app.DB().NewQuery(forgetQuery).Bind(dbx.Params{"gone": next.Gone}).Execute()
	return next.Upto, err
}
