package check

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"kinward/hooks/clinic"
)

// The actions of a check, the one that weighs most first.
var actions = []string{"stop", "hold", "call", "ask", "say"}

// Carried is a check as a version of a policy carries it, in one language.
type Carried struct {
	Clause   string        `json:"clause"`
	Detector string        `json:"detector"`
	Whose    []clinic.Role `json:"whose"`
	Where    []string      `json:"where"`
	Action   string        `json:"action"`
	Say      string        `json:"say"`
	Words    []string      `json:"words"`
}

// inForce is a check of a posted policy, or of a draft that is tried, with what it says in each language.
type inForce struct {
	Carried
	policy    string
	version   int // 0: a draft's
	detectors []string
	titles    map[string]string
	says      map[string]string
}

// concerns reports whether a check is for what this role writes in this kind of community. Of a place that is not known, as
// where a text is tried, every check is told.
func (c *inForce) concerns(role clinic.Role, kind string) bool {
	return slices.Contains(c.Whose, role.HeldTo()) && (len(c.Where) == 0 || kind == "" || slices.Contains(c.Where, kind))
}

// rules are the checks of the policies that are posted now. They are kept in memory, and dropped when a policy changes: a
// generation keeps what was read before a change from being stored after it.
type rules struct {
	mu         sync.RWMutex
	generation uint64
	known      []*inForce
	read       bool
}

// watch drops what is known when a policy or a version of one changes.
func (r *rules) watch(app core.App) {
	drop := func(e *core.RecordEvent) error {
		r.drop()
		return e.Next()
	}
	// Before the change, so that a text that is written in the same transaction is read with it; and when it is done or undone.
	of := []string{clinic.Policies, clinic.PolicyVersions}
	app.OnRecordCreateExecute(of...).BindFunc(drop)
	app.OnRecordUpdateExecute(of...).BindFunc(drop)
	app.OnRecordAfterCreateSuccess(of...).BindFunc(drop)
	app.OnRecordAfterUpdateSuccess(of...).BindFunc(drop)
	app.OnRecordAfterDeleteSuccess(of...).BindFunc(drop)
	failed := func(e *core.RecordErrorEvent) error { r.drop(); return e.Next() }
	app.OnRecordAfterCreateError(of...).BindFunc(failed)
	app.OnRecordAfterUpdateError(of...).BindFunc(failed)
}

func (r *rules) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.generation++
	r.known, r.read = nil, false
}

// now gives the checks that are in force; app is the caller's, which may be in a transaction.
func (r *rules) now(app core.App) ([]*inForce, error) {
	r.mu.RLock()
	known, read, generation := r.known, r.read, r.generation
	r.mu.RUnlock()
	if read {
		return known, nil
	}
	found, err := readRules(app)
	if err != nil {
		return found, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.generation == generation {
		r.known, r.read = found, true
	}
	return found, nil
}

type posted struct {
	Slug     string `db:"slug"`
	Number   int    `db:"number"`
	Language string `db:"language"`
	Title    string `db:"title"`
	Checks   string `db:"checks"`
}

// readRules reads the checks of every posted policy's newest version. Its languages have the same checks in the same order;
// what they say is told in the reader's.
func readRules(app core.App) ([]*inForce, error) {
	var texts []posted
	err := app.DB().NewQuery(`SELECT p.slug, v.number, v.language, v.title, COALESCE(v.checks, '[]') AS checks FROM policies p
		JOIN policy_versions v ON v.policy = p.id AND v.number = (SELECT MAX(n.number) FROM policy_versions n WHERE n.policy = p.id)
		WHERE p.status = 'posted' ORDER BY p.position, p.slug, v.language`).All(&texts)
	if err != nil {
		return nil, err
	}
	var out []*inForce
	first := 0 // the first check of the policy that is being read
	for i, text := range texts {
		if i == 0 || texts[i-1].Slug != text.Slug {
			first = len(out)
		}
		var checks []Carried
		if text.Checks == "" || json.Unmarshal([]byte(text.Checks), &checks) != nil {
			continue // the record event of versions lets no other in
		}
		out = append(out[:first:first], together(out[first:], text, checks)...)
	}
	return out, nil
}

// together adds the checks of one language of a policy to those of its other languages, which are the same in the same order.
func together(known []*inForce, text posted, checks []Carried) []*inForce {
	for n, c := range checks {
		if n == len(known) {
			known = append(known, &inForce{Carried: c, policy: text.Slug, version: text.Number, detectors: Members(c.Detector),
				titles: map[string]string{}, says: map[string]string{}})
		}
		same := known[n]
		same.titles[text.Language], same.says[text.Language] = text.Title, c.Say
		for _, word := range c.Words {
			if !slices.Contains(same.Words, word) {
				same.Words = append(same.Words, word)
			}
		}
	}
	return known
}

// in gives what is written in a language, else in English, else in any.
func in(texts map[string]string, language string) string {
	for _, one := range append([]string{language, clinic.DefaultLanguage}, clinic.Languages...) {
		if text, ok := texts[one]; ok {
			return text
		}
	}
	return ""
}
