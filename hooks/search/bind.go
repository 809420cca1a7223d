package search

import (
	"encoding/json"
	"sync"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/access"
	"kinward/hooks/clinic"
)

// Register keeps the words that were ever written, and opens the door. The index itself is kept by the database.
func Register(app core.App, house *access.House) {
	s := &searcher{app: app}
	app.OnRecordCreate(clinic.Posts, clinic.Comments).BindFunc(s.learn)
	app.OnRecordUpdate(clinic.Posts, clinic.Comments).BindFunc(s.learn)
	house.Routes(app, func(r *access.Routes) {
		r.POST("/search", access.Member, s.find)
	})
}

type searcher struct {
	app    core.App
	learnt learnt
}

// mostLearnt is how many words are kept in memory as known: more than people use (some 20,000 make up nearly all of what is
// written), and about a megabyte.
const mostLearnt = 30_000

// learn keeps the words of a post or comment for who mistypes them one day. They are shown to nobody.
func (s *searcher) learn(e *core.RecordEvent) error {
	if err := e.Next(); err != nil {
		return err
	}
	var unknown []string
	for _, w := range Words(e.Record.GetString("title") + " " + e.Record.GetString("body")) {
		if n := utf8.RuneCountInString(w); n >= 4 && n <= 40 && !s.learnt.has(w) {
			unknown = append(unknown, w)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	text, err := json.Marshal(unknown)
	if err != nil {
		return err
	}
	_, err = e.App.DB().NewQuery("INSERT OR IGNORE INTO search_vocabulary (word) SELECT value FROM json_each({:words})").
		Bind(dbx.Params{"words": string(text)}).Execute()
	if err != nil {
		return err
	}
	if tx := e.App.TxInfo(); tx != nil {
		tx.OnComplete(func(err error) error {
			if err == nil {
				s.learnt.add(unknown)
			}
			return nil
		})
	}
	return nil
}

// learnt are words of which the database has long known: it is not asked about each again.
type learnt struct {
	mu    sync.RWMutex
	words map[string]struct{}
}

func (l *learnt) has(word string) bool {
	l.mu.RLock()
	defer l.mu.RUnlock()
	_, known := l.words[word]
	return known
}

func (l *learnt) add(words []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.words == nil || len(l.words)+len(words) > mostLearnt {
		l.words = make(map[string]struct{}, mostLearnt)
	}
	for _, w := range words {
		l.words[w] = struct{}{}
	}
}
